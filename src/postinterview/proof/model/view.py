"""A view of the relation: a few conditions, the variables they look at, and the moves between values.

All other conditions count as met, so a view allows whatever the rulebook allows, and perhaps more. Labels
that do the same to every variable of the view are one move. Search and checker share the view.

Example: the view of the guard ``at_most: 1, of: chase, since: sign_of_life`` has one variable, the number of
chases since a sign of life, with the values 0 and 1. It has two moves: any chase sets it to 1, any sign of
life to 0. The promise "never a second chase" is broken where it is 1 and the guard holds, that is 0: nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import chain, product, repeat
from typing import NamedTuple, TypeAlias

from attrs import frozen

from postinterview.proof.model import variables as v
from postinterview.proof.model.asked import AskedActs, combined, options_in, tally_of
from postinterview.proof.model.business_days import is_within
from postinterview.proof.model.conditions import Atom, contradicts
from postinterview.proof.model.credits import CreditBucket, spendings
from postinterview.proof.model.frame import Frame, Limit, Values
from postinterview.proof.model.labels import EventLabel, next_stage
from postinterview.proof.model.machine_states import Heard, MachineState
from postinterview.proof.model.relation import ConditionKey, Gate, Relation


@frozen
class Arrival:
    """Instants come: ``anchors`` are the numbers of the variables that reach their next one together."""

    anchors: tuple[int, ...]


@frozen
class Successor:
    """A move, and the values after it.

    ``settings``: pairs of clocks; the first reads now what the second reads (0: zero), or anything (`FREE`).
    ``limits``: what the clocks must satisfy before that.
    """

    move: EventLabel | Arrival
    values: Values
    settings: tuple[tuple[int, int], ...]
    limits: tuple[Limit, ...] = ()


class _After(NamedTuple):
    """A value that one variable can have after a move, with its settings and limits of the view's clocks."""

    value: v.Value
    settings: tuple[tuple[int, int], ...] = ()
    limits: tuple[Limit, ...] = ()


Gated: TypeAlias = tuple[int, Heard, tuple[Gate, ...]]
"""The number of a machine's variable, what it hears of the label, and the gates that are known then."""

Spender: TypeAlias = tuple[str, tuple[int, ...], tuple[tuple[str, int], ...], tuple[Gate, ...]]
"""An act, the numbers of the buckets of one rulebook that only some of its transitions take from, and what is
known of those: the machines whose state is kept, with the numbers of their variables, and the gates."""

_Move: TypeAlias = tuple[
    EventLabel,
    str,
    tuple[tuple[int, v.Op], ...],
    tuple[bool | None, ...],
    tuple[Gated, ...],
    tuple[Spender, ...],
    tuple[tuple[Atom, ...], ...],
]
"""A label, the stage after it, its operations by the numbers of their variables, which twins it makes one
instant, what is known of the transitions it takes, and the ways in which its act may count as allowed."""


