"""Work with moments in UTC and with the employer's days: where a day starts, which are for business.

A moment is an aware datetime in UTC. A day is a ``date`` in the process's time zone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TypeGuard
from zoneinfo import ZoneInfo

from attrs import frozen

from postinterview.core.values.errors import TimeError
from postinterview.core.values.formatting import shorten

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2999, 12, 31, tzinfo=UTC)
BEGINNING = datetime.min.replace(tzinfo=UTC)
FOREVER = datetime.max.replace(tzinfo=UTC)
FAR = datetime(9990, 1, 1, tzinfo=UTC)
"""No computed moment is later. It lies years before the end of the calendar, so that every zone can show it
and days can be added to it, and centuries after `LATEST`, so that no answer depends on it."""
ZONE_HELP = "write a name such as Europe/Zurich or UTC"
MICROSECOND = timedelta(microseconds=1)
ONE_DAY = timedelta(days=1)

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).fullmatch


def is_day(value: object) -> TypeGuard[date]:
    """Return whether a value is a day without an hour."""
    return isinstance(value, date) and not isinstance(value, datetime)


def read_day(written: str) -> date | None:
    """Return the date of a text such as 2026-03-10; None if it is none."""
    try:
        return date.fromisoformat(written) if _DAY(written) else None
    except ValueError:
        return None


def later(moment: datetime, duration: timedelta) -> datetime:
    """Return the moment ``duration`` after another, both in UTC; `FAR` where it would be later."""
    return FAR if duration > FAR - moment else moment + duration


def in_utc(at: datetime) -> datetime:
    """Return a moment in UTC.

    Raises:
        TimeError: ``at`` is no datetime, has no zone or one that fails, or lies outside the years 1900
            to 2999.
    """
    if is_day(at):
        raise TimeError(
            f"`{at}` is a day, not a datetime",
            "give an aware datetime; `may_on` asks of a day, and `record` takes one",
        )
    if not isinstance(at, datetime):
        raise TimeError(f"`{at!r}` is not a datetime", "give an aware datetime")
    zone = at.tzinfo
    if zone is not UTC:
        if type(zone) is not ZoneInfo and zone is not None:
            _try(zone, at)
        if at.utcoffset() is None:
            raise TimeError(
                f"the time {at.replace(tzinfo=None).isoformat(' ')} has no zone",
                "give a moment with its zone, such as 2026-03-10T09:00:00+01:00",
            )
        if 1 < at.year < 9999:  # an offset can't lead past the ends of the calendar
            at = at.astimezone(UTC)
    if EARLIEST <= at <= LATEST:
        return at
    raise TimeError(f"the time {at.isoformat(' ')} lies outside the years 1900 to 2999", "check the year")


def at_fixed_offset(moment: datetime) -> datetime:
    """Return an aware moment with the offset of its zone in place of the zone.

    Python compares two times of one zone by what their clocks show, and those of offsets as moments.
    """
    return moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta()))


def check_shown(at: datetime, moment: datetime) -> None:
    """Refuse a time that the clocks of its zone leave out. ``moment``: what it is in UTC.

    Raises:
        TimeError: no clock shows it.
    """
    zone = at.tzinfo
    if type(zone) is ZoneInfo and moment.astimezone(zone).replace(fold=at.fold) != at:
        shown = at.replace(tzinfo=None).isoformat(" ")
        message = f"the time {shown} never comes in {zone.key}: the clocks go forward over it"
        raise TimeError(message, "give a time that its clocks show")


def _try(zone: tzinfo, at: datetime) -> None:
    """Let a zone of the caller's own making convert there and back, as the answers will.

    Raises:
        TimeError: it fails.
    """
    try:
        if at.utcoffset() is not None and 1 < at.year < 9999:
            at.astimezone(UTC).astimezone(zone)
    except Exception as error:
        shown = at.replace(tzinfo=None).isoformat(" ")
        raise TimeError(
            f"the zone of the time {shown} fails with {type(error).__name__}",
            "give a moment with its zone, such as 2026-03-10T09:00:00+01:00",
        ) from error


@frozen(cache_hash=True, repr=False)
class LocalCalendar:
    """The days of a place: its time zone, and which of its days are for business.

    ``is_public_holiday`` is the rulebook's; ``country`` the place's own; ``is_free_there`` knows its days.
    ``before`` is the moment from which on they are so, and the days until then, of an employer who moved.
    """

    zone: ZoneInfo
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[date] = frozenset()
    is_public_holiday: Callable[[date], bool] | None = None
    country: str | None = None
    is_free_there: Callable[[date], bool] | None = None
    before: tuple[datetime, LocalCalendar] | None = None

    def at(self, moment: datetime) -> LocalCalendar:
        """Return the calendar by which a moment is judged."""
        found = self
        while found.before is not None and moment < found.before[0]:
            found = found.before[1]
        return found

    @property
    def first(self) -> LocalCalendar:
        """The calendar of the beginning."""
        return self.at(BEGINNING)

    def day_of(self, moment: datetime) -> date:
        """Return the local day in which the moment lies."""
        return moment.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """Return the first instant of the local day, in UTC."""
        return _first_instant(self.zone, day)

    def end_of(self, day: date) -> datetime:
        """Return the first instant of the next local day, in UTC: the day is over from then on."""
        return _first_instant(self.zone, day + ONE_DAY)

    def hours_of(self, day: date, opens: time, closes: time) -> tuple[tuple[datetime, datetime], ...]:
        """Return the stretches, in UTC, in which the local day's clock reads ``opens`` to before ``closes``.

        One on most days. Where the clock is put forward the hours may be left out, where it is put back
        they may come twice.
        """
        return _hours_of(self.zone, day, opens, closes)

    def is_business_day(self, day: date) -> bool:
        return (
            day.weekday() not in self.weekend
            and day not in self.holidays
            and not (self.is_public_holiday is not None and self.is_public_holiday(day))
            and not (self.is_free_there is not None and self.is_free_there(day))
        )

    def __repr__(self) -> str:
        place = ", ".join(filter(None, (self.zone.key, self.country)))
        return shorten(f"<LocalCalendar {place}: holidays {len(self.holidays)}>")

    def business_day_after(self, day: date, count: int) -> datetime:
        """Return the start of the ``count``-th business day after ``day``, in UTC."""
        return _business_day_after(self, day, count)


@lru_cache(maxsize=4096)
def _first_instant(zone: ZoneInfo, day: date) -> datetime:
    wall = datetime.combine(day, time(0))
    earlier = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if earlier.astimezone(zone).replace(tzinfo=None) == wall:
        return earlier
    # There is no midnight: the day starts where the clock is put forward.
    return _clock_change(zone, wall.replace(tzinfo=zone, fold=1).astimezone(UTC), earlier)


@lru_cache(maxsize=4096)
def _hours_of(zone: ZoneInfo, day: date, opens: time, closes: time) -> tuple[tuple[datetime, datetime], ...]:
    walls = [datetime.combine(day, clock, zone) for clock in (opens, closes)]
    readings = [wall.replace(fold=fold).astimezone(UTC) for wall in walls for fold in (0, 1)]
    first, last = min(readings), max(readings)
    if first.astimezone(zone).utcoffset() == last.astimezone(zone).utcoffset():
        return ((first, last),)
    change = _clock_change(zone, first, last)
    before = (min(readings[0], change), min(readings[2], change))
    after = (max(readings[1], change), max(readings[3], change))
    stretches = ((before[0], after[1]),) if before[1] == after[0] else (before, after)
    return tuple(stretch for stretch in stretches if stretch[0] < stretch[1])


def _clock_change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the first instant after ``low`` at which the zone's clocks read by the offset of ``high``."""
    offset = high.astimezone(zone).utcoffset()
    while high - low > MICROSECOND:
        middle = low + (high - low) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high


