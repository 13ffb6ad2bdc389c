"""Read dates by the formats of a map. A value that can mean two moments is not read."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from attrs import frozen

from postinterview.audit.history.date_formats import (
    EXCEL,
    EXCEL_1904,
    ISO,
    ODD_SPACE,
    UNIX,
    UNIX_MS,
    Format,
    whole_pattern,
)
from postinterview.audit.history.zone_words import at_zone, zone_behind
from postinterview.audit.short_text import short
from postinterview.audit.sources.rows import RealDate
from postinterview.core.values.builders import builder
from postinterview.core.values.moments import EARLIEST, LATEST, ONE_DAY
from postinterview.loading.local_times import instant, local_moment
from postinterview.loading.text_values import Fault

_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}(?P<clock>[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?\Z",
    re.ASCII,
).match
_LONGEST = 100
"""The most characters of a date."""
_UNIX = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6}0*)?\Z").match
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SERIAL = re.compile(r"[0-9]{1,7}(\.[0-9]{1,17})?\Z").match
_DAY_0 = {EXCEL: datetime(1899, 12, 30), EXCEL_1904: datetime(1904, 1, 1)}  # noqa: DTZ001 - local time
_MARCH_1900 = 61
"""The first serial number that means one day: Excel has a 29 February 1900."""


@frozen(weakref_slot=False)
class DatedCell:
    """The moment that a cell means, in UTC. ``clock``: the cell says the hour."""

    at: datetime
    clock: bool


def read_date(
    written: str, formats: tuple[Format, ...], zone: ZoneInfo, clock: time | None, year: int | None
) -> DatedCell | str:
    """Return the moment that a cell means, or why it can't be told.

    ``clock``: the hour of a date without one. ``year``: the year of a date without one. A value that two
    formats read as different days is not read.
    """
    formats = _MARKED if isinstance(written, RealDate) else formats
    read = [(made, each.text) for each in formats if (made := _read(written, each, year)) is not None]
    text = short(written)
    if not read:
        zoned = zone_behind(written) and not any(each.zoned for each in formats)
        help = "; is a format with `%Z` missing, for the zone behind it?" if zoned else ""
        return f"`{text}` is not a date in the formats of the map{help}"
    made, first = read[0]
    wall = made.at
    for other, second in read[1:]:
        if other.at.date() != wall.date():
            return f"`{text}` is {wall.date()} by `{first}`, and {other.at.date()} by `{second}`"
    if not made.has_clock:
        if clock is None:
            return f"`{text}` has no hour, and the map has no `time`"
        wall = datetime.combine(wall.date(), clock)
    elif made.zone and wall.tzinfo is None:
        at = at_zone(wall, made.zone, zone)
        if isinstance(at, str):
            return f"`{text}`: {at}"
        wall = at
    if wall.tzinfo is None:
        offset = offset_all_day(zone, wall.date())
        if offset is not None:
            wall = (wall - offset).replace(tzinfo=UTC)
        else:
            local = local_moment(text if made.has_clock else f"{wall:%Y-%m-%d %H:%M}", wall, zone)
            if isinstance(local, Fault):
                return local.message
            wall = local
    if not EARLIEST <= wall <= LATEST:
        return f"`{text}` is outside the years 1900 to 2999"
    return _new_dated(instant(wall), made.has_clock)


def read_day(written: str, formats: tuple[Format, ...], year: int | None) -> date | str:
    """Return the day that a cell means, or why it can't be told."""
    formats = _MARKED if isinstance(written, RealDate) else formats
    found = {made.at.date() for each in formats if (made := _read(written, each, year)) is not None}
    if len(found) != 1:
        return f"`{short(written)}` is {'more than one day' if found else 'no date as the map writes them'}"
    return found.pop()


def day_by(written: str, form: Format) -> date | None:
    """Return the day that one format reads, in a leap year if the text has no year."""
    made = _read(written, form, 2024)
    return None if made is None else made.at.date()


