"""The same question with every application and interviewer as an instance of its own.

The prover follows one place, an act's application, round and person, and lumps all the others
together. Here each of them has its own variables and clocks, in one state; an event happens in one
application and names this person and that; bad is what is bad in any place. Rounds are not counted:
of each application it is kept who met it in which order. (Acts that concern the employer as a whole,
and events to one person that name others too, are left to the prover.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, combinations, product
from typing import TypeAlias

from attrs import frozen

from benchmarks.proving.answers import Answer, Needed, Question, Stopwatch
from postinterview.core.rules.definitions import EventKind
from postinterview.proof.model.event_moves import Arrival, Successor
from postinterview.proof.model.frame import FREE, Limit, Values
from postinterview.proof.model.labels import EventLabel, InRound, Stage, Who
from postinterview.proof.model.machine_states import Variable
from postinterview.proof.model.variables import Effect, Setting
from postinterview.proof.model.view import View
from postinterview.proof.model.zones import Zone
from postinterview.proof.search.search import Bad, Safe, search

Place: TypeAlias = tuple[int, int | None]
"""An application, and a person if the act is to one."""

Met: TypeAlias = tuple[int, ...]
"""Of an application: its latest round, and the latest with each person; 0: none. Numbered without gaps."""


class LateError(Exception):
    """The time is up."""


def by_instances(
    question: Question, seconds: float, keys: Needed | None, applications: int, people: int
) -> Answer:
    """Return whether something bad can be reached in any place, by the same search."""
    stopwatch = Stopwatch()

    def is_late() -> bool:
        return stopwatch.seconds > seconds

    instances = Instances(question.view(keys), applications, people, is_late)
    try:
        found = search(instances, 10**9, is_late)  # type: ignore[arg-type]  # it has what a search asks of a view
    except LateError:
        return Answer("unknown", instances.looked_at, stopwatch.seconds)
    match found:
        case Safe(reached):
            return Answer("proved", len(reached), stopwatch.seconds)
        case Bad():
            return Answer("violated", found.states, stopwatch.seconds)
        case _:
            return Answer("unknown", found.states, stopwatch.seconds)


@frozen
class Happens:
    """An event, in an application (None: in none), naming these people; ``dates`` as labels have them."""

    kind: EventKind
    application: int | None
    people: frozenset[int]
    dates: frozenset[str]


class Instances:
    """A view, once for each of a number of applications and people. It can be searched like a view.

    A state has for each application who met when (nothing where the view keeps no stage), then for each
    variable and key its value, then for each pair of anchors and key whether they are one instant.
    """

    def __init__(
        self, view: View, applications: int, people: int, is_late: Callable[[], bool] = lambda: False
    ) -> None:
        act = view.relation.act
        if act.employer_wide:
            raise ValueError(act.name)
        self.view = view
        self.looked_at = 0
        self._is_late = is_late
        self.people = range(people)
        self.places: list[Place] = [
            (a, p) for a in range(applications) for p in (self.people if act.to_person else (None,))
        ]
        self.slots: dict[tuple[int, Place], int] = {}
        self.links: dict[tuple[int, Place], int] = {}
        self._clock: dict[tuple[int, Place], int] = {}
        self.lower, self.upper = [0], [0]
        self.met = applications if view.keeps_stage else 0
        names = {clock: owner for (owner, _), clock in view.clocks.items()}
        for place in self.places:
            for number in range(1, len(view.variables) + 1):
                self.slots.setdefault((number, self._key(number, place)), self.met + len(self.slots))
            for clock in range(1, view.size):
                key = clock, self._key(names[clock], place)
                if key not in self._clock:
                    self._clock[key] = len(self._clock) + 1
                    self.lower.append(view.lower[clock])
                    self.upper.append(view.upper[clock])
        first = self.met + len(self.slots)
        for place in self.places:
            for link, pair in enumerate(view.twins):
                self.links.setdefault((link, self._key_of(pair, place)), first + len(self.links))
        self._owner = names
        self._events = tuple(self._happenings(applications))
        self._happened: dict[Values, tuple[Successor, ...]] = {}
        self._arrived: dict[Values, tuple[Successor, ...]] = {}

    @property
    def size(self) -> int:
        return len(self._clock) + 1

    @property
    def start(self) -> Values:
        nobody = ",".join("0" * (1 + len(self.people)))
        started = [self.view.variables[number - 1].start for number, _ in self.slots]
        return (*([nobody] * self.met), *started, *(0 for _ in self.links))

    def bad_at(self, values: Values) -> tuple[tuple[Limit, ...], ...]:
        return tuple(
            tuple((self._clocks_of(place)[clock], constant, below) for clock, constant, below in limits)
            for place in self.places
            for limits in self.view.bad_at(self.seen_from(place, values))
        )

    def seen_from(self, place: Place, values: Values) -> Values:
        """Return the state as the view of one place has it."""
        stage = self._stage(place, self._met(place[0], values)) if self.met else ""
        numbers = range(1, len(self.view.variables) + 1)
        own = [values[self.slots[number, self._key(number, place)]] for number in numbers]
        links = [
            values[self.links[link, self._key_of(pair, place)]] for link, pair in enumerate(self.view.twins)
        ]
        return (stage, *own, *links)

    def zone_from(self, place: Place, zone: Zone) -> Zone:
        """Return the bounds on the clocks of one place."""
        clocks = self._clocks_of(place).values()
        return tuple(zone[one * self.size + other] for one in clocks for other in clocks)

    def covering(self, values: Values) -> tuple[Values, ...]:
        """Return these values alone: nothing is counted here in which more could stand for less."""
        return (values,)

    def missing(self, _values: Values) -> int:
        """Return how much of what is counted is still missing: nothing is counted here."""
        return 0

    def events(self, values: Values) -> tuple[Successor, ...]:
        if values not in self._happened:
            self.looked_at += 1
            self._happened[values] = _different(values, self._labelled(values))
        return self._happened[values]

    def arrivals(self, values: Values) -> tuple[Successor, ...]:
        if values not in self._arrived:
            self._arrived[values] = _different(values, self._arriving(values))
        return self._arrived[values]

    # --- keys ---------------------------------------------------------------------------------

    def _key(self, number: int, place: Place) -> Place:
        return self._key_of((number,), place)

    def _key_of(self, numbers: tuple[int, ...], place: Place) -> Place:
        """Return the keys of the place that the variables are kept by; -1: they are not kept by that key."""
        scopes = [self.view.variables[number - 1].scope for number in numbers]
        inside = any(scope.application or scope.round for scope in scopes)
        theirs = place[1] is not None and any(scope.interviewer or scope.round for scope in scopes)
        return (place[0] if inside else -1, place[1] if theirs else -1)

    def _clocks_of(self, place: Place) -> dict[int, int]:
        owners = sorted(self._owner.items())
        return {0: 0} | {clock: self._clock[clock, self._key(owner, place)] for clock, owner in owners}

    # --- what happens -------------------------------------------------------------------------

    def _happenings(self, applications: int) -> Iterator[Happens]:
        some = chain.from_iterable(combinations(self.people, n) for n in range(1 + len(self.people)))
        groups = [frozenset(group) for group in some]
        for kind in self.view.relation.definition.events.values():
            where = (None,) if kind.employer_wide else range(applications)
            named = [frozenset({person}) for person in self.people] if kind.to_person else groups
            dates = {
                label.dates
                for label in self.view.relation.labels[""]
                if label.event == kind.name and label.where != "elsewhere"
            }
            for application, each, named_dates in product(
                where, named if kind.names_people else groups[:1], dates
            ):
                yield Happens(kind, application, each, named_dates)

    def _labelled(self, values: Values) -> Iterator[Successor]:
        for event in self._events:
            if self._is_late():
                raise LateError
            labels = {place: self._label(event, place, values) for place in self.places}
            met = list(values[: self.met])
            if self.met and event.kind.opens_round and event.application is not None:
                met[event.application] = _opened(self._met(event.application, values), event.people)
            effects: list[list[tuple[int, Place, Effect]]] = []
            done: set[tuple[int, Place]] = set()
            links = {index: values[index] for index in self.links.values()}
            for place, label in labels.items():
                for number, variable in enumerate(self.view.variables, 1):
                    key = self._key(number, place)
                    if (number, key) in done:
                        continue
                    done.add((number, key))
                    ways = self._ways(number, variable, label, values[self.slots[number, key]])
                    if ways is not None:
                        effects.append([(number, place, way) for way in ways])
                twins = self.view.twins_of(label)
                seen = self.view.linked_by(twins, self.seen_from(place, values)) if twins else ()
                for link, (kept, now) in enumerate(zip(twins, seen, strict=True)):
                    if kept is not None:
                        links[self.links[link, self._key_of(self.view.twins[link], place)]] = now
            for chosen in product(*effects):
                after = [*met, *values[self.met :]]
                settings: list[tuple[int, int]] = []
                for number, place, (value, wanted, _) in chosen:
                    after[self.slots[number, self._key(number, place)]] = value
                    settings += self._settings(number, place, wanted)
                for index, linked in links.items():
                    after[index] = linked
                yield Successor(next(iter(labels.values())), tuple(after), tuple(settings))

    def _ways(
        self, number: int, variable: Variable, label: EventLabel, value: object
    ) -> tuple[Effect, ...] | None:
        op = variable.op(label)
        return None if op is None else variable.apply(op, value, self.view.caps[number])  # type: ignore[arg-type]

    def _settings(self, number: int, place: Place, wanted: tuple[Setting, ...]) -> Iterator[tuple[int, int]]:
        clocks = self._clocks_of(place)
        for name, to in wanted:
            clock = self.view.clocks.get((number, name))
            if clock is not None:
                read = 0 if to == "zero" else FREE if to == "free" else clocks[self.view.clocks[number, to]]
                yield clocks[clock], read

    def _arriving(self, values: Values) -> Iterator[Successor]:
        for place in self.places:
            clocks = self._clocks_of(place)
            seen = self.seen_from(place, values)
            for successor in self.view.successors(seen):
                if not isinstance(successor.move, Arrival):
                    continue
                after = list(values)
                for number in successor.move.anchors:
                    after[self.slots[number, self._key(number, place)]] = successor.values[number]
                settings = tuple((clocks[clock], 0) for clock, _ in successor.settings)
                yield Successor(successor.move, tuple(after), settings)

    # --- labels -------------------------------------------------------------------------------

    def _met(self, application: int, values: Values) -> Met:
        return tuple(map(int, str(values[application]).split(",")))

    def _stage(self, place: Place, met: Met) -> Stage:
        latest, theirs = met[0], met[0] if place[1] is None else met[1 + place[1]]
        if not latest:
            return "before"
        return "unmet" if not theirs else "current" if theirs == latest else "past"

    def _label(self, event: Happens, place: Place, values: Values) -> EventLabel:
        """Return the event's label, relative to the place."""
        kind, act = event.kind, self.view.relation.act
        who: Who = "nobody" if not event.people else "them" if place[1] in event.people else "others"
        if event.application is None:
            return EventLabel(kind.name, "nowhere", "none", who)
        if event.application != place[0]:
            return EventLabel(kind.name, "elsewhere", "other", who, dates=event.dates)
        if kind.opens_round:
            begins = who == "them" or not act.to_person
            round_: InRound = "same" if begins else "other"
            return EventLabel(kind.name, "here", round_, who, True, begins, event.dates)
        round_ = self._round(event, place, self._met(place[0], values)) if self.met else "same"
        return EventLabel(kind.name, "here", round_, who, dates=event.dates)

    def _round(self, event: Happens, place: Place, met: Met) -> InRound:
        tracked = met[0] if place[1] is None else met[1 + place[1]]
        if not event.kind.to_person:
            if place[1] is None:
                return "same" if met[0] else "zero"
            return "same" if tracked and tracked == met[0] else "other"
        (person,) = event.people
        theirs = met[1 + person]
        if theirs:
            return "same" if theirs == tracked else "other"
        return "zero" if place[1] is None and not met[0] else "other"


def _different(values: Values, moves: Iterable[Successor]) -> tuple[Successor, ...]:
    """Return the moves from these values that change something, one for each change."""
    return tuple({(s.values, s.settings): s for s in moves if s.settings or s.values != values}.values())


def _opened(met: Met, people: frozenset[int]) -> str:
    """Return who met when after a new round with these people, numbered without gaps."""
    rounds = [met[0] + 1, *(met[0] + 1 if p in people else last for p, last in enumerate(met[1:]))]
    order = {old: new for new, old in enumerate(sorted({0, *rounds}))}
    return ",".join(str(order[each]) for each in rounds)
