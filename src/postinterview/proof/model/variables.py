"""The variables of the proof: whatever guards and promises look at, as small automata over labels.

A variable is what a history folds to for one question about the tracked place: how many, how long ago, how
full (see `credits`), in which state (see `machine_states`). Guards and promises that ask the same question
get equal variables, and equal variables are one variable of a search.

- A search asks a variable for its operation on a label (`op`), once, and applies the operation to values
  (`apply`). Labels with the same operations on all variables are one move.
- Numbers are capped where no condition tells them apart: `cap` is the largest number that the conditions of a
  search compare with, so ``at_most: 2`` needs the values 0, 1 and 2.
- Time is in clocks. A variable only says when a clock begins at zero; the zones of a search hold what it
  reads.
- Variables kept by round have values in pairs: for the tracked round, and for what lies in no round. The
  latter is the same in every round, so a new round begins with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from attrs import frozen

from postinterview.core.rules.definitions import Definition, EventKind, Scope
from postinterview.core.values.moments import MICROSECOND, ONE_DAY, LocalCalendar
from postinterview.proof.model.business_days import is_within, span
from postinterview.proof.model.labels import EventLabel

Op: TypeAlias = tuple[object, ...]
Value: TypeAlias = str | int | tuple[int, int]

ClockName: TypeAlias = int
"""Clock ``i`` of an anchor runs since its instant ``i``, and of `Recent` since the i-th event before the
latest; ``FLOOR`` since the last event in no round."""

FLOOR: ClockName = -1
NEW_ROUND: Op = ("new",)

DAY = ONE_DAY // MICROSECOND
"""The microseconds of a day."""

Reading: TypeAlias = ClockName | Literal["zero", "free"]
"""What another clock of the variable reads, zero, or anything."""

Setting: TypeAlias = tuple[ClockName, Reading]
"""A clock, and what it reads now. Settings are made one after the other."""

Wait: TypeAlias = tuple[ClockName, int, bool]
"""A clock, a constant in microseconds, and whether the clock must be below it (or at least it)."""


class Effect(NamedTuple):
    """What a move does to a variable. It waits until the clocks satisfy ``waits``; then they are set."""

    value: Value
    settings: tuple[Setting, ...] = ()
    waits: tuple[Wait, ...] = ()


def pair(value: object) -> tuple[int, int]:
    """Return the value of a variable that keeps two numbers.

    Raises:
        TypeError: it is the value of another kind of variable, as a damaged certificate may have it.
    """
    if not isinstance(value, tuple) or len(value) != 2:
        raise TypeError(value)
    return value


@frozen(cache_hash=True)
class EventCount:
    """The number of events of ``of`` since the last one of ``since``."""

    of: frozenset[str]
    since: frozenset[str]
    scope: Scope

    start = (0, 0)

    def op(self, label: EventLabel) -> Op | None:
        """Return what the label does to the value; None for nothing."""
        new, zeroes = label.begins and self.scope.round, label.event in self.since
        if not (zeroes or label.event in self.of) or not label.lies_in(self.scope):
            return NEW_ROUND if new else None
        return (zeroes, new, self.scope.round and label.round == "none")

    def apply(self, op: Op, value: Value, cap: int) -> tuple[Effect, ...]:
        here, floor = pair(value)
        if op == NEW_ROUND:
            return (Effect((floor, floor)),)
        zeroes, new, also_floor = op

        def count(before: int) -> int:
            return 0 if zeroes else min(before + 1, cap)

        return (Effect((count(floor if new else here), count(floor) if also_floor else floor)),)


@frozen(cache_hash=True)
class Recent:
    """The latest of some events: how many there were so far, and how long ago each of them was.

    Its first number is the count up to the cap, and there are as many clocks. An event shifts them: the clock
    of the latest begins at zero, and every other one reads what the one before it read. So a window of any
    length is exact: of N events less than D ago, the N-th latest is less than D ago.
    """

    of: frozenset[str]
    scope: Scope

    start = (0, 0)

    def op(self, label: EventLabel) -> Op | None:
        new = label.begins and self.scope.round
        if label.event in self.of and label.lies_in(self.scope):
            return ("count", new)
        return NEW_ROUND if new else None

    def apply(self, op: Op, value: Value, cap: int) -> tuple[Effect, ...]:
        new = op == NEW_ROUND or bool(op[1])
        before = 0 if new else pair(value)[0]
        after = before if op == NEW_ROUND else min(before + 1, cap)
        settings: list[Setting] = [(clock, clock - 1) for clock in range(after - 1, 0, -1)]
        if after and op != NEW_ROUND:
            settings.append((0, "zero"))
        if new:
            settings += [(clock, "free") for clock in range(after, cap)]
        return (Effect((after, 0), tuple(settings)),)


@frozen(cache_hash=True)
class TimeAnchor:
    """An instant that moments hang on: the last of some events, or the end of a date that stands.

    ``date``: the date's name; empty for events. The first number of its value says how far time has come: 0
    nothing has happened, 1 the date is set and not over, 2 instant 0 is reached, 2 + n the n-th business day
    after it has begun. The next instant comes by itself, any time after the one before (`arrives`): so a
    proof holds for every calendar and time zone, which decide when, and not in which order. The second number
    says whether there is an event in no round for a new round to begin with.

    ``calendar``: the one whose business days are counted, if two calendars are compared. Then the next
    instant comes neither sooner nor later than that allows (`comes_after`, `comes_before`).
    """

    date: str
    set_by: frozenset[str]
    ended_by: frozenset[str]
    openers: frozenset[str]
    scope: Scope
    calendar: LocalCalendar | None = None

    start = (0, 0)

    def op(self, label: EventLabel) -> Op | None:
        new = NEW_ROUND if label.begins and self.scope.round else None
        if not label.lies_in(self.scope):
            return new
        if self.sets(label):
            return ("set", self.scope.round and label.round == "none")
        if label.event in self.ended_by:
            return ("end",)
        if label.event in self.openers:
            return ("opener",)
        return new

    def sets(self, label: EventLabel) -> bool:
        """Return whether the label sets the instant anew."""
        named = not self.date or self.date in label.dates
        return named and label.event in self.set_by and label.lies_in(self.scope)

    def apply(self, op: Op, value: Value, cap: int) -> tuple[Effect, ...]:
        """Return the values and clocks after it; ``cap``: how many business days the conditions look at."""
        here, floor = pair(value)
        match op[0]:
            case "set":
                setting: list[Setting] = [] if self.date else [(0, "zero")]
                if op[1]:
                    setting.append((FLOOR, "zero"))
                return (Effect((1 if self.date else 2, 1 if op[1] else floor), tuple(setting)),)
            case "opener":  # a new round ends a date that is over
                return (Effect((0 if here > 1 else here, floor), ((0, "free"),) if here > 1 else ()),)
            case "end":
                return (Effect((0, floor), ((0, "free"),)),)
            case "new" if floor:
                free: tuple[Setting, ...] = tuple((instant, "free") for instant in range(1, cap + 1))
                return tuple(Effect((stage, 1), ((0, FLOOR), *free)) for stage in range(2, 3 + cap))
            case _:
                return (Effect((0, 0), ((0, "free"),)),)

    def arrives(self, value: Value, cap: int) -> Effect | None:
        """Return the value once the next instant has come; None if none is awaited."""
        here, floor = pair(value)
        if here == 0 or here >= 2 + cap:
            return None
        return Effect((here + 1, floor), ((here - 1, "zero"),))

    @property
    def hangs_on(self) -> tuple[object, ...]:
        """What decides when instant 0 is, whatever the calendar."""
        return self.date, self.set_by, self.ended_by, self.openers, self.scope

    def waits_for(self, other: TimeAnchor) -> bool:
        """Return whether its business days come no earlier than those of ``other``, if the two are linked.

        They do if its calendar has no business day that the other one lacks, and it is the same instant, or a
        date. Such a date is linked to an event on its day or before, which one knows in three ways: the event
        named the date, as no date lies before the day on which it was named; the date was not over when the
        event happened; or the date was named later. The last holds only where no clock goes back over
        midnight, which comparisons of calendars assume (see `business_days`).

        Of the same instant with the same calendar the business days come together, so none waits.
        """
        mine, its = self.calendar, other.calendar
        if other.date not in ("", self.date) or (self.date == other.date and mine == its):
            return False
        return mine == its or (mine is not None and its is not None and is_within(mine, its))

    def comes_after(self, instant: int) -> int:
        """Return the least time between instant 0 and a business day, in microseconds.

        An event lies before the end of its day, and a date is instant 0 at that end.
        """
        if self.calendar is None or not instant:
            return 0
        return (span(self.calendar, instant)[0] - 1) * DAY + (not self.date)

    def comes_before(self, instant: int) -> int:
        """Return the time after instant 0 in which the business day has come, in microseconds."""
        if self.calendar is None or not instant:
            return 0
        return (span(self.calendar, instant)[1] - bool(self.date)) * DAY


def date_of(definition: Definition, name: str, scope: Scope) -> TimeAnchor:
    """Return the end of a date, as the rulebook has it stand."""
    kinds = tuple(definition.events.values())
    ended_by = frozenset(kind.name for kind in kinds if name in kind.ends)
    return TimeAnchor(name, setters(kinds, name), ended_by, openers(kinds), scope)


def setters(kinds: Iterable[EventKind], date: str) -> frozenset[str]:
    """Return the events of which a field sets the date."""
    return frozenset(kind.name for kind in kinds if any(f.sets == date for f in kind.fields.values()))


def openers(kinds: Iterable[EventKind]) -> frozenset[str]:
    """Return the events that open a round."""
    return frozenset(kind.name for kind in kinds if kind.opens_round)


def latest_of(events: frozenset[str], scope: Scope) -> TimeAnchor:
    """Return the last of the events."""
    return TimeAnchor("", events, frozenset(), frozenset(), scope)
