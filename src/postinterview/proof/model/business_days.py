"""How far business days lie apart in a calendar, and which calendar has more of them.

A proof lets business days come at any time, in their order. A comparison knows the calendars of both files.
So it can tell that ten business days are more than a week, or that one more holiday makes no wait shorter.
Days of 24 hours are assumed, and the holidays of a country are looked at from 2000 to 2099.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from postinterview.core.values.moments import ONE_DAY, LocalCalendar

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
TOGETHER = 32
"""So many numbers of business days are looked at together."""

_PLAIN_WEEK = date(2001, 1, 1)


def span(calendar: LocalCalendar, count: int) -> tuple[int, int]:
    """Return the fewest and the most days that so many business days take.

    They are counted from any day to the start of the last one: from Friday to Monday are three.
    """
    return _spans(calendar, -(-count // TOGETHER) * TOGETHER)[count]


@lru_cache(maxsize=64)
def _spans(calendar: LocalCalendar, most: int) -> tuple[tuple[int, int], ...]:
    """Return the spans of all numbers up to ``most``."""
    least, longest = [0] + [10**6] * most, [0] * (most + 1)
    for days in stretches(calendar, most):
        business = [number for number, day in enumerate(days) if calendar.is_business_day(day)]
        following = 0
        for number in range(len(days)):
            while following < len(business) and business[following] <= number:
                following += 1
            for count in range(1, most + 1):
                if following + count - 1 >= len(business):
                    break
                span = business[following + count - 1] - number
                least[count], longest[count] = min(least[count], span), max(longest[count], span)
    return tuple(zip(least, longest, strict=True))


@lru_cache(maxsize=64)
def is_within(one: LocalCalendar, other: LocalCalendar) -> bool:
    """Return whether every business day of one calendar is one of the other."""
    return one == other or not any(True for _ in differing(one, other))


def differing(one: LocalCalendar, other: LocalCalendar) -> Iterator[date]:
    """Yield the days that are business days in the first calendar alone."""
    for calendar in dict.fromkeys((other, one)):
        for days in stretches(calendar, 0):
            yield from (day for day in days if one.is_business_day(day) and not other.is_business_day(day))


@lru_cache(maxsize=16)
def stretches(calendar: LocalCalendar, most: int) -> tuple[tuple[date, ...], ...]:
    """Return stretches of days in which all can be seen that the calendar has."""
    if calendar.is_public_holiday is not None:
        return (_days(FIRST_DAY, LAST_DAY),)
    room = timedelta(days=60 + 2 * most)
    found = [_days(_PLAIN_WEEK, _PLAIN_WEEK + 6 * room)]
    end = date.min
    for day in sorted(calendar.holidays):
        if day > end and date.min + 2 * room < day < date.max - 2 * room:
            end = day + room
            found.append(_days(day - room, end + room))
    return tuple(found)


def _days(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + number * ONE_DAY for number in range((last - first).days + 1))
