"""Processes of the first version of the default rules, and how the samples of them came to be.

The samples were written by the release that had these rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import postinterview as pi
from tests.saving.stories import DAY, START

SAMPLES = Path(__file__).parent / "samples" / "version-1"
HOUR = timedelta(hours=1)
THANKS: dict[str, Any] = {"thanks": True, "topic": "the data platform", "looking_forward": True}


@cache
def first_rules() -> pi.Rulebook:
    """The default rules in their first version, under the name that they had in the package."""
    text = (Path(__file__).parents[1] / "rules" / "default-1.yaml").read_text(encoding="utf-8")
    return pi.load_rulebook(text=text, name="rules/default.yaml")


def polite() -> pi.Process:
    """A search in which the second version allows whatever the first one allowed."""
    process = first_rules().start(employer="acme", timezone="Europe/Zurich")
    process = process.record("interview", at=START, interviewers=["ana"], decide_by=date(2026, 3, 10)).process
    process = process.do("thank_you", at=START + 5 * HOUR, to="ana", **THANKS).process
    process = process.do("complete_profile", at=START + DAY).process
    process = process.do(
        "linkedin_invite", at=START + 2 * DAY, to="ana", personal_note="A good talk."
    ).process
    process = process.record("invite_accepted", at=START + 3 * DAY, to="ana").process
    process = process.do("follow_up", at=START + 10 * DAY, channel="call").process
    return process.record("offer", at=START + 12 * DAY, answer_by=date(2026, 3, 20)).process


def pushy() -> pi.Process:
    """Acts that the first version allowed and the second one refuses, and a note before the first talk."""
    process = first_rules().start(employer="acme", timezone="Europe/Zurich")
    process = process.record("thank_you", at=START - DAY, to="ana", **THANKS).process
    process = process.record("interview", at=START, interviewers=["ana"], decide_by=date(2026, 3, 10)).process
    process = process.do("complete_profile", at=START + DAY).process
    at_night = START + 12 * DAY + 17 * HOUR  # Sunday, at three in the morning
    process = process.do("follow_up", at=at_night, channel="call").process
    process = process.record("message", at=START + 16 * DAY).process
    process = process.record("message", at=START + 15 * DAY, late=True).process
    process = process.retract(6, at=START + 17 * DAY).process
    process = process.unknown("attempt", until=START - 90 * DAY).process
    process = process.do("reply", at=START + 36 * DAY).process
    return process.do("linkedin_invite", at=START + 40 * DAY, to="ana", personal_note="Hello.").process


STORIES: Mapping[str, Callable[[], pi.Process]] = {"polite": polite, "pushy": pushy}
