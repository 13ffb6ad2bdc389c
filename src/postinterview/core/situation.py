"""What a guard may read: the folded history, where an act lies in it, and what the act carries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import define, field

from postinterview.core.definitions import EventKind, EventSet
from postinterview.core.events import Key, Placed, Unknown, Value, lies_in
from postinterview.core.moments import LocalCalendar


@define
class Snapshot:
    """What a history folds to. Never changed once built; every step builds the next one.

    ``timeline``: the events in the order in which they happened, without the retracted ones.
    ``streams``: for each set of events that some rule watches, those events of the timeline.
    ``states``: the state of each machine's instance that has left its start.
    ``applications``: their names, in the order of their first event.
    """

    timeline: tuple[Placed, ...] = ()
    streams: tuple[tuple[Placed, ...], ...] = ()
    states: dict[tuple[str, Key], str] = field(factory=dict)
    applications: tuple[str, ...] = ()
    breaches: tuple[Placed, ...] = ()
    unknowns: tuple[Unknown, ...] = ()


@define(eq=False)
class Situation:
    """One act in its place.

    ``carried`` None: its fields are taken as given. ``roundless``: the events that lie in no
    round. ``stranger``: it is to a person who never interviewed there.
    """

    snapshot: Snapshot
    kind: EventKind
    place: Key
    carried: Mapping[str, Value] | None
    calendar: LocalCalendar
    roundless: frozenset[str] = frozenset()
    stranger: bool = False

    def latest(self, stream: int, key: Key) -> Placed | None:
        """The latest event of the stream in scope."""
        for placed in reversed(self.snapshot.streams[stream]):
            if lies_in(placed, key):
                return placed
        return None

    def since(self, stream: int, key: Key, after: Placed | None) -> list[Placed]:
        """The events of the stream in scope after ``after``, the latest first."""
        found = []
        start = -1 if after is None else after.position
        for placed in reversed(self.snapshot.streams[stream]):
            if placed.position <= start:
                break
            if lies_in(placed, key):
                found.append(placed)
        return found

    def unknown_until(self, members: frozenset[str], key: Key) -> datetime | None:
        """Until when it is unknown, in scope, what happened of these events; None: all is known.

        What is unknown of the time before a round was opened is not in that round, unless it lies in
        none.
        """
        application, round_, _ = key
        opened = None
        if round_:
            started = (
                p.at for p in self.snapshot.timeline if (p.application, p.round) == (application, round_)
            )
            opened = next(started, None)
        untils = [
            unknown.until
            for unknown in self.snapshot.unknowns
            if (touched := members.intersection(unknown.of))
            and (application is None or unknown.application in (None, application))
            and (
                not round_
                or (opened is not None and opened < unknown.until)
                or not touched.isdisjoint(self.roundless)
            )
        ]
        return max(untils, default=None)


class Watch:
    """Numbers the sets of events that rules watch; each set gets one stream of the snapshot."""

    def __init__(self) -> None:
        self._numbers: dict[frozenset[str], int] = {}

    def stream(self, members: frozenset[str] | EventSet) -> int:
        names = members.members if isinstance(members, EventSet) else members
        return self._numbers.setdefault(names, len(self._numbers))

    def by_event(self, names: Mapping[str, EventKind]) -> dict[str, tuple[int, ...]]:
        """For each event the streams that it goes into."""
        return {
            name: tuple(number for members, number in self._numbers.items() if name in members)
            for name in names
        }

    def __len__(self) -> int:
        return len(self._numbers)
