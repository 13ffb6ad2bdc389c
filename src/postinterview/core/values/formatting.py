"""Format times, amounts and lists as plain English, the same on every machine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import MAXYEAR, date, datetime, time, timedelta

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ONE_LINE = 120
"""The length of a line, such as the `repr` of a value, in characters."""
LONGEST_NAME = 60
"""The most characters of a name that a text shows."""


def say_day(day: date) -> str:
    """Return a day as ``Wed 11 Mar 2026``."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def say_moment(moment: datetime, *, exact: bool = False) -> str:
    """Return a moment in its own zone as ``Wed 11 Mar 2026 09:30``, with seconds only if there are some.

    The last microsecond of a day is shown as the day: what has no hour is kept there. In other zones it is
    shown as the next full minute. ``exact``: in full, with fractions of a second too, where there are some.
    """
    if not exact and moment.time() == time.max:
        return say_day(moment)
    moment = moment if exact else full_moment(moment)
    said = f"{say_day(moment)} {moment:%H:%M}"
    if moment.second or (exact and moment.microsecond):
        said += f":{moment:%S}"
    return f"{said}.{moment:%f}".rstrip("0") if exact and moment.microsecond else said


def full_moment(moment: datetime) -> datetime:
    """Return the next moment after the last microsecond of a second: people say the end of a day as 24:00."""
    is_last = moment.microsecond == time.max.microsecond and moment.year < MAXYEAR
    return moment + moment.resolution if is_last else moment


def say_brief(moment: datetime, now: datetime) -> str:
    """Return a moment as ``Wed 11 Mar 09:30``, with its year only if it is another than that of ``now``."""
    said = say_moment(moment)
    return said.replace(f" {moment.year}", "", 1) if moment.year == now.year else said


def say_soon(moment: datetime, now: datetime) -> str:
    """Return a moment as ``Wed 11 Mar`` or ``Wed 11 Mar 09:30``, without this year and without midnight."""
    return say_brief(moment, now).removesuffix(" 00:00")


def say_day_soon(moment: date, now: datetime) -> str:
    """Return a day, or that of a moment, as ``Wed 11 Mar``, with its year only if it is not this year."""
    said = say_day(moment)
    return said.removesuffix(f" {moment.year}") if moment.year == now.year else said


def say_words(name: str) -> str:
    """Return an id such as ``follow_up`` in words: ``follow up``."""
    return name.replace("_", " ")


def say_duration(duration: timedelta) -> str:
    """Return a duration as ``7 days``, ``3 h`` or ``20 min``, rounded down to two units."""
    minutes = int(duration.total_seconds() // 60)
    if minutes >= 48 * 60:
        days, rest = divmod(minutes, 24 * 60)
        return say_count(days, "day") if not rest else f"{say_count(days, 'day')} {rest // 60} h"
    if minutes >= 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h" if not rest else f"{hours} h {rest} min"
    return f"{minutes} min"


def say_offset(offset: timedelta) -> str:
    """Return a zone's offset as ``+01:00``."""
    sign = "-" if offset < timedelta(0) else "+"
    seconds = abs(int(offset.total_seconds()))
    said = f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{said}:{seconds % 60:02}" if seconds % 60 else said


def say_list(names: Iterable[str], last: str = "or") -> str:
    """Return names as ``a``, ``a or b`` or ``a, b or c``."""
    names = tuple(names)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def say_count(number: int, unit: str, units: str = "") -> str:
    """Return an amount as ``1 day`` or ``2 days``; ``units``: the plural, if it does not just end in s."""
    return f"{number} {unit}" if number == 1 else f"{number} {units or f'{unit}s'}"


def say_value(value: object) -> str:
    """Return the value of a field as a person writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return say_day(value)
    return (say_list(value, "and") or "nobody") if isinstance(value, tuple) else str(value)


def say_fields(fields: Iterable[tuple[str, object]]) -> str:
    """Return the fields of an event with their values: ``channel: email; interviewers: ana and bo``."""
    return "; ".join(f"{name}: {say_value(value)}" for name, value in fields)


def sentence(text: str) -> str:
    """Return the text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def short_name(name: str) -> str:
    """Return the name of an employer, a person or an application as a text shows it: cut if it is long."""
    return name if len(name) <= LONGEST_NAME else shorten(name, LONGEST_NAME)


def shorten(text: str, limit: int = ONE_LINE) -> str:
    """Return the text on one line, cut to ``limit`` characters where it is longer."""
    line = " ".join(text[: 4 * limit].split())
    return line if len(line) <= limit and len(text) <= 4 * limit else line[: limit - 3] + "..."
