"""What a history folds to as plain data, so that a saved process says what it was when it was saved.

Its machines with the states that they start in, its applications, the states that were entered, and of each
event of the timeline what the fold made of it: its round, the dates it set, the credits it took, whether
it was a breach.
"""

from __future__ import annotations

from typing import Any

from postinterview.core.definitions import Definition
from postinterview.core.events import Key, Placed
from postinterview.core.situation import Snapshot
from postinterview.saving import strict

KEYS = ("application", "round", "interviewer")
_EVENT = (("number",), ("round", "dates", "spent", "breach"))


def snapshot_to_data(definition: Definition, snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot in plain types."""
    states = sorted(snapshot.states.items(), key=lambda item: (item[0][0], _sortable(item[0][1])))
    return {
        "machines": {name: kind.start for name, kind in definition.machines.items()},
        "applications": list(snapshot.applications),
        "states": [{"machine": name, **named(key), "state": state} for (name, key), state in states],
        "events": [_event(placed) for placed in snapshot.timeline],
    }


def named(key: Key) -> dict[str, str | int]:
    """A key's parts by their names, without those that it does not have."""
    return {name: part for name, part in zip(KEYS, key, strict=True) if part is not None}


def _sortable(key: Key) -> tuple[str, int, str]:
    application, round_, person = key
    return application or "", round_ or 0, person or ""


def _event(placed: Placed) -> dict[str, Any]:
    data: dict[str, Any] = {"number": placed.event.number}
    data |= {} if placed.round is None else {"round": placed.round}
    data |= {"dates": {name: day.isoformat() for name, day in placed.dates}} if placed.dates else {}
    data |= {"spent": list(placed.spent)} if placed.spent else {}
    data |= {"breach": True} if placed.breach else {}
    return data


def check_shape(data: Any, way: str) -> dict[str, Any]:
    """The data, if it can be a snapshot in some rules.

    Raises:
        SavedError: it can't.
    """
    strict.mapping(data, way, ("machines", "applications", "states", "events"))
    for name, state in strict.mapping_of(data["machines"], f"{way}.machines").items():
        strict.text(state, f"{way}.machines.{name}")
    strict.texts(data["applications"], f"{way}.applications")
    for number, each in enumerate(strict.items(data["states"], f"{way}.states")):
        _check_state(each, f"{way}.states[{number}]", data["machines"])
    for number, each in enumerate(strict.items(data["events"], f"{way}.events")):
        _check_event(each, f"{way}.events[{number}]")
    return dict(data)


def _check_state(data: Any, way: str, machines: dict[str, str]) -> None:
    strict.mapping(data, way, ("machine", "state"), KEYS)
    if strict.text(data["machine"], f"{way}.machine") not in machines:
        strict.refuse(
            f"{way}.machine", f"`{data['machine']}` is none of the machines that the snapshot names"
        )
    strict.text(data["state"], f"{way}.state")
    for key in KEYS:
        if key in data:
            (strict.whole if key == "round" else strict.text)(data[key], f"{way}.{key}")


def _check_event(data: Any, way: str) -> None:
    strict.mapping(data, way, *_EVENT)
    strict.whole(data["number"], f"{way}.number")
    if "round" in data:
        strict.whole(data["round"], f"{way}.round")
    for name, day in strict.mapping_of(data.get("dates", {}), f"{way}.dates").items():
        strict.day(day, f"{way}.dates.{name}")
    strict.texts(data.get("spent", []), f"{way}.spent")
    if "breach" in data:
        strict.true(data["breach"], f"{way}.breach")
