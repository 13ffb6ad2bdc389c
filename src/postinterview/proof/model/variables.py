"""The variables of the proof: whatever guards and promises look at, as small automata over labels.

A variable is what a history folds to for one question about the tracked place: how many, how full, how long
ago, in which state (see `machine_states`). Guards and promises that ask the same question get equal
variables, and equal variables are one variable of a search.

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

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Literal, NamedTuple, Protocol, TypeAlias, runtime_checkable

from attrs import field, frozen

from postinterview.core.definitions import Credit, Definition, EventKind, Guard, Scope, Spends, Transition
from postinterview.core.moments import MICROSECOND, ONE_DAY, LocalCalendar
from postinterview.proof.model.business_days import span
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


@runtime_checkable
class Waiting(Protocol):
    """A variable with moves that wait for its clocks."""

    def waits(self, cap: int) -> Iterable[Wait]:
        """Return every bound that one of its moves may wait for, in a search with such a cap."""
        ...


def pair(value: object) -> tuple[int, int]:
    """Return the value of a variable that keeps two numbers.

    Raises:
        TypeError: it is the value of another kind of variable, as a damaged certificate may have it.
    """
    if not isinstance(value, tuple) or len(value) != 2:
        raise TypeError(value)
    return value


@frozen
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


@frozen
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


@frozen
class CreditBucket:
    """The number of credits: emptied, filled by one, and spent by one, in this order.

    ``credit``: its name in the rulebook; empty for a promise's own bucket, which every spender takes from.
    ``spenders`` take a credit on each of their transitions, ``sometimes`` only on some; see `spendings`. An
    act takes from the bucket of its own place, and that is this one if the label is of just the tracked
    place. An act that names the person in copy, or lies in no round, may take from another one.
    ``definition``: whose transitions decide, if some spend and some don't; two rulebooks may then take
    different ones.
    """

    credit: str
    givers: frozenset[str]
    spenders: frozenset[str]
    sometimes: frozenset[str]
    emptied_by: frozenset[str]
    max: int
    scope: Scope
    definition: Definition | None = field(default=None, eq=id, repr=False)

    start = (0, 0)

    def op(self, label: EventLabel) -> Op | None:
        event = label.event
        empties, gives = event in self.emptied_by, event in self.givers
        spends: bool | None = False
        if event in self.spenders and (not self.credit or label.is_of(self.scope)):
            spends = True
        elif event in self.spenders | self.sometimes:
            spends = None
        new = label.begins and self.scope.round
        if (spends is False and not empties and not gives) or not label.lies_in(self.scope):
            return NEW_ROUND if new else None
        return (empties, gives, spends, new, self.scope.round and label.round == "none")

    def apply(self, op: Op, value: Value, cap: int, spent: bool | None = None) -> tuple[Effect, ...]:
        """Return the values after it; ``spent``: whether a credit is taken, if the label leaves that open."""
        here, floor = pair(value)
        if op == NEW_ROUND:
            return (Effect((floor, floor)),)
        empties, gives, spends, new, also_floor = op
        here = floor if new else here
        chosen = spent if spends is None else bool(spends)

        def level(before: int, take: bool) -> int:
            filled = min((0 if empties else before) + bool(gives), self.max)
            return max(filled - take, 0)

        takes = (False, True) if chosen is None else (chosen,)
        return tuple(Effect((level(here, t), level(floor, t) if also_floor else floor)) for t in takes)


@frozen
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


def bucket_of(definition: Definition, credit: Credit, scope: Scope) -> CreditBucket:
    """Return the bucket as the rulebook keeps it, for an act whose place has the keys of ``scope``."""
    spenders, sometimes = set[str](), set[str]()
    for name in definition.events:
        for rules in _listening(definition, name):
            takes = {credit.name in spends_of(rule) for rule in rules}
            if True in takes:
                (sometimes if False in takes else spenders).add(name)
    givers = frozenset(name for name, kind in definition.events.items() if credit.name in kind.gives)
    if scope != credit.scope:  # the act looks at several buckets at once, a breach at one of them
        spenders, sometimes = set(), spenders | sometimes
    taking = frozenset(spenders), frozenset(sometimes - spenders)
    emptied_by, decides = credit.emptied_by.members, definition if taking[1] else None
    return CreditBucket(credit.name, givers, *taking, emptied_by, credit.max, scope, decides)


def spends_of(rule: Transition) -> frozenset[str]:
    """Return the credits that a transition takes."""
    return frozenset(guard.credit for guard in rule.guards if isinstance(guard, Spends))


def _listening(definition: Definition, event: str) -> Iterator[list[Transition]]:
    """Yield the transitions on the event, machine by machine."""
    for machine in definition.machines.values():
        rules = [rule for rule in machine.transitions if rule.event == event]
        if rules:
            yield rules


def spendings(
    definition: Definition,
    event: str,
    filled: Mapping[str, bool],
    states: Mapping[str, str],
    held: Mapping[tuple[str, str, str], bool],
) -> tuple[frozenset[str], ...]:
    """Return the sets of credits that one act can take, by what is known when it happens.

    ``filled``: whether buckets hold a credit. ``states``: those of machines. ``held``: by machine, transition
    and id, whether guards hold.

    An allowed act takes the credits of the first transition whose guards hold, in each machine; one that is
    excused (``unless:``) takes a credit if there is one. A breach, which some machine refuses, takes those of
    the first transition that leaves the state; if none does, those of `breach_from: any`, or of all. Example:
    `answer` spends `reply`, and `answer_more`, written below it, spends `extra`; neither has other guards.
    Then an act with both credits takes `reply`, and with `extra` alone that.
    """
    allowed: list[dict[frozenset[str], None]] = []
    breaches: list[dict[tuple[frozenset[str], bool], None]] = []
    always_refusable = definition.events[event].to_person  # of a stranger
    for rules in _listening(definition, event):
        machine = definition.machines[rules[0].machine]
        ends = [rule for rule in rules if rule.breach_from_any]
        unmoved = spends_of(ends[0]) if ends else frozenset().union(*map(spends_of, rules))
        allowed.append({})
        breaches.append({(unmoved, True): None} if machine.scope.round else {})
        for state in (states[machine.name],) if machine.name in states else machine.states:
            leaving = [rule for rule in rules if state in rule.sources]
            refusable = True
            for rule in leaving:
                met = [_is_met(rule, guard, filled, held) for guard in rule.guards]
                if False not in met:
                    allowed[-1][spends_of(rule)] = None
                if all(met):
                    refusable = always_refusable or not _is_started(definition, event, spends_of(rule))
                    break
            breaches[-1][spends_of(leaving[0]) if leaving else unmoved, refusable] = None
    refused = (each for each in product(*breaches) if any(refusable for _, refusable in each))
    chosen = (*product(*allowed), *(tuple(spends for spends, _ in each) for each in refused))
    return tuple(dict.fromkeys(frozenset().union(*each) for each in chosen))


def _is_met(
    rule: Transition, guard: Guard, filled: Mapping[str, bool], held: Mapping[tuple[str, str, str], bool]
) -> bool | None:
    """Return whether a guard of a transition holds; None if that is not known."""
    if not isinstance(guard, Spends):
        return held.get((rule.machine, rule.id, guard.id))
    return filled.get(guard.credit) or (None if guard.unless else filled.get(guard.credit))


def _is_started(definition: Definition, event: str, taken: Iterable[str]) -> bool:
    """Return whether an act that finds these credits lies in a started application, or needs none.

    Nothing else than an event that starts the application can have given one of them.
    """
    kinds = definition.events.values()
    if not definition.events[event].needs_a_start:
        return True
    return any(
        definition.credits[name].scope.application
        and all(each.starts_application for each in kinds if name in each.gives)
        for name in taken
    )


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
