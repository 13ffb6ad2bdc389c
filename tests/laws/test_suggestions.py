"""A nudge is suggested at the first moment at work at which it is allowed, found here by looking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import vobject
from hypothesis import event, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.reminders import to_ics
from tests.strategies.scale import tried

DAY, STEP = timedelta(days=1), timedelta(minutes=15)
ZONES = (
    "UTC",
    "Europe/Zurich",
    "America/New_York",
    "America/Havana",
    "Australia/Lord_Howe",
    "Pacific/Apia",  # no 30 December 2011
    "Asia/Kathmandu",
    "Antarctica/Casey",  # its clocks go back by three hours in the day
)
STARTS = tuple(
    datetime(*day, 12, tzinfo=UTC)
    for day in ((2011, 12, 27), (2020, 10, 2), (2026, 3, 5), (2026, 3, 27), (2026, 4, 2), (2026, 10, 23))
)
FREE = (date(2011, 12, 29), date(2020, 10, 5), date(2026, 3, 9), date(2026, 3, 30), date(2026, 4, 6))
HOURS = st.sampled_from((1, 5, 20, 24, 40, 48, 63, 100, 24 * 7))
AT_NIGHT = 'night: {hours: "19:00-23:00, every day"}'
MORNINGS = 'mornings: {hours: "07:00-10:00, weekdays"}'


@lru_cache(maxsize=64)
def rules(contact: str, due: int, opens: int, lasts: int | None, hours: str) -> pi.Rulebook:
    close = "" if lasts is None else f", stop: {{not_after: word + {opens + lasts} hours}}"
    guards = f"{{wait: {{not_before: word + {opens} hours}}{close}{hours and ', ' + hours}}}"
    return pi.load_rulebook(
        text=f"""
format: 1
title: One act
events:
  word: {{by: employer}}
  other: {{by: employer, sign_of_life: false}}
  ask: {{by: candidate, contact: {contact}}}
machines:
  case:
    per: application
    start: here
    states: {{here: {{}}}}
    transitions:
      spoke: {{event: word, from: here}}
      stirred: {{event: other, from: here}}
      asked: {{event: ask, from: here, guards: {guards}, due: word + {due} hours}}
"""
    )


def at_work(at: datetime, zone: str, free: frozenset[date]) -> bool:
    local = at.astimezone(ZoneInfo(zone))
    return local.weekday() < 5 and local.date() not in free and 9 <= local.hour < 18


def looked_for(start: datetime, holds: Callable[[datetime], bool], days: int = 20) -> datetime | None:
    """The first moment from ``start`` on at which it holds: now, or at some quarter of an hour."""
    return next((at for at in quarters(start, days) if holds(at)), None)


def quarters(start: datetime, days: int) -> Iterator[datetime]:
    yield start
    at = start.replace(minute=0, second=0, microsecond=0)
    while at < start + days * DAY:
        at += STEP
        if at > start:
            yield at


@tried(120, 5000)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(STARTS),
    st.integers(0, 60 * 24 * 4),
    st.sampled_from(("chase", "attempt", "courtesy")),
    st.tuples(
        HOURS, HOURS, st.none() | st.sampled_from((1, 10, 30, 90)), st.sampled_from(("", AT_NIGHT, MORNINGS))
    ),
    st.frozensets(st.sampled_from(FREE)),
    st.lists(st.integers(0, 60 * 24 * 6), max_size=2),
)
def test_a_nudge_is_suggested_at_work_if_it_is_ever_allowed_then(
    zone: str,
    start: datetime,
    minutes: int,
    contact: str,
    rule: tuple[int, int, int | None, str],
    free: frozenset[date],
    others: list[int],
) -> None:
    due, opens, lasts, hours = rule
    word = start + timedelta(minutes=minutes)
    process = rules(contact, *rule).start("acme", zone, holidays=free).record("word", at=word).process
    for later in sorted(others):
        process = process.record("other", at=word + timedelta(minutes=later)).process
    rule_due, opening = word + timedelta(hours=due), word + timedelta(hours=opens)
    closing = None if lasts is None else opening + timedelta(hours=lasts)

    def allowed(at: datetime) -> bool:
        local = at.astimezone(ZoneInfo(zone))
        open_then = hours == "" or (
            19 <= local.hour < 23 if hours == AT_NIGHT else 7 <= local.hour < 10 and local.weekday() < 5
        )
        return opening <= at and (closing is None or at < closing) and open_then

    from_due = max(rule_due, opening)
    wanted = looked_for(from_due, allowed)
    if contact != "courtesy":
        wanted = looked_for(from_due, lambda at: allowed(at) and at_work(at, zone, free)) or wanted
    at = process.timeline[-1].at
    lines = [item for item in process.agenda(at=at) if item.event == "ask"]
    if looked_for(max(at, opening), allowed) is None:
        assert [item for item in lines if item.kind in ("overdue", "open", "coming")] == []
        assert process.next_due is None
        return
    (item,) = lines
    if wanted is None:  # it closes before it is due
        event("closes before it is due")
        if contact != "courtesy":
            assert item.due is not None
            assert item.due <= rule_due
            assert allowed(item.due)
            last = max(each for each in quarters(max(at, opening), 20) if allowed(each))
            assert item.due >= last - DAY
    else:
        event("moved" if wanted != from_due else "not moved")
        assert item.due == wanted
        assert item.kind == ("coming" if not allowed(at) else "overdue" if wanted <= at else "open")
    assert item.rule_due == rule_due
    assert process.next_due == item.due
    if contact != "courtesy" and item.due is not None and item.due >= at and not item.due.microsecond:
        (entry,) = vobject.readOne(to_ics({"acme": process}, at=at).decode()).contents["vevent"]
        begins = entry.dtstart.value
        assert not isinstance(begins, datetime) or begins == item.due
