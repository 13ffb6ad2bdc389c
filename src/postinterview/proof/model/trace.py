"""Follow a real history through a view: which values it comes to, and what its clocks read.

This ties the model to the code that runs. A story counts as a violation only if the history that the engine
made of it is bad in the view as well. Tests follow random histories: each step must be a move of the view,
and each state must lie inside the certificate.
"""

from __future__ import annotations

from datetime import datetime

from attrs import define, field

from postinterview.core.past.placed import Placed
from postinterview.core.past.places import Key, key_in
from postinterview.core.past.situation import Snapshot
from postinterview.core.process import Process
from postinterview.core.steps.step import step
from postinterview.core.values.moments import MICROSECOND
from postinterview.proof.model.conditions import Atom
from postinterview.proof.model.credits import CreditBucket
from postinterview.proof.model.event_moves import Arrival
from postinterview.proof.model.frame import Values
from postinterview.proof.model.labels import EventLabel, InRound, Where, Who, next_stage, start_stage
from postinterview.proof.model.machine_states import MachineState
from postinterview.proof.model.variables import (
    FLOOR,
    ClockName,
    Effect,
    Op,
    TimeAnchor,
    Value,
    pair,
)
from postinterview.proof.model.view import View


@define
class Trace:
    """The place of one act in one process; ``application`` is None if the act concerns the employer.

    ``resets``: for each clock of the view the moment since which it counts; None: it may read anything.
    ``together``: which pairs of ``View.twins`` are linked. ``strays``: what the history did that is no move
    of the view; there should be none.
    """

    view: View
    process: Process
    application: str | None
    to: str | None
    stage: str = ""
    round: int | None = None
    values: list[Value] = field(factory=list)
    resets: list[datetime | None] = field(factory=list)
    together: Values = ()
    strays: list[object] = field(factory=list)
    _instants: dict[int, list[datetime]] = field(factory=dict)

    def follow(self, at: datetime) -> None:
        """Follow the whole history, up to a moment."""
        act = self.view.relation.act
        self.stage = start_stage(act)
        self.round = None if act.to_person or act.employer_wide else 0
        self.values = [variable.start for variable in self.view.variables]
        self.resets = [None] * self.view.size
        self.together = self.view.start[len(self.values) + 1 :]
        engine, calendar = self.process.rulebook.engine, self.process.calendar
        snapshot = engine.start
        for placed in self.process.timeline:
            self._arrive(placed.at)
            snapshot = step(engine, calendar, snapshot, placed.event).snapshot
            self._happen(placed, snapshot)
        self._arrive(at)

    def is_bad(self, at: datetime) -> bool:
        """Return whether the view calls something bad at a moment after the history."""
        return any(self.meets(atoms, at) for atoms in self.view.bad)

    def meets(self, atoms: tuple[Atom, ...], at: datetime) -> bool:
        """Return whether all atoms, which the view knows, hold at a moment after the history."""
        limits = self.view.limits(atoms, self.state)
        return limits is not None and all(self._within(at, *limit) for limit in limits)

    @property
    def state(self) -> Values:
        """The values, as the view has them."""
        return (self.stage if self.view.keeps_stage else "", *self.values, *self.together)

    def reading(self, clock: int, at: datetime) -> int | None:
        """Return what a clock reads, in microseconds; None: anything."""
        reset = self.resets[clock]
        return None if reset is None else (at - reset) // MICROSECOND

    def _within(self, at: datetime, clock: int, constant: int, below: bool) -> bool:
        reading = self.reading(clock, at)
        return reading is not None and (reading < constant) is below

    def _happen(self, placed: Placed, snapshot: Snapshot) -> None:
        act, before = self.view.relation.act, self.state
        label = self._label(placed)
        if label not in self.view.relation.labels[self.stage]:
            self.strays.append(label)
        self.stage = next_stage(act, self.stage, label)
        for number, variable in enumerate(self.view.variables, 1):
            op = variable.op(label)
            if isinstance(variable, MachineState):
                key = key_in(variable.scope, Key(self.application, self.round, self.to))
                met = self.round is not None or not variable.scope.round  # before, there is no instance
                state = snapshot.states.get((variable.name, key)) if met else None
                self.values[number - 1] = state or variable.start
            elif op is not None and isinstance(variable, TimeAnchor):
                self._anchor(number, variable, op, placed)
            elif op is not None:
                spent = isinstance(variable, CreditBucket) and variable.credit in placed.spent
                self._take(
                    number, self.view.effects(number, op, self.values[number - 1], spent)[0], placed.at
                )
        self.together = self.view.linked_by(self.view.twins_of(label), before)
        after = self.state
        if after != before and all(after != each.values for each in self.view.successors(before)):
            self.strays.append((label, before, after))

    def _anchor(self, number: int, anchor: TimeAnchor, op: Op, placed: Placed) -> None:
        if op[0] == "new" and pair(self.values[number - 1])[1]:
            self.values[number - 1] = (2, 1)
            floor = self.resets[self.view.clocks.get((number, FLOOR), 0)]
            self._set(number, 0, floor)
            self._instants[number] = [floor] if floor is not None else []
            return
        effect = anchor.apply(op, self.values[number - 1], self.view.caps[number])[0]
        self._take(number, effect, placed.at)
        if op[0] == "set":
            calendar, days = self.process.calendar, range(1, self.view.caps[number] + 1)
            day = dict(placed.dates)[anchor.date] if anchor.date else calendar.day_of(placed.at)
            first = calendar.end_of(day) if anchor.date else placed.at
            self._instants[number] = [first, *(calendar.business_day_after(day, n) for n in days)]

    def _arrive(self, at: datetime) -> None:
        before = self.state
        self._let_arrive(at)
        ways = {before}
        while self.state not in ways:
            longer = {s.values for w in ways for s in self.view.successors(w) if isinstance(s.move, Arrival)}
            if longer <= ways:
                self.strays.append(("arrival", before, self.state))
                break
            ways |= longer

    def _let_arrive(self, at: datetime) -> None:
        for number, variable in enumerate(self.view.variables, 1):
            while isinstance(variable, TimeAnchor) and (
                effect := variable.arrives(self.values[number - 1], self.view.caps[number])
            ):
                instant = pair(effect[0])[0] - 2
                known = self._instants[number]
                if instant >= len(known) or known[instant] > at:
                    break
                self.values[number - 1] = effect[0]
                self._set(number, instant, known[instant])

    def _take(self, number: int, effect: Effect, now: datetime) -> None:
        """Let a move that happens now have its effect on a variable."""
        self.values[number - 1] = effect.value
        for name, to in effect.settings:
            other = self.resets[self.view.clocks.get((number, to), 0)] if isinstance(to, int) else None
            self._set(number, name, now if to == "zero" else other)

    def _set(self, number: int, name: ClockName, moment: datetime | None) -> None:
        if clock := self.view.clocks.get((number, name)):
            self.resets[clock] = moment

    def _label(self, placed: Placed) -> EventLabel:
        act, kind = self.view.relation.act, self.process.rulebook.definition.events[placed.name]
        who: Who = "nobody" if not placed.people else "them" if self.to in placed.people else "others"
        dates = frozenset(name for name, _ in placed.dates)
        where: Where = "nowhere" if placed.application is None else "here"
        aside = kind.to_person and who == "them" and placed.event.to != self.to
        if act.employer_wide or where == "nowhere":
            opens = where == "here" and kind.opens_round
            return EventLabel(placed.name, where, "none", who, opens, False, dates, aside)
        if placed.application != self.application:
            return EventLabel(placed.name, "elsewhere", "other", who, dates=dates, aside=aside)
        begins = kind.opens_round and (self.to is None or self.to in placed.people)
        if begins:
            self.round = placed.round
        same: InRound = "same" if placed.round else "zero"
        round_ = "none" if placed.round is None else same if placed.round == self.round else "other"
        return EventLabel(placed.name, where, round_, who, kind.opens_round, begins, dates, aside)