class View(Frame):
    """The model that is searched and checked: a frame with its moves."""

    def __init__(
        self,
        relation: Relation,
        bad: Iterable[tuple[Atom, ...]],
        gates: Iterable[Gate] = (),
        asked: AskedActs | None = None,
    ) -> None:
        super().__init__(relation, bad, gates, () if asked is None else asked.atoms())
        self.asked = asked
        self._moves: dict[str, tuple[_Move, ...]] = {}
        self._applied: dict[object, tuple[_After, ...]] = {}
        self._events: dict[Values, tuple[Successor, ...]] = {}
        self._arrivals: dict[Values, tuple[Successor, ...]] = {}
        self._bad: dict[Values, tuple[tuple[Limit, ...], ...]] = {}

    # --- moves --------------------------------------------------------------------------------

    def successors(self, values: Values) -> tuple[Successor, ...]:
        """Return every move from these values."""
        return (*self.events(values), *self.arrivals(values))

    def events(self, values: Values) -> tuple[Successor, ...]:
        """Return every move by an event from these values."""
        if values not in self._events:
            self._events[values] = tuple(self._labelled(values))
        return self._events[values]

    def arrivals(self, values: Values) -> tuple[Successor, ...]:
        """Return every way in which the next instants come after these values."""
        if values not in self._arrivals:
            self._arrivals[values] = tuple(self._arriving(values))
        return self._arrivals[values]

    def _labelled(self, values: Values) -> Iterator[Successor]:
        """Yield the moves by events, one for all labels that do the same."""
        kept, together = values[1 : len(self.variables) + 1], values[len(self.variables) + 1 :]
        open_window = (*self.open_window(values), *(self.on_time(values) if self.dated else ()))
        legal = self.asked is not None and self.asked.legal
        seen = set[object]()
        for label, stage, ops, twins, gated, spenders, asked in self._moves_at(str(values[0])):
            after_twins = self.linked_by(twins, together) if twins else ()
            for spent in self.spent_by(spenders, values) if spenders else ({},):
                effects = {n: self._apply(n, op, values[n], spent.get(n)) for n, op in ops}
                for number, heard, gates in gated:
                    effects[number] = self.gated(number, heard, gates, values)
                for chosen in product(*effects.values()):
                    here: list[v.Value] = [stage, *kept]
                    for number, each in zip(effects, chosen, strict=True):
                        here[number] = each.value
                    after = (*here, *after_twins)
                    settings = tuple(chain.from_iterable(each.settings for each in chosen))
                    if not settings and after == values:
                        continue
                    limits = (*open_window, *chain.from_iterable(each.limits for each in chosen))
                    ways = asked if legal or self.counts(values, after) else ((),)
                    for more in (self.limits(atoms, values) for atoms in ways):
                        if more is not None and (same := (after, settings, limits, more)) not in seen:
                            seen.add(same)
                            yield Successor(label, after, settings, (*limits, *more))

    def _moves_at(self, stage: str) -> tuple[_Move, ...]:
        if stage not in self._moves:
            columns = [self.relation.ops(variable, stage) for variable in self.variables]
            moves: dict[object, _Move] = {}
            rows = zip(*columns, strict=True) if columns else repeat(())
            for label, row in zip(self.relation.labels[stage], rows, strict=False):
                after = next_stage(self.relation.act, stage, label) if stage else ""
                ops = tuple((number, op) for number, op in enumerate(row, 1) if op is not None)
                if after != stage or ops:
                    asked = ((),) if self.asked is None else self.asked.of(label)
                    gated, spenders = tuple(self.gates_at(label)), tuple(self.spenders_at(label))
                    known = self.twins_of(label), gated, spenders, asked
                    moves.setdefault((after, ops, known), (label, after, ops, *known))
            self._moves[stage] = tuple(moves.values())
        return self._moves[stage]

    def _apply(self, number: int, op: v.Op, value: v.Value, spent: bool | None) -> tuple[_After, ...]:
        key = (number, op, value, spent)
        if key not in self._applied:
            effects = self.effects(number, op, value, spent)
            self._applied[key] = tuple(self._after(number, effect) for effect in effects)
        return self._applied[key]

    def _after(self, number: int, effect: v.Effect) -> _After:
        limits = tuple((self.clocks[number, clock], micros, below) for clock, micros, below in effect.waits)
        return _After(effect.value, tuple(self.settings(number, effect.settings)), limits)

    def effects(self, number: int, op: v.Op, value: v.Value, spent: bool | None) -> tuple[v.Effect, ...]:
        """Return what an operation does to a variable. ``spent``: whether it takes a credit; None: either."""
        variable = self.variables[number - 1]
        if isinstance(variable, CreditBucket):
            return variable.apply(op, value, self.caps[number], spent)
        return variable.apply(op, value, self.caps[number])

    # --- which transitions an event takes -----------------------------------------------------

    def gates_at(self, label: EventLabel) -> Iterator[Gated]:
        """Yield the machines of which it is known which transitions the label can take."""
        for number, variable in enumerate(self.variables, 1):
            if isinstance(variable, MachineState):
                gates = tuple(g for g in self.gates if g.machine == variable.name and g.is_known(label))
                if gates and variable.op(label) is not None:
                    yield number, variable.heard(label), gates

    def gated(self, number: int, heard: Heard, gates: tuple[Gate, ...], values: Values) -> tuple[_After, ...]:
        """Return where a machine can be after an event, by what the gates say before it."""
        shut, held = list[str](), list[str]()
        for gate in gates:
            holds = any(self.limits(option, values) is not None for option in gate.options)
            (held if holds else shut).append(gate.rule.id)
        sure = {gate.rule.id for gate in gates if held.count(gate.rule.id) == len(gate.rule.guards)}
        machine = self.variables[number - 1]
        if not isinstance(machine, MachineState):
            raise TypeError(machine)
        return tuple(_After(state) for state in machine.targets(str(values[number]), heard, shut, sure))

    def spenders_at(self, label: EventLabel) -> Iterator[Spender]:
        """Yield the tracked place's buckets that some transitions on the label take from, and some don't."""
        found: dict[int, list[int]] = {}
        for number, variable in enumerate(self.variables, 1):
            if not isinstance(variable, CreditBucket) or label.event not in variable.sometimes:
                continue
            if label.is_of(variable.scope):
                found.setdefault(id(variable.definition), []).append(number)
        for numbers in found.values():
            bucket = self.variables[numbers[0] - 1]
            known = isinstance(bucket, CreditBucket) and bucket.definition is self.relation.definition
            machines = tuple(self._machines_at(label)) if known else ()
            gates = tuple(gate for gate in self.gates if known and gate.is_known(label))
            yield label.event, tuple(numbers), machines, gates

    def _machines_at(self, label: EventLabel) -> Iterator[tuple[str, int]]:
        """Yield the machines whose instance in the tracked place is that of the label's act."""
        machines = self.relation.definition.machines
        for number, each in enumerate(self.variables, 1):
            if not isinstance(each, MachineState) or machines.get(each.name) is not each.kind:
                continue
            if label.is_of(each.scope) and not each.scope.round:
                yield each.name, number

    def spent_by(self, spenders: tuple[Spender, ...], values: Values) -> Iterator[dict[int, bool]]:
        """Yield the ways in which an act can take credits: for each bucket whether it does."""
        ways = []
        for event, numbers, machines, gates in spenders:
            buckets = {n: each for n in numbers if isinstance(each := self.variables[n - 1], CreditBucket)}
            filled = {each.credit: v.pair(values[n])[0] > 0 for n, each in buckets.items()}
            states = {name: str(values[number]) for name, number in machines}
            held = {gate.key: any(self.limits(o, values) is not None for o in gate.options) for gate in gates}
            definition = buckets[numbers[0]].definition
            taken = () if definition is None else spendings(definition, event, filled, states, held)
            ways.append(dict.fromkeys(tuple((n, b.credit in e) for n, b in buckets.items()) for e in taken))
        yield from (dict(chain.from_iterable(chosen)) for chosen in product(*ways))

    # --- instants that come -------------------------------------------------------------------

    def twins_of(self, label: EventLabel) -> tuple[bool | None, ...]:
        """Return for each pair of twins whether the label makes them one instant; None: it sets neither."""
        sets = [[self.anchor(each).sets(label) for each in two] for two in self.twins]
        return tuple(all(each) if any(each) else None for each in sets)

    def linked_by(self, twins: tuple[bool | None, ...], before: Values) -> Values:
        """Return which pairs of anchors are one instant now."""
        return tuple(old if new is None else int(new) for old, new in zip(before, twins, strict=True))

    def _arriving(self, values: Values) -> Iterator[Successor]:
        awaited = (
            number for number in range(1, len(self.variables) + 1) if self._next_instant(number, values)
        )
        on_time = tuple(self.on_time(values)) if self.dated else ()
        for group in dict.fromkeys(self._linked(number, values) for number in awaited):
            if any(self._comes_later(number, values) for number in group):
                continue
            after = list(values)
            settings: list[tuple[int, int]] = []
            soonest = tuple(chain.from_iterable(self._soonest(number, values) for number in group))
            for each in group:
                if effect := self._next_instant(each, values):
                    after[each] = effect.value
                    settings += self.settings(each, effect.settings)
            limits = (*self.open_window(values), *on_time, *soonest)
            yield Successor(Arrival(group), tuple(after), tuple(settings), limits)

    def _soonest(self, number: int, values: Values) -> Iterator[Limit]:
        """Yield what the next business day of an anchor waits for by its calendar."""
        instant = v.pair(values[number])[0] - 1
        if (number, instant) in self.dated:
            yield self.clocks[number, 0], self.anchor(number).comes_after(instant), False

    def _comes_later(self, number: int, values: Values) -> bool:
        """Return whether the same business day has to come first in a calendar that has more of them."""
        here, mine = v.pair(values[number])[0], self.anchor(number).calendar
        for two, together in zip(self.twins, values[len(self.variables) + 1 :], strict=True):
            if together and number in two and here >= 2 and mine is not None:
                other = sum(two) - number
                its = self.anchor(other).calendar
                behind = v.pair(values[other])[0] <= here < 2 + self.caps[other]
                if its is not None and its != mine and behind and is_within(mine, its):
                    return True
        return False

    def _next_instant(self, number: int, values: Values) -> v.Effect | None:
        if isinstance(variable := self.variables[number - 1], v.TimeAnchor):
            return variable.arrives(values[number], self.caps[number])
        return None

    def _linked(self, number: int, values: Values) -> tuple[int, ...]:
        """Return the anchors that are the same instant as this one, and have come as far."""
        here = v.pair(values[number])[0]
        group = {number}
        for two, together in zip(self.twins, values[len(self.variables) + 1 :], strict=True):
            if together and number in two:
                other = sum(two) - number
                if here > 1 and self.anchor(other).calendar != self.anchor(number).calendar:
                    continue
                if self._next_instant(other, values) and v.pair(values[other])[0] == here:
                    group.add(other)
        return tuple(sorted(group))

    # --- what is bad --------------------------------------------------------------------------

    def bad_at(self, values: Values) -> tuple[tuple[Limit, ...], ...]:
        """Return the limits on clocks under which something bad is allowed, one tuple for each way."""
        if values not in self._bad:
            ways = (self.limits(atoms, values) for atoms in self.bad)
            on_time = tuple(self.on_time(values)) if self.dated else ()
            self._bad[values] = tuple((*limits, *on_time) for limits in ways if limits is not None)
        return self._bad[values]


def view_of(
    relation: Relation,
    active: Collection[ConditionKey],
    goals: Iterable[tuple[Atom, ...]],
    *,
    consistent: bool = False,
    legal: bool = False,
) -> View:
    """Return the view of some conditions: bad is what they allow while all atoms of a goal hold.

    Raises:
        TooManyError: the options of the conditions have too many combinations.

    ``consistent``: leave out conjunctions that contradict themselves. That changes nothing but the number of
    variables, and so the form of a certificate. ``legal``: no act on the way is a breach.
    """
    goals = tuple(goals)
    tally = tally_of(goals)
    asked = ([options_in(each, tally) for each in way if each.key in active] for way in relation.ways)
    bad = (atoms for options in asked for atoms in combined(relation.act.name, options, goals))
    kept = (atoms for atoms in bad if not (consistent and contradicts(atoms)))
    gates = (gate for key, gate in relation.gates.items() if key in active)
    asked_acts = AskedActs(relation, tally, active, legal) if legal or tally is not None else None
    return View(relation, kept, gates, asked_acts)
