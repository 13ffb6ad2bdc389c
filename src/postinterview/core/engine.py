"""Compile a definition: the machines with their guards, the listeners of each event, the watched events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from attrs import define

from postinterview.core.anchors import Anchor
from postinterview.core.buckets import Bucket
from postinterview.core.cells import linker
from postinterview.core.closing_reach import closes_others_for
from postinterview.core.definitions import (
    APPLICATION,
    Carries,
    Custom,
    Definition,
    MachineKind,
    NotAfter,
    Scope,
    Spends,
    Transition,
)
from postinterview.core.events import Key, key_in, make_key, projection
from postinterview.core.guards import Check, CustomGuard, compile_guard
from postinterview.core.machine import SHUT, RuleMachine, RuleTransition, Ways, joined
from postinterview.core.situation import OPENERS, Situation, Snapshot, Watch
from postinterview.core.undoing import UndoRules


@define(eq=False)
class Listener:
    """A machine that listens to an event.

    Attributes:
        machine: the machine's graph.
        name: its name.
        start: the state in which its instances start.
        scope: the keys by which its instances are kept.
        key: returns the key of the instance in a place.
        moves: its transitions on the event, by the state that they leave.
        breach_from_any: the first that a breach takes from a state that none leaves.
        outside: the states in which the rules do not judge the event: no transition leaves them on it.
        spends: the credits that any of them takes.
        transitions: all of them, in the order of the file.
        alike: the rules that leave a state, with the transitions of one such state and all of these states.
    """

    machine: RuleMachine
    name: str
    start: str
    scope: Scope
    key: Callable[[Key], Key]
    moves: Mapping[str, list[RuleTransition]]
    breach_from_any: RuleTransition | None
    outside: frozenset[str]
    spends: tuple[str, ...]
    transitions: tuple[RuleTransition, ...]
    alike: Mapping[tuple[Transition, ...], tuple[Sequence[RuleTransition], list[str]]]

    def has_instance(self, situation: Situation) -> bool:
        """Return whether the act's place has an instance: a machine of rounds has none before the first."""
        return bool(situation.place.round) or not self.scope.round

    def current(self, situation: Situation) -> tuple[Key, str, Sequence[RuleTransition]]:
        """Return the instance in the act's place: its key, its state, and the transitions that leave it.

        Nothing leaves where there is no instance.
        """
        place = situation.place
        key = self.key(place)
        state = situation.snapshot.states.get((self.name, key), self.start)
        if self.scope.round and not place.round:
            return key, state, ()
        return key, state, self.moves.get(state, ())

    def reached(self, situation: Situation, people: tuple[str, ...]) -> list[Key]:
        """Return the keys of the instances that agree with a fact on every part that it names itself."""
        application, round_, _ = situation.place
        scope = self.scope
        if scope.round and not round_ and application is not None:
            return []
        named = people or ((None,) if not scope.interviewer else ())
        if named and (application is not None or not scope.application):
            return list(dict.fromkeys(self.key(make_key(application, round_, person)) for person in named))
        # People may have been met in other applications, which an instance of a person does not tell apart.
        places = situation.snapshot.places_of(application if scope.application else None)
        return [
            key
            for key in dict.fromkeys(map(self.key, places))
            # A place before the first round, or one without a person, may name no instance.
            if (not scope.application or key.application)
            and (not scope.round or key.round)
            and (not scope.interviewer or key.person)
            and application in (None, key.application or application)
            and round_ in (None, key.round or round_)
            and (not people or key.person is None or key.person in people)
        ]


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
        self.listeners = {name: self._listeners(name) for name in definition.events}
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
        self.endings = {
            name: (kind.start, _endings(kind))
            for name, kind in definition.machines.items()
            if kind.scope == APPLICATION and any(state.over for state in kind.states.values())
        }
        # The listeners by which an act may be due.
        self.wishing = {
            name: tuple(each for each in listeners if any(t.due is not None for t in each.transitions))
            for name, listeners in self.listeners.items()
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
        self.streams_of = self.watch.by_event(definition.events)
        self.links_of = {name: linker(streams) for name, streams in self.streams_of.items()}
        # What concerns the employer as a whole lies in no round, so in each of them.
        self.roundless = frozenset(name for name, kind in definition.events.items() if kind.employer_wide)
        # The events that may name people or dates in a field.
        self.naming = frozenset(
            name
            for name, kind in definition.events.items()
            if any(each.type == "people" or each.sets is not None for each in kind.fields.values())
        )
        self.ranks = {name: rank for rank, name in enumerate(definition.events)}
        self.starting = tuple(name for name, kind in definition.events.items() if kind.starts_application)
        self.start = Snapshot(streams=(None,) * len(self.watch))
        self._entering: dict[tuple[str, str, frozenset[str]], tuple[str, ...]] = {}
        self._ways: dict[tuple[int, ...], Ways] = {}

    @cached_property
    def undo_rules(self) -> UndoRules:
        """What could undo a refusal; only a past of which something is open asks for it."""
        return UndoRules(self.definition)

    def ways(self, situation: Situation) -> Ways:
        """Return the ways that are possible where an act lies, for each machine that listens to it."""
        machines = []
        for listener in self.listeners[situation.kind.name]:
            _, _, leaving = listener.current(situation)
            if not leaving:
                return SHUT
            machines.append(leaving)
        key = tuple(map(id, machines))  # the engine keeps each of them, and one for each state
        found = self._ways.get(key)
        if found is None:
            found = self._ways[key] = joined(machines)
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

    def _listeners(self, event: str) -> tuple[Listener, ...]:
        found = []
        for name, machine in self.machines.items():
            heard = machine.on(event)
            if heard is None:
                continue
            moves = {state: heard.leaving(state) for state in heard.transitions}
            leaving = [transition for group in moves.values() for transition in group]
            leaving.sort(key=lambda transition: machine.kind.transitions.index(transition.rule))
            from_any = [transition for transition in leaving if transition.rule.breach_from_any]
            found.append(
                Listener(
                    machine,
                    name,
                    machine.kind.start,
                    machine.kind.scope,
                    projection(machine.kind.scope),
                    moves,
                    from_any[0] if from_any else None,
                    frozenset(
                        s for s, each in machine.kind.states.items() if each.outside and s not in moves
                    ),
                    tuple(dict.fromkeys(credit for transition in leaving for credit in transition.spends)),
                    tuple(leaving),
                    _alike(moves),
                )
            )
        return tuple(found)


def _alike(
    moves: Mapping[str, list[RuleTransition]],
) -> dict[tuple[Transition, ...], tuple[Sequence[RuleTransition], list[str]]]:
    """Return the states that the same rules leave, by these rules, with the transitions of the first."""
    found: dict[tuple[Transition, ...], tuple[Sequence[RuleTransition], list[str]]] = {}
    for state, transitions in moves.items():
        rules = tuple(each.rule for each in transitions)
        found.setdefault(rules, (transitions, []))[1].append(state)
    return found


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
