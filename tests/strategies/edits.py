"""Edits of drawn rules that a comparison has to understand: of calendar, moments, dates, machines, names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from attrs import field, frozen

from tests.oracle import reading
from tests.oracle.reading import Rules
from tests.strategies.hand import Hand

MOMENT = re.compile(r"(.*) [+] \d+ (?:minute|hour|day|week|business day)s?")
"""An anchor and how long after it, as guards and `due:` say it."""

SPANS = ("1 business day", "2 business days", "7 business days", "24 hours", "1 day", "3 days", "7 days")
CALENDARS: tuple[dict[str, Any], ...] = (
    {"country": "DE"},
    {"country": "JP"},
    {"weekend": ["friday", "saturday"]},
    {"weekend": ["sunday"]},
    {"holidays": ["2026-03-10"]},
    {"holidays": ["2026-03-09", "2026-03-30"]},
)


@frozen
class Edit:
    """Rules after an edit; ``names``: what they call what was renamed in them, by its old name."""

    rules: Rules
    names: dict[str, str] = field(factory=dict)


def edited(hand: Hand, rules: Rules, kinds: tuple[str, ...] = ()) -> Edit:
    """The rules with one or two edits, of some kinds or of any; the names change last."""
    chosen = kinds or tuple(dict.fromkeys(hand.one(list(EDITS)) for _ in range(hand.number(1, 2))))
    changed = deepcopy(rules)
    for kind in sorted(chosen, key=list(EDITS).index):
        names = EDITS[kind](hand, changed)
        if names is not None:
            return Edit(_renamed(changed, names), names)
    return Edit(changed)


def _calendar(hand: Hand, rules: Rules) -> None:
    known = rules.pop("calendar", None)
    instead = hand.one([each for each in (None, *CALENDARS) if each != known])
    if instead is not None:
        rules["calendar"] = instead


def _moments(hand: Hand, rules: Rules) -> None:
    """Business days for hours, and otherwise."""
    found = [(*place, said) for place in _strings(rules) if (said := MOMENT.fullmatch(place[0][place[1]]))]
    for mapping, key, said in hand.some(found, min(1, len(found)), 2):
        mapping[key] = f"{said[1]} + {hand.one(SPANS)}"


def _dates(hand: Hand, rules: Rules) -> None:
    """A field that sets another date, or a moment that hangs on another one."""
    dates = sorted(set(_setting(rules)))
    places = [
        place for place in _strings(rules) if place[1] == "sets" or place[0][place[1]].split(" ")[0] in dates
    ]
    if len(dates) > 1 and places:
        mapping, key = hand.one(places)
        first, *rest = mapping[key].split(" ")
        mapping[key] = " ".join([hand.one([each for each in dates if each != first]), *rest])


def _machine(hand: Hand, rules: Rules) -> None:
    """A machine less, with the events that only it listened to."""
    machines = rules["machines"]
    if len(machines) > 1:
        del machines[hand.one(list(machines))]
        heard = {rule["event"] for machine in machines.values() for rule in machine["transitions"].values()}
        for name in rules["events"].keys() - heard:
            del rules["events"][name]


def _rounds(hand: Hand, rules: Rules) -> None:
    """An employer's event that opens a round, or that opens none any more."""
    found = [each for each in rules["events"].values() if each["by"] == "employer"]
    if found and hand.one(found).pop("opens", None) is None:
        hand.one(found)["opens"] = "round"


def _places(hand: Hand, rules: Rules) -> None:
    """A machine or a guard that is kept by something else."""
    kept = list(rules["machines"].values())
    for machine in rules["machines"].values():
        for rule in machine["transitions"].values():
            kept += [each for each in rule.get("guards", {}).values() if isinstance(each, dict)]
    hand.one(kept)["per"] = hand.one(("employer", "application", "round"))


def _counts(hand: Hand, rules: Rules) -> None:
    """What a guard counts, or since when; or that it is asked in every application."""
    machines = rules["machines"].values()
    guards = [
        guard
        for machine in machines
        for rule in machine["transitions"].values()
        for guard in rule.get("guards", {}).values()
        if isinstance(guard, dict) and guard.keys() & {"at_most", "happened", "not_happened"}
    ]
    if not guards:
        return
    guard = hand.one(guards)
    key = hand.one(sorted(guard.keys() & {"of", "since", "happened", "not_happened"}) or ["since"])
    if hand.chance(30):
        guard["in_every"] = "application"
    elif "within" not in guard or key != "since":
        guard[key] = hand.one(list(rules["events"]))


def _names(hand: Hand, rules: Rules) -> dict[str, str]:
    """Other names for some events, machines and states, as a migration tells them."""
    names = [*rules["events"], *rules["machines"]]
    names += sorted({state for machine in rules["machines"].values() for state in machine["states"]})
    return {name: f"{name}_anew" for name in hand.some(names, 1)}


EDITS: dict[str, Callable[[Hand, Rules], dict[str, str] | None]] = {
    "calendar": _calendar,
    "moments": _moments,
    "dates": _dates,
    "machine": _machine,
    "rounds": _rounds,
    "places": _places,
    "counts": _counts,
    "names": _names,
}


def _setting(rules: Rules) -> Iterator[str]:
    for name in rules["events"]:
        yield from (its["sets"] for its in reading.fields(rules, name).values() if "sets" in its)


def _strings(value: Any) -> Iterator[tuple[Any, Any]]:
    """Where text stands: its mapping or list, and its key or place there."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in list(pairs):
        if isinstance(each, str):
            yield value, key
        elif isinstance(each, dict | list):
            yield from _strings(each)


def _renamed(rules: Rules, names: dict[str, str]) -> Rules:
    """The rules with the names, and a migration that tells them."""
    machines, states = rules["machines"], {}
    for name, machine in machines.items():
        if moved := {state: names[state] for state in machine["states"] if state in names}:
            states[names.get(name, name)] = moved
    told = {"events": _of(names, rules["events"]), "machines": _of(names, machines), "states": states}
    migration = {"from": '"1"', **{key: each for key, each in told.items() if each}}
    return {**_anew(rules, names), "version": '"2"', "migrations": {"words": migration}}


def _of(names: dict[str, str], known: Any) -> dict[str, str]:
    return {name: names[name] for name in known if name in names}


def _anew(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {_anew(key, names): _anew(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_anew(each, names) for each in value]
    return re.sub(r"\w+", lambda word: names.get(word[0], word[0]), value)
