"""The peers: the default rules' application machine, built from the rulebook's own definition.

Each gets the same states, transitions, guards (methods of a ``Record``, by id) and actions. What one has
no means for is said in ``covers``. Profile, plan, connection and thanks are plain values in the record.
"""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from importlib import import_module
from operator import or_
from typing import Any, ClassVar, Protocol, cast

import postinterview as pi
from benchmarks.records import Record
from benchmarks.story import NOTE, Happening
from postinterview.core.rules.definitions import MachineKind

GIVEN: dict[str, dict[str, Any]] = {"thank_you": NOTE, "linkedin_invite": {"personal_note": "-"}}
"""Fields that are taken as given where it is asked what is allowed now."""


class Peer:
    """A library's way to be the application machine."""

    module: ClassVar[str]
    name: ClassVar[str]
    covers: ClassVar[str]
    asks: ClassVar[frozenset[str]] = frozenset({"may", "allowed"})
    batch: ClassVar[int] = 20  # how many operations are timed at once

    def __init__(self, rulebook: pi.Rulebook) -> None:
        self.library: Any = import_module(self.module)
        self.rulebook = rulebook
        self.kind: MachineKind = rulebook.definition.machines["application"]
        self.acts = frozenset(kind.name for kind in rulebook.acts)
        self.to_person = frozenset(kind.name for kind in rulebook.acts if kind.to_person)
        self.build()

    def build(self) -> None:
        """Make what all instances share."""
        raise NotImplementedError

    def start(self) -> Any:
        """Make an instance, in the start state."""
        raise NotImplementedError

    def drop(self, instance: Any) -> None:
        """Let go of an instance."""

    def fire(self, instance: Any, told: Happening) -> bool:
        """Let the event happen if the machine takes it."""
        raise NotImplementedError

    def may(self, instance: Any, asked: Happening) -> bool:
        raise NotImplementedError

    def allowed(self, instance: Any, at: datetime) -> list[Any]:
        raise NotImplementedError

    def record(self, instance: Any) -> Record:
        return cast("Record", instance)

    def state(self, instance: Any) -> str:
        return self.record(instance).state

    def tell(self, instance: Any, told: Happening) -> bool:
        return self.record(instance).hears(told) or self.fire(instance, told)

    def asked(self, record: Record, event: str, at: datetime) -> list[Happening]:
        """An act, once for each person that it can be to."""
        people = record.owed if event in self.to_person else (None,)
        return [Happening(event, at, person, GIVEN.get(event, {})) for person in people]


class Transitions(Peer):
    """One shared machine; the records have slots and are never registered."""

    module = "transitions"
    name = "transitions, shared machine, slots"
    covers = (
        "the graph, guards as conditions; `may` and `allowed` by a private method, for want of a public one"
    )

    def build(self) -> None:
        self.machine: Any = self.library.Machine(
            model=None,
            states=list(self.kind.states),
            initial=None,
            auto_transitions=False,
            ignore_invalid_triggers=True,
        )
        for rule in self.kind.transitions:
            self.machine.add_transition(
                rule.event,
                list(rule.sources),
                rule.target,
                conditions=[guard.id for guard in rule.guards],
                after=f"note_{rule.event}",
            )

    def start(self) -> Any:
        return Record()

    def fire(self, instance: Any, told: Happening) -> bool:
        return bool(self.machine.events[told.event].trigger(instance, told))

    def may(self, instance: Any, asked: Happening) -> bool:
        return bool(self.machine._can_trigger(instance, asked.event, asked))  # noqa: SLF001

    def allowed(self, instance: Any, at: datetime) -> list[Any]:
        return [
            asked
            for event in self.machine.get_triggers(instance.state)
            if event in self.acts
            for asked in self.asked(instance, event, at)
            if self.may(instance, asked)
        ]


class RegisteredRecord(Record):
    """A record that triggers can be set on."""


class RegisteredTransitions(Transitions):
    """The way of its manual: each record is registered as a model."""

    name = "transitions, registered models"
    covers = "the graph, guards as conditions"

    def start(self) -> Any:
        record = RegisteredRecord()
        self.machine.add_model(record, initial=self.kind.start)
        return record

    def drop(self, instance: Any) -> None:
        self.machine.remove_model(instance)

    def fire(self, instance: Any, told: Happening) -> bool:
        return bool(instance.trigger(told.event, told))

    def may(self, instance: Any, asked: Happening) -> bool:
        return bool(getattr(instance, f"may_{asked.event}")(asked))


