"""Compile a definition: the machines with their guards, the listeners of each event, the watched events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from operator import itemgetter
from typing import Any

from postinterview.core.guards import Check, CustomGuard, compile_guard
from postinterview.core.guards.anchors import Anchor
from postinterview.core.guards.buckets import Bucket
from postinterview.core.judging.listeners import Standing, listeners_of, standing_in
from postinterview.core.judging.machine import RuleMachine, RuleTransition
from postinterview.core.judging.undoing import UndoRules
from postinterview.core.past.cells import linker
from postinterview.core.past.places import key_in
from postinterview.core.past.situation import OPENERS, Situation, Snapshot, Watch
from postinterview.core.rules.closing_reach import closes_others_for
from postinterview.core.rules.definitions import (
    APPLICATION,
    Carries,
    Custom,
    Definition,
    EventKind,
    MachineKind,
    NotAfter,
    Spends,
)


class Engine:
    """Everything that a step needs of a rulebook. Built once, never changed.

    Raises:
        KeyError: a custom guard names a function that ``custom`` lacks.
    """

    def __init__(self, definition: Definition, custom: Mapping[str, CustomGuard]) -> None:
        self.definition = definition
        self.custom = custom
        self.watch = Watch(frozenset(name for name, kind in definition.events.items() if kind.opens_round))
        self.openers = OPENERS
        self.buckets: Mapping[str, Bucket] = {
            name: Bucket(name, definition, self.watch) for name in definition.credits
        }
        self.machines = {name: RuleMachine(kind) for name, kind in definition.machines.items()}
        for name, kind in definition.machines.items():
            for rule in kind.transitions:
                checks: tuple[Check, ...] = tuple(
                    compile_guard(guard, kind.scope, definition.events[rule.event], self)
                    for guard in rule.guards
                )
                due = None if rule.due is None else Anchor(rule.due, definition.events, self.watch)
                self.machines[name].add_rule(rule, checks, due)
        self.listeners = {name: listeners_of(self.machines, name) for name in definition.events}
        self.may_close = {
            name: any(transition.may_close for listener in listeners for transition in listener.transitions)
            for name, listeners in self.listeners.items()
        }
        self.asks_custom = {
            rule.event
            for kind in definition.machines.values()
            for rule in kind.transitions
            if any(isinstance(guard, Custom) for guard in rule.guards)
        }
        # The stream of each act that some rule wants done by a moment.
        self.timed = {
            rule.event: self.watch.stream(frozenset({rule.event}))
            for kind in definition.machines.values()
            for rule in kind.transitions
            if rule.due is not None
        }
        # What takes the streams of such an act, and of the events without which it is not due anywhere.
        self.due_after = {
            name: itemgetter(
                stream,
                *(n for each in self._rules_of(name) if each.due is not None for n in each.due.streams),
            )
            for name, stream in self.timed.items()
        }
        self.endings = {
            name: (kind.start, _endings(kind))
            for name, kind in definition.machines.items()
            if kind.scope == APPLICATION and any(state.over for state in kind.states.values())
        }
        # Guards for which waiting is pointless: there is nothing to answer, or it is too late.
        self.moot = {
            name: frozenset(
                guard.id
                for listener in listeners
                for transition in listener.transitions
                for guard in transition.rule.guards
                if isinstance(guard, Spends | NotAfter)
            )
            for name, listeners in self.listeners.items()
        }
        self.closes_others_for = {name: closes_others_for(definition, name) for name in definition.events}
        self.asked_fields = {
            name: {
                field
                for listener in listeners
                for transition in listener.transitions
                for guard in transition.rule.guards
                if isinstance(guard, Carries)
                for field in guard.fields
            }
            for name, listeners in self.listeners.items()
        }
        # The streams of each event, and what takes the links of a new one from their latest cells.
        self.streams_of = {
            name: (numbers, linker(numbers))
            for name, numbers in self.watch.by_event(definition.events).items()
        }
        # What concerns the employer as a whole lies in no round, so in each of them.
        self.roundless = frozenset(name for name, kind in definition.events.items() if kind.employer_wide)
        # The events that may name people or dates in a field.
        self.naming = frozenset(
            name
            for name, kind in definition.events.items()
            if any(each.type == "people" or each.sets is not None for each in kind.fields.values())
        )
        # Acts that are alike may have the same places: one of each group, and the group of each act.
        like: dict[tuple[bool, ...], int] = {}
        self.unlike: list[EventKind] = []
        self.acts_alike: list[tuple[EventKind, int]] = []
        for event in definition.events.values():
            if event.is_act:
                number = like.setdefault((event.employer_wide, event.to_person, event.opens_round), len(like))
                if number == len(self.unlike):
                    self.unlike.append(event)
                self.acts_alike.append((event, number))
        self.ranks = {name: rank for rank, name in enumerate(definition.events)}
        self.starting = tuple(name for name, kind in definition.events.items() if kind.starts_application)
        self.start = Snapshot(streams=(None,) * len(self.watch))
        # The functions of events that are often; see `compiled_steps`.
        self.steps: dict[str, Callable[..., Any]] = {}
        self.done: dict[str, Callable[..., Any]] = {}
        self.asked: dict[str, Callable[..., Any]] = {}
        self.listed: dict[str, Callable[..., Any]] = {}
        self._entering: dict[tuple[str, str, frozenset[str]], tuple[str, ...]] = {}
        self._standings: dict[tuple[object, ...], Standing] = {}

    @cached_property
    def undo_rules(self) -> UndoRules:
        """What could undo a refusal; only a past of which something is open asks for it."""
        return UndoRules(self.definition)

    def _rules_of(self, event: str) -> Iterator[RuleTransition]:
        return (each for listener in self.listeners[event] for each in listener.transitions)

    def standing_of(self, situation: Situation) -> Standing:
        """Return how the machines that listen to an act stand in its place."""
        name, place, states = situation.kind.name, situation.place, situation.snapshot.states
        listeners = self.listeners[name]
        here = [states.get((each.name, each.key(place)), each.start) for each in listeners]
        in_round = bool(place.round)
        key = (name, in_round, *here)
        found = self._standings.get(key)
        if found is None:
            found = self._standings[key] = standing_in(listeners, here, in_round=in_round)
        return found

    def state_of(self, situation: Situation, machine: str) -> str:
        """Return the state of the machine's instance at the act's place."""
        kind = self.definition.machines[machine]
        return situation.snapshot.states.get((machine, key_in(kind.scope, situation.place)), kind.start)

    def entering(self, machine: str, state: str, goal: frozenset[str]) -> tuple[str, ...]:
        """Return the events that bring the machine from ``state`` into ``goal``.

        Each does so by itself, if there is one that does. Empty: nothing does. A machine of rounds that is in
        ``goal`` has no instance yet: then the first round brings it there.
        """
        found = self._entering.get((machine, state, goal))
        if found is None:
            found = self._entering[machine, state, goal] = self._find_entering(machine, state, goal)
        return found

    def _find_entering(self, machine: str, state: str, goal: frozenset[str]) -> tuple[str, ...]:
        graph, start = self.machines[machine], self.definition.machines[machine].start
        wanted = set(graph.entering(state, goal))
        openers = {name: graph.after(start, name) for name in self._openers_of(machine)}
        helping = {name for name, states in openers.items() if states & goal}
        if state not in goal and graph.enters_at_once(state, goal):
            wanted |= helping
        elif helping:
            wanted = helping
        else:  # a way of several events
            ways = openers.items()
            wanted |= {name for name, states in ways if any(graph.entering(each, goal) for each in states)}
        return tuple(name for name in self.definition.events if name in wanted)

    def enters_at_once(self, machine: str, state: str, goal: frozenset[str]) -> bool:
        """Return whether one event brings the machine from ``state`` into ``goal``."""
        graph, start = self.machines[machine], self.definition.machines[machine].start
        openers = self._openers_of(machine)
        return graph.enters_at_once(state, goal) or any(graph.after(start, name) & goal for name in openers)

    def _openers_of(self, machine: str) -> Iterator[str]:
        """Yield the events that open a round, in which a machine of rounds begins at its start.

        One of people and rounds has an instance only if somebody is named.
        """
        scope = self.definition.machines[machine].scope
        for name, kind in self.definition.events.items() if scope.round else ():
            if kind.opens_round and (kind.names_people or not scope.interviewer):
                yield name


def _endings(kind: MachineKind) -> dict[str, frozenset[str]]:
    """Return the events that lead into each state in which all is over."""
    return {
        name: frozenset(
            rule.event
            for rule in kind.transitions
            if rule.target == name and (rule.breach_from_any or set(rule.sources) != {name})
        )
        for name, state in kind.states.items()
        if state.over
    }
