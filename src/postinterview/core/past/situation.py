"""The folded history, and an act in its place: everything that a guard may read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import define, field

from postinterview.core.past.cells import Cell, along
from postinterview.core.past.event_index import events_since, latest_in
from postinterview.core.past.events import Value
from postinterview.core.past.gaps import Gap
from postinterview.core.past.placed import Placed
from postinterview.core.past.places import Key
from postinterview.core.rules.definitions import EventKind, EventSet
from postinterview.core.rules.rule_text import title_of
from postinterview.core.values.builders import builder
from postinterview.core.values.moments import LocalCalendar
from postinterview.core.values.stacks import Stack, downwards, upwards

OPENERS = 0
"""The stream of the events that open rounds."""


@define
class Snapshot:
    """The result of folding a history. Never changed once built; every step builds the next one.

    Attributes:
        past: all events in the order in which they happened, without the retracted ones.
        streams: for each set of events that some rule watches, the cell of the latest of them. They follow
            from the past.
        states: the state of each machine's instance that has left its start.
        places: every place in which an event names a person or nobody, in the order of the first event there,
            and its number in that order.
        places_in: the places of each application, and under None those of none; the latest on top.
        applications: the names of the applications, in the order of their first event, and whether an event
            that starts an application is recorded in them.
        against_rules: the acts that were refused and happened all the same.
        unknowns: what is not known of the past.
        others: what other pasts fold to, in which events without a date happened at other moments.
        others_are_all: whether these are all the other pasts that there may be.
    """

    past: Cell | None = None
    streams: tuple[Cell | None, ...] = field(default=(), eq=False)
    states: Mapping[tuple[str, Key], str] = field(factory=dict)
    places: Mapping[Key, int] = field(factory=dict)
    places_in: Mapping[str | None, Stack[Key] | None] = field(factory=dict)
    applications: Mapping[str, bool] = field(factory=dict)
    against_rules: Stack[Placed] | None = None
    unknowns: tuple[Gap, ...] = ()
    others: tuple[Snapshot, ...] = ()
    others_are_all: bool = field(default=True, eq=False, repr=False)

    @property
    def latest(self) -> Placed | None:
        """The event that surely is the latest: time has reached its moment, or its day somewhere on Earth."""
        past = self.past
        if past is None or past.top.event.since is None:  # as nearly always
            return None if past is None else past.top
        latest: Placed | None = None
        for placed in downwards(past):
            if latest is None or latest.event.surely < placed.event.surely:
                latest = placed
            if placed.event.since is None:
                break
        return latest

    @property
    def timeline(self) -> tuple[Placed, ...]:
        """The past, the earliest event first. It is put together anew each time."""
        return upwards(self.past)

    @property
    def order(self) -> tuple[int, ...]:
        """The numbers of the events in the past, the latest first."""
        return tuple(placed.event.number for placed in downwards(self.past))

    def along(self, stream: int) -> Iterator[Placed]:
        """Yield the events of a stream, the latest first."""
        return along(self.streams[stream], stream)

    def places_of(self, application: str | None) -> Iterable[Key]:
        """Return the places of an application and of none; of all if it is None, in their order."""
        if application is None:
            return self.places
        found = [
            key for name in dict.fromkeys((application, None)) for key in downwards(self.places_in.get(name))
        ]
        return sorted(found, key=self.places.__getitem__)


@define(eq=False)
class Situation:
    """One act in its place.

    Attributes:
        snapshot: what happened before.
        kind: the event.
        place: where it would lie.
        carried: its fields; None if they are taken as given.
        calendar: the employer's days.
        employer: what the employer is called.
        roundless: the events that lie in no round.
        unknown_person: whether it is an act to a person who never interviewed there.
        unstarted: whether it is an act in an application that nothing recorded has started.
        others: the same act in the other pasts of the snapshot.
        answers: what guards found out about it, which they are asked again and again.
    """

    snapshot: Snapshot
    kind: EventKind
    place: Key
    carried: Mapping[str, Value] | None
    calendar: LocalCalendar
    employer: str
    roundless: frozenset[str]
    unknown_person: bool = False
    unstarted: bool = False
    others: tuple[Situation, ...] = ()
    answers: dict[object, Any] = field(factory=dict, init=False)  # not for what `evolve` makes of it

    @property
    def title(self) -> str:
        """The act as the rule file calls it, such as ``thank ana``."""
        application, _, to = self.place
        return title_of(self.kind, to, application, self.employer)

    @property
    def is_out_of_place(self) -> bool:
        """Return whether the act is refused for its place alone, whatever the machines and the guards say."""
        if self.unknown_person or self.unstarted:
            return True
        return bool(self.others) and any(other.is_out_of_place for other in self.others)

    @property
    def is_heard_of(self) -> bool:
        """Return whether something is recorded of the act's application, and not only unknown."""
        known, application = self.snapshot.applications, self.place.application
        return application is None or application in known or not known

    def moved_to(self, place: Key) -> Situation:
        """Return the same act in another place."""
        return Situation(
            self.snapshot, self.kind, place, self.carried, self.calendar, self.employer, self.roundless
        )

    def latest(self, stream: int, key: Key) -> Placed | None:
        """Return the latest event of the stream in scope."""
        return latest_in(self.snapshot.streams[stream], stream, key)

    def since(self, stream: int, key: Key, after: Placed | None, most: int) -> list[Placed]:
        """Return the events of the stream in scope after ``after``: the latest ``most``, the latest first."""
        return events_since(self.snapshot.streams[stream], stream, key, after, most)

    def unknown_until(self, members: frozenset[str], key: Key) -> datetime | None:
        """Return until when it is unknown, in scope, what happened of these events; None: all is known.

        What is unknown of the time before a round was opened is not in that round, unless it lies in
        none.
        """
        application, round_, _ = key
        opened = None
        if round_:
            for placed in self.snapshot.along(OPENERS):
                if (placed.application, placed.round) == (application, round_):
                    opened = placed.at
                    break
        untils = [
            gap.until
            for gap in self.snapshot.unknowns
            if (touched := members & gap.of)
            and gap.reaches(application)
            and (
                not round_
                or (opened is not None and opened < gap.until)
                or not touched.isdisjoint(self.roundless)
            )
        ]
        return max(untils, default=None)


new_snapshot = builder(Snapshot)


class Watch:
    """Numbers the sets of events that rules watch; each set gets one stream of the snapshot."""

    def __init__(self, openers: frozenset[str]) -> None:
        self._numbers: dict[frozenset[str], int] = {openers: OPENERS}

    def stream(self, members: frozenset[str] | EventSet) -> int:
        """Return the number of the stream of these events."""
        names = members.members if isinstance(members, EventSet) else members
        return self._numbers.setdefault(names, len(self._numbers))

    def by_event(self, names: Mapping[str, EventKind]) -> dict[str, tuple[int, ...]]:
        """Return for each event the streams that it goes into."""
        return {
            name: tuple(number for members, number in self._numbers.items() if name in members)
            for name in names
        }

    def __len__(self) -> int:
        return len(self._numbers)
