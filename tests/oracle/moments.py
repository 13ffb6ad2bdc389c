"""The moments that rules speak of: dates that fields set, dates with a name, business days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from tests.oracle import reading
from tests.oracle.days import DAY, business_day_after, first_instant, local_day
from tests.oracle.world import Key, World, not_known_before, seen

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Between:
    """A moment that is unknown: surely not before ``earliest``, and not after ``latest``; None: any."""

    earliest: datetime | None = None
    latest: datetime | None = None

    def later(self, by: Callable[[datetime], datetime]) -> Between:
        return Between(*(None if bound is None else by(bound) for bound in (self.earliest, self.latest)))


Instant: TypeAlias = datetime | Between | None
"""When a moment is; None where nothing it is counted from ever happened."""


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
        if day is None:
            return None
        if isinstance(day, str):
            return Between()
        if isinstance(plus, int):
            return business_day(world, day, plus)
        return first_instant(day + DAY, world.zone) + (plus or timedelta())
    return _later(world, _anchor(world, name, key, application), plus)


def _later(world: World, anchor: Instant, plus: timedelta | int | None) -> Instant:
    def by(moment: datetime) -> datetime:
        if isinstance(plus, int):
            return business_day(world, local_day(moment, world.zone), plus)
        return moment + (plus or timedelta())

    if anchor is None:
        return None
    return anchor.later(by) if isinstance(anchor, Between) else by(anchor)


def _anchor(world: World, name: str, key: Key, application: str | None) -> Instant:
    """What a date's name stands for, or the latest of the events in scope."""
    if name in (world.rules.get("dates") or {}):
        return _named(world, name, None, key, application)
    names = reading.members(world.rules, name)
    found = seen(world, names, key)
    until = not_known_before(world, names, key)
    if until is not None and (not found or found[-1]["at"] < until):
        return Between(found[-1]["at"] if found else None, until)
    return found[-1]["at"] if found else None


def _named(world: World, name: str, days: int | None, key: Key, application: str | None) -> Instant:
    """The first or the latest known of what a name stands for, with so many business days added to each."""
    options, latest = reading.options(world.rules, name)
    known = [_option(world, option, days, key, application) for option in options]
    known = [option for option in known if option is not None]
    if not latest:
        first = next(iter(known), None)
        return Between() if isinstance(first, Between) and len(options) > 1 else first
    spans = [option if isinstance(option, Between) else Between(option, option) for option in known]
    earliest = max((span.earliest for span in spans if span.earliest is not None), default=None)
    latests = [span.latest for span in spans if span.latest is not None]
    if any(isinstance(option, Between) for option in known):
        return Between(earliest, max(latests) if len(latests) == len(spans) else None)
    return earliest


def _option(world: World, text: str, days: int | None, key: Key, application: str | None) -> Instant:
    """One moment as if the business days were written behind it."""
    name, plus = reading.moment(text)
    if days is None or plus is None:
        return instant(world, text if days is None else f"{name} + {days} business days", key, application)
    found = instant(world, text, key, application)
    return _later(world, found, days)
