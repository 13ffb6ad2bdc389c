"""The processes that are kept as samples, each told by the public calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import postinterview as pi

SAMPLES = Path(__file__).parent / "samples"
FORMATS = {"country": 2, "known": 3, "changed": 3, "dated": 3}
DAY = timedelta(days=1)
START = datetime(2026, 3, 2, 10, 0, tzinfo=ZoneInfo("Europe/Zurich"))


@cache
def rules() -> pi.Rulebook:
    """The packaged rules as they were when the samples were saved."""
    return pi.load_rulebook(SAMPLES / "rules.yaml")


def fresh() -> pi.Process:
    return rules().start(employer="acme", timezone="Europe/Zurich")


def everything() -> pi.Process:
    """Every event of the packaged rules, allowed or not, with every field."""
    process = rules().start(
        employer="acme", timezone="America/New_York", holidays=[date(2026, 4, 3), date(2026, 3, 9)]
    )
    at = START
    for kind in rules().definition.events.values():
        at += timedelta(hours=30, seconds=7, microseconds=13)
        fields: dict[str, Any] = {}
        for name, field in kind.fields.items():
            fields[name] = {
                "bool": True,
                "text": "about it",
                "number": 1.5,
                "people": ["ana", "bo"],
                "date": date(2026, 4, 1),
                "choice": (field.choices or ("",))[0],
            }[field.type]
        to = "ana" if kind.to_person else None
        process = process.record(kind.name, at=at, to=to, **fields).process
    return process


def corrected() -> pi.Process:
    """Late, retracted and unknown, a correction of a correction among them."""
    process = fresh().record("interview", at=START, interviewers=["ana"], decide_by=date(2026, 3, 10)).process
    process = process.record("follow_up", at=START + 9 * DAY, channel="call").process
    process = process.record("message", at=START + 2 * DAY, late=True).process
    process = process.record("follow_up", at=START + 10 * DAY, channel="email").process
    process = process.retract(2, at=START + 11 * DAY, not_sent=True).process
    process = process.unknown("chase", "message", until=START - 5 * DAY).process
    process = process.unknown("reply", until=START + DAY, application="main").process
    process = process.retract(6, at=START + 12 * DAY).process
    process = process.do("reply", at=START + 10 * DAY).process
    return process.record("interview", at=START + DAY, interviewers=["bo"], late=True).process


def names() -> pi.Process:
    """Names and texts in the scripts of the world, two applications, and people who share a letter."""
    process = rules().start(employer="Žižkov & Søn \N{SNOWMAN} \"'\\", timezone="Pacific/Auckland")
    people = ["Zoë", "Zoe\u0308", "李雷", "عمر", "Ana-María O'Neill", "\N{GRINNING FACE}"]
    for application in ("été", "Straße 7"):
        process = process.record("interview", at=START, application=application, interviewers=people).process
    for person in people:
        process = process.do(
            "thank_you",
            at=START + timedelta(minutes=5),
            application="été",
            to=person,
            thanks=True,
            topic='"naïve"\n\t\u2028 {"number": 1}',
            looking_forward=True,
        ).process
    return process


def country() -> pi.Process:
    """A call on the Tuesday after Easter: the Friday and the Monday are public holidays in Zurich."""
    process = rules().start(employer="acme", timezone="Europe/Zurich", country="CH-ZH")
    held = START + 22 * DAY
    process = process.record("interview", at=held, interviewers=["ana"], decide_by=date(2026, 4, 2)).process
    easter = [process.do("follow_up", at=START + days * DAY, channel="call") for days in (32, 35, 36)]
    assert [outcome.refused for outcome in easter] == [True, True, False]
    return easter[-1].process


def changed() -> pi.Process:
    """An employer who was renamed, and moved twice; one of the moves was a mistake."""
    process = fresh().record("interview", at=START, interviewers=["ana"]).process
    process = process.change(at=START + DAY, employer="Initech", country="US").process
    process = process.change(at=START + DAY, timezone="Asia/Tokyo").process
    process = process.change(at=START + 2 * DAY, timezone="America/New_York").process
    return process.retract(3, at=START + DAY).process


def known() -> pi.Process:
    """What was unknown and is known again: until a day, in one application, of a class; undated events."""
    process = fresh().record("interview", at=START, interviewers=["ana"]).process
    process = process.unknown("chase", "message", "reply", until=START + 5 * DAY).process
    process = process.known("message", until=START + 6 * DAY, application="main").process
    process = process.known("chase").process
    # Earlier versions also kept an entry that cleared nothing.
    cleared_nothing = pi.Known(5, ("reply",), START.astimezone(UTC))
    process = process.with_history((*process.history, cleared_nothing))
    process = process.retract(4, at=START + 6 * DAY).process
    process = process.record("message", at=START + 7 * DAY, undated=True).process
    process = process.record("offer", at=START + 6 * DAY, undated=True, answer_by=date(2026, 3, 20)).process
    return process.record("follow_up", at=START + 9 * DAY, channel="email").process


def dated() -> pi.Process:
    """What had no date and got one: by its number, recorded once more, and one dating that was taken back."""
    process = fresh().record("interview", at=START + 5 * DAY, undated=True, interviewers=["ana"]).process
    process = process.record("message", at=START + 6 * DAY, undated=True).process
    process = process.dated(1, at=START).process
    process = process.record("message", at=START + DAY, late=True).process
    return process.retract(4, at=START + 6 * DAY).process


def sample(name: str) -> Path:
    """Where a process is kept as it was saved, in the first format that has what it needs."""
    return SAMPLES / f"{name}-{FORMATS.get(name, 1)}.json"


STORIES: Mapping[str, Callable[[], pi.Process]] = {
    "fresh": fresh,
    "everything": everything,
    "corrected": corrected,
    "names": names,
    "country": country,
    "known": known,
    "dated": dated,
    "changed": changed,
}
