"""Check a certificate with z3, over real time and with counters that have no cap.

It shares with the search what the checker shares, the relation, and not its arithmetic: what a label
does to a count is said here again, over whole numbers that nothing bounds. A certificate speaks of
capped counts; a cap stands for itself and all that is more. All questions about one certificate are
put as one: is there a state inside from which something bad is allowed, or one step leads out?
A count that a gate asks, so that an event moves a machine by it, stays capped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import z3

from postinterview.proof.model.conditions import AtLeast, Atom
from postinterview.proof.model.event_moves import Arrival
from postinterview.proof.model.frame import FREE, Values
from postinterview.proof.model.labels import EventLabel, next_stage
from postinterview.proof.model.tally import Tally
from postinterview.proof.model.variables import ClockName, Effect, EventCount, Reading, pair
from postinterview.proof.model.view import View
from postinterview.proof.model.zones import Zone
from postinterview.proof.search.search import State

NO_BOUND = 1 << 80


def z3_accepts(view: View, reached: Iterable[State]) -> bool:
    """Whether the states are an invariant in which nothing bad is allowed."""
    return Opinion(view, reached).accepts()


class Opinion:
    def __init__(self, view: View, reached: Iterable[State]) -> None:
        self.view = view
        gated = {a.variable for gate in view.gates for option in gate.options for a in option}
        self.counting = [
            n for n, v in enumerate(view.variables, 1) if isinstance(v, EventCount) and v not in gated
        ]
        self.counts = {n: (z3.Int(f"here{n}"), z3.Int(f"floor{n}")) for n in self.counting}
        self.clocks: list[Any] = [z3.RealVal(0), *(z3.Real(f"x{i}") for i in range(1, view.size))]
        self.anything = [z3.Real(f"f{i}") for i in range(view.size)]
        self.delay = z3.Real("delay")
        self.inside: dict[Values, list[State]] = {}
        for values, zone in reached:
            self.inside.setdefault(self.discrete(values), []).append((values, zone))

    def discrete(self, values: Values) -> Values:
        """The values without the counts."""
        return tuple((0, 0) if n in self.counts else value for n, value in enumerate(values))

    def accepts(self) -> bool:
        solver = z3.Solver()
        some = (
            *self.clocks[1:],
            *self.anything,
            self.delay,
            *(each for two in self.counts.values() for each in two),
        )
        solver.add(*(each >= 0 for each in some))
        escapes = [z3.And(self.is_start(), z3.Not(self.holds(self.view.start, self.counts, self.clocks)))]
        for values in self.inside:
            outside = [*self.bad(values), *self.ways_out(values)]
            escapes.append(z3.And(self.holds(values, self.counts, self.clocks), z3.Or(*outside)))
        solver.add(z3.Or(*escapes))
        return bool(solver.check() == z3.unsat)

    def is_start(self) -> Any:
        return z3.And(*(number == 0 for two in self.counts.values() for number in two))

    def holds(self, values: Values, counts: dict[int, tuple[Any, Any]], clocks: list[Any]) -> Any:
        """That counts and clocks are inside, where everything else has these values, or a tally is ahead."""
        values = self.discrete(values)
        states = [
            each for known, some in self.inside.items() if self.is_ahead(known, values) for each in some
        ]
        return z3.Or(
            *(z3.And(self.counted(known, counts), self.bounded(zone, clocks)) for known, zone in states)
        )

    def is_ahead(self, known: Values, values: Values) -> bool:
        """Whether values are the same but for a tally that has counted more, since a window was begun."""
        if known == values:
            return True
        if not isinstance(tally := self.tally(), Tally):
            return False
        at = self.view.tally
        (ahead, floor), (here, same) = pair(known[at]), pair(values[at])
        begun = bool(here) or tally.within is None
        return (
            begun and ahead > here and floor == same and known == (*values[:at], known[at], *values[at + 1 :])
        )

    def tally(self) -> object:
        return self.view.variables[self.view.tally - 1] if self.view.tally else None

    def counted(self, values: Values, counts: dict[int, tuple[Any, Any]]) -> Any:
        found = []
        for n, two in counts.items():
            cap = self.view.caps[n]
            found += [
                number >= cap if known >= cap else number == known
                for number, known in zip(two, pair(values[n]), strict=True)
            ]
        return z3.And(*found)

    def bounded(self, zone: Zone, clocks: list[Any]) -> Any:
        n = self.view.size
        bounds = []
        for i, j in product(range(n), repeat=2):
            bound = zone[i * n + j]
            if i != j and bound < NO_BOUND:
                difference = clocks[i] - clocks[j]
                bounds.append(difference <= bound >> 1 if bound & 1 else difference < bound >> 1)
        return z3.And(*bounds)

    # --- what is bad --------------------------------------------------------------------------

    def bad(self, values: Values) -> Iterator[Any]:
        yield from (self.holding(conjunction, values) for conjunction in self.view.bad)

    def holding(self, conjunction: Iterable[Atom], values: Values) -> Any:
        """That all atoms hold: a question about counts and clocks, where everything else has these values."""
        at = {variable: n for n, variable in enumerate(self.view.variables, 1)}
        asked: list[Any] = []
        for atom in conjunction:
            n = 0 if atom.variable is None else at[atom.variable]
            if isinstance(atom, AtLeast) and n in self.counts:
                here = self.counts[n][0]
                asked.append(here < atom.number if atom.negated else here >= atom.number)
                continue
            bounds = atom.holds(values[n])
            if bounds is None:
                return z3.BoolVal(val=False)
            asked += (self.within(self.view.clocks[n, name], micros, below) for name, micros, below in bounds)
        return z3.And(*asked)

    def within(self, clock: int, micros: int, below: bool) -> Any:
        return self.clocks[clock] < micros if below else self.clocks[clock] >= micros

    # --- where it leads -----------------------------------------------------------------------

    def ways_out(self, values: Values) -> Iterator[Any]:
        view, variables = self.view, self.view.variables
        seen = set()
        for label in view.relation.labels[str(values[0])]:
            ops = tuple(variable.op(label) for variable in variables)
            stage = next_stage(view.relation.act, str(values[0]), label) if values[0] else ""
            linked = view.linked_by(view.twins_of(label), values)
            choices = view.moves.choices
            gated, spenders = choices.gates_at(label), choices.spenders_at(label)
            asked = ((),) if view.asked is None else view.asked.of(label)
            if (ops, stage, linked, gated, spenders, asked) in seen:
                continue
            seen.add((ops, stage, linked, gated, spenders, asked))
            counts = {n: self.counts_on(n, label) for n in self.counting}
            for spent in choices.spent_by(spenders, values):
                effects = [
                    (Effect(values[n]),)
                    if n in self.counts or op is None
                    else view.effects(n, op, values[n], spent.get(n))
                    for n, op in enumerate(ops, 1)
                ]
                for n, heard, gates in gated:
                    effects[n - 1] = tuple(Effect(state) for state in choices.gated(n, heard, gates, values))
                for chosen in product(*effects):
                    clocks = self.set_clocks(
                        (n, name, to) for n, each in enumerate(chosen, 1) for name, to in each.settings
                    )
                    after = (stage, *(each.value for each in chosen), *linked)
                    waits = (
                        self.within(self.view.clocks[n, name], micros, below)
                        for n, each in enumerate(chosen, 1)
                        for name, micros, below in each.waits
                    )
                    allowed = z3.BoolVal(val=True)
                    if view.tally and pair(after[view.tally])[0] > pair(values[view.tally])[0]:
                        allowed = z3.Or(*(self.holding(conjunction, values) for conjunction in asked))
                    yield z3.And(
                        *waits, allowed, self.window(values), z3.Not(self.holds(after, counts, clocks))
                    )
        for successor in view.successors(values):
            if isinstance(successor.move, Arrival):
                now = list(self.clocks)
                for clock, other in successor.settings:
                    now[clock] = self.anything[clock] if other == FREE else now[other]
                outside = z3.Not(self.holds(successor.values, self.counts, self.later(now)))
                yield z3.And(self.window(values), outside)

    def window(self, values: Values) -> Any:
        """That the window of a tally is not over, if one was begun."""
        tally, at = self.tally(), self.view.tally
        if not isinstance(tally, Tally) or tally.within is None or not pair(values[at])[0]:
            return z3.BoolVal(val=True)
        return self.within(self.view.clocks[at, 0], tally.within, below=True)

    def counts_on(self, n: int, label: EventLabel) -> tuple[Any, Any]:
        """What a label makes of a count and of the part that every round has."""
        count = self.view.variables[n - 1]
        assert isinstance(count, EventCount)
        here, floor = self.counts[n]
        if label.begins and count.scope.round:
            here = floor
        if label.lies_in(count.scope) and (label.event in count.of or label.event in count.since):
            everywhere = count.scope.round and label.round == "none"
            if label.event in count.since:
                here, floor = z3.IntVal(0), z3.IntVal(0) if everywhere else floor
            else:
                here, floor = here + 1, floor + 1 if everywhere else floor
        return here, floor

    def set_clocks(self, settings: Iterable[tuple[int, ClockName, Reading]]) -> list[Any]:
        now = list(self.clocks)
        for n, name, to in settings:
            clock = self.view.clocks.get((n, name))
            if clock is not None:
                now[clock] = (
                    self.clocks[0]
                    if to == "zero"
                    else self.anything[clock]
                    if to == "free"
                    else now[self.view.clocks[n, to]]
                )
        return self.later(now)

    def later(self, clocks: list[Any]) -> list[Any]:
        return [self.clocks[0], *(clock + self.delay for clock in clocks[1:])]
