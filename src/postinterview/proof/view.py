"""A view of the relation: a few conditions, the variables they need, and the moves between values.

All other conditions count as held, so a view allows whatever the rulebook allows. Labels that do the
same to every variable of the view are one move. The view is what search and checker share.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import combinations, product, repeat
from typing import TypeAlias

from attrs import frozen

from postinterview.proof.conditions import At, Atom, Bound, Many, Reached, Stands, conjunction, contradicts
from postinterview.proof.labels import Label, next_stage, start_stage
from postinterview.proof.relation import ConditionKey, Gate, Relation
from postinterview.proof.variables import (
    FLOOR,
    Anchor,
    Asked,
    ClockName,
    Count,
    Machine,
    Op,
    Setting,
    Value,
    Variable,
    pair,
)

Values: TypeAlias = tuple[Value, ...]
"""The stage of the place first (empty where the view does not keep it), then the variables' values."""

Limit: TypeAlias = tuple[int, int, bool]
"""A clock of the view, a constant in microseconds, and whether the clock is below it (or at least)."""


@frozen
class Arrival:
    """Instants come: ``anchors`` are the view's variables that reach their next one together."""

    anchors: tuple[int, ...]


Move: TypeAlias = Label | Arrival


@frozen
class Successor:
    """One way on: the move, the values after it, and for each clock set its new reading.

    ``settings``: (clock, other): the clock now reads what the other does (0: zero), or anything (-1).
    """

    move: Move
    values: Values
    settings: tuple[tuple[int, int], ...]


FREE = -1

_Gated: TypeAlias = tuple[int, Asked, tuple[Gate, ...]]
"""A machine's number, what it asks of the label, and the gates that are known then."""

_Move: TypeAlias = tuple[Label, str, tuple[Op | None, ...], tuple[bool | None, ...], tuple[_Gated, ...]]
"""A label, the stage after it, what it does to each variable, which pairs of anchors it sets together, and
the machines whose alternatives are known."""