class PythonStateMachine(Peer):
    """One machine a record, which is its model."""

    module = "statemachine"
    name = "python-statemachine"
    covers = "the graph, guards as `cond`; `allowed` is `enabled_events`, for one person"
    batch = 2

    def build(self) -> None:
        states: dict[str, Any] = {
            name: self.library.State(value=name, initial=name == self.kind.start) for name in self.kind.states
        }
        events: dict[str, list[Any]] = {}
        for rule in self.kind.transitions:
            options = {"cond": [guard.id for guard in rule.guards], "on": f"note_{rule.event}"}
            for source in rule.sources:
                stays = rule.target in (None, source)
                way = states[source].to.itself if stays else states[source].to
                target = () if stays else (states[str(rule.target)],)
                events.setdefault(rule.event, []).append(way(*target, internal=stays, **options))
        body = states | {name: reduce(or_, ways) for name, ways in events.items()}
        base = self.library.StateMachine
        self.chart: Any = type(base)("ApplicationChart", (base,), body)

    def start(self) -> Any:
        return self.chart(Record())

    def record(self, instance: Any) -> Record:
        return cast("Record", instance.model)

    def fire(self, instance: Any, told: Happening) -> bool:
        try:
            instance.send(told.event, told=told)
        except self.library.exceptions.TransitionNotAllowed:
            return False
        return True

    def may(self, instance: Any, asked: Happening) -> bool:
        return any(event.id == asked.event for event in self._enabled(instance, asked))

    def allowed(self, instance: Any, at: datetime) -> list[Any]:
        person = next(iter(instance.model.owed), None)
        asked = Happening("", at, person, GIVEN["thank_you"] | GIVEN["linkedin_invite"])
        return [event for event in self._enabled(instance, asked) if event.id in self.acts]

    def _enabled(self, instance: Any, asked: Happening) -> list[Any]:
        return list(instance.enabled_events(told=asked))


class Sismic(Peer):
    """One interpreter a record; guards and actions are Python text in the statechart's YAML."""

    module = "sismic.io"
    name = "sismic"
    covers = "the graph, guards as text; no `may`; `allowed` is `events_for`, which looks at no guard"
    asks = frozenset({"allowed"})
    batch = 5

    def build(self) -> None:
        states: dict[str, list[dict[str, str]]] = {name: [] for name in self.kind.states}
        for rule in self.kind.transitions:
            for source in rule.sources:
                way = {"event": rule.event, "action": f"record.note_{rule.event}(event.told)"}
                if rule.target is not None:
                    way["target"] = rule.target
                if rule.guards:
                    way["guard"] = " and ".join(f"record.{guard.id}(event.told)" for guard in rule.guards)
                states[source].append(way)
        root = {
            "name": "root",
            "initial": self.kind.start,
            "states": [{"name": name, "transitions": ways} for name, ways in states.items()],
        }
        chart = {"statechart": {"name": "application", "root state": root}}
        self.chart: Any = import_module("sismic.io.datadict").import_from_dict(chart)
        self.interpreter: Any = import_module("sismic.interpreter").Interpreter

    def start(self) -> Any:
        made = self.interpreter(self.chart, initial_context={"record": Record()}, ignore_contract=True)
        made.execute()
        return made

    def record(self, instance: Any) -> Record:
        return cast("Record", instance.context["record"])

    def state(self, instance: Any) -> str:
        return str(instance.configuration[-1])

    def fire(self, instance: Any, told: Happening) -> bool:
        instance.queue(told.event, told=told)
        return any(step.transitions for step in instance.execute())

    def allowed(self, instance: Any, at: datetime) -> list[Any]:
        return [event for event in self.chart.events_for(instance.configuration) if event in self.acts]


class Automat(Peer):
    """One machine a record. It has no guards: they are asked by hand before the input."""

    module = "automat"
    name = "automat, guards by hand"
    covers = "the graph; no guards, no `may`, no `allowed`"
    asks = frozenset()

    def build(self) -> None:
        events = dict.fromkeys(rule.event for rule in self.kind.transitions)
        inputs = {name: _input(name) for name in events}
        protocol = type(Protocol)("Inputs", (Protocol,), {"__module__": __name__, **inputs})  # type: ignore[misc]
        builder = self.library.TypeMachineBuilder(protocol, Record)
        states = {name: builder.state(name) for name in (self.kind.start, *self.kind.states)}
        self.guards: dict[str, tuple[str, ...]] = {}
        for rule in self.kind.transitions:
            self.guards[rule.event] = tuple(guard.id for guard in rule.guards)
            for source in rule.sources:
                way = states[source].upon(getattr(protocol, rule.event))
                way = way.loop() if rule.target is None else way.to(states[rule.target])
                way(_action(f"note_{rule.event}"))
        self.machine: Any = builder.build()

    def start(self) -> Any:
        return self.machine(Record())

    def record(self, instance: Any) -> Record:
        return cast("Record", instance.__automat_core__)

    def state(self, instance: Any) -> str:
        return str(instance.__automat_transitioner__._state.name)  # noqa: SLF001

    def fire(self, instance: Any, told: Happening) -> bool:
        record = self.record(instance)
        if not all(getattr(record, guard)(told) for guard in self.guards[told.event]):
            return False
        try:
            getattr(instance, told.event)(told)
        except self.library.NoTransition:
            return False
        return True


def _input(name: str) -> Any:
    def method(self: Any, told: Happening) -> None: ...

    method.__name__ = method.__qualname__ = name
    return method


def _action(name: str) -> Any:
    def act(_machine: Any, record: Record, told: Happening) -> None:
        getattr(record, name)(told)

    return act


PEERS: tuple[type[Peer], ...] = (Automat, Transitions, RegisteredTransitions, Sismic, PythonStateMachine)
