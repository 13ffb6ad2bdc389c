"""Local days on the line of UTC, found by looking rather than by rule."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)


def local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


@cache
def first_instant(day: date, zone: str) -> datetime:
    """The first instant that the calendar on the wall shows ``day`` (or a later one, if it skips it)."""
    before = datetime(day.year, day.month, day.day, tzinfo=UTC) - 2 * DAY
    after = before + 4 * DAY
    while after - before > TICK:  # INVARIANT: `before` is on an earlier day, `after` is not
        middle = before + (after - before) // 2
        if local_day(middle, zone) < day:
            before = middle
        else:
            after = middle
    return after


def is_business_day(day: date, weekend: Collection[int], holidays: Collection[date]) -> bool:
    return day.weekday() not in weekend and day not in holidays


def business_day_after(day: date, count: int, weekend: Collection[int], holidays: Collection[date]) -> date:
    """The ``count``-th business day after ``day``."""
    while count:
        day += DAY
        count -= is_business_day(day, weekend, holidays)
    return day
