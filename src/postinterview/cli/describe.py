"""What a rule file says of one name: where an act is allowed, with which guards and numbers, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from postinterview.core.definitions import (
    Definition,
    EventKind,
    Guard,
    MachineKind,
    Origin,
    State,
    Transition,
)
from postinterview.core.formatting import say_list
from postinterview.layout import BLANK, GAP, Line, Piece, display_width, hang, line, pad
from postinterview.proof.advice import written_at
from postinterview.proof.promise_text import forbids
from postinterview.proof.promises import Promise, Promises

_BY = {"candidate": "an act of the candidate", "employer": "what the employer does", "world": "what happens"}


@frozen
class Told:
    """A name in a rule file: an event with all that moves on it, or the transitions that have it.

    ``guard``: the name is that of guards, and the transitions are those that have one. ``promise``: the
    promise of this name, to which every rule file is held. ``states``: those of this name.
    """

    name: str
    sources: Mapping[str, str]
    event: EventKind | None = None
    rules: tuple[Transition, ...] = ()
    guard: bool = False
    promise: Promise | None = None
    states: tuple[tuple[MachineKind, State], ...] = ()

    def lines(self, width: int) -> Iterator[Line]:
        """The name with what is said of it, a block for each transition."""
        if self.event is not None:
            yield line(Piece(self.event.name, "title"), f"  {_kind(self.event)}", _dim(self.event.origin))
            yield from hang(line("  "), line(self.event.why), width) if self.event.why else ()
            if not self.rules:
                yield line("  no machine moves on it: it is only counted")
        for number, rule in enumerate(self.rules):
            if number or self.event is not None:
                yield BLANK
            yield from self._rule(rule, width)
        for number, (machine, state) in enumerate(self.states):
            if number or self.event is not None or self.rules:
                yield BLANK
            yield from _state(machine, state, width)
        if self.promise is not None:
            if self.event is not None or self.rules or self.states:
                yield BLANK
            yield from _promise(self.promise, width)

    def data(self) -> dict[str, Any]:
        """The same in plain types."""
        event = self.event
        return {
            "name": self.name,
            "event": None
            if event is None
            else {"kind": _kind(event), "why": event.why, **_place(event.origin)},
            "transitions": [
                {
                    "id": rule.id,
                    "machine": rule.machine,
                    "event": rule.event,
                    "from": list(rule.sources),
                    "to": rule.target,
                    "guards": [
                        {"id": each.id, "written": self._written(each), **_place(each.origin)}
                        for each in self._guards(rule)
                    ],
                    "why": rule.why,
                    **_place(rule.origin),
                }
                for rule in self.rules
            ],
            "states": [
                {
                    "machine": machine.name,
                    "title": state.title,
                    "start": machine.start == state.name,
                    "over": state.over,
                    "into": _into(machine, state),
                    "out": _out(machine, state),
                    "why": state.why,
                    **_place(state.origin),
                }
                for machine, state in self.states
            ],
            "promise": None
            if self.promise is None
            else {
                "title": self.promise.title,
                "forbids": list(forbids(self.promise)),
                "why": self.promise.why,
                **_place(self.promise.origin),
            },
        }

    def _rule(self, rule: Transition, width: int) -> Iterator[Line]:
        yield line(Piece(rule.id, "title"), f"  on {rule.event}", _dim(rule.origin))
        to = f", to {rule.target}" if rule.target is not None else ", and stays there"
        yield from hang(line("  "), line(f"{rule.machine}: from {say_list(rule.sources)}{to}"), width)
        guards = self._guards(rule)
        if not guards:
            yield line("  no guards")
        elif not self.guard:
            yield line("  allowed while each of these holds:")
        room = max((display_width(each.id) for each in guards), default=0)
        for each in guards:
            said = line(
                f"{self._written(each)} ", Piece(f"{GAP}{each.origin.file}:{each.origin.line}", "dim")
            )
            yield from hang(line("    ", Piece(pad(each.id, room), "refused"), "  "), said, width)
        yield from hang(line("  "), line(rule.why), width) if rule.why else ()

    def _guards(self, rule: Transition) -> list[Guard]:
        return [each for each in rule.guards if not self.guard or each.id == self.name]

    def _written(self, guard: Guard) -> str:
        return written_at(guard.origin, self.sources) or "see there"


def find_told(
    definition: Definition, name: str, sources: Mapping[str, str], promises: Promises
) -> Told | None:
    """What is said of an event, a transition or a guard, in this order, and of states and a promise."""
    machines = definition.machines.values()
    states = tuple((each, each.states[name]) for each in machines if name in each.states)
    rules = [rule for machine in definition.machines.values() for rule in machine.transitions]
    promise = next((each for each in promises.promises if each.id == name), None)
    event = definition.events.get(name)
    if event is not None:
        on_it = tuple(rule for rule in rules if rule.event == name)
        return Told(name, sources, event, on_it, promise=promise, states=states)
    named = tuple(rule for rule in rules if rule.id == name)
    guarded = tuple(rule for rule in rules if any(guard.id == name for guard in rule.guards))
    if not named and not guarded and not states and promise is None:
        return None
    return Told(name, sources, rules=named or guarded, guard=not named, promise=promise, states=states)


def names_in(definition: Definition, promises: Promises) -> list[str]:
    """Every name of which something can be told."""
    rules = [rule for machine in definition.machines.values() for rule in machine.transitions]
    guards = [guard.id for rule in rules for guard in rule.guards]
    named = [each.id for each in promises.promises]
    states = [state for machine in definition.machines.values() for state in machine.states]
    return list(dict.fromkeys([*definition.events, *(rule.id for rule in rules), *guards, *states, *named]))


def _state(machine: MachineKind, state: State, width: int) -> Iterator[Line]:
    start = ", which starts there" if machine.start == state.name else ""
    said = f"  a state of `{machine.name}`{start}"
    yield line(Piece(state.name, "title"), said, _dim(state.origin))
    if state.title:
        yield from hang(line("  "), line(f"{state.title}."), width)
    for led, events in (("led to by", _into(machine, state)), ("left by", _out(machine, state))):
        yield from hang(line("  "), line(f"{led}: {', '.join(events) or 'nothing'}"), width)
    if state.why:
        yield from hang(line("  "), line(state.why), width)


def _into(machine: MachineKind, state: State) -> list[str]:
    """The events that lead there from another state, if they are allowed."""
    rules = (each for each in machine.transitions if each.target == state.name)
    return list(dict.fromkeys(each.event for each in rules if {*each.sources} - {state.name}))


def _out(machine: MachineKind, state: State) -> list[str]:
    """The events that lead from there to another state, if they are allowed."""
    rules = (each for each in machine.transitions if each.target not in (None, state.name))
    return list(dict.fromkeys(each.event for each in rules if state.name in each.sources))


def _promise(promise: Promise, width: int) -> Iterator[Line]:
    yield line(
        Piece(promise.id, "title"), "  a promise that every rule file is held to", _dim(promise.origin)
    )
    if promise.title:
        yield from hang(line("  "), line(f"Never: {promise.title}."), width)
    for each in forbids(promise):
        yield from hang(line("    "), line(each), width)
    if promise.why:
        yield from hang(line("  "), line(promise.why), width)


def _kind(event: EventKind) -> str:
    said = _BY[event.by]
    if event.contact is not None:
        said += f", contact: {event.contact}"
    return f"{said}, to an interviewer" if event.to_person else said


def _dim(origin: Origin) -> Piece:
    return Piece(f"  {origin.file}:{origin.line}", "dim")


def _place(origin: Origin) -> dict[str, Any]:
    return {"file": origin.file, "line": origin.line}
