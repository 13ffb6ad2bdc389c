"""How times and amounts are said to people: plain English, the same on every machine."""

from __future__ import annotations

from datetime import date, datetime, timedelta

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def say_day(day: date) -> str:
    """``Wed 11 Mar 2026``."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def say_moment(moment: datetime) -> str:
    """``Wed 11 Mar 2026 09:30``, in the zone of the moment; seconds only where there are some."""
    clock = f"{moment:%H:%M}"
    if moment.second or moment.microsecond:
        clock += f"{moment:%S.%f}".rstrip("0").rstrip(".").join((":", ""))
    return f"{say_day(moment)} {clock}"


def say_soon(moment: datetime, now: datetime) -> str:
    """``Wed 11 Mar`` or ``Wed 11 Mar 09:30``: without the year that it is, and without midnight."""
    said = say_moment(moment).removesuffix(" 00:00")
    return said.replace(f" {moment.year}", "", 1) if moment.year == now.year else said


def say_duration(duration: timedelta) -> str:
    """``7 days``, ``3 h``, ``20 min``: in the largest unit that says it exactly, else rounded down."""
    minutes = int(duration.total_seconds() // 60)
    if minutes >= 48 * 60:
        days, rest = divmod(minutes, 24 * 60)
        return _count(days, "day") if not rest else f"{_count(days, 'day')} {rest // 60} h"
    if minutes >= 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h" if not rest else f"{hours} h {rest} min"
    return f"{minutes} min"


def say_offset(offset: timedelta) -> str:
    """``+01:00``."""
    sign = "-" if offset < timedelta(0) else "+"
    seconds = abs(int(offset.total_seconds()))
    said = f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{said}:{seconds % 60:02}" if seconds % 60 else said


def say_list(names: tuple[str, ...], last: str = "or") -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
