"""Whether one guard holds at one moment. Nothing here has windows, caches or compiled parts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from tests.oracle import reading
from tests.oracle.days import DAY, business_day_after, first_instant, is_business_day, local_day
from tests.oracle.reading import Rules

Key: TypeAlias = tuple[str | None, int | None, str | None]
"""Application, round, interviewer; None where there is none, or the scope does not look at it."""

Placed: TypeAlias = dict[str, Any]
"""An event, and what the oracle found out: round, people, spent, breach."""

Guard: TypeAlias = dict[str, Any]

UNKNOWN = "unknown"


@dataclass
class World:
    """What is before an event: the rules, the events so far, the states they led to."""

    rules: Rules
    zone: str
    holidays: frozenset[date]
    unknowns: list[dict[str, Any]]
    placed: list[Placed] = field(default_factory=list)
    states: dict[tuple[str, Key], str] = field(default_factory=dict)

    def state(self, machine: str, key: Key) -> str:
        start: str = self.rules["machines"][machine]["start"]
        return self.states.get((machine, key), start)


@dataclass
class Asked:
    """An event that may happen: its name, when, in which place, and what it carries."""

    name: str
    at: datetime
    place: Key
    fields: dict[str, Any]


def project(per: Any, place: Key) -> Key:
    """The part of a place that a scope looks at."""
    axes = reading.axes(per)
    application, round_, person = place
    return (
        application if "application" in axes else None,
        round_ if "round" in axes else None,
        person if "interviewer" in axes else None,
    )


def lies_in(event: Placed, key: Key) -> bool:
    """It agrees with every key that it has itself."""
    application, round_, person = key
    return (
        (application is None or event["application"] in (None, application))
        and (round_ is None or event["round"] in (None, round_))
        and (person is None or not event["people"] or person in event["people"])
    )


def seen(world: World, names: Collection[str], key: Key) -> list[Placed]:
    """The events of these names in a scope, in the order of the timeline."""
    return [event for event in world.placed if event["name"] in names and lies_in(event, key)]


def not_known_before(world: World, names: Collection[str], key: Key) -> datetime | None:
    """Until when it is unknown whether one of these events happened in a scope."""
    untils = []
    for unknown in world.unknowns:
        touched = reading.members_of(world.rules, unknown["of"]) & set(names)
        if not _began_before(world, key, unknown["until"]):  # what belongs to a round can't be before it
            touched = {name for name in touched if reading.may_have_no_round(world.rules, name)}
        if touched and (key[0] is None or unknown["application"] in (None, key[0])):
            untils.append(unknown["until"])
    return max(untils, default=None)


def _began_before(world: World, key: Key, until: datetime) -> bool:
    """Whether a scope reaches back before a moment. That of a round starts when it is opened."""
    application, round_, _ = key
    return not round_ or any(
        event["at"] < until
        for event in world.placed
        if reading.opens_round(world.rules, event["name"])
        and (event["application"], event["round"]) == (application, round_)
    )


# --- dates and moments ----------------------------------------------------------------------------


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


def instant(world: World, text: str, key: Key, application: str | None) -> datetime | str | None:
    """When a moment is; None where nothing it is counted from is known, or ``unknown``."""
    name, plus = reading.moment(text)
    if isinstance(plus, int) and name in (world.rules.get("dates") or {}):
        return _business_days_after_named(world, name, plus, key, application)
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


def _business_days_after_named(
    world: World, name: str, count: int, key: Key, application: str | None
) -> datetime | str | None:
    """As if what the named date stands for were written there."""
    for option in reading.listed(world.rules["dates"][name]):
        _, plus = reading.moment(option)
        text = option if plus else f"{option} + {count} business days"
        found = instant(world, text, key, application)
        if isinstance(found, datetime) and plus:
            return business_day(world, local_day(found, world.zone), count)
        if found is not None:
            return found
    return None


def _anchor(world: World, name: str, key: Key, application: str | None) -> datetime | str | None:
    """The first known option of a named date, or the latest of the events in scope."""
    named = world.rules.get("dates") or {}
    if name in named:
        options = (instant(world, option, key, application) for option in reading.listed(named[name]))
        return next((option for option in options if option is not None), None)
    names = reading.members(world.rules, name)
    found = seen(world, names, key)
    until = not_known_before(world, names, key)
    if until is not None and (not found or found[-1]["at"] < until):
        return UNKNOWN
    return found[-1]["at"] if found else None


# --- credits --------------------------------------------------------------------------------------


def bucket(world: World, credit: str, place: Key) -> int:
    """How many of a credit are left, counted again from the first event."""
    declared = world.rules["credits"][credit]
    key = project(declared.get("per", "application"), place)
    events = world.rules["events"]
    givers = {name for name, kind in events.items() if credit in reading.listed(kind.get("gives"))}
    emptied_by = reading.members_of(world.rules, declared.get("emptied_by"))
    touching = givers | emptied_by | reading.credit_spenders(world.rules, credit)
    until = not_known_before(world, touching, key)
    left = 0
    for event in world.placed:
        if not lies_in(event, key) or (until is not None and event["at"] < until):
            continue
        if event["name"] in givers:
            left = min(int(declared["max"]), left + 1)
        if event["name"] in emptied_by:
            left = 0
        if credit in event["spent"]:
            left = max(0, left - 1)
    return left


# --- guards ---------------------------------------------------------------------------------------


def holds(world: World, guard: Guard, per: Any, asked: Asked) -> bool:
    """Whether a guard holds. ``per`` is the scope of the machine that asks."""
    (kind,) = guard.keys() & KINDS.keys()
    return KINDS[kind](world, guard, project(guard.get("per", per), asked.place), asked)


def count_since(world: World, guard: Guard, names: Collection[str], key: Key) -> tuple[int, bool]:
    """How many of these events happened since the anchor, and whether there may be more unseen."""
    since = reading.members_of(world.rules, guard.get("since"))
    count, began = 0, None
    for event in world.placed:
        if lies_in(event, key):
            if event["name"] in since:
                count, began = 0, event["at"]
            elif event["name"] in names:
                count += 1
    until = not_known_before(world, names, key)
    return count, until is not None and (began is None or began < until)


def _at_most(world: World, guard: Guard, key: Key, _: Asked) -> bool:
    count, maybe_more = count_since(world, guard, reading.members(world.rules, guard["of"]), key)
    return count < int(guard["at_most"]) and not maybe_more


def _happened(world: World, guard: Guard, key: Key, _: Asked) -> bool:
    return count_since(world, guard, reading.members(world.rules, guard["happened"]), key)[0] > 0


def _not_happened(world: World, guard: Guard, key: Key, _: Asked) -> bool:
    count, maybe_more = count_since(world, guard, reading.members(world.rules, guard["not_happened"]), key)
    return count == 0 and not maybe_more


def _not_before(world: World, guard: Guard, key: Key, asked: Asked) -> bool:
    moment = instant(world, guard["not_before"], key, asked.place[0])
    if moment is None:
        return bool(guard.get("if_never") == "holds")
    return not isinstance(moment, str) and asked.at >= moment


def _not_after(world: World, guard: Guard, key: Key, asked: Asked) -> bool:
    moment = instant(world, guard["not_after"], key, asked.place[0])
    if moment is None:
        return bool(guard.get("if_never") == "holds")
    return not isinstance(moment, str) and asked.at < moment


def _apart(world: World, guard: Guard, key: Key, asked: Asked) -> bool:
    apart = reading.duration(guard["apart"])
    assert isinstance(apart, timedelta)
    names = reading.members(world.rules, guard["from"])
    until = not_known_before(world, names, key)
    if until is not None and asked.at - apart < until:
        return False
    found = seen(world, names, key)
    if not found:
        return bool(guard.get("if_never") != "blocks")
    return bool(asked.at >= found[-1]["at"] + apart)


def _state(world: World, guard: Guard, _: Key, asked: Asked) -> bool:
    ((machine, states),) = guard["state"].items()
    there = world.state(machine, project(world.rules["machines"][machine]["per"], asked.place))
    return there in reading.listed(states)


def _not_state(world: World, guard: Guard, key: Key, asked: Asked) -> bool:
    return not _state(world, {"state": guard["not_state"]}, key, asked)


def _spends(world: World, guard: Guard, _: Key, asked: Asked) -> bool:
    return bucket(world, guard["spends"], asked.place) > 0


def _fields(_: World, guard: Guard, __: Key, asked: Asked) -> bool:
    carried = (asked.fields.get(name) for name in reading.listed(guard["fields"]))
    return all(value is not None and value is not False and value not in ("", ()) for value in carried)


def _hours(world: World, guard: Guard, _: Key, asked: Asked) -> bool:
    opens, closes, days = reading.hours(guard["hours"])
    wall = asked.at.astimezone(ZoneInfo(world.zone))
    holidays = all_holidays(world) if days == "business days" else set()
    if days != "every day" and not is_business_day(wall.date(), reading.weekend(world.rules), holidays):
        return False
    return opens <= wall.time() < closes


def _custom(world: World, guard: Guard, _: Key, asked: Asked) -> bool:
    """What the functions of the tests' own program say, said again."""
    match guard["custom"]:
        case "a_day_of_quiet":
            return all(asked.at - event["at"] >= DAY for event in world.placed)
        case "odd_history":
            return bool(len(world.placed) & 1)
        case "not_to_bo_nor_other":
            return asked.place[0] != "other" and asked.place[2] != "bo"
        case name:
            raise LookupError(name)


KINDS: Mapping[str, Callable[[World, Guard, Key, Asked], bool]] = {
    "at_most": _at_most,
    "happened": _happened,
    "not_happened": _not_happened,
    "not_before": _not_before,
    "not_after": _not_after,
    "apart": _apart,
    "state": _state,
    "not_state": _not_state,
    "spends": _spends,
    "fields": _fields,
    "hours": _hours,
    "custom": _custom,
}
