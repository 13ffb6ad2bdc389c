"""Acts that reach the employer are refused in an application that nothing recorded has started."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from tests.core.helpers import at, ids
from tests.core.test_small_rules import begin

START = at("2026-03-02 10:00")
HOUR = timedelta(hours=1)

RULES = """
  word: {by: employer}
  talk: {by: employer, opens: round, fields: {people: people}}
  weather: {by: world}
  ask: {by: candidate}
  free: {by: candidate, contact: courtesy}
  plan: {by: candidate, contact: none}
  apply: {by: candidate, contact: courtesy, starts: application}
  note: {by: candidate, contact: courtesy, to: interviewer}
  profile: {by: candidate, contact: none}
"""
MACHINES = """
  application:
    per: application
    start: new
    states: {new: {title: New}, open: {title: Open}}
    transitions:
      worded: {event: word, from: new, to: open}
      talked: {event: talk, from: new, to: open}
      weathered: {event: weather, from: [new, open]}
      asked: {event: ask, from: open}
      freed: {event: free, from: [new, open]}
      applied: {event: apply, from: [new, open], guards: {once: {at_most: 1, of: apply}}}
      noted: {event: note, from: [new, open]}
  plan:
    per: application
    start: unwritten
    states: {unwritten: {}, ready: {}}
    transitions:
      planned: {event: plan, from: unwritten, to: ready}
  profile:
    per: employer
    start: none
    states: {none: {}}
    transitions:
      profiled: {event: profile, from: none}
"""
FRESH = begin(RULES, MACHINES)


def test_nothing_can_be_done_in_an_application_before_something_starts_it() -> None:
    verdict = FRESH.may("free", at=START)
    assert (ids(verdict), verdict.opens_at, verdict.opens_after) == (
        ["state"],
        None,
        ("word", "talk", "apply"),
    )
    assert verdict.text == (
        "free: refused on Mon 2 Mar 2026 10:00. Nothing is recorded of this application yet; "
        "needed: a word, a talk or `apply`. First, at least: word, talk or apply."
    )
    assert [each.event for each in FRESH.allowed(at=START)] == ["plan", "apply", "profile"]


def test_only_what_also_opens_the_machines_is_named() -> None:
    verdict = FRESH.may("ask", at=START)
    assert (ids(verdict), verdict.opens_after) == (["state", "state"], ("word", "talk"))
    verdict = FRESH.may("note", at=START, to="ana")
    assert (ids(verdict), verdict.opens_after) == (["state", "state"], ("talk",))


@pytest.mark.parametrize("event", ["word", "apply"])
def test_the_employer_and_an_act_that_says_so_start_an_application(event: str) -> None:
    process = FRESH.record(event, at=START, application="one").process
    assert process.may("free", at=START, application="one")
    assert not process.may("free", at=START, application="two")


@pytest.mark.parametrize("event", ["weather", "free", "plan", "profile"])
def test_nothing_else_starts_one(event: str) -> None:
    process = FRESH.record(event, at=START).process
    assert ids(process.may("free", at=START)) == ["state"]


def test_a_breach_starts_none() -> None:
    process = FRESH.record("apply", at=START, application="one").process
    process = process.record("free", at=START, application="two").process
    assert len(process.breaches) == 1
    assert not process.may("free", at=START, application="two")
    before = FRESH.record("apply", at=START, application="one").process
    twice = before.record("apply", at=START, application="one").process
    assert len(twice.breaches) == 1
    assert not twice.retract(1, at=START, not_sent=True).process.breaches


def test_a_late_word_starts_the_application_for_what_came_after_it() -> None:
    process = FRESH.record("free", at=START + HOUR).process
    late = process.record("word", at=START, late=True)
    assert late.no_longer_breaches == (1,)
    assert not late.process.breaches


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("da", ""),
        ("dat", "nothing is recorded of dat yet (did you mean da?)"),
        ("third", "nothing is recorded of third yet (known: da, be)"),
        ("be", "nothing is recorded of be yet"),
    ],
)
def test_the_reason_names_the_application_that_may_be_meant(asked: str, said: str) -> None:
    process = FRESH.record("word", at=START, application="da").process
    process = process.record("free", at=START, application="be").process
    verdict = process.may("free", at=START, application=asked)
    assert [reason.has for reason in verdict.reasons] == ([said] if said else [])


def test_an_unknown_past_may_have_started_it() -> None:
    process = FRESH.unknown("word", until=START).process
    verdict = process.may("free", at=START)
    assert [reason.has for reason in verdict.reasons] == ["unknown"]
    assert process.record("free", at=START).process.timeline[-1].doubtful
    assert process.record("word", at=START).process.may("free", at=START)


def test_many_words_of_the_employer_are_one_word_from_them() -> None:
    verdict = pi.load_rulebook().start("acme", "Europe/Zurich").may("withdraw", at=START)
    assert "needed: a word from acme" in verdict.text


@given(st.lists(st.tuples(st.sampled_from(["word", "weather", "free", "apply"]), st.sampled_from("ab"))))
def test_an_act_needs_a_start_in_its_own_application(steps: list[tuple[str, str]]) -> None:
    process, started, applied = FRESH, set[str](), set[str]()
    for event, application in steps:
        if event == "free":
            assert bool(process.may("free", at=START, application=application)) is (application in started)
        process = process.record(event, at=START, application=application).process
        if event == "word" or (event == "apply" and application not in applied):
            started.add(application)
        if event == "apply":
            applied.add(application)


def test_what_reaches_nobody_may_come_first_and_starts_nothing() -> None:
    planned = FRESH.do("plan", at=START, application="one")
    assert (planned.refused, planned.process.state("plan", application="one")) == (False, "ready")
    assert not planned.process.breaches
    assert ids(planned.process.may("free", at=START, application="one")) == ["state"]
    assert planned.process.record("word", at=START, application="one").process.may(
        "ask", at=START, application="one"
    )


def test_a_game_plan_may_be_written_before_anything_is_heard() -> None:
    fields = {
        "keep_searching": "yes",
        "acceptance": "a",
        "negotiation": "b",
        "if_rejected": "c",
        "if_silent": "d",
    }
    fresh = pi.load_rulebook().start("acme", "Europe/Zurich")
    planned = fresh.do("write_plan", at=START, **fields)
    assert (planned.refused, planned.process.state("plan")) == (False, "ready")
    assert {verdict.event for verdict in planned.process.allowed(at=START)} == {
        "complete_profile",
        "write_plan",
    }
    talked = planned.process.record("interview", at=START + HOUR, interviewers=["ana"]).process
    assert talked.state("plan") == "ready"
    assert not talked.breaches
