"""Moments as a scenario writes them, and the one instant that each stands for."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from postinterview.core.formatting import say_offset
from postinterview.core.moments import FIRST, LAST
from postinterview.loading.text_values import Fault

_WRITTEN = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:([T ]) *(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?"
    r" *(Z|([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?)?\Z",
    re.ASCII,
).match
_LOOSE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[T, ]+(\d{1,2})[:.h](\d{2})\Z", re.ASCII).match

EXAMPLE = "2026-03-02 10:00"


def read_moment(text: str, zone: ZoneInfo | None) -> datetime | Fault:
    """The aware moment that ``text`` means: `2026-03-02 10:00`, with seconds or an offset if need be.

    Without an offset it is local time in ``zone``, and keeps that zone; with one it keeps the offset.
    A local time that comes twice, or never, is a fault that shows what to write instead.
    """
    match = _WRITTEN(text)
    if match is None:
        return _unreadable(text)
    if match[4] is None:
        return _no_clock(text)
    wall = _wall(match)
    if isinstance(wall, Fault):
        return wall
    if match[9] is not None:
        return _in_range(text, _with_offset(wall, match))
    if zone is None:
        return Fault(
            "PI712",
            f"`{text}` does not say in which time zone",
            "local time, but of no place",
            f"add `timezone: Europe/Zurich` above the steps, or an offset to the time: `{text}+01:00`",
        )
    return _in_range(text, local_moment(text, wall, zone))


def _wall(match: re.Match[str]) -> datetime | Fault:
    text = match.string
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    hour, minute, second = int(match[5]), int(match[6]), int(match[7] or 0)
    try:
        date(year, month, day)
    except ValueError:
        return Fault(
            "PI711", f"there is no day `{text[:10]}`", "no such day", "the order is year, month, day"
        )
    if hour > 23 or minute > 59 or second > 59:
        clock = text[11:].lstrip().removesuffix(match[9] or "").rstrip()
        midnight = hour == 24 and minute == second == 0
        help = "midnight is 00:00 of the next day" if midnight else "write 00:00 to 23:59"
        return Fault("PI711", f"there is no time `{clock}` on a clock", "not a time of day", help)
    return datetime(year, month, day, hour, minute, second, int((match[8] or "").ljust(6, "0") or 0))  # noqa: DTZ001


def _with_offset(wall: datetime, match: re.Match[str]) -> datetime | Fault:
    if match[9] == "Z":
        return wall.replace(tzinfo=UTC)
    hours, minutes, seconds = int(match[11]), int(match[12]), int(match[13] or 0)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if offset >= timedelta(days=1) or minutes > 59 or seconds > 59:
        return Fault("PI711", f"there is no offset `{match[9]}`", "no such offset", "write one like `+01:00`")
    return wall.replace(tzinfo=timezone(-offset if match[10] == "-" else offset))


def local_moment(text: str, wall: datetime, zone: ZoneInfo) -> datetime | Fault:
    first, second = wall.replace(tzinfo=zone), wall.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before == after or before is None or after is None:
        return first
    one, other = f"`{text}{say_offset(before)}`", f"`{text}{say_offset(after)}`"
    if before > after:
        return Fault(
            "PI713",
            f"`{text}` comes twice in {zone.key}: the clocks go back",
            "which of the two?",
            f"write {one} for the first, or {other} for the second",
        )
    return Fault(
        "PI713",
        f"`{text}` never comes in {zone.key}: the clocks go forward over it",
        "no clock shows this time",
        f"write {one} ({_reading(first, zone)} there), or {other} ({_reading(second, zone)} there)",
    )


def instant(moment: datetime) -> datetime:
    """The moment on the UTC line, to compare by: Python compares local times of one zone by their clocks."""
    return moment.astimezone(UTC)


def _reading(moment: datetime, zone: tzinfo) -> str:
    """What a clock of the place shows at a moment that was named by a time it never shows."""
    return f"{moment.astimezone(UTC).astimezone(zone):%H:%M}"


def _in_range(text: str, moment: datetime | Fault) -> datetime | Fault:
    if isinstance(moment, Fault):
        return moment
    if 1900 <= moment.year <= 2999 and FIRST <= moment <= LAST:
        return moment
    return Fault(
        "PI711", f"`{text}` lies outside the years 1900 to 2999", "not in these years", "check the year"
    )


def _no_clock(text: str) -> Fault:
    return Fault(
        "PI711",
        f"`{text}` is a day without a time",
        "the time of day is missing",
        f"write the time too, such as `{text} 09:00`",
        f"{text} 09:00",
    )


def _unreadable(text: str) -> Fault:
    loose = _LOOSE(text)
    instead = None
    if loose is not None:
        instead = f"{loose[1]}-{int(loose[2]):02}-{int(loose[3]):02} {int(loose[4]):02}:{loose[5]}"
    return Fault(
        "PI711",
        f"`{text}` is not a moment",
        "not a day and a time",
        f"did you mean `{instead}`?" if instead else f"write day and time such as `{EXAMPLE}`",
        instead,
    )
