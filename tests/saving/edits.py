"""The rules of the samples, edited under processes that were saved."""

from __future__ import annotations

import re

import postinterview as pi
from tests.saving.stories import DAY, SAMPLES, START, fresh

TEXT = (SAMPLES / "rules.yaml").read_text(encoding="utf-8")


def edited(*renames: tuple[str, str], more: str = "", version: str = "2") -> pi.Rulebook:
    """The rules of the samples with words replaced, and more at their end."""
    text = TEXT.replace('version: "1"', f'version: "{version}"')
    for old, new in renames:
        text = re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", new, text)
    return pi.load_rulebook(text=text + more, name="rules/mine.yaml")


def migration(body: str, name: str = "to_two", source: str = '"1"') -> str:
    return f"migrations:\n  {name}: {{from: {source}, {body}}}\n"


def chased() -> pi.Process:
    """One follow-up, after the date that was quoted."""
    process = fresh().record("interview", at=START, interviewers=["ana"], decide_by=START.date()).process
    process = process.record("message", at=START + DAY, to=None).process
    return process.do("follow_up", at=START + 9 * DAY, channel="call").process


RENAMED = (
    ("message", "note"),
    ("channel", "by_means"),
    ("plan", "game_plan"),
    ("waiting", "pending"),
    ("followed_up", "chased_once"),
    ("before_interview", "early"),
)
CARRIED = migration(
    "events: {message: note}, fields: {follow_up: {channel: by_means}}, machines: {plan: game_plan}, "
    "states: {application: {waiting: pending, followed_up: chased_once, before_interview: early}}"
)
