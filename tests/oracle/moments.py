"""The moments that rules speak of: dates that fields set, dates with a name, business days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from tests.oracle import reading
from tests.oracle.days import DAY, business_day_after, first_instant, local_day
from tests.oracle.world import Key, World, not_known_before, seen


@dataclass(frozen=True)
class Unsure:
    """A moment that hangs on an unknown past: no earlier and no later than these, where that is known."""

    earliest: datetime | None = None
    latest: datetime | None = None


Instant: TypeAlias = datetime | Unsure | None
"""When a moment is; None where nothing that it is counted from ever happened."""


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
    return "unknown" if until is not None and (touched is None or touched < until) else day


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
            return Unsure()
        if isinstance(plus, int):
            return business_day(world, day, plus)
        return first_instant(day + DAY, world.zone) + (plus or timedelta())
    return _later(world, _anchor(world, name, key, application), plus)


def _later(world: World, moment: Instant, plus: timedelta | int | None) -> Instant:
    if moment is None or plus is None:
        return moment
    if isinstance(moment, Unsure):
        earliest, latest = (_later(world, bound, plus) for bound in (moment.earliest, moment.latest))
        assert not isinstance(earliest, Unsure)
        assert not isinstance(latest, Unsure)
        return Unsure(earliest, latest)
    if isinstance(plus, int):
        return business_day(world, local_day(moment, world.zone), plus)
    return moment + plus


def _anchor(world: World, name: str, key: Key, application: str | None) -> Instant:
    """What a date's name stands for, or the latest of the events in scope."""
    if name in (world.rules.get("dates") or {}):
        return _named(world, name, None, key, application)
    names = reading.members(world.rules, name)
    found = seen(world, names, key)
    until = not_known_before(world, names, key)
    last = found[-1]["at"] if found else None
    return last if until is None or (last is not None and last >= until) else Unsure(last, until)


def _named(world: World, name: str, days: int | None, key: Key, application: str | None) -> Instant:
    """The first or the latest known of what a name stands for, with so many business days added to each."""
    options, latest = reading.options(world.rules, name)
    moments = [_option(world, option, days, key, application) for option in options]
    known = [moment for moment in moments if moment is not None]
    if latest:
        return _latest(known)
    if len(options) > 1 and known and isinstance(known[0], Unsure):
        return Unsure()
    return next(iter(known), None)


def _latest(moments: list[datetime | Unsure]) -> Instant:
    """The latest of several moments; where one is unsure, as far as it is known."""
    sure = [moment for moment in moments if isinstance(moment, datetime)]
    unsure = [moment for moment in moments if isinstance(moment, Unsure)]
    if not unsure:
        return max(sure, default=None)
    earliest = [*sure, *(moment.earliest for moment in unsure if moment.earliest is not None)]
    latest = [*sure, *(moment.latest for moment in unsure if moment.latest is not None)]
    return Unsure(max(earliest, default=None), max(latest) if len(latest) == len(moments) else None)


def _option(world: World, text: str, days: int | None, key: Key, application: str | None) -> Instant:
    """One moment as if the business days were written behind it."""
    name, plus = reading.moment(text)
    if days is not None and plus is None:
        return instant(world, f"{name} + {days} business days", key, application)
    return _later(world, instant(world, text, key, application), days)
