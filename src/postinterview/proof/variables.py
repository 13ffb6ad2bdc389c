"""What guards and promises look at, each as a small automaton over labels.

A variable is what a history folds to for one question in the tracked place: how many, how long ago,
how full, in which state. Guards and promises that ask the same question get the same variable,
because equal variables are equal values.

Numbers are capped where no condition tells them apart; that is fixed when a search chooses its
conditions (``Fit``). Time is in clocks, which a variable only sets (``Clocks``); the zones hold them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, TypeAlias

from attrs import field, frozen

from postinterview.core.definitions import Credit, Definition, MachineKind, Scope, Spends
from postinterview.proof.labels import Label

Op: TypeAlias = tuple[object, ...]
"""What a label does to a variable; labels with the same operations on all variables are one to a search."""

Value: TypeAlias = str | int | tuple[int, int]
ClockName: TypeAlias = int
"""Clock ``i`` of a variable: since instant ``i`` was reached. ``FLOOR``: since the last event in no round."""

FLOOR: ClockName = -1
Asked: TypeAlias = tuple[str, bool, bool, bool]
"""Of a label, to a machine: its event, whether it begins the instance anew, comes before there is one, or
may reach it or not."""

Setting: TypeAlias = tuple[ClockName, Literal["zero", "floor", "free"]]
Effect: TypeAlias = tuple[Value, tuple[Setting, ...]]


def pair(value: object) -> tuple[int, int]:
    """The value of a variable that keeps two numbers.

    Raises:
        TypeError: it is another variable's; only a damaged certificate has such.
    """
    if isinstance(value, tuple) and len(value) == 2:
        return value
    raise TypeError(value)


@frozen
class Count:
    """How many of the events since the last of ``since``.

    Its value is a pair: in the tracked round, and of what lies in no round and so counts in each; that
    is what a new round begins with. The second is 0 where the scope has no round.
    """

    of: frozenset[str]
    since: frozenset[str]
    scope: Scope

    start = (0, 0)

    def op(self, label: Label) -> Op | None:
        new = label.begins and self.scope.round
        event = label.event
        touched = event in self.since or event in self.of
        if not touched or not label.lies_in(self.scope):
            return ("new",) if new else None
        floor = self.scope.round and label.round == "none"
        return ("zero" if event in self.since else "add", new, floor)

    def apply(self, op: Op, value: Value, fit: int) -> tuple[Effect, ...]:
        here, floor = pair(value)
        if op[0] == "new":
            return (((floor, floor), ()),)
        what, new, also_floor = op
        if new:
            here = floor
        here = 0 if what == "zero" else min(here + 1, fit)
        if also_floor:
            floor = 0 if what == "zero" else min(floor + 1, fit)
        return (((here, floor), ()),)


@frozen
class Bucket:
    """How many credits there are: emptied, filled by one, and spent by one, in this order.

    ``spenders`` spend whenever they happen, ``sometimes`` depending on the transition that they take.
    A breach spends only where the bucket of its own place has a credit. That is this bucket if the event
    lies in just its place; else (it names the person aside, it lies in no round) it may spend or not.
    ``always``: a promise's own bucket knows no such thing. ``of``: whose transitions these are, where it
    matters; two rulebooks may then take different ones.
    """

    givers: frozenset[str]
    spenders: frozenset[str]
    sometimes: frozenset[str]
    emptied_by: frozenset[str]
    max: int
    scope: Scope
    always: bool = False
    of: int = 0

    start = (0, 0)

    def op(self, label: Label) -> Op | None:
        event = label.event
        sure = event in self.spenders and (self.always or label.is_of(self.scope))
        does = (
            event in self.emptied_by,
            event in self.givers,
            sure,
            event in self.spenders | self.sometimes and not sure,
        )
        new = label.begins and self.scope.round
        if not any(does) or not label.lies_in(self.scope):
            return ("new",) if new else None
        return (does, new, self.scope.round and label.round == "none")

    def apply(self, op: Op, value: Value, fit: int) -> tuple[Effect, ...]:
        here, floor = pair(value)
        if op[0] == "new":
            return (((floor, floor), ()),)
        does, new, also_floor = op
        if not isinstance(does, tuple):
            raise TypeError
        if new:
            here = floor
        takes = {True} if does[2] else {False, True} if does[3] else {False}
        return tuple(
            ((self._fold(does, here, take), self._fold(does, floor, take) if also_floor else floor), ())
            for take in sorted(takes)
        )

    def _fold(self, does: tuple[bool, ...], level: int, take: bool) -> int:
        level = 0 if does[0] else level
        level = min(level + 1, self.max) if does[1] else level
        return max(level - 1, 0) if take else level


@frozen
class Anchor:
    """An instant that moments hang on: the last of some events, or the end of a date that stands.

    Its value is a pair; the first: 0 nothing is known, 1 a date is set and not over, 2 instant 0 is
    reached, 2 + n the n-th business day after it has begun. ``date``: its name, or empty for events.
    The arrival of the next instant is the environment's event, any time from the one before on, so
    the answer holds for every calendar and time zone; only the order of the instants is known. The
    second says whether an event in no round would be there for a new round to begin with.
    """

    date: str
    set_by: frozenset[str]
    ended_by: frozenset[str]
    openers: frozenset[str]
    scope: Scope

    start = (0, 0)

    def op(self, label: Label) -> Op | None:
        new = label.begins and self.scope.round
        event = label.event
        if not label.lies_in(self.scope):
            return ("new",) if new else None
        if self.sets(label):
            return ("set", self.scope.round and label.round == "none")
        if event in self.ended_by:
            return ("end",)
        if event in self.openers:
            return ("opener",)
        return ("new",) if new else None

    def sets(self, label: Label) -> bool:
        """Whether the label sets the instant anew."""
        named = self.date in label.dates if self.date else True
        return named and label.event in self.set_by and label.lies_in(self.scope)

    def apply(self, op: Op, value: Value, fit: int) -> tuple[Effect, ...]:
        here, floor = pair(value)
        match op[0]:
            case "set":
                setting: list[Setting] = [] if self.date else [(0, "zero")]
                if op[1]:
                    setting.append((FLOOR, "zero"))
                return (((1 if self.date else 2, 1 if op[1] else floor), tuple(setting)),)
            case "opener":  # a new round ends a date that is over
                return (((0 if here > 1 else here, floor), ((0, "free"),) if here > 1 else ()),)
            case "end":
                return (((0, floor), ((0, "free"),)),)
            case "new" if floor:
                free: tuple[Setting, ...] = tuple((instant, "free") for instant in range(1, fit + 1))
                return tuple(((stage, 1), ((0, "floor"), *free)) for stage in range(2, 3 + fit))
            case _:
                return (((0, 0), ((0, "free"),)),)

    def arrives(self, value: Value, fit: int) -> Effect | None:
        """The next instant comes; None where none is awaited. ``fit``: the business days looked at."""
        here, floor = pair(value)
        if here == 0 or here >= 2 + fit:
            return None
        return (here + 1, floor), ((here - 1, "zero"),)


@frozen(cache_hash=True)
class Graph:
    """What decides how a machine moves, guards aside. Machines with equal graphs move alike.

    ``of``: the kind itself, where guards choose among several ways; then no other moves alike.
    """

    start: str
    states: tuple[str, ...]
    moves: tuple[tuple[str, bool, tuple[str, ...], str | None, bool], ...]
    of: int


def graph_of(kind: MachineKind, facts: frozenset[str]) -> Graph:
    """The graph of a machine, of which the events ``facts`` are no acts."""
    rules = kind.transitions
    ways = [(rule.event, source) for rule in rules for source in rule.sources]
    ends = [rule.event for rule in rules if rule.breach_from_any]
    guarded = any(rule.guards and rule.event in facts for rule in rules)
    chosen = guarded or len(set(ways)) < len(ways) or len(set(ends)) < len(ends)
    moves = tuple((r.event, r.event in facts, r.sources, r.target, r.breach_from_any) for r in rules)
    return Graph(kind.start, tuple(kind.states), moves, id(kind) if chosen else 0)


@frozen
class Machine:
    """The state of a machine's instance in the tracked place.

    A breach takes the first transition that leaves the state, an allowed act one whose guards hold; so
    any of them may be taken. A fact may also stay, where its transitions have guards. What guards say
    then and there narrows it where a view asks (``targets``).
    """

    name: str
    scope: Scope
    kind: MachineKind = field(eq=False, repr=False)
    facts: frozenset[str] = field(eq=False, repr=False)
    graph: Graph = field(repr=False)
    _tables: dict[Asked, Op | None] = field(factory=dict, init=False, eq=False, repr=False)

    @property
    def start(self) -> str:
        return self.kind.start

    def op(self, label: Label) -> Op | None:
        """For each state those that the label can lead to."""
        begins = label.begins and self.scope.round
        heard = any(rule.event == label.event for rule in self.kind.transitions)
        if not heard or not self._reached(label):
            return ("new",) if begins else None
        asked = self.asked(label)
        if asked not in self._tables:
            states = ((state, self.targets(state, asked)) for state in self.kind.states)
            self._tables[asked] = tuple((state, to) for state, to in states if to != (state,)) or None
        return self._tables[asked]

    def asked(self, label: Label) -> Asked:
        """What of a label the machine looks at."""
        zero = self.scope.round and label.round == "zero"
        unsure = self.scope.interviewer and label.who == "nobody"  # it reaches those who are known
        return (label.event, label.begins and self.scope.round, zero, unsure)

    def _reached(self, label: Label) -> bool:
        if self.scope.application and label.where != "here":
            return False
        if self.scope.round and label.round not in ("same", "zero"):
            return False
        to_others = label.who == "others" or (label.aside and label.event not in self.facts)
        return not (self.scope.interviewer and to_others)

    def targets(
        self, state: str, asked: Asked, shut: Collection[str] = (), sure: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Where it can lead. ``shut``: transitions with a guard that fails; ``sure``: all of theirs hold."""
        event, begins, zero, unsure = asked
        state = self.start if begins else state
        rules = [rule for rule in self.kind.transitions if rule.event == event]
        leaving = [] if zero else [rule for rule in rules if state in rule.sources]
        stays = unsure or zero  # before the first round there is no instance
        if event in self.facts:
            stays = stays or all(rule.guards and rule.id not in sure for rule in leaving)
            leaving = [rule for rule in leaving if rule.id not in shut]
        elif not leaving:
            leaving = [rule for rule in rules if rule.breach_from_any][:1]
            stays = stays or not leaving
        else:  # the first may be a breach, whatever its guards say
            leaving = leaving[:1] + [rule for rule in leaving[1:] if rule.id not in shut]
        targets = dict.fromkeys(rule.target or state for rule in leaving)
        if stays:
            targets[state] = None
        return tuple(targets)

    def apply(self, op: Op, value: Value, fit: int) -> tuple[Effect, ...]:
        if op == ("new",):
            return ((self.start, ()),)
        targets = next((to for state, to in _table(op) if state == value), (value,))
        return tuple((target, ()) for target in targets)


