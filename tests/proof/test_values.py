"""Proofs and comparisons as values: their truth, equality, hash, repr and text."""

from __future__ import annotations

import pytest

import postinterview as pi
from postinterview.proof.compare import Comparison
from postinterview.proof.prove import Proof
from tests.cli.helpers import ROOT

TEXT = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")
LOOSE = TEXT.replace("apart: 7 days, from: message", "apart: 6 days, from: message")
PUSHY = TEXT.replace("at_most: 1, of: follow_up, per: round", "at_most: 2, of: follow_up, per: round")


def proof(text: str = TEXT) -> Proof:
    return pi.prove(pi.load_rulebook(text=text, name="mine.yaml"))


def comparison() -> Comparison:
    return pi.compare(pi.load_rulebook(), pi.load_rulebook(text=LOOSE, name="mine.yaml"))


def test_a_proof_is_true_if_every_promise_is_proved() -> None:
    assert proof()
    assert not proof(PUSHY)


def test_a_proof_of_rules_that_tag_a_packaged_event_more_mildly_is_not_true() -> None:
    milder = proof(
        TEXT.replace("by: employer\n    opens: round", "by: employer\n    gives: reply\n    opens: round")
    )
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
    assert repr(proof()) == "<Proof mine: proved, 13 of 13 promises hold on every path>"
    assert proof().text == "mine: proved. 13 of 13 promises hold on every path."
    broken = proof(PUSHY)
    assert repr(broken) == "<Proof mine: violated, 12 of 13 promises hold on every path>"
    assert broken.text == (
        "mine: violated. 12 of 13 promises hold on every path. "
        "`one_follow_up` is broken: a second follow-up in a round."
    )
    assert repr(broken.results[1]) == "<Result one_follow_up: violated>"
    differs = comparison()
    assert repr(differs) == "<Comparison of default and mine: 2 of 10 contacts are newly allowed>"
    assert differs.text == (
        "mine after default: 2 of 10 contacts are newly allowed. "
        "`follow_up` is newly allowed. `missed_call` is newly allowed."
    )


def test_every_value_inside_has_a_short_repr() -> None:
    inside: list[object] = list(comparison().acts)
    for result in proof(PUSHY).results:
        inside += [result, *result.parts, result.violation]
    assert max(len(repr(each)) for each in inside) < 150