@lru_cache(maxsize=65_536)
def offset_all_day(zone: ZoneInfo, day: date) -> timedelta | None:
    """Return the offset of a zone if its clocks go by it all day; None if they are changed on the day.

    No zone ever changed its clocks twice in three days, so a change shows at one of the two midnights.
    """
    if not EARLIEST.year < day.year < LATEST.year:
        return None
    begin = datetime.combine(day, time(0), zone)
    ends = (begin, begin + ONE_DAY)
    offsets = {each.replace(fold=fold).utcoffset() for each in ends for fold in (0, 1)}
    return offsets.pop() if len(offsets) == 1 else None


@frozen(weakref_slot=False)
class _Wall:
    """What a cell says: a moment with its offset, or one of a local clock. ``zone``: the word behind it."""

    at: datetime
    has_clock: bool
    zone: str = ""


_new_dated, _new_wall = builder(DatedCell), builder(_Wall)
_MARKED = (Format(ISO, has_clock=False),)
"""The format of a cell that its file marks as a date."""


def _read(text: str, form: Format, year: int | None) -> _Wall | None:
    """Return what one format reads. A text too long for a date is not kept in the cache."""
    if len(text) > _LONGEST:
        return None
    year = None if form.has_year else year
    if form.is_one_word and " " in text:
        return None
    written = text.split(" ") if form.day_and_clock is not None else ()
    if form.day_and_clock is None or len(written) != 2 or ODD_SPACE(text):
        return _parsed(text, form, year)
    day, clock = form.day_and_clock
    read = _parsed(written[0], day, year)
    time_of_day = None if read is None else _parsed_clock(written[1], clock)
    if read is None or time_of_day is None:
        return None
    return _new_wall(datetime.combine(read.at, time_of_day), True)


@lru_cache(maxsize=65_536)
def _parsed_clock(text: str, form: str) -> time | None:
    """Return the time of day that a format of a clock alone reads; None if it does not match."""
    whole = whole_pattern(form)
    if whole is not None and whole.fullmatch(text) is None:
        return None
    try:
        return datetime.strptime(text, form).time()  # noqa: DTZ007 - a time of day
    except ValueError:
        return None


@lru_cache(maxsize=65_536)
def _parsed(text: str, form: Format, year: int | None) -> _Wall | None:
    """Return what one format reads; None if it does not match."""
    try:
        if form.text in (UNIX, UNIX_MS):
            return _unix(text, 1 if form.text == UNIX else 1000)
        if form.text in _DAY_0:
            return _serial(text, _DAY_0[form.text], _MARCH_1900 if form.text == EXCEL else 0)
        if form.text == ISO:
            found = datetime.fromisoformat(text) if _ISO(text) else None
            return None if found is None else _Wall(found, len(text) > 10)
        if (not form.has_year and year is None) or (form.whole and form.whole.fullmatch(text) is None):
            return None
        bare, pattern, zone = text, form.text, ""
        if form.zoned is not None:
            match = form.zoned.fullmatch(text)
            if match is None:
                return None
            zone, (begin, end) = match["zone"], match.span("zone")
            bare, pattern = text[:begin] + text[end:], form.text.replace("%Z", "")
        more = ("", "") if form.has_year else (f" {year:04}", " %Y")
        found = datetime.strptime(bare + more[0], pattern + more[1])  # noqa: DTZ007 - a zone may follow
    except (ValueError, OverflowError):
        return None
    told = found.strftime(form.weekday).casefold() if form.weekday else ""
    return _Wall(found, form.has_clock, zone) if told in text.casefold() else None


def _unix(text: str, thousand: int) -> _Wall | None:
    if _UNIX(text) is None:
        return None
    whole, _, rest = text.partition(".")
    micro = int(whole) * 1_000_000 // thousand + int(rest.ljust(6, "0")[:6] or 0) // thousand
    return _Wall(_EPOCH + timedelta(microseconds=micro), has_clock=True)


def _serial(text: str, day_0: datetime, first: int) -> _Wall | None:
    """Return what a serial number means: whole days, and a part of a day to the millisecond."""
    if _SERIAL(text) is None or float(text) < first:
        return None
    days, _, rest = text.partition(".")
    clock = timedelta(milliseconds=round(float(f"0.{rest or 0}") * 86_400_000))
    return _Wall(day_0 + timedelta(days=int(days)) + clock, has_clock=bool(clock))
