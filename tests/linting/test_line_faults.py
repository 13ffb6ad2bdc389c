"""A slip of one line in a packaged file is noticed, whatever it is."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.linting.series import series

VALUES = {"number", "ten times", "unit", "keyword"}
"""Kinds of faults that may leave a value which somebody could mean: `postinterview diff` shows those."""


def test_no_line_can_be_spoilt_without_a_word_but_a_value_that_could_be_meant() -> None:
    judged = list(series(0, 30, "--no-proof"))
    assert [str(each.fault) for each in judged if each.crashed] == []
    silent = [each.fault for each in judged if each.verdict == "silent"]
    assert [str(each) for each in silent if each.kind not in VALUES] == []
    assert len(silent) <= 6
    elsewhere = [str(each.fault) for each in judged if each.verdict == "elsewhere"]
    assert len(elsewhere) <= 1, elsewhere


@pytest.mark.slow
def test_500_lines_are_spoilt_and_what_is_wrong_is_shown_at_its_line() -> None:
    seen = Counter(each.verdict for each in series(0, 500))
    assert seen["crashed"] == 0
    assert seen["elsewhere"] <= 25
    assert seen["silent"] <= 60
