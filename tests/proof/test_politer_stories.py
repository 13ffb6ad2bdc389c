"""A story leans on a breach only where no story without one is near."""

from __future__ import annotations

import pytest

import postinterview as pi
from tests.proof.helpers import prove_own
from tests.proof.test_tally import result, rules


@pytest.mark.parametrize("clause", ["more_than: 1", "more_than: 2, within: 30 days", "after: call"])
def test_a_story_without_a_breach_is_told_where_one_is_near(clause: str) -> None:
    made = result(rules("apart_7: {apart: 7 days, from: [call, write]}"), f"never: call, {clause}").violation
    assert made is not None
    assert made.breaches == 0


def test_a_breach_is_told_where_there_is_no_way_around_it() -> None:
    refused = rules("few: {at_most: 1, of: call, since: write}", "once: {not_happened: call}")
    made = result(refused, "never: call, more_than: 1").violation
    assert made is not None
    assert made.breaches == 1


def test_the_default_rules_are_shown_without_breaches() -> None:
    found = prove_own(pi.load_rulebook(), "never: follow_up, more_than: 2").results[0].violation
    assert found is not None
    assert found.breaches == 0
