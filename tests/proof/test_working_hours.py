"""No working hour lies between two moments that hang on one day, or a walker finds it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest

from postinterview.core.rules.definitions import APPLICATION, Hours, Origin
from postinterview.core.values.moments import LocalCalendar, local_calendar
from postinterview.proof.model.conditions import HasCome
from postinterview.proof.model.variables import TimeAnchor
from postinterview.proof.model.working_hours import WorkingHours, never_between

HOLIDAY = date(2026, 3, 10)
FRIDAYS = frozenset({4, 5})
CALENDARS = {
    "plain": local_calendar("UTC", frozenset({5, 6}), frozenset(), None),
    "a holiday": local_calendar("UTC", frozenset({5, 6}), frozenset({HOLIDAY}), None),
    "another weekend": local_calendar("UTC", FRIDAYS, frozenset(), None),
}


def nine_to_six(days: frozenset[int], *, business: bool) -> Hours:
    return Hours(
        id="h",
        origin=Origin("", 1, 1),
        opens=time(9),
        closes=time(18),
        weekdays=days,
        business_days_only=business,
    )


HOURS = (nine_to_six(frozenset(range(5)), business=True), nine_to_six(frozenset({1}), business=False))
STEP = timedelta(hours=3)
Said = tuple[int, timedelta]
"""So many business days after an instant, and a duration after that."""

SAID: tuple[Said, ...] = (
    (0, timedelta(0)),
    (0, timedelta(days=1)),
    (0, timedelta(days=2)),
    (1, timedelta(0)),
    (1, timedelta(days=4)),
    (2, timedelta(0)),
)


def atom(calendar: LocalCalendar, said: Said, *, dated: bool, negated: bool) -> HasCome:
    date, ends = ("promised", frozenset[str]()) if dated else ("", frozenset[str]())
    anchor = TimeAnchor(date, frozenset({"word"}), ends, frozenset(), APPLICATION, calendar)
    return HasCome(anchor, said[0], said[1] // timedelta(microseconds=1), negated)


def comes(calendar: LocalCalendar, said: Said, instant: datetime, named: date) -> datetime:
    """When it comes, by a walk from day to day."""
    days, later = said
    if not days:
        return instant + later
    day = named
    while days:
        day += timedelta(days=1)
        days -= day.weekday() not in calendar.weekend and day not in calendar.holidays
    return datetime.combine(day, time(0), UTC) + later


def is_open(hours: Hours, calendar: LocalCalendar, at: datetime) -> bool:
    free = at.weekday() in calendar.weekend or at.date() in calendar.holidays
    on = at.weekday() in hours.weekdays and not (hours.business_days_only and free)
    return on and hours.opens <= at.time() < hours.closes


def walked(
    calendars: tuple[LocalCalendar, LocalCalendar], said: tuple[Said, Said], hours: Hours, *, dated: bool
) -> bool:
    """Whether a walker finds an hour in which the first has come and the other has not."""
    for day in (date(2026, 2, 20) + timedelta(days=each) for each in range(25)):
        midnight = datetime.combine(day, time(0), UTC)
        instants = [midnight + timedelta(days=1)] if dated else [midnight + each * STEP for each in range(8)]
        for instant in instants:
            at, end = (comes(each, its, instant, day) for each, its in zip(calendars, said, strict=True))
            while at < end:
                if is_open(hours, calendars[0], at):
                    return True
                at += STEP
    return False


@pytest.mark.parametrize("dated", [True, False], ids=["a date", "an event"])
@pytest.mark.parametrize("hours", HOURS, ids=["business days", "Tuesdays"])
def test_no_working_hour_lies_between_where_a_walker_finds_none(hours: Hours, *, dated: bool) -> None:
    found = set()
    for names in product(CALENDARS, CALENDARS):
        first, second = (CALENDARS[each] for each in names)
        for said in product(SAID, SAID):
            one = atom(first, said[0], dated=dated, negated=False)
            other = atom(second, said[1], dated=dated, negated=True)
            never = never_between(one, other, WorkingHours(hours, first))
            seen = walked((first, second), said, hours, dated=dated)
            assert not (never and seen), (names, said)
            assert never is not seen or not dated, (names, said)  # of events, some are not told apart
            found.add(never)
    assert found == {True, False}
