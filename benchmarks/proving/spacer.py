"""The same question for z3's fixed-point engine (Spacer): numbers for values, real numbers for clocks.

It gets what the search gets, a view, and writes it as Horn clauses over one relation: the values of all
variables and the readings of all clocks. Nothing is unfolded beforehand but each variable by itself. An act
that counts towards a tally only if it is allowed does so under what the view asks of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeAlias

import z3

from benchmarks.proving.answers import Answer, Needed, Stopwatch
from postinterview.proof.model.conditions import Atom
from postinterview.proof.model.frame import Link
from postinterview.proof.model.labels import next_stage, stages_of
from postinterview.proof.model.tally import Tally
from postinterview.proof.model.variables import ClockName, Effect, Op, Reading, TimeAnchor, Value, Wait, pair
from postinterview.proof.model.view import View
from postinterview.proof.search.refinement import ProofVerdict

Options: TypeAlias = tuple[tuple[Atom, ...], ...]
"""Conjunctions of which one has to hold."""

_VERDICTS: dict[str, ProofVerdict] = {"sat": "violated", "unsat": "proved"}


class Asked(Protocol):
    """What can be asked: it gives a view of some conditions, or of all."""

    def view(self, keys: Needed | None = None) -> View: ...


def by_spacer(question: Asked, seconds: float, keys: Needed | None = None) -> Answer:
    """Return the answer of Spacer, with these conditions (None: all of them); its limit is in real time."""
    stopwatch = Stopwatch()
    clauses = _Clauses(question.view(keys))
    engine = z3.Fixedpoint()
    engine.set("engine", "spacer")
    engine.set("timeout", int(seconds * 1000))
    query = clauses.put_to(engine)
    try:
        found = str(engine.query(query))
    except z3.Z3Exception as error:  # it answers some time-outs with `unknown`, and some like this
        if "canceled" not in str(error):
            raise
        found = "unknown"
    return Answer(_VERDICTS.get(found, "unknown"), None, stopwatch.seconds)


class _Clauses:
    """A view as Horn clauses. Primed names are those after a move and any delay."""

    def __init__(self, view: View) -> None:
        self.view = view
        count = len(view.variables)
        self.stages = stages_of(view.relation.act) if view.keeps_stage else ("",)
        self.domains = [self._domain(number) for number in range(1, count + 1)]
        sorts = [*[z3.IntSort()] * (1 + count + len(view.twins)), *[z3.RealSort()] * (view.size - 1)]
        self.reached = z3.Function("reached", *sorts, z3.BoolSort())
        self.now = self._names("", count)
        self.then = self._names("'", count)
        self.delay = z3.Real("delay")

    def _names(self, prime: str, count: int) -> _Names:
        return _Names(
            z3.Int("stage" + prime),
            [z3.Int(f"v{i}{prime}") for i in range(1, count + 1)],
            [z3.Int(f"t{i}{prime}") for i in range(len(self.view.twins))],
            [z3.Real(f"x{i}{prime}") for i in range(1, self.view.size)],
        )

    def put_to(self, engine: Any) -> Any:
        """Give the engine the clauses, and return the query."""
        view, now, then = self.view, self.now, self.then
        engine.register_relation(self.reached)
        engine.declare_var(*now.all, *then.all, self.delay)
        start = view.start
        count = len(view.variables)
        begin = [
            now.stage == self.stages.index(str(start[0])),
            *(
                name == domain.index(value)
                for name, domain, value in zip(now.values, self.domains, start[1 : count + 1], strict=True)
            ),
            *(name == value for name, value in zip(now.twins, start[count + 1 :], strict=True)),
            *(clock >= 0 for clock in now.clocks),
        ]
        engine.rule(self.reached(*now.all), begin)
        here = [self.reached(*now.all), self.delay >= 0, self._open_window()]
        for move in (*self._labelled(), *self._arriving()):
            engine.rule(self.reached(*then.all), [*here, *move])
        return z3.And(self.reached(*now.all), z3.Or(*map(self._holds, view.bad)))

    # --- moves --------------------------------------------------------------------------------

    def _labelled(self) -> Iterable[list[Any]]:
        view, now, then = self.view, self.now, self.then
        for place, stage in enumerate(self.stages):
            columns = [view.relation.ops(variable, stage) for variable in view.variables]
            moves: dict[tuple[tuple[Op | None, ...], tuple[Link, ...], str, Options], None] = {}
            for number, label in enumerate(view.relation.labels[stage]):
                after = next_stage(view.relation.act, stage, label) if stage else ""
                asked = ((),) if view.asked is None else view.asked.of(label)
                ops = tuple(column[number] for column in columns)
                moves[ops, view.twins_of(label), after, asked] = None
            for ops, twins, after, asked in moves:
                move = [now.stage == place, then.stage == self.stages.index(after)]
                move += [self._applied(number, op, asked) for number, op in enumerate(ops, 1)]
                for number, link in enumerate(twins):
                    old, new = now.twins[number], then.twins[number]
                    move.append(new == (old if link is None else z3.If(self._is_linked(link, number), 1, 0)))
                yield move

    def _is_linked(self, link: Link, number: int) -> Any:
        if link != "ahead":
            return z3.BoolVal(val=bool(link))
        date = next(each for each in self.view.twins[number] if self.view.anchor(each).date)
        pending = (index for index, each in enumerate(self.domains[date - 1]) if pair(each)[0] == 1)
        return z3.Or(*(self.now.values[date - 1] == index for index in pending))

    def _applied(self, number: int, op: Op | None, asked: Options) -> Any:
        if op is None:
            return self._stays(number)
        variable, fit = self.view.variables[number - 1], self.view.caps[number]
        ways = []
        for value in self.domains[number - 1]:
            for effect in variable.apply(op, value, fit):
                counts = number == self.view.tally and pair(effect.value)[0] > pair(value)[0]
                allowed = [z3.Or(*map(self._holds, asked))] if counts else []
                ways.append(z3.And(self._becomes(number, value, effect), *allowed))
        return z3.Or(*ways)

    def _open_window(self) -> Any:
        """Return that the window of the tally is not over, if one has begun."""
        number = self.view.tally
        tally = self.view.variables[number - 1] if number else None
        if not isinstance(tally, Tally) or tally.within is None:
            return z3.BoolVal(val=True)
        begun = [index for index, value in enumerate(self.domains[number - 1]) if pair(value)[0]]
        here = z3.Or(*(self.now.values[number - 1] == index for index in begun))
        clock = self.now.clocks[self.view.clocks[number, 0] - 1]
        return z3.Or(z3.Not(here), clock < tally.within)

    def _arriving(self) -> Iterable[list[Any]]:
        view, now, then = self.view, self.now, self.then
        for number, variable in enumerate(view.variables, 1):
            if not isinstance(variable, TimeAnchor):
                continue
            ways = []
            for value in self.domains[number - 1]:
                effect = variable.arrives(value, view.caps[number])
                if effect is not None:
                    others = [
                        self._arrives_with(number, value, other)
                        for other in range(1, len(view.variables) + 1)
                        if other != number
                    ]
                    others += self._waits(number, value)
                    ways.append(z3.And(self._becomes(number, value, effect), *others))
            if ways:
                same = [new == old for old, new in zip(now.twins, then.twins, strict=True)]
                yield [then.stage == now.stage, *same, z3.Or(*ways)]

    def _waits(self, number: int, value: Value) -> Iterable[Any]:
        """Yield that what was set with the anchor, and comes no later, has come as far after this value."""
        here = pair(value)[0]
        for linked, two in zip(self.now.twins, self.view.twins, strict=True):
            other = sum(two) - number
            if number in two and here >= 2 and self.view.anchor(number).waits_for(self.view.anchor(other)):
                end = 2 + self.view.caps[other]
                values = enumerate(self.domains[other - 1])
                behind = (i for i, its in values if 0 < pair(its)[0] <= here < end)
                yield z3.Not(z3.And(linked == 1, z3.Or(*(self.now.values[other - 1] == i for i in behind))))

    def _arrives_with(self, number: int, value: Value, other: int) -> Any:
        """Return that the other anchor comes too if it is the same instant and has come as far, or stays."""
        anchor = self.view.variables[other - 1]
        pairs = [k for k, pair_ in enumerate(self.view.twins) if set(pair_) == {number, other}]
        if not pairs or not isinstance(anchor, TimeAnchor) or anchor.date != self.view.anchor(number).date:
            return self._stays(other)
        linked = self.now.twins[pairs[0]] == 1
        together, apart = [], []
        for its in self.domains[other - 1]:
            effect = anchor.arrives(its, self.view.caps[other])
            stays = z3.And(
                self.now.values[other - 1] == self.domains[other - 1].index(its), self._stays(other)
            )
            if effect is not None and pair(its)[0] == pair(value)[0]:
                together.append(self._becomes(other, its, effect))
            else:
                together.append(stays)
        apart.append(self._stays(other))
        return z3.If(linked, z3.Or(*together), z3.And(*apart))

    def _stays(self, number: int) -> Any:
        return z3.And(self.then.values[number - 1] == self.now.values[number - 1], *self._clocks(number, {}))

    def _becomes(self, number: int, value: Value, effect: Effect) -> Any:
        domain = self.domains[number - 1]
        return z3.And(
            self.now.values[number - 1] == domain.index(value),
            self.then.values[number - 1] == domain.index(effect.value),
            *(self._reads(number, wait) for wait in effect.waits),
            *self._clocks(number, dict(effect.settings)),
        )

    def _clocks(self, number: int, settings: Mapping[ClockName, Reading]) -> Iterable[Any]:
        view, now, then = self.view, self.now, self.then
        for (owner, name), clock in view.clocks.items():
            if owner != number:
                continue
            after = then.clocks[clock - 1]
            match settings.get(name):
                case "zero":
                    yield after == self.delay
                case "free":
                    yield after >= self.delay
                case int() as other:
                    yield after == now.clocks[view.clocks[owner, other] - 1] + self.delay
                case _:
                    yield after == now.clocks[clock - 1] + self.delay

    # --- values, and what is bad --------------------------------------------------------------

    def _domain(self, number: int) -> list[Value]:
        """Return every value that the variable can come to by itself."""
        view, variable, fit = self.view, self.view.variables[number - 1], self.view.caps[number]
        ops = {op for stage in self.stages for op in view.relation.ops(variable, stage) if op is not None}
        found: dict[Value, None] = {variable.start: None}
        waiting: list[Value] = [variable.start]
        while waiting:
            value = waiting.pop()
            effects = [effect for op in ops for effect in variable.apply(op, value, fit)]
            if isinstance(variable, TimeAnchor) and (arrival := variable.arrives(value, fit)) is not None:
                effects.append(arrival)
            new = [each.value for each in effects if each.value not in found]
            found |= dict.fromkeys(new)
            waiting += new
        return list(found)

    def _reads(self, number: int, wait: Wait) -> Any:
        """Return that a clock of the variable reads what is waited for."""
        name, micros, below = wait
        clock = self.now.clocks[self.view.clocks[number, name] - 1]
        return clock < micros if below else clock >= micros

    def _holds(self, conjunction: Iterable[Atom]) -> Any:
        view, held = self.view, []
        for atom in conjunction:
            if atom.variable is None:
                stages = [self.now.stage == i for i, s in enumerate(self.stages) if atom.holds(s) is not None]
                held.append(z3.Or(*stages))
                continue
            number = view.variables.index(atom.variable) + 1
            ways = []
            for index, value in enumerate(self.domains[number - 1]):
                bounds = atom.holds(value)
                if bounds is None:
                    continue
                limits = [self._reads(number, wait) for wait in bounds]
                ways.append(z3.And(self.now.values[number - 1] == index, *limits))
            held.append(z3.Or(*ways))
        return z3.And(*held)


class _Names:
    """Return the parts of a state, as z3 has them."""

    def __init__(self, stage: Any, values: list[Any], twins: list[Any], clocks: list[Any]) -> None:
        self.stage, self.values, self.twins, self.clocks = stage, values, twins, clocks

    @property
    def all(self) -> list[Any]:
        return [self.stage, *self.values, *self.twins, *self.clocks]
