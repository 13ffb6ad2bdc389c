"""Functions of a program around the rules: what guards of the kind ``custom`` may ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import postinterview as pi


def a_day_of_quiet(question: pi.CustomQuestion) -> pi.CustomAnswer:
    """Nothing has happened for a day: it knows when it will hold."""
    if not question.timeline:
        return pi.CustomAnswer(holds=True)
    opens_at = question.timeline[-1].at + timedelta(days=1)
    return pi.CustomAnswer(question.at >= opens_at, "noise", "a day of quiet", opens_at)


def odd_history(question: pi.CustomQuestion) -> pi.CustomAnswer:
    """So many events that one is left over: it can't know when."""
    count = len(question.timeline)
    return pi.CustomAnswer(count % 2 == 1, str(count), "an odd number")


def not_to_bo_nor_other(question: pi.CustomQuestion) -> pi.CustomAnswer:
    """It looks at whom the act is to, and at the application."""
    holds = question.to != "bo" and question.application != "other"
    return pi.CustomAnswer(holds, f"{question.to} in {question.application}", "somebody else")


CUSTOM: Mapping[str, pi.CustomGuard] = {
    "a_day_of_quiet": a_day_of_quiet,
    "odd_history": odd_history,
    "not_to_bo_nor_other": not_to_bo_nor_other,
}
