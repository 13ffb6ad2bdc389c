"""The frame of a view: which variables and clocks it has, how far they count, and what atoms ask of them.

A variable gets a cap, the largest number that an atom compares it with, and a clock for each of its instants
that an atom measures time from. For each clock the frame keeps the largest constant that it is asked to be at
least (`lower`), and to be below (`upper`): beyond those no atom can tell readings apart, so zones need not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import combinations
from typing import Literal, TypeAlias

from postinterview.proof.model.conditions import AtLeast, Atom, HasCome, InStage, InStates
from postinterview.proof.model.credits import CreditBucket
from postinterview.proof.model.labels import EventLabel, start_stage
from postinterview.proof.model.machine_states import Variable
from postinterview.proof.model.relation import Gate, Relation
from postinterview.proof.model.tally import Tallied, Tally
from postinterview.proof.model.variables import (
    FLOOR,
    ClockName,
    Effect,
    Op,
    Setting,
    TimeAnchor,
    Value,
    pair,
)

Values: TypeAlias = tuple[Value, ...]
"""The stage of the place (empty if the view does not keep it), the values of the variables, and for each pair
of ``View.twins`` whether they are linked now."""

Link: TypeAlias = bool | Literal["ahead"] | None
"""The link of two anchors after a label; None: it stays. ``ahead``: they are linked if the date of
the two is not over yet."""

Limit: TypeAlias = tuple[int, int, bool]
"""A clock of the view, a constant in microseconds, and whether the clock is below it (or at least)."""

FREE = -1
"""In settings: the clock may read anything."""


class Frame:
    """Variables, clocks and what is bad, for some conjunctions of atoms of one relation.

    ``asked``: more atoms that the view asks. ``anchors``: the numbers of the variables that are anchors.
    ``twins``: pairs of anchors of which the order may be known. They are linked if one event set both, so
    that they are one instant; or if the one is a date no earlier than the day of the other. ``dated``: the
    business days, by the number of their anchor, that come when the calendar has them. ``tally``: the number
    of the variable that is a tally; 0: there is none.

    ``timed``: the anchors of which all business days come so, beside those whose time since instant 0 is
    asked, too. That costs a clock for each anchor.
    """

    def __init__(
        self,
        relation: Relation,
        bad: Iterable[tuple[Atom, ...]],
        gates: Iterable[Gate] = (),
        asked: Iterable[Atom] = (),
        *,
        timed: Collection[Variable] = (),
    ) -> None:
        self.relation = relation
        self.bad = tuple(dict.fromkeys(bad))
        atoms = [*(atom for each in self.bad for atom in each), *asked]
        self.gates = _gates_of(atoms, tuple(gates))
        atoms += [atom for gate in self.gates for option in gate.options for atom in option]
        found = dict.fromkeys(atom.variable for atom in atoms if atom.variable is not None)
        self.variables: tuple[Variable, ...] = tuple(found)
        self._at = {variable: number for number, variable in enumerate(self.variables, 1)}
        staged = any(isinstance(atom, InStage) for atom in atoms)
        self.keeps_stage = staged or any(variable.scope.round for variable in self.variables)
        tallies = (number for number, each in enumerate(self.variables, 1) if isinstance(each, Tally))
        self.tally = next(tallies, 0)
        self.caps = [0] * (len(self.variables) + 1)
        self.clocks: dict[tuple[int, ClockName], int] = {}
        self.lower, self.upper = [0], [0]
        for atom in atoms:
            self._fit(atom)
        for number, variable in enumerate(self.variables, 1):
            if isinstance(variable, Tally):
                for clock, micros, below in variable.waits(self.caps[number]):
                    self._bound(number, clock, micros, below=below)
        self.anchors = tuple(n for n, each in enumerate(self.variables, 1) if isinstance(each, TimeAnchor))
        self.dated = tuple(self._dated(timed))
        for number, instant in self.dated:
            anchor = self.anchor(number)
            for clock in (0, FLOOR) if anchor.scope.round else (0,):
                self._bound(number, clock, anchor.comes_after(instant), below=False)
                self._bound(number, clock, anchor.comes_before(instant), below=True)
        self.twins = tuple(two for two in combinations(self.anchors, 2) if self._are_twins(*two))

    def _are_twins(self, number: int, other: int) -> bool:
        """Return whether the order in which the two come may be known."""
        one, two = self.anchor(number), self.anchor(other)
        if one.date != two.date:
            known = one.waits_for(two) or two.waits_for(one)
        else:
            known = bool(one.set_by & two.set_by)
        return known and (bool(one.date and two.date) or min(self.caps[number], self.caps[other]) > 0)

    def _dated(self, timed: Collection[Variable]) -> Iterator[tuple[int, int]]:
        """Yield the business days that come when the calendar has them, by the number of their anchor."""
        for number, variable in enumerate(self.variables, 1):
            if not isinstance(variable, TimeAnchor) or variable.calendar is None:
                continue
            if variable in timed or (number, 0) in self.clocks:
                yield from ((number, instant) for instant in range(1, self.caps[number] + 1))

    def _fit(self, atom: Atom) -> None:
        """Let caps, clocks and their constants be large enough for the atom."""
        if isinstance(atom, Tallied) and not atom.negated:  # beyond that, more makes no difference
            number = self._at[atom.variable]
            self.caps[number] = max(self.caps[number], atom.number)
        if isinstance(atom, AtLeast) and not isinstance(atom.variable, CreditBucket):
            number = self._at[atom.variable]
            self.caps[number] = max(self.caps[number], atom.number)
            for clock in range(atom.number if atom.micros else 0):  # each may be read by the next one
                self._bound(number, clock, atom.micros, below=not atom.negated)
        if isinstance(atom, HasCome):
            number = self._at[atom.variable]
            self.caps[number] = max(self.caps[number], atom.instant)
            if atom.micros:
                self._bound(number, atom.instant, atom.micros, below=atom.negated)
                if atom.variable.scope.round:
                    self._bound(number, FLOOR, atom.micros, below=atom.negated)

    def _bound(self, number: int, name: ClockName, micros: int, *, below: bool) -> None:
        """Let zones tell readings of a clock apart up to a constant."""
        clock = self._clock(number, name)
        bounds = self.upper if below else self.lower
        bounds[clock] = max(bounds[clock], micros)

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
        """The values before anything has happened."""
        stage = start_stage(self.relation.act) if self.keeps_stage else ""
        return (stage, *(variable.start for variable in self.variables), *(0 for _ in self.twins))

    def anchor(self, number: int) -> TimeAnchor:
        """Return the variable of this number, which is an anchor."""
        variable = self.variables[number - 1]
        if isinstance(variable, TimeAnchor):
            return variable
        raise TypeError(variable)

    def effects(self, number: int, op: Op, value: Value, spent: bool | None) -> tuple[Effect, ...]:
        """Return what an operation does to a variable. ``spent``: whether it takes a credit; None: either."""
        variable = self.variables[number - 1]
        if isinstance(variable, CreditBucket):
            return variable.apply(op, value, self.caps[number], spent)
        return variable.apply(op, value, self.caps[number])

    def twins_of(self, label: EventLabel) -> tuple[Link, ...]:
        """Return for each pair of twins what the label makes of their link."""
        return tuple(self._link(label, *(self.anchor(each) for each in two)) for two in self.twins)

    def _link(self, label: EventLabel, one: TimeAnchor, other: TimeAnchor) -> Link:
        sets = one.sets(label), other.sets(label)
        if all(sets):
            return True
        if one.date == other.date:
            return False if any(sets) else None
        date, names, happens = (one, *sets) if one.date else (other, *sets[::-1])
        if names:
            return date.calendar is not None
        return "ahead" if happens else False if label.event in date.ended_by else None

    def linked_by(self, twins: tuple[Link, ...], before: Values) -> Values:
        """Return which twins are linked after a label, from the values before it."""
        links = zip(self.twins, twins, before[len(self.variables) + 1 :], strict=True)
        return tuple(
            old if new is None else int(self._is_linked(new, *two, before)) for two, new, old in links
        )

    def _is_linked(self, link: Link, number: int, other: int, before: Values) -> bool:
        if link == "ahead":
            return pair(before[number if self.anchor(number).date else other])[0] == 1
        return bool(link)

    def settings(self, number: int, wanted: tuple[Setting, ...]) -> Iterator[tuple[int, int]]:
        """Yield the settings of the view's clocks that a variable wants."""
        for name, to in wanted:
            if clock := self.clocks.get((number, name)):
                yield clock, 0 if to == "zero" else FREE if to == "free" else self.clocks[number, to]

    def number_of(self, atom: Atom) -> int:
        """Return the number of the value that an atom looks at; 0: the stage."""
        return 0 if atom.variable is None else self._at[atom.variable]

    def limits(self, atoms: tuple[Atom, ...], values: Values) -> tuple[Limit, ...] | None:
        """Return the limits on clocks under which all atoms hold at these values; None: they can't."""
        limits: list[Limit] = []
        for atom in atoms:
            number = 0 if atom.variable is None else self._at[atom.variable]
            bounds = atom.holds(values[number])
            if bounds is None:
                return None
            limits += ((self.clocks[number, clock], micros, below) for clock, micros, below in bounds)
        return tuple(limits)

    def counts(self, before: Values, after: Values) -> bool:
        """Return whether the move between these values adds to the tally."""
        at = self.tally
        return bool(at) and pair(after[at])[0] > pair(before[at])[0]

    def missing(self, values: Values) -> int:
        """Return how many acts the tally still has to count."""
        return self.caps[self.tally] - pair(values[self.tally])[0] if self.tally else 0

    def open_window(self, values: Values) -> tuple[Limit, ...]:
        """Return what every move waits for: that the window is not over, if one has begun."""
        tally = self.variables[self.tally - 1] if self.tally else None
        if not isinstance(tally, Tally) or not pair(values[self.tally])[0]:
            return ()
        waits = tally.waits(self.caps[self.tally])
        return tuple((self.clocks[self.tally, clock], micros, below) for clock, micros, below in waits)

    def on_time(self, values: Values) -> Iterator[Limit]:
        """Yield what holds at any moment: no business day that is awaited is late by its calendar."""
        for number, instant in self.dated:
            if pair(values[number])[0] == 1 + instant:
                yield self.clocks[number, 0], self.anchor(number).comes_before(instant), True

    def covering(self, values: Values) -> tuple[Values, ...]:
        """Return these values, and those that differ only in a larger count.

        From a larger count at least as much can come: whatever counts from the smaller one counts from the
        larger one too, or is passed over there as a breach that does the same to all other variables. That
        holds once a window has begun; before, another beginning is still to be guessed.
        """
        tally = self.variables[self.tally - 1] if self.tally else None
        if not isinstance(tally, Tally):
            return (values,)
        here, floor = pair(values[self.tally])
        if tally.within is not None and not here:
            return (values,)
        head, tail = values[: self.tally], values[self.tally + 1 :]
        return tuple((*head, (count, floor), *tail) for count in range(here, self.caps[self.tally] + 1))


def _gates_of(atoms: Iterable[Atom], gates: tuple[Gate, ...]) -> tuple[Gate, ...]:
    """Return the gates of machines that the atoms look at, or that those gates look at."""
    seen = {atom.variable.name for atom in atoms if isinstance(atom, InStates)}
    while True:
        found = tuple(gate for gate in gates if gate.machine in seen)
        more = {a.variable.name for g in found for o in g.options for a in o if isinstance(a, InStates)}
        if more <= seen:
            return found
        seen |= more
