"""Tell that no working hour lies between two moments, by the calendars.

An act that is allowed only in certain hours can't tell two moments apart between which there are none. A
comparison knows the calendars of both files, so it can look at every day from which the moments are counted.

Example: the new rules have Tuesday 10 March 2026 as a holiday. Where they named Monday 9 March, an answer is
due on the 11th and not on the 10th, and a call is too late 60 days after that: from Sunday 10 May on and not
from Saturday 9 May. Calls are for business days, so no call is newly allowed.

Days of 24 hours are assumed.
"""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache

from attrs import frozen

from postinterview.core.rules.definitions import Hours
from postinterview.core.values.moments import ONE_DAY, LocalCalendar
from postinterview.proof.model.business_days import stretches
from postinterview.proof.model.conditions import HasCome
from postinterview.proof.model.variables import DAY


@frozen(cache_hash=True)
class WorkingHours:
    """The hours in which an act is allowed, by the calendar of its rulebook."""

    guard: Hours
    calendar: LocalCalendar

    def lie_between(self, first: int, end: int) -> bool:
        """Return whether one lies in a span of time, in microseconds since the first of all days."""
        opens, closes = _micros(self.guard.opens), _micros(self.guard.closes)
        for number in range(first // DAY, -(-end // DAY)):
            inside = max(first, number * DAY + opens) < min(end, number * DAY + (closes or DAY))
            if inside and self._is_open_on(date.fromordinal(number)):
                return True
        return False

    def _is_open_on(self, day: date) -> bool:
        business = not self.guard.business_days_only or self.calendar.is_business_day(day)
        return business and day.weekday() in self.guard.weekdays


@lru_cache(maxsize=1024)
def never_between(one: HasCome, other: HasCome, hours: WorkingHours) -> bool:
    """Return whether one instant has never come, and another one of the same anchor not, in such hours."""
    calendars = {each.variable.calendar for each in (one, other) if each.instant}
    if None in calendars:
        return False
    most = max(each.instant + each.micros // DAY for each in (one, other))
    for calendar in {hours.calendar, *calendars}:
        for days in stretches(calendar, most) if calendar is not None else ():
            for day in days:
                first, end = _span(one, day)[0], _span(other, day)[1]
                if first < end and hours.lie_between(first, end):
                    return False
    return True


def _span(atom: HasCome, day: date) -> tuple[int, int]:
    """Return the earliest and the latest moment at which it has come, if it is counted from the day."""
    if atom.instant and atom.variable.calendar is not None:
        counted = atom.variable.calendar.business_day_after(day, atom.instant).date()
        at = counted.toordinal() * DAY + atom.micros
        return at, at
    over = (day + ONE_DAY).toordinal() * DAY + atom.micros
    return over if atom.variable.date else over - DAY, over


def _micros(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 10**6 + clock.microsecond
