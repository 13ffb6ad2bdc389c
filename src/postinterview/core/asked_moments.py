"""Read the moments and days of questions about a process."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Self, cast

from postinterview.core.acts_in_places import ActsInPlaces
from postinterview.core.corrections import backwards
from postinterview.core.past.event_order import known_by
from postinterview.core.past.events import Event
from postinterview.core.steps.event_input import ASK_LATER
from postinterview.core.values.errors import MisuseError, TimeError
from postinterview.core.values.moments import (
    EARLIEST,
    LATEST,
    MICROSECOND,
    at_fixed_offset,
    check_shown,
    in_utc,
    is_day,
)


class AskedMoments(ActsInPlaces):
    """The moments of a `Process` about which somebody may ask."""

    __slots__ = ()

    def _asked_at(self, at: datetime, help_: str) -> datetime:
        """Return the moment of a question in UTC. ``help_``: for one that is too early."""
        past = self._snapshot.past
        if past is not None and type(at) is datetime and at.tzinfo is UTC and past.top.at <= at <= LATEST:
            return at
        moment = self._not_before_latest(at, help_)
        if at.tzinfo is not UTC:
            check_shown(at, moment)
        return moment

    def _not_before_latest(self, at: datetime, help_: str = ASK_LATER) -> datetime:
        moment, past = in_utc(at), self._snapshot.past
        if past is None or past.top.at <= moment:  # as nearly always
            return moment
        latest = self._snapshot.latest
        if latest is not None and moment < latest.event.surely:
            raise backwards(at, latest, help_)
        return moment

    def _bounds_of(self, day: date) -> tuple[datetime, datetime]:
        """Return the first and the last microsecond of a day of the employer's, in its zone.

        Raises:
            MisuseError: it is no date.
            TimeError: it lies outside the years 1900 to 2999, or the calendar of the zone leaves it out.
        """
        if not is_day(day):
            raise MisuseError(f"`{day!r}` is no day", "give a date, such as date(2026, 3, 10)")
        if not EARLIEST.date() < day < LATEST.date():
            raise TimeError(f"the day {day} lies outside the years 1900 to 2999", "check the year")
        calendar = self.calendar.at(self.calendar.end_of(day))
        bounds = calendar.start_of(day), calendar.end_of(day) - MICROSECOND
        if bounds[0] > bounds[1]:
            message = f"the day {day} never comes in {calendar.zone.key}: the calendar leaves it out"
            raise TimeError(message, "check the day")
        begins, ends = (each.astimezone(calendar.zone) for each in bounds)
        return begins, ends

    def _range_of(self, at: date) -> tuple[datetime, datetime | None]:
        """Return a moment as it is, or the last microsecond of a day and the beginning of it."""
        if not is_day(at):
            return cast("datetime", at), None
        begins, ends = self._bounds_of(at)
        return ends, at_fixed_offset(begins)

    def _end_of(self, until: date) -> tuple[datetime, datetime | None]:
        """Return a moment as it is, or of a day the first moment after it and its beginning."""
        last, begins = self._range_of(until)
        return (last, None) if begins is None else (last + MICROSECOND, begins)

    def _as_of(self, moment: datetime) -> Self:
        """Return the process as it is at a moment: what is recorded of its day had happened by then."""
        past = self._snapshot.past
        if past is None or past.top.at <= moment:
            return self
        mine = cast("Any", self)
        said = (known_by(each, moment) if isinstance(each, Event) else each for each in mine.history)
        return cast("Self", mine.with_history(said))
