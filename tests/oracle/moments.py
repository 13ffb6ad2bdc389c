"""The moments that rules speak of: dates that fields set, dates with a name, business days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TypeAlias

from tests.oracle import reading
from tests.oracle.days import DAY, business_day_after, first_instant, local_day
from tests.oracle.world import Key, World, not_known_before, seen

UNKNOWN = "unknown"
Instant: TypeAlias = datetime | str | None
"""When a moment is; None where nothing it is counted from is known, or ``unknown``."""


def date_named(world: World, name: str, application: str | None) -> date | str | None:
    """The date that fields set in an application and nothing ended, by reading all its events again."""
    rules = world.rules
    day: date | None = None
    touched: datetime | None = None
    for event in world.placed:
        if application is None or event["application"] != application:
            continue
        sets = [event["fields"].get(key) for key in reading.fields_that_set(rules, event["name"], name)]
        sets = [value for value in sets if value is not None]
        if name in reading.listed(rules["events"][event["name"]].get("ends")):
            day, touched = None, event["at"]
        if sets:
            day, touched = max(sets[-1], local_day(event["at"], world.zone)), event["at"]
        elif (
            day is not None
            and reading.opens_round(rules, event["name"])
            and event["at"] >= first_instant(day + DAY, world.zone)
        ):
            day = None
    until = not_known_before(world, reading.touching(rules, name), (application, None, None))
    return UNKNOWN if until is not None and (touched is None or touched < until) else day


def all_holidays(world: World) -> set[date]:
    written = reading.listed((world.rules.get("calendar") or {}).get("holidays"))
    return {date.fromisoformat(text) for text in written} | world.holidays


def business_day(world: World, day: date, count: int) -> datetime:
    weekend = reading.weekend(world.rules)
    return first_instant(business_day_after(day, count, weekend, all_holidays(world)), world.zone)


def instant(world: World, text: str, key: Key, application: str | None) -> Instant:
    name, plus = reading.moment(text)
    if isinstance(plus, int) and name in (world.rules.get("dates") or {}):
        return _named(world, name, plus, key, application)
    if name in reading.set_dates(world.rules):
        day = date_named(world, name, application)
        if day is None or isinstance(day, str):
            return day
        if isinstance(plus, int):
            return business_day(world, day, plus)
        return first_instant(day + DAY, world.zone) + (plus or timedelta())
    anchor = _anchor(world, name, key, application)
    if anchor is None or isinstance(anchor, str):
        return anchor
    if isinstance(plus, int):
        return business_day(world, local_day(anchor, world.zone), plus)
    return anchor + (plus or timedelta())


def _anchor(world: World, name: str, key: Key, application: str | None) -> Instant:
    """What a date's name stands for, or the latest of the events in scope."""
    if name in (world.rules.get("dates") or {}):
        return _named(world, name, None, key, application)
    names = reading.members(world.rules, name)
    found = seen(world, names, key)
    until = not_known_before(world, names, key)
    if until is not None and (not found or found[-1]["at"] < until):
        return UNKNOWN
    return found[-1]["at"] if found else None


def _named(world: World, name: str, days: int | None, key: Key, application: str | None) -> Instant:
    """The first or the latest known of what a name stands for, with so many business days added to each."""
    options, latest = reading.options(world.rules, name)
    known = [_option(world, option, days, key, application) for option in options]
    known = [option for option in known if option is not None]
    if not latest:
        return next(iter(known), None)
    if UNKNOWN in known:
        return UNKNOWN
    return max((option for option in known if isinstance(option, datetime)), default=None)


def _option(world: World, text: str, days: int | None, key: Key, application: str | None) -> Instant:
    """One moment as if the business days were written behind it."""
    name, plus = reading.moment(text)
    if days is None or plus is None:
        return instant(world, text if days is None else f"{name} + {days} business days", key, application)
    found = instant(world, text, key, application)
    return business_day(world, local_day(found, world.zone), days) if isinstance(found, datetime) else found