class View:
    """Variables, moves and what is bad, for some conjunctions of atoms of one relation."""

    def __init__(
        self, relation: Relation, bad: Iterable[tuple[Atom, ...]], gates: Iterable[Gate] = ()
    ) -> None:
        self.relation = relation
        self.bad = tuple(dict.fromkeys(bad))
        atoms = [atom for conjunction in self.bad for atom in conjunction]
        self.gates = _gates_of(atoms, tuple(gates))
        atoms += [atom for gate in self.gates for option in gate.options for atom in option]
        self.variables: tuple[Variable, ...] = tuple(
            dict.fromkeys(atom.variable for atom in atoms if atom.variable is not None)
        )
        self._at = {variable: number for number, variable in enumerate(self.variables, 1)}
        self.keeps_stage = any(isinstance(atom, At) for atom in atoms) or any(
            variable.scope.round for variable in self.variables
        )
        self.fits = [0] * (len(self.variables) + 1)
        self.clocks: dict[tuple[int, ClockName], int] = {}
        self.lower, self.upper = [0], [0]
        for atom in atoms:
            self._fit(atom)
        self.twins = tuple(
            (i, j)
            for (i, one), (j, other) in combinations(enumerate(self.variables, 1), 2)
            if isinstance(one, Anchor)
            and isinstance(other, Anchor)
            and one.date == other.date
            and (one.date or (self.fits[i] and self.fits[j]))
            and one.set_by & other.set_by
        )
        self._moves: dict[str, tuple[_Move, ...]] = {}
        self._applied: dict[object, tuple[tuple[Value, tuple[tuple[int, int], ...]], ...]] = {}
        self._next: dict[Values, tuple[Successor, ...]] = {}
        self._bad: dict[Values, tuple[tuple[Limit, ...], ...]] = {}

    def _fit(self, atom: Atom) -> None:
        if atom.variable is None:
            return
        number = self._at[atom.variable]
        if isinstance(atom, Many) and isinstance(atom.variable, Count):
            self.fits[number] = max(self.fits[number], atom.number)
        if isinstance(atom, Reached):
            self.fits[number] = max(self.fits[number], atom.instant)
            if atom.micros:
                clock = self._clock(number, atom.instant)
                bounds = self.upper if atom.negated else self.lower
                bounds[clock] = max(bounds[clock], atom.micros)
                if atom.variable.scope.round:
                    floor = self._clock(number, FLOOR)
                    bounds[floor] = max(bounds[floor], atom.micros)

    def _clock(self, number: int, name: ClockName) -> int:
        if (number, name) not in self.clocks:
            self.clocks[number, name] = len(self.clocks) + 1
            self.lower.append(0)
            self.upper.append(0)
        return self.clocks[number, name]

    @property
    def size(self) -> int:
        """The width of a zone: the clocks, and zero."""
        return len(self.clocks) + 1

    @property
    def start(self) -> Values:
        stage = start_stage(self.relation.act) if self.keeps_stage else ""
        return (stage, *(variable.start for variable in self.variables), *(0 for _ in self.twins))

    # --- moves --------------------------------------------------------------------------------

    def successors(self, values: Values) -> tuple[Successor, ...]:
        """Every way on, the same for all clocks: no move of the environment waits for a guard."""
        found = self._next.get(values)
        if found is None:
            found = self._next[values] = (*self._labelled(values), *self._arriving(values))
        return found

    def _labelled(self, values: Values) -> Iterator[Successor]:
        count = len(self.variables)
        for label, stage, ops, twins, gated in self._moves_at(str(values[0])):
            effects = [self._apply(number, op, values[number]) for number, op in enumerate(ops, 1)]
            for number, asked, gates in gated:
                effects[number - 1] = self.gated(number, asked, gates, values)
            together = self.linked_by(twins, values[count + 1 :])
            for chosen in product(*effects):
                settings = tuple(setting for _, wanted in chosen for setting in wanted)
                after = (stage, *(value for value, _ in chosen), *together)
                if settings or after != values:
                    yield Successor(label, after, settings)

    def linked_by(self, twins: tuple[bool | None, ...], before: Values) -> Values:
        """Which pairs of anchors are one instant now."""
        return tuple(old if new is None else int(new) for old, new in zip(before, twins, strict=True))

    def twins_of(self, label: Label) -> tuple[bool | None, ...]:
        """For each pair of anchors whether the label sets both, so that they are one; None: neither."""
        return tuple(self._pairs(label, i, j) for i, j in self.twins)

    def _apply(
        self, number: int, op: Op | None, value: Value
    ) -> tuple[tuple[Value, tuple[tuple[int, int], ...]], ...]:
        if op is None:
            return ((value, ()),)
        key = (number, op, value)
        found = self._applied.get(key)
        if found is None:
            effects = self.variables[number - 1].apply(op, value, self.fits[number])
            found = self._applied[key] = tuple(
                (after, tuple(self._settings(number, wanted))) for after, wanted in effects
            )
        return found

    def gated(
        self, number: int, asked: Asked, gates: tuple[Gate, ...], values: Values
    ) -> tuple[tuple[Value, tuple[tuple[int, int], ...]], ...]:
        """Where a machine can be after an event, by what the gates say before it."""
        shut, held = set(), []
        for gate in gates:
            if any(self._limits(option, values) is not None for option in gate.options):
                held.append(gate.rule.id)
            else:
                shut.add(gate.rule.id)
        sure = {gate.rule.id for gate in gates if held.count(gate.rule.id) == len(gate.rule.guards)}
        machine = self.variables[number - 1]
        if not isinstance(machine, Machine):
            raise TypeError(machine)
        return tuple((state, ()) for state in machine.targets(str(values[number]), asked, shut, sure))

    def gates_at(self, label: Label) -> Iterator[_Gated]:
        """The machines whose alternatives are known when the label happens."""
        for number, variable in enumerate(self.variables, 1):
            if isinstance(variable, Machine):
                gates = tuple(g for g in self.gates if g.machine == variable.name and g.is_known(label))
                if gates and variable.op(label) is not None:
                    yield number, variable.asked(label), gates

    def _moves_at(self, stage: str) -> tuple[_Move, ...]:
        found = self._moves.get(stage)
        if found is None:
            act = self.relation.act
            labels = self.relation.labels[stage]
            columns = [self.relation.ops(variable, stage) for variable in self.variables]
            moves: dict[object, _Move] = {}
            rows = zip(*columns, strict=True) if columns else repeat(())
            for label, ops in zip(labels, rows, strict=False):
                after = next_stage(act, stage, label) if stage else ""
                twins = self.twins_of(label)
                if after != stage or any(op is not None for op in ops):
                    gated = tuple(self.gates_at(label)) if self.gates else ()
                    moves.setdefault((ops, twins, after, gated), (label, after, ops, twins, gated))
            found = self._moves[stage] = tuple(moves.values())
        return found

    def _pairs(self, label: Label, i: int, j: int) -> bool | None:
        sets = (self.anchor(i).sets(label), self.anchor(j).sets(label))
        return all(sets) if any(sets) else None

    def _settings(self, number: int, wanted: tuple[Setting, ...]) -> Iterator[tuple[int, int]]:
        for name, to in wanted:
            clock = self.clocks.get((number, name))
            if clock is not None:
                other = 0 if to == "zero" else FREE if to == "free" else self.clocks[number, FLOOR]
                yield clock, other

    def _arriving(self, values: Values) -> Iterator[Successor]:
        seen = set()
        for number, variable in enumerate(self.variables, 1):
            if (
                not isinstance(variable, Anchor)
                or variable.arrives(values[number], self.fits[number]) is None
            ):
                continue
            group = self._linked(number, values)
            if group in seen:
                continue
            seen.add(group)
            after = list(values)
            settings: list[tuple[int, int]] = []
            for each in group:
                effect = self.anchor(each).arrives(values[each], self.fits[each])
                if effect is not None:
                    after[each] = effect[0]
                    settings += self._settings(each, effect[1])
            yield Successor(Arrival(group), tuple(after), tuple(settings))

    def anchor(self, number: int) -> Anchor:
        variable = self.variables[number - 1]
        if isinstance(variable, Anchor):
            return variable
        raise TypeError(variable)

    def _linked(self, number: int, values: Values) -> tuple[int, ...]:
        """The anchors that are the same instant as this one, and have come as far."""
        here = pair(values[number])[0]
        group = {number}
        for (i, j), together in zip(self.twins, values[len(self.variables) + 1 :], strict=True):
            if together and number in (i, j):
                other = j if i == number else i
                awaited = self.anchor(other).arrives(values[other], self.fits[other]) is not None
                if awaited and pair(values[other])[0] == here:
                    group.add(other)
        return tuple(sorted(group))

    # --- what is bad --------------------------------------------------------------------------

    def bad_at(self, values: Values) -> tuple[tuple[Limit, ...], ...]:
        """The limits on clocks, one list a way, under which something bad is allowed at these values."""
        found = self._bad.get(values)
        if found is None:
            found = self._bad[values] = tuple(self._find_bad(values))
        return found

    def _find_bad(self, values: Values) -> Iterator[tuple[Limit, ...]]:
        for atoms in self.bad:
            limits = self._limits(atoms, values)
            if limits is not None:
                yield limits

    def _limits(self, atoms: tuple[Atom, ...], values: Values) -> tuple[Limit, ...] | None:
        """The limits on clocks under which all atoms hold at these values; None if some atom does not."""
        limits: tuple[Limit, ...] = ()
        for atom in atoms:
            bounds = atom.holds(values[self._at[atom.variable] if atom.variable else 0])
            if bounds is None:
                return None
            limits += tuple(map(self._limit, bounds))
        return limits

    def _limit(self, bound: Bound) -> Limit:
        return self.clocks[self._at[bound.variable], bound.clock], bound.micros, bound.below


def view_of(
    relation: Relation,
    active: Collection[ConditionKey],
    goals: Iterable[tuple[Atom, ...]],
    *,
    consistent: bool = False,
) -> View:
    """Return the view of some conditions: bad is what they allow while all atoms of a goal hold.

    ``consistent``: leave out conjunctions that contradict themselves. Nothing changes by that but the number
    of variables, and so the form of a certificate.
    """
    bad = (
        conjunction(goal, *chosen)
        for way in relation.ways
        for chosen in product(*(each.options for each in way if each.key in active))
        for goal in goals
    )
    kept = (atoms for atoms in bad if not (consistent and contradicts(atoms)))
    return View(relation, kept, (gate for key, gate in relation.gates.items() if key in active))


def _gates_of(atoms: Iterable[Atom], gates: tuple[Gate, ...]) -> tuple[Gate, ...]:
    """The gates of machines that the atoms look at, or that those gates look at."""
    seen = {atom.variable.name for atom in atoms if isinstance(atom, Stands)}
    while True:
        found = tuple(gate for gate in gates if gate.machine in seen)
        more = {a.variable.name for g in found for o in g.options for a in o if isinstance(a, Stands)}
        if more <= seen:
            return found
        seen |= more
