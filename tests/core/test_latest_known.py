"""Moments with `latest_of:`: the latest of those that are known."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

import postinterview as pi
from postinterview.core.rules.definitions import BusinessDays, EventSet, LatestKnown, Moment, OfDate, OfEvents
from tests.core.helpers import at, ids, with_guards
from tests.core.test_small_rules import small

START = at("2026-03-02 10:00")
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
PROMISED = START.date() + 7 * DAY
"""A Monday; the business day after it starts a day later."""
FIELDS: dict[str, dict[str, Any]] = {"talk": {"people": []}, "promise": {"by_then": PROMISED}}


def of(event: str, plus: timedelta | None = None) -> Moment:
    return Moment(event, OfEvents(EventSet(event, frozenset({event}))), plus)


LATEST = Moment(
    "last_chance",
    LatestKnown((Moment("promised", OfDate("promised"), BusinessDays(1)), of("word"), of("talk", 2 * DAY))),
    DAY,
)
"""The latest of: the business day after a promised date, a word, two days after a talk. And a day."""

RULES = pi.load_rulebook(
    text=small(
        """
  talk: {by: employer, opens: round, fields: {people: people}}
  word: {by: employer}
  promise: {by: employer, fields: {by_then: {type: date, sets: promised}}}
  cancel: {by: employer, ends: promised}
  ask: {by: candidate}
  late: {by: candidate}
  free: {by: candidate}
""",
        """
  nudges:
    per: application
    start: here
    states: {here: {}}
    transitions:
      worded: {event: word, from: here}
      asked: {event: ask, from: here, guards: {not_yet: {not_before: promised}}}
      late: {event: late, from: here, guards: {too_late: {not_after: promised}}}
      free: {event: free, from: here, guards: {free_late: {not_after: promised, if_never: holds}}}
""",
    )
)
RULES = with_guards(RULES, **{id: {"moment": LATEST} for id in ("not_yet", "too_late", "free_late")})


def after(*events: tuple[float, str]) -> pi.Process:
    process = RULES.start("acme", "Europe/Zurich")
    for day, name in events:
        fields = FIELDS.get(name, {})
        process = process.record(name, at=START + day * DAY, **fields).process
    return process


@pytest.mark.parametrize(
    ("events", "turns"),
    [
        ([(0, "word")], START + DAY),
        ([(0, "talk")], START + 3 * DAY),
        ([(0, "talk"), (1, "word")], START + 3 * DAY),
        ([(0, "talk"), (3, "word")], START + 4 * DAY),
        ([(0, "promise"), (3, "word")], at("2026-03-11 00:00")),
        ([(0, "promise"), (1, "cancel"), (3, "word")], START + 4 * DAY),
        ([(3, "word"), (3, "word")], START + 4 * DAY),
    ],
)
def test_the_latest_of_those_known_decides(events: list[tuple[float, str]], turns: datetime) -> None:
    process = after(*events)
    refused = process.may("ask", at=START + 3 * DAY)
    assert turns == (refused.opens_at if not refused else turns)
    late = process.may("late", at=START + 3 * DAY) if turns > START + 3 * DAY else None
    assert late is None or late.closes_at == turns
    moment = max(turns, START + 3 * DAY)
    assert process.may("ask", at=moment)
    assert ids(process.may("late", at=moment)) == ["too_late"]
    if turns - MICROSECOND > START + 3 * DAY:
        assert ids(process.may("ask", at=turns - MICROSECOND)) == ["not_yet"]
        assert process.may("late", at=turns - MICROSECOND)


def test_with_none_known_it_never_happened() -> None:
    process = after((0, "promise"), (1, "cancel"))
    for act, guard in (("ask", "not_yet"), ("late", "too_late")):
        verdict = process.may(act, at=START + DAY)
        assert (ids(verdict), verdict.opens_after) == ([guard], ("talk", "word", "promise"))
        assert verdict.reasons[0].has == "`last_chance` is not known yet"
    assert process.may("free", at=START + DAY)


def test_an_end_helps_only_where_the_guard_holds_without_a_moment() -> None:
    process = after((0, "word"))
    for act, opens_after in (
        ("late", ("talk", "word", "promise")),
        ("free", ("talk", "word", "promise", "cancel")),
    ):
        assert process.may(act, at=START + 9 * DAY).opens_after == opens_after


def test_an_unknown_past_only_makes_the_moment_later() -> None:
    process = after((3, "word")).unknown("talk", until=START + 5 * DAY).process
    known, latest = START + 4 * DAY, START + 5 * DAY + 2 * DAY + DAY
    for act in ("late", "free"):
        assert process.may(act, at=known - MICROSECOND).closes_at == known
        verdict = process.may(act, at=known)
        assert (verdict.reasons[0].has, verdict.opens_at) == ("unknown", None)
    refused = process.may("ask", at=latest - MICROSECOND)
    assert (refused.reasons[0].has, refused.opens_at) == ("unknown", latest)
    assert process.may("ask", at=latest)


def test_a_known_part_that_is_later_than_all_the_unknown_decides() -> None:
    process = after((9, "word")).unknown("talk", until=START + 5 * DAY).process
    refused = process.may("ask", at=START + 9 * DAY)
    assert (refused.reasons[0].has, refused.opens_at) == ("word on Wed 11 Mar 2026 10:00", START + 10 * DAY)


@pytest.mark.parametrize("event", ["promise", "cancel"])
def test_an_unknown_date_may_be_any(event: str) -> None:
    process = after((3, "word")).unknown(event, until=START + 5 * DAY).process
    assert process.may("late", at=START + 3 * DAY)
    for act in ("ask", "late", "free"):
        verdict = process.may(act, at=START + 90 * DAY)
        assert (verdict.reasons[0].has, verdict.opens_at) == ("unknown", None)


def test_of_an_unknown_past_it_is_open_whether_anything_happened_at_all() -> None:
    process = after().record("cancel", at=START).process.unknown("talk", until=START + 5 * DAY).process
    for act in ("ask", "late", "free"):
        assert process.may(act, at=START + 90 * DAY).reasons[0].has == "unknown"


def test_the_words_name_the_event_that_decides() -> None:
    reason = after((0, "talk"), (1, "word")).may("ask", at=START + DAY).reasons[0]
    assert (reason.has, reason.needs) == (
        "talk on Mon 2 Mar 2026 10:00",
        "Thu 5 Mar 2026 10:00 or later (`last_chance`)",
    )
