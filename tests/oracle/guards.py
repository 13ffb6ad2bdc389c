"""Whether one guard holds at one moment. Nothing here has windows to move along, caches or compiled parts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from tests.oracle import reading
from tests.oracle.days import DAY, is_business_day
from tests.oracle.moments import Unsure, all_holidays, instant
from tests.oracle.world import Asked, Key, World, applications, lies_in, not_known_before, project, seen

Guard: TypeAlias = dict[str, Any]


def holds(world: World, guard: Guard, per: Any, asked: Asked) -> bool:
    """Whether a guard holds. ``per`` is the scope of the machine that asks."""
    if reading.spares(world.rules, asked.name, guard, asked.fields):
        return True
    (kind,) = guard.keys() & KINDS.keys()
    return all(
        KINDS[kind](world, guard, project(guard.get("per", per), there.place), there)
        for there in everywhere(world, guard, asked)
    )


def everywhere(world: World, guard: Guard, asked: Asked) -> list[Asked]:
    """The question as asked, and as a guard that looks at every application asks it again."""
    mine, _, person = asked.place
    others = applications(world) - {mine} if "in_every" in guard else set()
    again = [Asked(asked.name, asked.at, (other, None, person), asked.fields) for other in sorted(others)]
    return [asked, *again]


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


# --- kinds ----------------------------------------------------------------------------------------


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


def _at_most(world: World, guard: Guard, key: Key, asked: Asked) -> bool:
    names = reading.members_of(world.rules, guard["of"])
    if "within" not in guard:
        count, maybe_more = count_since(world, guard, names, key)
        return count < int(guard["at_most"]) and not maybe_more
    within = reading.duration(guard["within"])
    assert isinstance(within, timedelta)
    until = not_known_before(world, names, key)
    if until is not None and asked.at < until + within:
        return False
    recent = [event for event in seen(world, names, key) if asked.at < event["at"] + within]
    return len(recent) < int(guard["at_most"])


def _happened(world: World, guard: Guard, key: Key, _: Asked) -> bool:
    return count_since(world, guard, reading.members_of(world.rules, guard["happened"]), key)[0] > 0


def _not_happened(world: World, guard: Guard, key: Key, _: Asked) -> bool:
    names = reading.members_of(world.rules, guard["not_happened"])
    count, maybe_more = count_since(world, guard, names, key)
    return count == 0 and not maybe_more


def _not_before(world: World, guard: Guard, key: Key, asked: Asked) -> bool:
    moment = instant(world, guard["not_before"], key, asked.place[0])
    never_holds = guard.get("if_never") == "holds"
    if isinstance(moment, Unsure):
        happened = moment.earliest is not None or never_holds
        return happened and moment.latest is not None and asked.at >= moment.latest
    return never_holds if moment is None else asked.at >= moment


def _not_after(world: World, guard: Guard, key: Key, asked: Asked) -> bool:
    moment = instant(world, guard["not_after"], key, asked.place[0])
    if isinstance(moment, Unsure):
        return moment.earliest is not None and asked.at < moment.earliest
    return bool(guard.get("if_never") == "holds") if moment is None else asked.at < moment


def _apart(world: World, guard: Guard, key: Key, asked: Asked) -> bool:
    apart = reading.duration(guard["apart"])
    assert isinstance(apart, timedelta)
    names = reading.members_of(world.rules, guard["from"])
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