def _table(op: Op) -> tuple[tuple[str, tuple[Value, ...]], ...]:
    return op  # type: ignore[return-value]


Variable: TypeAlias = Count | Bucket | Anchor | Machine


def bucket_of(definition: Definition, credit: Credit, scope: Scope) -> Bucket:
    """The bucket as the rulebook keeps it."""
    spenders: set[str] = set()
    sometimes: set[str] = set()
    for name in definition.events:
        for machine in definition.machines.values():
            takes = [
                any(isinstance(guard, Spends) and guard.credit == credit.name for guard in rule.guards)
                for rule in machine.transitions
                if rule.event == name
            ]
            if takes and all(takes):
                spenders.add(name)
            elif any(takes):
                sometimes.add(name)
    givers = frozenset(name for name, kind in definition.events.items() if credit.name in kind.gives)
    if scope != credit.scope:  # the act looks at several buckets at once, a breach at one of them
        sometimes |= spenders
        spenders = set()
    return Bucket(
        givers,
        frozenset(spenders),
        frozenset(sometimes - spenders),
        credit.emptied_by.members,
        credit.max,
        scope,
        of=id(definition) if sometimes - spenders else 0,
    )


def date_of(definition: Definition, name: str, scope: Scope) -> Anchor:
    """The end of the date as the rulebook has it stand."""
    kinds = tuple(definition.events.values())
    return Anchor(
        name,
        frozenset(kind.name for kind in kinds if any(f.sets == name for f in kind.fields.values())),
        frozenset(kind.name for kind in kinds if name in kind.ends),
        frozenset(kind.name for kind in kinds if kind.opens_round),
        scope,
    )


def latest_of(events: frozenset[str], scope: Scope) -> Anchor:
    """The last of the events."""
    return Anchor("", events, frozenset(), frozenset(), scope)
