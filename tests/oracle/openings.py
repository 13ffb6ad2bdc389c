"""When an act that is refused will be allowed, or the other way round, by trying every moment that matters.

What a guard says changes only at moments that can be listed: where a window of time leaves an event behind,
at the moment that it names, or where the clock on the wall shows the first and the last of its hours. So the
first change is at one of these, and the answer one microsecond before is still the old one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle import reading
from tests.oracle.days import DAY, TICK, first_instant, local_day
from tests.oracle.guards import Guard, everywhere, holds
from tests.oracle.moments import Unsure, instant
from tests.oracle.oracle import candidates, why_not
from tests.oracle.world import Asked, World, project

DAYS_IN_A_ROW = 14
"""Among so many days there is a business day, whatever calendar is drawn."""


def first_change(answer: Callable[[Asked], bool], asked: Asked, moments: list[datetime]) -> datetime | None:
    """The first of the moments after that asked about with another answer; None if there is none."""
    now = answer(asked)
    for at in moments:
        if at > asked.at and answer(replace(asked, at=at)) != now:
            assert answer(replace(asked, at=at - TICK)) == now, (at, asked)
            return at
    return None


def verdict_changes_at(world: World, asked: Asked) -> datetime | None:
    """When an act is allowed that is refused, or refused that is allowed, if nothing else happens."""
    return first_change(
        lambda again: not why_not(world, again), asked, turns(world, guards_of(world, asked), asked)
    )


def guard_changes_at(world: World, guard: Guard, per: Any, asked: Asked) -> datetime | None:
    """When a guard holds that does not, or the other way round."""
    return first_change(
        lambda again: holds(world, guard, per, again), asked, turns(world, [(guard, per)], asked)
    )


def guards_of(world: World, asked: Asked) -> list[tuple[Guard, Any]]:
    """The guards of an act's transitions from the present states, and the scopes of their machines."""
    return [
        (guard, machine["per"])
        for name, machine in world.rules["machines"].items()
        for _, transition in candidates(world, name, asked)
        for guard in reading.guards(world.rules, transition).values()
    ]


def turns(world: World, guards: list[tuple[Guard, Any]], asked: Asked) -> list[datetime]:
    """The moments at which one of the guards may turn, in order."""
    found = {at for guard, per in guards for at in moments_of(world, guard, per, asked)}
    hours = [guard for guard, _ in guards if "hours" in guard]
    starts = {asked.at, *(at for at in found if at > asked.at)}
    return sorted(
        found | {at for guard in hours for start in starts for at in on_the_wall(world, guard, start)}
    )


def moments_of(world: World, guard: Guard, per: Any, asked: Asked) -> Iterator[datetime]:
    """The moments at which a guard turns by itself, but for its hours."""
    length = guard.get("within") or guard.get("apart")
    if length is not None or "custom" in guard:
        after = reading.duration(length) if length is not None else DAY
        assert isinstance(after, timedelta)
        yield from (event["at"] + after for event in world.placed)
        yield from (unknown["until"] + after for unknown in world.unknowns)
    text = guard.get("not_before") or guard.get("not_after")
    if text is not None:
        for there in everywhere(world, guard, asked):
            key = project(guard.get("per", per), there.place)
            moment = instant(world, text, key, there.place[0])
            found = (moment.earliest, moment.latest) if isinstance(moment, Unsure) else (moment,)
            yield from (at for at in found if at is not None)


def on_the_wall(world: World, guard: Guard, start: datetime) -> Iterator[datetime]:
    """When the hours of a guard begin and end in the days from a moment on, and the days themselves."""
    opens, closes, _ = reading.hours(guard["hours"])
    today = local_day(start, world.zone)
    for day in (today + number * DAY for number in range(-1, DAYS_IN_A_ROW)):
        midnight = first_instant(day, world.zone)
        yield midnight
        for clock, fold in product((opens, closes), (0, 1)):
            shown = datetime.combine(day, clock.replace(fold=fold), ZoneInfo(world.zone))
            yield shown.astimezone(start.tzinfo)
        yield from clock_changes(world.zone, midnight)


def clock_changes(zone: str, midnight: datetime) -> Iterator[datetime]:
    """Where the clock on the wall jumps in the day that begins at a moment."""
    place = ZoneInfo(zone)
    quarter = timedelta(minutes=15)
    for number in range(100):
        early, late = (midnight + (number + step) * quarter for step in (0, 1))
        if early.astimezone(place).utcoffset() != late.astimezone(place).utcoffset():
            yield late
            while late - early > TICK:
                middle = early + (late - early) // 2
                if middle.astimezone(place).utcoffset() == early.astimezone(place).utcoffset():
                    early = middle
                else:
                    late = middle
            yield late
