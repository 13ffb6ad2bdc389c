"""Days and business days of a place, against the oracle's, which looks rather than calculates."""

from __future__ import annotations

from datetime import date

import pytest

from postinterview.core.values.moments import LocalCalendar, local_calendar
from tests.oracle.days import DAY, business_day_after, first_instant, local_day

DAYS = (
    ("UTC", date(2026, 3, 11)),
    ("Europe/Zurich", date(2026, 3, 29)),
    ("Europe/Zurich", date(2026, 10, 25)),
    ("America/Havana", date(2026, 3, 8)),  # there is no midnight
    ("America/Havana", date(2026, 11, 1)),  # midnight comes twice
    ("America/Nuuk", date(2026, 3, 29)),
    ("America/Nuuk", date(2026, 10, 25)),  # the hour before it comes twice
    ("America/Toronto", date(1919, 3, 31)),  # the clock went from 23:30 to 00:30
    ("Pacific/Apia", date(2011, 12, 31)),  # the day before was left out
    ("Australia/Lord_Howe", date(2026, 4, 5)),
)


def calendar(zone: str, weekend: frozenset[int], *holidays: date) -> LocalCalendar:
    return local_calendar(zone, weekend, frozenset(holidays), None)


@pytest.mark.parametrize(("zone", "day"), DAYS)
def test_a_day_starts_at_its_first_instant_and_ends_at_the_next_ones(zone: str, day: date) -> None:
    here = calendar(zone, frozenset({5, 6}))
    assert here.start_of(day) == first_instant(day, zone)
    assert here.end_of(day) == first_instant(day + DAY, zone)
    assert here.day_of(here.start_of(day)) == day


@pytest.mark.parametrize("weekend", [frozenset({5, 6}), frozenset({4, 5}), frozenset({6})])
@pytest.mark.parametrize(("zone", "day"), DAYS)
def test_business_days_are_those_of_the_calendar(zone: str, day: date, weekend: frozenset[int]) -> None:
    free = (day + 2 * DAY, day + 5 * DAY)
    here = calendar(zone, weekend, *free)
    for start in (day + number * DAY for number in range(7)):
        for count in (1, 2, 5):
            expected = first_instant(business_day_after(start, count, weekend, free), zone)
            assert here.business_day_after(start, count) == expected
            assert local_day(expected, zone).weekday() not in weekend
