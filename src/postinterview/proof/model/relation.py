"""The relation of one act: its alphabet, and the conditions under which the rulebook allows it.

An act is allowed when every machine that listens has a transition from its state whose guards all hold. So
each choice of one transition for each machine is a *way* to allow it, and it is allowed if all conditions of
any way hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, product
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from attrs import Factory, define, field, frozen

from postinterview.core.guards.wrapped import excuses_of
from postinterview.core.past.events import Value
from postinterview.core.rules import definitions as d
from postinterview.proof.model import conditions as c
from postinterview.proof.model import guards
from postinterview.proof.model.instants import Resolved, resolved
from postinterview.proof.model.labels import EventLabel, TooManyError, alphabet, scope_of
from postinterview.proof.model.machine_states import Variable
from postinterview.proof.model.variables import Op

if TYPE_CHECKING:
    from postinterview.proof.model.moves import Moves

VERSION = 6
"""The version of the model. It counts up when certificates made before would no longer be valid."""

STATE = "state"
STARTED = "started"
"""The transition, by name, of the condition that an application was started."""

MOST_WAYS = 2_000
"""The most ways to allow an act that are looked at: alternatives in several machines multiply."""

ConditionKey: TypeAlias = tuple[str, str, str]
"""Machine, transition and id of a condition."""


@frozen
class Condition:
    """One thing that must hold for an act: a guard, or (id ``state``) that a machine is in a state.

    ``machine`` is empty for a condition on the place itself: that the person interviewed there, or that the
    application was started. ``options``: what the act must meet, whatever it carries. ``asks``: what is
    enough for an act that carries no exception. ``scope``: the keys of the place that the guard looks at.
    ``is_told``: the history in the place alone tells whether it holds. ``unless``: values of fields with
    which it does not apply. ``moment``: the one that it waits for, or until which it holds.
    """

    id: str
    machine: str
    transition: str
    options: c.Options
    guard: d.Guard | None = None
    scope: d.Scope = d.EMPLOYER
    asks: c.Options = field(default=Factory(lambda self: self.options, takes_self=True))
    is_told: bool = True
    unless: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    moment: Resolved | None = None

    @property
    def key(self) -> ConditionKey:
        """Its machine, transition and id."""
        return (self.machine, self.transition, self.id)


@frozen(eq=False)
class Gate:
    """A guard that chooses between the transitions of an event on the way, and what it asks before it.

    ``needs``: the keys of the place that it looks at; it is only known of events that share them. In a view
    without the gate, the event may take the transition or not.
    """

    machine: str
    rule: d.Transition
    guard: str
    needs: d.Scope
    options: c.Options

    @property
    def key(self) -> ConditionKey:
        """Its machine, transition and guard."""
        return (self.machine, self.rule.id, self.guard)

    def is_known(self, label: EventLabel) -> bool:
        """Return whether the guard looks at the tracked place when the label happens."""
        if label.event != self.rule.event or label.opens:
            return False
        return label.is_of(self.needs) and not (self.needs.round and label.round == "zero")


@define(eq=False)
class Relation:
    """The model of one act.

    ``labels``: by stage, and all of them under the empty stage. ``ways``: conditions that together allow the
    act. ``gates``: guards that choose between transitions. ``operations``: those on variables, once known.
    ``others``: the ways to allow other acts, once asked for. ``moves``: those of frames that views had so far
    (see `View`). ``conditions``: those of all ways.
    """

    definition: d.Definition
    act: d.EventKind
    labels: Mapping[str, tuple[EventLabel, ...]]
    ways: tuple[tuple[Condition, ...], ...]
    gates: Mapping[ConditionKey, Gate]

    operations: dict[tuple[Variable, str], tuple[Op | None, ...]] = field(factory=dict)
    others: dict[str, tuple[tuple[Condition, ...], ...]] = field(factory=dict)
    moves: dict[object, Moves] = field(factory=dict)
    conditions: Mapping[ConditionKey, Condition] = field(init=False)

    @conditions.default
    def _conditions_of_ways(self) -> Mapping[ConditionKey, Condition]:
        return {condition.key: condition for way in self.ways for condition in way}

    def ways_to(self, event: str) -> tuple[tuple[Condition, ...], ...]:
        """Return the ways to allow any act, in its own place.

        Raises:
            TooManyError: there are too many.
        """
        if event == self.act.name:
            return self.ways
        if event not in self.others:
            self.others[event] = ways_of(self.definition, self.definition.events[event])
        return self.others[event]

    def ops(self, variable: Variable, stage: str) -> tuple[Op | None, ...]:
        """Return the operation of each label of the stage on the variable."""
        if (variable, stage) not in self.operations:
            self.operations[variable, stage] = tuple(map(variable.op, self.labels[stage]))
        return self.operations[variable, stage]


def relation_of(definition: d.Definition, act: d.EventKind, alike: Relation | None = None) -> Relation:
    """Return the relation of an act, from the same definition that the engine is compiled from.

    ``alike``: the relation of another act whose place has the same keys; the two share labels and moves.

    Raises:
        TooManyError: there are too many labels, or too many ways to allow the act.
    """
    ways = ways_of(definition, act)
    gates = dict(gates_of(definition, act))
    if alike is not None:
        shared = alike.operations, alike.others, alike.moves
        return Relation(definition, act, alike.labels, ways, gates, *shared)
    return Relation(definition, act, alphabet(definition, act), ways, gates)


@define(eq=False)
class Relations:
    """The relations of the acts of one rulebook, each made once. Acts whose places are alike share labels."""

    definition: d.Definition
    _made: dict[str, Relation] = field(factory=dict, init=False)

    def of(self, act: d.EventKind) -> Relation:
        """Return the relation of an act, the same one each time.

        Raises:
            TooManyError: it would be too large.
        """
        if act.name not in self._made:
            alike = (each for each in self._made.values() if _keys(each.act) == _keys(act))
            self._made[act.name] = relation_of(self.definition, act, next(alike, None))
        return self._made[act.name]


def _keys(act: d.EventKind) -> tuple[bool, bool]:
    """Return what decides which keys the place of the act has."""
    return act.to_person, act.employer_wide


def ways_of(definition: d.Definition, act: d.EventKind) -> tuple[tuple[Condition, ...], ...]:
    """Return the ways to allow an act.

    Raises:
        TooManyError: there are more than `MOST_WAYS`.
    """
    choices = choices_of(definition, act)
    if prod(map(len, choices)) > MOST_WAYS:
        raise TooManyError(f"`{act.name}` can be allowed in too many ways")
    return tuple(tuple(chain.from_iterable(way)) for way in product(*choices))


def choices_of(definition: d.Definition, act: d.EventKind) -> list[list[tuple[Condition, ...]]]:
    """Return, for the place and for each machine that listens, its choices, and what each choice asks."""
    choices: list[list[tuple[Condition, ...]]] = [[tuple(_of_place(definition, act))]]
    for name, machine in definition.machines.items():
        rules = [rule for rule in machine.transitions if rule.event == act.name]
        if not rules:
            continue
        own = guards.machine_at(definition, act, name)
        found = []
        for rule in rules:
            here = c.NEVER if own is None else ((c.InStates(own, frozenset(rule.sources)),),)
            conditions = [Condition(STATE, name, rule.id, here)]
            conditions += (_condition(definition, act, rule, guard, machine.scope) for guard in rule.guards)
            if machine.scope.round:
                began = c.InStage(frozenset({"unmet", "current", "past"}))
                conditions.append(Condition(STATE, name, "", ((began,),)))
            found.append(tuple(conditions))
        choices.append(found)
    return choices


def _of_place(definition: d.Definition, act: d.EventKind) -> Iterator[Condition]:
    """Yield what an act's place asks: that the person interviewed there, or that the application was started.

    Rounds are opened by the employer's events, and those start the application. An act that starts one does
    so unless it is a breach, so of that it is only certain that the employer's events do.
    """
    if act.to_person:
        yield Condition(STATE, "", "", ((c.InStage(frozenset({"current", "past"})),),))
    elif act.needs_a_start:
        starting = [kind for kind in definition.events.values() if kind.starts_application]
        certain = [kind for kind in starting if not kind.is_act]
        options, asks = (((c.AtLeast(guards.started_by(kinds), 1),),) for kinds in (starting, certain))
        yield Condition(STATE, "", STARTED, options, asks=asks)


def _condition(
    definition: d.Definition, act: d.EventKind, rule: d.Transition, guard: d.Guard, scope: d.Scope
) -> Condition:
    place = definition, act, guard, scope
    own = scope_of(act, guard.scope or scope)
    moment = guard.moment if isinstance(guard, d.NotBefore | d.NotAfter) else None
    return Condition(
        guard.id,
        rule.machine,
        rule.id,
        guards.options_of(*place),
        guard,
        own,
        guards.asked_by(*place),
        guards.is_told(*place),
        tuple(excuses_of(guard, act).items()),
        None if moment is None else resolved(definition, act, moment, own),
    )


def gates_of(definition: d.Definition, act: d.EventKind) -> Iterator[tuple[ConditionKey, Gate]]:
    """Yield the guards that choose between transitions, if the history in the tracked place decides them."""
    for name, machine in definition.machines.items():
        if guards.machine_at(definition, act, name) is None:
            continue
        for rule in machine.transitions:
            others = [each for each in machine.transitions if each.event == rule.event and each is not rule]
            if not any(set(each.sources) & set(rule.sources) for each in others):
                continue
            for guard in rule.guards:
                needs = guards.scope_asked(definition, act, guard, machine.scope)
                if isinstance(guard, d.Spends) or scope_of(act, needs) != needs:
                    continue  # spendings have a rule of their own
                if guard.unless or not guards.is_told(definition, act, guard, needs):
                    continue
                options = guards.asked_by(definition, act, guard, machine.scope)
                if not any(getattr(atom, "micros", 0) for option in options for atom in option):
                    yield (name, rule.id, guard.id), Gate(name, rule, guard.id, needs, options)
