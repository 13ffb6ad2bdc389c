"""Proofs and comparisons as values: their truth, equality, hash, repr and text."""

from __future__ import annotations

import pytest

import postinterview as pi
from postinterview.proof.comparison import Comparison
from postinterview.proof.prove import Proof
from tests.proof.helpers import PATIENT

RULES = """
format: 1
title: One follow-up
events:
  interview: {by: employer, opens: round}
  message: {by: employer}
  follow_up: {by: candidate, contact: chase}
  missed_call: {by: candidate, contact: attempt}
machines:
  application:
    per: application
    start: waiting
    states: {waiting: }
    transitions:
      interviewed: {event: interview, from: waiting}
      wrote: {event: message, from: waiting}
      follow_up:
        event: follow_up
        from: waiting
        guards: {once: {at_most: 1, of: follow_up, per: employer}, patience: {apart: 7 days, from: message}}
      call:
        event: missed_call
        from: waiting
        guards: {once: {at_most: 1, of: contact, per: employer}}
"""
LOOSE = RULES.replace("apart: 7 days", "apart: 6 days")
PUSHY = RULES.replace("at_most: 1, of: contact", "at_most: 1, of: attempt")


def proof(text: str = RULES) -> Proof:
    return pi.prove(pi.load_rulebook(text=text, name="mine.yaml"), max_seconds=PATIENT)


def comparison() -> Comparison:
    return pi.compare(
        pi.load_rulebook(text=RULES, name="old.yaml"),
        pi.load_rulebook(text=LOOSE, name="mine.yaml"),
        max_seconds=PATIENT,
    )


def test_a_proof_is_true_if_every_promise_is_proved() -> None:
    assert proof()
    assert not proof(PUSHY)


def test_a_proof_of_rules_that_tag_a_packaged_event_more_mildly_is_not_true() -> None:
    milder = proof(RULES.replace("contact: chase", "contact: courtesy"))
    assert milder.verdict == "proved"
    assert not milder


def test_a_comparison_is_neither_true_nor_false() -> None:
    with pytest.raises(pi.MisuseError, match="neither true nor false"):
        assert comparison()


def test_proofs_and_comparisons_are_equal_by_content_and_can_be_hashed() -> None:
    assert proof() == proof()
    assert proof() != proof(PUSHY)
    assert len({proof(PUSHY), proof(PUSHY)}) == 1
    assert comparison() == comparison()
    assert len({comparison(), comparison()}) == 1


def test_the_repr_is_one_line_and_the_text_a_paragraph() -> None:
    assert repr(proof()) == "<Proof mine: proved, 23 of 23 promises hold on every path>"
    assert proof().text == "mine: proved. 23 of 23 promises hold on every path."
    broken = proof(PUSHY)
    assert repr(broken) == "<Proof mine: violated, 22 of 23 promises hold on every path>"
    assert broken.text == (
        "mine: violated. 22 of 23 promises hold on every path. "
        "`no_attempt_after_a_chase` is broken: a call after a chase that nobody answered."
    )
    (violated,) = (result for result in broken.results if result.violation is not None)
    assert repr(violated) == "<Result no_attempt_after_a_chase: violated>"
    differs = comparison()
    assert repr(differs) == "<Comparison of old and mine: 1 of 2 acts are newly allowed>"
    assert differs.text == ("mine after old: 1 of 2 acts are newly allowed. `follow_up` is newly allowed.")


def test_every_value_inside_has_a_short_repr() -> None:
    inside: list[object] = list(comparison().acts)
    for result in proof(PUSHY).results:
        inside += [result, *result.parts, result.violation]
    assert max(len(repr(each)) for each in inside) < 150
