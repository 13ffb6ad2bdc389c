"""The past of a history as the fast path has it: as small as the questions that are asked of it allow.

What stands after an event takes few forms: the states, the places, the applications and the latest event that
opened a round. So equal ones are one object, a `Standing`, which knows what comes after it and the answers
that it gave (see `known_steps`). What differs from history to history is when something was. So an event is
a moment, its dates, and a `Kind` that many events share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias, cast

from postinterview.core.past.cells import Cell
from postinterview.core.past.events import Event
from postinterview.core.past.placed import Placed, new_placed
from postinterview.core.past.places import Key
from postinterview.core.past.situation import Snapshot
from postinterview.core.values.stacks import Stack, pushed


class Kind(NamedTuple):
    """All that the engine made of an event, but for its moment, its number and its dates.

    ``streams``: the numbers of those that it is in.
    """

    name: str
    application: str | None
    round: int | None
    people: tuple[str, ...]
    spent: tuple[str, ...]
    streams: tuple[int, ...]


Happened: TypeAlias = tuple[int, int, tuple[tuple[str, int], ...], Kind, tuple[Any, ...]]
"""An event of a past: its moment in microseconds since 1970, its number, the dates that it sets, as ordinals,
its kind, and the event before it in each of its streams. A plain tuple takes less time than any class."""

AT: Final = 0
POSITION: Final = 1
DATES: Final = 2
KIND: Final = 3


def next_in(event: Happened, stream: int) -> Happened | None:
    """Return the event before another one in a stream that it is in."""
    *_, kind, below = event
    found: Happened | None = below[kind.streams.index(stream)]
    return found


class Standing:
    """The state of a history after an event. Never changed, but for what is known to follow from it.

    Attributes:
        opener: the latest event that opened a round.
        known: the leaves to which an event led lately, each with the question whether it does again.
        after: what stands after a step, by its leaf.
    """

    __slots__ = ("after", "applications", "known", "opener", "places", "places_in", "states")
    places_of = Snapshot.places_of

    def __init__(
        self,
        states: Mapping[tuple[str, Key], str],
        places: Mapping[Key, int],
        places_in: Mapping[str | None, Stack[Key] | None],
        applications: Mapping[str, bool],
        opener: Kind | None,
    ) -> None:
        self.states = states
        self.places = places
        self.places_in = places_in
        self.applications = applications
        self.opener = opener
        self.known: dict[Any, tuple[Any, ...]] = {}
        self.after: dict[Any, Standing] = {}

    @property
    def key(self) -> object:
        """The same for two that are equal."""
        states, applications = frozenset(self.states.items()), tuple(self.applications.items())
        return states, tuple(self.places), applications, self.opener

    def with_step(
        self,
        states: Mapping[tuple[str, Key], str],
        new: Iterable[Key],
        applications: Mapping[str, bool],
        kind: Kind,
        *,
        opens: bool,
    ) -> Standing:
        """Return what stands after a step. ``new``: its new places. ``opens``: its event opens a round."""
        places = {**self.places, **{key: number for number, key in enumerate(new, len(self.places))}}
        above = self.places_in.get(kind.application)
        places_in = {**self.places_in, kind.application: pushed(above, new)}
        applications = {**self.applications, **applications}
        opener = kind if opens else self.opener
        return Standing({**self.states, **states}, places, places_in, applications, opener)


Cells: TypeAlias = dict[tuple[int, Kind, int], Cell]
"""The cells of streams as the engine has them, by the stream, the kind of the event and the cell below."""


class Past:
    """A past of known steps, which changes it: what a `Snapshot` has, in whole numbers.

    ``now``: what stands. ``streams``: the latest event of each. ``count``: how many events there are.
    ``cells``: are shared by all pasts.
    """

    __slots__ = ("_cells", "_here", "count", "now", "streams")

    def __init__(self, start: Standing, streams: int, cells: Cells) -> None:
        self.now = start
        self.streams: list[Happened | None] = [None] * streams
        self.count = 0
        self._cells = cells
        self._here: dict[tuple[int, int], Cell] = {}

    def cell(self, stream: int) -> Cell | None:
        """Return the latest cell of a stream, without moments: a credit's level does not depend on them.

        The same events in the same order are the same cells, so the engine works out each level once.
        """
        waiting: list[Happened] = []
        event, cell, here = self.streams[stream], None, self._here
        while event is not None:
            cell = here.get((stream, event[POSITION]))
            if cell is not None:
                break
            waiting.append(event)
            event = next_in(event, stream)
        for each in reversed(waiting):
            key = (stream, each[KIND], id(cell))
            found = self._cells.get(key)
            if found is None:
                number = 0 if cell is None else cell.top.position + 1
                made = Cell(_placed(each[KIND], number), None, ((None, stream), cell))
                found = self._cells.setdefault(key, made)
            cell = here[stream, each[POSITION]] = found
        return cell


def _placed(kind: Kind, position: int) -> Placed:
    """Return an event of a kind as the engine has it, but for its moment and its dates."""
    never = cast("datetime", None)
    event = Event(0, kind.name, never)
    return new_placed(event, position, never, kind.application, kind.round, kind.people, (), kind.spent)


class At:
    """A place after a past, of which all is known: what the level of a credit hangs on."""

    __slots__ = ("_past", "place")
    unknowns = ()

    def __init__(self, past: Past, place: Key) -> None:
        self._past, self.place = past, place

    @property
    def snapshot(self) -> At:
        return self

    @property
    def streams(self) -> At:
        return self

    def __getitem__(self, stream: int) -> Cell | None:
        return self._past.cell(stream)