@lru_cache(maxsize=4096)
def _business_day_after(calendar: LocalCalendar, day: date, count: int) -> datetime:
    while count > 0:
        day += ONE_DAY
        if day >= FAR.date():
            return FAR
        if calendar.is_business_day(day):
            count -= 1
    return calendar.start_of(day)


def check_zone_name(name: object) -> None:
    """Check that a time zone has an IANA name, which means the same on every machine.

    All of these names begin with a capital letter. Other names that a system may know (``localtime``,
    ``posixrules``, ``right/Europe/Zurich``) mean another zone on another machine; ``Factory`` means none.

    Raises:
        TimeError: it can't be the name of one.
    """
    if not isinstance(name, str):
        raise TimeError(f"{name!r} is not a time zone", ZONE_HELP)
    if not "A" <= name[:1] <= "Z" or name == "Factory":
        raise TimeError(f"`{name}` is not a time zone, or not the same on every machine", ZONE_HELP)


def check_zone(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name.

    Raises:
        TimeError: there is no such time zone.
    """
    check_zone_name(name)
    return _zone(name)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise TimeError(f"`{name}` is not a time zone", ZONE_HELP) from None


@lru_cache(maxsize=1024)
def local_calendar(
    zone: str,
    weekend: frozenset[int],
    holidays: frozenset[date],
    is_public_holiday: Callable[[date], bool] | None,
    country: str | None = None,
    is_free_there: Callable[[date], bool] | None = None,
) -> LocalCalendar:
    """Return the calendar of a place, which its processes share.

    Raises:
        TimeError: there is no such time zone.
    """
    return LocalCalendar(_zone(zone), weekend, holidays, is_public_holiday, country, is_free_there)
