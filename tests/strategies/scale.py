"""How many examples a law is tried on in each profile of Hypothesis."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import settings

EXAMPLES = settings.default.max_examples if settings.default else 80
IS_LONG = EXAMPLES >= 1000


def tried(thorough: int, long: int) -> settings:
    """The settings of a law: so many examples in the thorough and in the long profile, fewer in the quick."""
    return settings(max_examples=long if IS_LONG else -(-thorough * min(EXAMPLES, 80) // 80))


def one_in(number: int, family: Iterable[Any]) -> list[Any]:
    """Parameters of tests that are much alike: all but one in so many are slow."""
    marked = []
    for place, each in enumerate(family):
        param = each if hasattr(each, "marks") else pytest.param(*each)
        marks = [*param.marks, *([pytest.mark.slow] if place % number else [])]
        marked.append(pytest.param(*param.values, id=param.id, marks=marks))
    return marked
