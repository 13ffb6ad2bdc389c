"""The moves of a frame: what an event can make of the values of all variables.

A stage has a few hundred labels, but few of them differ in what they do to the variables of a frame. Those
that do the same are one move (`EventMoves._moves_at`). From given values even fewer differ: a count at its
cap stays there, whatever is counted. So for each variable and value, what each move does has a number, and
moves with the same numbers are looked at once (`_column`). What such a row of numbers does is kept, too
(`_outcomes`): it is the same from all values that have it.

Example: the number of chases since a sign of life is 1, and capped there. A call, a mail and a visit, which
all count as chases, do nothing to it, and have the number 0 like all that the frame does not look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice, product, repeat
from typing import NamedTuple, TypeAlias

from postinterview.proof.model import variables as v
from postinterview.proof.model.asked import AskedActs
from postinterview.proof.model.choices import Choices, Gated, Spender
from postinterview.proof.model.conditions import Atom
from postinterview.proof.model.credits import CreditBucket
from postinterview.proof.model.frame import Frame, Limit, Link, Values
from postinterview.proof.model.labels import EventLabel, next_stage


class Arrival(NamedTuple):
    """Instants come: ``anchors`` are the numbers of the variables that reach their next one together."""

    anchors: tuple[int, ...]


class Successor(NamedTuple):
    """A move, and the values after it.

    ``settings``: pairs of clocks; the first reads now what the second reads (0: zero), or anything (`FREE`).
    ``limits``: what the clocks must satisfy before that.
    """

    move: EventLabel | Arrival
    values: Values
    settings: tuple[tuple[int, int], ...]
    limits: tuple[Limit, ...] = ()


class _After(NamedTuple):
    """A value that one variable can have after a move, with its settings and limits of the frame's clocks."""

    value: v.Value
    settings: tuple[tuple[int, int], ...] = ()
    limits: tuple[Limit, ...] = ()


class _Move(NamedTuple):
    """The move of labels that do the same: the first of them, and the stage after it.

    ``row``: its operation on each variable. ``moved``: the numbers of those that have one. ``twins``: what
    it makes of the links of anchors. ``gated``, ``spenders``: what is known of the transitions it takes.
    ``asked``: the number of the ways in which its act may count as allowed.
    """

    label: EventLabel
    row: tuple[v.Op | None, ...]
    moved: tuple[int, ...]
    stage: str
    twins: tuple[Link, ...]
    gated: tuple[Gated, ...]
    spenders: tuple[Spender, ...]
    asked: int


_Row: TypeAlias = tuple[int, ...]
"""The number of what a move does besides, then for each variable the number of what it does to it."""

_Outcome: TypeAlias = tuple[tuple[tuple[int, v.Value], ...], tuple[tuple[int, int], ...], tuple[Limit, ...]]
"""The variables that change, by number, with their values; settings, and limits, of the frame's clocks."""

FREELY: tuple[tuple[()], ...] = ((),)
"""The one way in which a move is allowed that nothing is asked of."""

NOTHING = {(None,)}
"""The effects of an operation that changes nothing, whatever is known of credits."""

STAYS = 0
"""The number of what changes neither value nor clocks."""


