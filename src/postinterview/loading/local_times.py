"""Read a day or a moment as people write it, with its offset or as local time in a zone.

A clock that goes back shows some local times twice, and one that goes forward never shows some. Python lets
both pass: it picks the first of two, and makes up an offset for a time that never comes. Here both are
faults, and the help shows the two offsets that can be meant::

    2026-10-25 02:30 in Europe/Zurich    comes twice: write +02:00 or +01:00
    2026-03-29 02:30 in Europe/Zurich    never comes: write +01:00 (03:30 there) or +02:00 (01:30 there)
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import partial
from zoneinfo import ZoneInfo

from postinterview.core.values.formatting import say_offset
from postinterview.core.values.moments import EARLIEST, LATEST, MICROSECOND, LocalCalendar
from postinterview.loading.text_values import Fault

EXAMPLE = "2026-03-02 10:00"

_WRITTEN = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:([T ]) *(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?"
    r" *(Z|([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?)?\Z",
    re.ASCII,
).match
_LOOSE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T, ]+(\d{1,2})[:.h](\d{2}))?\Z", re.ASCII).match
_no_moment = partial(Fault, "PI711")


def read_when(text: str, zone: ZoneInfo | None) -> date | Fault:
    """Return the moment that a text such as `2026-03-02 10:00` means, or the day, or why it means neither.

    A moment is aware: seconds and an offset may follow. Without an offset it is local time in ``zone``, and
    keeps that zone; with one it keeps the offset. Without a time it is a day of ``zone``, as a `date`.
    """
    match = _WRITTEN(text)
    if match is None:
        return _unreadable(text)
    if match[4] is None:
        return _day(match, zone)
    moment = _wall(match)
    if isinstance(moment, datetime):
        if match[9] is not None:
            moment = _with_offset(moment, match)
        elif zone is not None:
            moment = local_moment(text, moment, zone)
        else:
            message = f"`{text}` does not say in which time zone"
            help = f"add `timezone: Europe/Zurich` above the steps, or an offset to the time: `{text}+01:00`"
            return Fault("PI712", message, "local time, but of no place", help)
    if isinstance(moment, Fault) or (1900 <= moment.year <= 2999 and EARLIEST <= moment <= LATEST):
        return moment
    return _outside(text)


def ends_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime, datetime]:
    """Return the first and the last microsecond of a day of ``zone``, and the first one after it, there."""
    calendar = LocalCalendar(zone)
    first, after = calendar.start_of(day), calendar.end_of(day)
    begins, last, ends = (each.astimezone(zone) for each in (first, after - MICROSECOND, after))
    return begins, last, ends


def local_moment(text: str, wall: datetime, zone: ZoneInfo) -> datetime | Fault:
    """Return the moment at which clocks of the zone show ``wall``, unless they do so twice or never."""
    first, second = wall.replace(tzinfo=zone), wall.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before == after or before is None or after is None:
        return first
    one, other = f"`{text}{say_offset(before)}`", f"`{text}{say_offset(after)}`"
    if before > after:
        message = f"`{text}` comes twice in {zone.key}: the clocks go back"
        help = f"write {one} for the first, or {other} for the second"
        return Fault("PI713", message, "which of the two?", help)
    shown, other_shown = (f"{instant(each).astimezone(zone):%H:%M} there" for each in (first, second))
    message = f"`{text}` never comes in {zone.key}: the clocks go forward over it"
    help = f"write {one} ({shown}), or {other} ({other_shown})"
    return Fault("PI713", message, "no clock shows this time", help)


def instant(moment: datetime) -> datetime:
    """Return the moment in UTC, to compare by: Python compares times of one zone by what clocks show."""
    return moment.astimezone(UTC)


def _day(match: re.Match[str], zone: ZoneInfo | None) -> date | Fault:
    text, day = match.string, _date(match)
    if isinstance(day, Fault):
        return day
    if zone is None:
        message = f"`{text}` does not say in which time zone"
        help = f"add `timezone: Europe/Zurich` above the steps, or a time and an offset: `{text} 09:00+01:00`"
        return Fault("PI712", message, "a day, but of no place", help)
    if not EARLIEST.date() < day < LATEST.date():
        return _outside(text)
    begins, last, _ = ends_of(day, zone)
    if instant(begins) > instant(last):
        message = f"`{text}` never comes in {zone.key}: the calendar leaves this day out"
        return Fault("PI713", message, "no such day there", "check the day")
    return day


def _date(match: re.Match[str]) -> date | Fault:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return _no_moment(
            f"there is no day `{match.string[:10]}`", "no such day", "the order is year, month, day"
        )


def _outside(text: str) -> Fault:
    return _no_moment(f"`{text}` lies outside the years 1900 to 2999", "not in these years", "check the year")


def _wall(match: re.Match[str]) -> datetime | Fault:
    """Return what a clock shows, without a zone."""
    text = match.string
    day = _date(match)
    if isinstance(day, Fault):
        return day
    hour, minute, second = int(match[5]), int(match[6]), int(match[7] or 0)
    if hour > 23 or minute > 59 or second > 59:
        clock = text[11:].lstrip().removesuffix(match[9] or "").rstrip()
        midnight = hour == 24 and minute == second == 0
        help = "midnight is 00:00 of the next day" if midnight else "write 00:00 to 23:59"
        return _no_moment(f"there is no time `{clock}` on a clock", "not a time of day", help)
    microsecond = int((match[8] or "").ljust(6, "0") or 0)
    return datetime.combine(day, time(hour, minute, second, microsecond))


def _with_offset(wall: datetime, match: re.Match[str]) -> datetime | Fault:
    if match[9] == "Z":
        return wall.replace(tzinfo=UTC)
    hours, minutes, seconds = int(match[11]), int(match[12]), int(match[13] or 0)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if offset >= timedelta(days=1) or minutes > 59 or seconds > 59:
        return _no_moment(f"there is no offset `{match[9]}`", "no such offset", "write one like `+01:00`")
    return wall.replace(tzinfo=timezone(-offset if match[10] == "-" else offset))


def _unreadable(text: str) -> Fault:
    loose, instead = _LOOSE(text), None
    if loose is not None:
        instead = f"{loose[1]}-{int(loose[2]):02}-{int(loose[3]):02}"
        instead += "" if loose[4] is None else f" {int(loose[4]):02}:{loose[5]}"
    help = f"did you mean `{instead}`?" if instead else f"write day and time such as `{EXAMPLE}`"
    return _no_moment(f"`{text}` is not a moment", "not a day and a time", help, instead)
