"""A promise that holds only for want of events or acts is said to, in words and in JSON."""

from __future__ import annotations

import pytest

import postinterview as pi
from postinterview.layout import plain
from postinterview.proof.reports.proof import proof_lines
from postinterview.proof.reports.proof_data import proof_data
from tests.proof.helpers import PATIENT

RULES = """\
format: 1
title: No word of a no
events:
  interview: {by: employer, opens: round}
  turned_down: {by: employer}
  follow_up: {by: candidate}
  withdraw: {by: candidate, contact: courtesy}
machines:
  application:
    per: application
    start: waiting
    states: {waiting: {title: Waiting}, over: {title: Over}}
    transitions:
      refused: {event: turned_down, from: waiting}
      ask:
        event: follow_up
        from: waiting
        guards:
          later: {not_before: interview + 7 days}
          one: {at_most: 1, of: follow_up, per: employer}
      leave:
        event: withdraw
        from: waiting
        to: over
        guards:
          one: {at_most: 1, of: withdraw}
"""
NO_ACT = "no act here is one that it judges"
NO_DATE = "a date called `promised` never happens here"
NO_NO = "`rejection` and `offer_withdrawn` never happen here"


@pytest.mark.slow
def test_the_packaged_rules_keep_no_promise_for_want_of_anything() -> None:
    assert pi.prove(pi.load_rulebook(), max_seconds=PATIENT).vacuous == {}


def test_a_promise_that_holds_for_want_of_events_is_said_to() -> None:
    proof = pi.prove(pi.load_rulebook(text=RULES, name="mine.yaml"), max_seconds=PATIENT)
    lines = plain(list(proof_lines(proof, lambda _: ()))).split("\n")
    data = proof_data("mine.yaml", proof, [])["promises"]
    vacuous = proof.vacuous

    assert vacuous["one_invite"] == NO_ACT
    assert vacuous["not_before_the_date"] == NO_DATE
    assert vacuous["quiet_after_a_no"] == f"{NO_NO}; {NO_ACT}"
    assert "one_chase" not in vacuous  # a second follow-up is refused by a guard
    for id, reason in vacuous.items():
        (line,) = (line for line in lines if line.startswith(f"ok    {id} "))
        assert f"  holds only because {reason} (" in line
    assert {each["id"]: each["vacuous"] for each in data if each["vacuous"]} == vacuous


def test_an_act_that_can_never_be_allowed_keeps_every_promise_about_it() -> None:
    both = (
        "heard: {happened: turned_down, since: interview}\n          unheard: {at_most: 1, of: turned_down}"
    )
    dead = RULES.replace("one: {at_most: 1, of: follow_up, per: employer}", both)
    vacuous = pi.prove(pi.load_rulebook(text=dead), max_seconds=PATIENT).vacuous

    assert vacuous["one_follow_up"] == "`follow_up` can never be allowed here"
