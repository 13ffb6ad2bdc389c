"""Greedy lives by the default rules never pass the worst case, and reach it; without a guard they pass it."""

from __future__ import annotations

from collections import Counter

import pytest

import postinterview as pi
from tests.proof.greed import RULEBOOK, RULES, Greedy

RULES_TEXT = RULES.read_text(encoding="utf-8")


def lived(number: int, rulebook: pi.Rulebook) -> Greedy:
    life = Greedy.of(number, rulebook)
    life.live()
    return life


@pytest.mark.slow
def test_no_greedy_life_is_pushier_than_the_worst_case_and_some_are_as_pushy() -> None:
    most: Counter[str] = Counter()
    for number in range(60):
        life = lived(number, RULEBOOK)
        assert not life.faults(), (number, life.process.timeline)
        most |= Counter(life.reached())
    assert most == {"nudges in 14 days": 3, "nudges in 60 days": 6, "counters in 60 days": 3}


@pytest.mark.parametrize(
    ("guard", "instead", "fault"),
    [
        ("few_in_two_months: {at_most: 6", "few_in_two_months: {at_most: 7", "nudges in 60 days"),
        ("few_counters: {at_most: 3", "few_counters: {at_most: 5", "counters in 60 days"),
        ("one_notice: {at_most: 1", "one_notice: {at_most: 2", "notice in"),
        ("one_invite: {at_most: 1", "one_invite: {at_most: 2", "invitations to"),
        pytest.param(
            "one_thank_you: {at_most: 1", "one_thank_you: {at_most: 2", "notes to", marks=pytest.mark.slow
        ),
    ],
)
def test_a_looser_guard_is_seen(guard: str, instead: str, fault: str) -> None:
    assert RULES_TEXT.count(guard) == 1
    rulebook = pi.load_rulebook(text=RULES_TEXT.replace(guard, instead))
    assert any(fault in each for number in range(200) for each in lived(number, rulebook).faults())
