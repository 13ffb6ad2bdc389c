"""The state of a machine's instance in the tracked place, as a variable of the model.

The engine moves a machine by the first transition whose guards hold, and by the first of all if the act is a
breach. A search that does not ask those guards knows less: so a label leads to the targets of every
transition that may be the one. Where a search does ask them, they narrow the targets (see `relation.Gate`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeAlias
from weakref import WeakValueDictionary

from attrs import field, frozen

from postinterview.core.rules.definitions import Definition, MachineKind, Scope, Transition
from postinterview.proof.model.credits import CreditBucket
from postinterview.proof.model.labels import EventLabel
from postinterview.proof.model.tally import Tally
from postinterview.proof.model.variables import (
    NEW_ROUND,
    Effect,
    EventCount,
    Op,
    Recent,
    TimeAnchor,
    Value,
)

Heard: TypeAlias = tuple[str, bool, bool, bool]
"""The part of a label that a machine hears: its event, whether it begins the instance anew, whether it comes
before there is an instance, and whether it may miss the instance."""


@frozen(cache_hash=True)
class MoveTable:
    """The table by which a machine moves, guards aside. Machines with equal tables move alike.

    ``of``: the identity of the machine if guards choose among several transitions; then no other moves alike.
    """

    start: str
    states: frozenset[str]
    moves: frozenset[tuple[str, bool, frozenset[tuple[str, str]], str | None]]
    of: int = 0


def facts_of(definition: Definition) -> frozenset[str]:
    """Return the events that are no acts."""
    return frozenset(name for name, kind in definition.events.items() if not kind.is_act)


def moves_of(kind: MachineKind, facts: frozenset[str]) -> MoveTable:
    """Return the table of a machine; ``facts``: the events that are no acts.

    An event that leads nowhere is not in it, and transitions that lead to one state are one move.
    """
    moves, chosen = [], False
    by_event: dict[str, list[Transition]] = {}
    for rule in kind.transitions:
        by_event.setdefault(rule.event, []).append(rule)
    for event, rules in by_event.items():
        end = next((rule.target for rule in rules if rule.breach_from_any), None)
        leads = []
        for state in kind.states:
            leaving = [rule for rule in rules if state in rule.sources]
            targets = {rule.target or state for rule in leaving}
            if event in facts and all(rule.guards for rule in leaving):
                targets.add(state)
            chosen = chosen or len(targets) > 1
            leads += [(state, target) for target in targets if leaving and (end or target != state)]
        if leads or end:
            moves.append((event, event in facts, frozenset(leads), end))
    table = MoveTable(kind.start, frozenset(kind.states), frozenset(moves), id(kind) if chosen else 0)
    return _TABLES.setdefault(table, table)


_TABLES: WeakValueDictionary[MoveTable, MoveTable] = WeakValueDictionary()
"""Equal tables are one object as long as somebody holds it: machines are compared all the time."""


@frozen(cache_hash=True)
class MachineState:
    """The state of a machine's instance. ``facts``: the events that are no acts."""

    name: str
    scope: Scope
    kind: MachineKind = field(eq=False, repr=False)
    facts: frozenset[str] = field(eq=False, repr=False)
    table: MoveTable = field(repr=False)
    _ops: dict[Heard, Op | None] = field(factory=dict, init=False, eq=False, repr=False)

    @property
    def start(self) -> str:
        return self.kind.start

    def op(self, label: EventLabel) -> Op | None:
        """Return where the label leads from each state that it leaves; None if it leaves none."""
        begins = label.begins and self.scope.round
        if not any(rule.event == label.event for rule in self.kind.transitions) or not self._reached(label):
            return NEW_ROUND if begins else None
        heard = self.heard(label)
        if heard not in self._ops:
            targets = ((state, self.targets(state, heard)) for state in self.kind.states)
            self._ops[heard] = tuple((state, to) for state, to in targets if to != (state,)) or None
        return self._ops[heard]

    def heard(self, label: EventLabel) -> Heard:
        """Return what the machine hears of a label."""
        before = self.scope.round and label.round == "zero"
        unsure = self.scope.interviewer and label.who == "nobody"  # it reaches those who are known
        return (label.event, label.begins and self.scope.round, before, unsure)

    def _reached(self, label: EventLabel) -> bool:
        if self.scope.application and label.where != "here":
            return False
        if self.scope.round and label.round not in ("same", "zero"):
            return False
        to_others = label.who == "others" or (label.aside and label.event not in self.facts)
        return not (self.scope.interviewer and to_others)

    def targets(
        self, state: str, heard: Heard, shut: Collection[str] = (), sure: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Return the states that an event can lead to.

        ``shut``: transitions of which a guard is known to fail. ``sure``: those of which all guards hold.
        """
        event, begins, before, unsure = heard
        state = self.start if begins else state
        rules = [rule for rule in self.kind.transitions if rule.event == event]
        leaving = [] if before else [rule for rule in rules if state in rule.sources]
        stays = unsure or before
        if event in self.facts:
            stays = stays or all(rule.guards and rule.id not in sure for rule in leaving)
            leaving = [rule for rule in leaving if rule.id not in shut]
        elif not leaving:
            leaving = [rule for rule in rules if rule.breach_from_any][:1]
            stays = stays or not leaving
        else:  # the first may be a breach, whatever its guards say
            leaving = leaving[:1] + [rule for rule in leaving[1:] if rule.id not in shut]
        targets = dict.fromkeys(rule.target or state for rule in leaving)
        if stays:
            targets[state] = None
        return tuple(targets)

    def apply(self, op: Op, value: Value, cap: int) -> tuple[Effect, ...]:
        if op == NEW_ROUND:
            return (Effect(self.start),)
        moves: dict[Value, tuple[Value, ...]] = dict(op)  # type: ignore[arg-type]
        return tuple(Effect(target) for target in moves.get(value, (value,)))


Variable: TypeAlias = EventCount | Recent | Tally | CreditBucket | TimeAnchor | MachineState