class EventMoves:
    """The moves by events from the values of a frame.

    ``asked``: the acts on the way that have to be allowed, if there are such.
    """

    def __init__(self, frame: Frame, asked: AskedActs | None) -> None:
        self.frame, self.asked, self.choices = frame, asked, Choices(frame)
        self._moves: dict[str, tuple[_Move, ...]] = {}
        self._asked: list[tuple[tuple[tuple[Atom, ...], ...], tuple[int, ...]]] = [(FREELY, ())]
        self._limits: dict[tuple[v.Value, ...], Sequence[tuple[Limit, ...]]] = {}
        self._numbers_asked: dict[tuple[tuple[Atom, ...], ...], int] = {FREELY: 0}
        self._besides: dict[object, int] = {}
        self._rows_besides: dict[str, tuple[int, ...]] = {}
        self._columns: dict[tuple[str, int, v.Value], tuple[int, ...]] = {}
        self._numbers: dict[object, int] = {}
        self._effects: list[dict[bool | None, tuple[_After | None, ...]]] = [
            dict.fromkeys((None, False, True), (None,))
        ]
        self._outcomes: dict[_Row, tuple[_Outcome, ...]] = {}

    def at(self, values: Values) -> tuple[Successor, ...]:
        """Return the moves from these values, one for all labels that do the same."""
        return tuple(self._at(values))

    def _at(self, values: Values) -> Iterator[Successor]:
        frame, stage, end = self.frame, str(values[0]), len(self.frame.variables) + 1
        together = values[end:]
        allowed: dict[int, Sequence[tuple[Limit, ...]]] = {0: FREELY}
        is_legal = self.asked is not None and self.asked.legal
        tally = 0 if is_legal else frame.tally
        counted = v.pair(values[tally])[0] if tally else 0
        open_window = (*frame.open_window(values), *(frame.on_time(values) if frame.dated else ()))
        seen = set[object]()
        for row, move in self._rows_at(values).items():
            twins = frame.linked_by(move.twins, values) if move.twins else ()
            stays = move.stage == stage and twins == together
            before = values if stays else (move.stage, *values[1:end], *twins)
            for changes, settings, limits in self._outcomes_of(row, move, values):
                after = _changed(before, changes)
                if not settings and after == values:
                    continue
                waits = (*open_window, *limits) if open_window else limits
                ways = move.asked
                if ways and not (is_legal or (tally and v.pair(after[tally])[0] > counted)):
                    ways = 0
                if ways not in allowed:
                    allowed[ways] = self._limits_of(ways, values)
                for more in allowed[ways]:
                    if (same := (after, settings, waits, more)) not in seen:
                        seen.add(same)
                        yield Successor(move.label, after, settings, (*waits, *more) if more else waits)

    def _rows_at(self, values: Values) -> dict[_Row, _Move]:
        """Return the first move of each row: all moves with it do the same to these values."""
        stage = str(values[0])
        moves = self._moves_at(stage)
        kept = islice(values, 1, len(self.frame.variables) + 1)
        columns = (self._column(stage, number, value) for number, value in enumerate(kept, 1))
        rows = zip(self._rows_besides[stage], *columns, strict=True)
        found: dict[_Row, _Move] = {}
        for row, move in zip(rows, moves, strict=True):
            found.setdefault(row, move)
        return found

    def _limits_of(self, ways: int, values: Values) -> Sequence[tuple[Limit, ...]]:
        """Return the limits under which the act of a move counts as allowed, by the number of its ways."""
        asked, looked_at = self._asked[ways]
        key = (ways, *(values[number] for number in looked_at))
        if key not in self._limits:
            found = (self.frame.limits(atoms, values) for atoms in asked)
            self._limits[key] = [limits for limits in found if limits is not None]
        return self._limits[key]

    def _outcomes_of(self, row: _Row, move: _Move, values: Values) -> tuple[_Outcome, ...]:
        """Return what a move can do; only what gates and spenders say depends on more than the row."""
        if move.gated or move.spenders:
            return tuple(self._outcomes_by(row, move, values))
        if row not in self._outcomes:
            self._outcomes[row] = tuple(self._outcomes_by(row, move, values))
        return self._outcomes[row]

    def _outcomes_by(self, row: _Row, move: _Move, values: Values) -> Iterator[_Outcome]:
        spent_by: tuple[dict[int, bool], ...] = ({},)
        if move.spenders:
            spent_by = tuple(self.choices.spent_by(move.spenders, values))
        for spent in spent_by:
            effects = {number: self._effects[row[number]][spent.get(number)] for number in move.moved}
            for number, heard, gates in move.gated:
                states = self.choices.gated(number, heard, gates, values)
                effects[number] = tuple(map(_After, states))
            for chosen in product(*effects.values()):
                done = [(n, each) for n, each in zip(effects, chosen, strict=True) if each is not None]
                yield (
                    tuple((number, each.value) for number, each in done),
                    tuple(chain.from_iterable(each.settings for _, each in done)),
                    tuple(chain.from_iterable(each.limits for _, each in done)),
                )

    # --- moves of a stage, and what they do to a value ----------------------------------------

    def _moves_at(self, stage: str) -> tuple[_Move, ...]:
        if stage not in self._moves:
            moves = self._moves[stage] = tuple(self._made(stage))
            besides = self._besides
            self._rows_besides[stage] = tuple(besides.setdefault(each[3:], len(besides)) for each in moves)
        return self._moves[stage]

    def _made(self, stage: str) -> Iterator[_Move]:
        relation, asked = self.frame.relation, self.asked
        columns = [relation.ops(variable, stage) for variable in self.frame.variables]
        seen = set[object]()
        rows = zip(*columns, strict=True) if columns else repeat(())
        still = (None,) * len(columns)
        for label, row in zip(relation.labels[stage], rows, strict=False):
            after = next_stage(relation.act, stage, label) if stage else ""
            if after != stage or row != still:
                ways = FREELY if asked is None else asked.of(label)
                known = self.choices.gates_at(label), self.choices.spenders_at(label), self._number_of(ways)
                same = (after, row, known)
                if same not in seen:
                    seen.add(same)
                    moved = tuple(number for number, op in enumerate(row, 1) if op is not None)
                    yield _Move(label, row, moved, after, self.frame.twins_of(label), *known)

    def _number_of(self, ways: tuple[tuple[Atom, ...], ...]) -> int:
        """Return the number of the ways in which an act may count as allowed; 0: nothing is asked of it."""
        if ways not in self._numbers_asked:
            self._numbers_asked[ways] = len(self._asked)
            self._asked.append((ways, tuple({self.frame.number_of(atom) for way in ways for atom in way})))
        return self._numbers_asked[ways]

    def _column(self, stage: str, number: int, value: v.Value) -> tuple[int, ...]:
        """Return for each move of the stage the number of what it does to a value of a variable."""
        key = (stage, number, value)
        if key not in self._columns:
            done: dict[v.Op | None, int] = {None: STAYS}
            ops = [move.row[number - 1] for move in self._moves[stage]]
            for op in ops:
                if op is not None and op not in done:
                    done[op] = self._effect(number, op, value)
            self._columns[key] = tuple(done[op] for op in ops)
        return self._columns[key]

    def _effect(self, number: int, op: v.Op, value: v.Value) -> int:
        """Return the number of what an operation does to a value of a variable."""
        found = {spent: self._after(number, op, value, spent) for spent in self._ways_to_spend(number, op)}
        if set(found.values()) == NOTHING:
            return STAYS
        key = (number, *found.items())
        if key not in self._numbers:
            self._numbers[key] = len(self._effects)
            self._effects.append(found)
        return self._numbers[key]

    def _ways_to_spend(self, number: int, op: v.Op) -> tuple[bool | None, ...]:
        """Return what can be known of whether an operation takes a credit; None: nothing."""
        is_bucket = isinstance(self.frame.variables[number - 1], CreditBucket)
        return (None, False, True) if is_bucket and op != v.NEW_ROUND else (None,)

    def _after(self, number: int, op: v.Op, value: v.Value, spent: bool | None) -> tuple[_After | None, ...]:
        return tuple(
            None if effect == (value, (), ()) else self._in_frame(number, effect)
            for effect in self.frame.effects(number, op, value, spent)
        )

    def _in_frame(self, number: int, effect: v.Effect) -> _After:
        clocks = self.frame.clocks
        limits = tuple((clocks[number, clock], micros, below) for clock, micros, below in effect.waits)
        return _After(effect.value, tuple(self.frame.settings(number, effect.settings)), limits)


def _changed(values: Values, changes: tuple[tuple[int, v.Value], ...]) -> Values:
    """Return the values with other ones for some variables, by number."""
    if not changes:
        return values
    here = list(values)
    for number, value in changes:
        here[number] = value
    return tuple(here)
