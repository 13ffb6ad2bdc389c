"""What the rules make of a history, held against what they made of it when it was saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from attrs import frozen

from postinterview.core.definitions import Definition
from postinterview.core.engine import Engine
from postinterview.core.events import Entry, Event
from postinterview.core.formatting import say_day, say_list
from postinterview.core.moments import LocalCalendar
from postinterview.core.situation import Snapshot
from postinterview.core.step import step
from postinterview.core.verdict import Reason
from postinterview.saving.snapshots import KEYS, snapshot_to_data


@frozen(kw_only=True)
class Difference:
    """One thing that is otherwise than when it was saved, in words.

    ``entry``: the number of the entry that it is about, if it is about one. ``machine``: the machine
    that stands elsewhere. ``fits``: the rules can take the history as it is, and only judge it otherwise.
    """

    text: str
    entry: int | None = None
    machine: str | None = None
    fits: bool = True

    def __str__(self) -> str:
        return self.text


def differences(
    engine: Engine,
    calendar: LocalCalendar,
    history: tuple[Entry, ...],
    saved: Mapping[str, Any],
    snapshot: Snapshot,
) -> tuple[Difference, ...]:
    """What differs between a saved snapshot and the fold; nothing where the fold is what was saved."""
    data = snapshot_to_data(engine.definition, snapshot)
    if data == saved:
        return ()
    teller = _Teller(engine, calendar, history, snapshot)
    return (
        *_states(engine.definition, saved, data),
        *teller.events(saved["events"], data["events"]),
        *_applications(saved["applications"], data["applications"]),
    )


def _applications(before: list[str], now: list[str]) -> Iterator[Difference]:
    if before != now:
        named = [say_list(tuple(each), "and") or "none" for each in (before, now)]
        yield Difference(text=f"the applications were {named[0]}, and are now {named[1]}")


# --- states -------------------------------------------------------------------------------------------


def _states(
    definition: Definition, before: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[Difference]:
    """Machines that stand elsewhere. One that the rules did not have before stood nowhere."""
    starts: Mapping[str, str] = before["machines"]
    stood, stand = _by_instance(before["states"]), _by_instance(now["states"])
    for name, start in starts.items():
        kind = definition.machines.get(name)
        if kind is not None and kind.start != start and before["events"]:
            yield Difference(
                text=f"machine `{name}` started in `{start}`, and starts now in `{kind.start}`", machine=name
            )
    for instance in sorted({*stood, *stand}, key=str):
        name = instance[0]
        kind = definition.machines.get(name)
        if name not in starts:
            continue
        was = stood.get(instance, starts[name])
        if kind is None:
            message = f"{_say(instance)} was `{was}`, and the rules have no such machine"
        elif was not in kind.states:
            message = f"{_say(instance)} was `{was}`, a state that the rules do not have"
        elif was != (is_now := stand.get(instance, kind.start)):
            message = f"{_say(instance)} was `{was}`, and is now `{is_now}`"
        else:
            continue
        yield Difference(text=message, machine=name)


_Instance = tuple[Any, ...]


def _by_instance(states: Iterable[Mapping[str, Any]]) -> dict[_Instance, str]:
    return {(each["machine"], *(each.get(key) for key in KEYS)): each["state"] for each in states}


def _say(instance: _Instance) -> str:
    """``machine `thanks` of application main, round 1, ana``."""
    name, application, round_, person = instance
    parts = [
        *([f"application {application}"] if application is not None else []),
        *([f"round {round_}"] if round_ is not None else []),
        *([str(person)] if person is not None else []),
    ]
    return f"machine `{name}`" + (f" of {', '.join(parts)}" if parts else "")


# --- events -------------------------------------------------------------------------------------------


class _Teller:
    """Says what became of each event, and by which guard."""

    def __init__(
        self, engine: Engine, calendar: LocalCalendar, history: tuple[Entry, ...], snapshot: Snapshot
    ) -> None:
        self.engine = engine
        self.calendar = calendar
        self.history = history
        self.snapshot = snapshot

    @cached_property
    def reasons(self) -> dict[int, tuple[str, ...]]:
        """The guards that refuse each breach, by its entry's number; the history is folded once for all."""
        found: dict[int, tuple[str, ...]] = {}
        before = Snapshot(streams=self.engine.start.streams, unknowns=self.snapshot.unknowns)
        for placed in self.snapshot.timeline:
            made = step(self.engine, self.calendar, before, placed.event)
            if made.placed.breach and made.verdict is not None:
                found[placed.event.number] = tuple(dict.fromkeys(map(_reason, made.verdict.reasons)))
            before = made.snapshot
        return found

    def events(self, before: list[dict[str, Any]], now: list[dict[str, Any]]) -> Iterator[Difference]:
        was = {each["number"]: each for each in before}
        is_now = {each["number"]: each for each in now}
        for number in sorted({*was, *is_now}):
            one, other = was.get(number), is_now.get(number)
            if one == other:
                continue
            said = self.said(number)
            if one is None or other is None:
                message = "is now one of the events" if one is None else "is no longer one of the events"
                yield Difference(text=f"{said}, {message}", entry=number)
            else:
                for message in self.changes(number, one, other):
                    yield Difference(text=f"{said}, {message}", entry=number)
        if [each["number"] for each in before] != [each["number"] for each in now] and set(was) == set(
            is_now
        ):
            yield Difference(text="the events stand in another order")

    def said(self, number: int) -> str:
        """``entry 5, follow_up of Mon 9 Mar 2026``, the day where the employer is."""
        return (
            say_entry(self.history[number - 1], self.calendar)
            if 0 < number <= len(self.history)
            else f"entry {number}"
        )

    def changes(self, number: int, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[str]:
        if one.get("breach") != other.get("breach"):
            if "breach" in one:
                yield "was a breach, and is now allowed"
            else:
                guards = self.reasons.get(number, ())
                yield f"was allowed, and is now a breach by {say_list(guards, 'and') or 'the rules'}"
        if one.get("spent") != other.get("spent"):
            took = [say_list(tuple(each.get("spent", ())), "and") or "no credit" for each in (one, other)]
            yield f"spent {took[0]}, and spends now {took[1]}"
        if one.get("round") != other.get("round"):
            lay = [
                "no round" if each.get("round") is None else f"round {each['round']}" for each in (one, other)
            ]
            yield f"lay in {lay[0]}, and lies now in {lay[1]}"
        dates = [each.get("dates", {}) for each in (one, other)]
        for name in dict.fromkeys((*dates[0], *dates[1])):
            days = [each.get(name, "no day") for each in dates]
            if days[0] != days[1]:
                yield f"set the date `{name}` to {days[0]}, and sets it now to {days[1]}"


def _reason(reason: Reason) -> str:
    return f"{reason.id} ({reason.file}:{reason.line})"


def say_entry(entry: Entry, calendar: LocalCalendar) -> str:
    """``entry 5, follow_up of Mon 9 Mar 2026``, the day where the employer is."""
    if not isinstance(entry, Event):
        return f"entry {entry.number}"
    return f"entry {entry.number}, {entry.name} of {say_day(calendar.day_of(entry.at))}"
