"""Which values of a field say something."""

from __future__ import annotations

from datetime import date

import pytest

from postinterview.core.guards.state import is_blank


@pytest.mark.parametrize("value", [None, False, "", "  ", ()])
def test_what_is_left_out_false_or_empty_says_nothing(value: object) -> None:
    assert is_blank(value)


@pytest.mark.parametrize("value", [True, 0, 0.0, "0", ("ana",), date(2026, 3, 10)])
def test_a_zero_says_something(value: object) -> None:
    assert not is_blank(value)
