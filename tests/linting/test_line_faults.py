"""A slip of one line in a packaged file is noticed, whatever it is."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.linting.line_faults import meaning_of, rule_files
from tests.linting.series import series

VALUES = {"number", "ten times", "unit", "keyword", "name"}
"""Kinds of faults that may leave a value which somebody could mean: `diff` shows those."""


def test_no_line_can_be_spoilt_without_a_word() -> None:
    judged = list(series(0, 15, "--no-proof"))
    seen = Counter(each.verdict for each in judged)
    assert [str(each.fault) for each in judged if each.verdict in ("crashed", "silent")] == []
    assert seen["elsewhere"] <= 1
    only_in_diff = [each.fault for each in judged if each.changes]
    assert [str(each) for each in only_in_diff if each.kind not in VALUES] == []
    assert len(only_in_diff) <= 6


def test_guards_in_another_order_are_no_fault() -> None:
    text = rule_files()["two-follow-ups"]
    lines = text.split("\n")
    first = next(n for n, each in enumerate(lines) if "two_chases: {" in each)
    lines[first : first + 2] = reversed(lines[first : first + 2])
    assert "\n".join(lines) != text
    assert meaning_of("\n".join(lines)) == meaning_of(text)


@pytest.mark.slow
def test_500_lines_are_spoilt_and_what_is_wrong_is_shown_at_its_line() -> None:
    seen = Counter(each.verdict for each in series(0, 500))
    assert seen["crashed"] == 0
    assert seen["silent"] <= 10
    assert seen["named"] + seen["named in diff"] >= 475
    assert seen["named in diff"] <= 75
