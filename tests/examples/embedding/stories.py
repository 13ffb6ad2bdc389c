"""What happened to the employers of these tests."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import postinterview as pi

RULES = pi.load_rulebook()
ROOT = Path(__file__).resolve().parents[3]
HOSTS = ROOT / "examples" / "embedding"
MONDAY = datetime.fromisoformat("2026-03-02T10:00:00+01:00")
EARLY = datetime.fromisoformat("2026-03-05T09:00:00+01:00")
OVERDUE = datetime.fromisoformat("2026-03-16T09:00:00+01:00")


def interviewed() -> pi.Process:
    """A process whose interview was on Monday, and whose answer was due on Wednesday the week after."""
    process = RULES.start("acme", "Europe/Zurich")
    return process.record("interview", at=MONDAY, interviewers=["ana"], decide_by=date(2026, 3, 10)).process


def other_rules(*changes: tuple[str, str]) -> pi.Rulebook:
    """The packaged rules with some of their text replaced."""
    text = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return pi.load_rulebook(text=text, name="default.yaml")


def hasty() -> pi.Process:
    """A process that followed up before the date they named, under rules that do not wait for it."""
    rules = other_rules(("wait_for_the_answer: {not_before: answer_due}", ""))
    return rules.restore(interviewed().to_json()).do("follow_up", at=EARLY, channel="call").process
