"""Days in whole numbers are the days of the calendar, also where clocks are changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.audit.clean.recording import Days, ticks
from postinterview.audit.history.dates import offset_all_day
from postinterview.core.values.moments import ONE_DAY

RULES = pi.load_rulebook()
CHANGES = {
    "Europe/Zurich": date(2026, 3, 29),
    "America/New_York": date(2026, 11, 1),
    "America/Santiago": date(2026, 9, 6),  # at midnight
    "Africa/Cairo": date(2026, 10, 30),  # back from midnight
    "Australia/Lord_Howe": date(2026, 4, 5),  # by half an hour
    "Pacific/Apia": date(2011, 12, 30),  # a day that never came
    "Asia/Kathmandu": date(1986, 1, 1),  # by a quarter
    "UTC": date(2026, 1, 1),
}
"""Days on which clocks were or will be changed."""

near = st.integers(-2, 2)


@pytest.mark.parametrize("zone", CHANGES)
def test_the_day_of_a_moment_is_that_of_the_calendar(zone: str) -> None:
    calendar = RULES.calendar_of(zone)
    days, begin = Days(calendar), datetime.combine(CHANGES[zone], time(0), UTC) - 2 * ONE_DAY
    for number in range(5 * 96):
        at = begin + number * timedelta(minutes=15)
        assert days.day_of(ticks(at)) == calendar.day_of(at).toordinal(), at


@given(zone=st.sampled_from(sorted(CHANGES)), days=near)
def test_clocks_that_are_changed_on_a_day_have_no_offset_all_day(zone: str, days: int) -> None:
    day, place = CHANGES[zone] + timedelta(days=days), ZoneInfo(zone)
    minutes = [datetime.combine(day, time(0), place) + timedelta(minutes=each) for each in range(24 * 60 + 1)]
    offsets = {each.replace(fold=fold).utcoffset() for each in minutes for fold in (0, 1)}
    event(f"{len(offsets)} offsets")
    assert offset_all_day(place, day) == (offsets.pop() if len(offsets) == 1 else None)
