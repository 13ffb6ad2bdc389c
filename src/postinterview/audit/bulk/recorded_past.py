"""A past that records what the engine reads of it, beside the moments of `recording`.

The engine asks a past for the state of a machine, for the latest of some events, for what these events carry.
A recorded past answers with what the past at hand has, and writes down question and answer::

    s.states.get(k1,'waiting')              the state of the machine?          waiting
    not s.streams[4]                        was there never such an event?     no
    s.streams[4][-1].at+604800000000>e[0]   within a week before this one?     yes

Another past that gives all these questions the same answers leads the engine to the same step, however
different the two pasts are in all that it did not ask for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import define

from postinterview.audit.bulk.recording import RecordedDay, RecordedMoment, RecordedNumber
from postinterview.audit.bulk.step_trees import StepPath
from postinterview.core.buckets import Bucket
from postinterview.core.cells import MISSING, Cell
from postinterview.core.events import Key, Placed, make_key
from postinterview.core.gaps import Gap
from postinterview.core.situation import Snapshot
from postinterview.core.stacks import Stack


class RecordedCell:
    """The cell of an event of the past at hand in a stream: the latest but ``number``."""

    __slots__ = ("_levels", "_number", "_path", "_stream")
    kept = True

    def __init__(self, path: StepPath, stream: int, number: int, levels: Levels) -> None:
        self._path, self._stream, self._number, self._levels = path, stream, number, levels

    @property
    def top(self) -> RecordedEvent:
        return RecordedEvent(self._path, f"s.streams[{self._stream}][{-1 - self._number}]")

    @property
    def links(self) -> _Links:
        return _Links(self)

    def next_in(self, _stream: int) -> RecordedCell | None:
        return _cell(self._path, self._stream, self._number + 1, self._levels)

    def recall(self, what: object) -> Any:
        """Return the level of a credit. Whatever else the engine keeps with cells, it works out."""
        return MISSING if self._number else self._levels.level(what)

    def remember(self, _what: object, _value: object) -> None:
        """Keep nothing: the value holds for this past alone."""


class _Links:
    """The links of a cell: a stream that it is in has one number, whichever it is."""

    def __init__(self, cell: RecordedCell) -> None:
        self._cell = cell

    def index(self, _stream: int) -> int:
        return 1

    def __getitem__(self, number: int) -> Any:
        return self._cell.next_in(0) if number else self


def _cell(path: StepPath, stream: int, number: int, levels: Levels) -> RecordedCell | None:
    events = f"s.streams[{stream}]"
    is_empty = path.ask(f"len({events})<={number}" if number else f"not {events}")
    return None if is_empty else RecordedCell(path, stream, number, levels)


class Levels:
    """The levels of credits, which the engine keeps with the events."""

    def __init__(self, path: StepPath, buckets: Mapping[str, Bucket]) -> None:
        self._path, self._buckets = path, buckets

    def level(self, asked: object) -> Any:
        """Return the level that is kept under a key, or `MISSING`."""
        if not isinstance(asked, tuple) or asked[0] not in self._buckets or asked[2] is not None:
            return MISSING
        level = self._path.names.of(self._buckets[asked[0]].level)
        return self._path.ask(f"{level}(At(s,{self._path.names.of(asked[1])}))[0]")


class Past:
    """A past of known steps: what a `Snapshot` has, but steps change it, and moments are numbers.

    ``streams``: the events of each, the latest last; a list grows faster than linked cells.
    """

    __slots__ = ("_cells", "applications", "count", "places", "places_in", "states", "streams")
    places_of = Snapshot.places_of

    def __init__(self, streams: int) -> None:
        self.streams: list[list[Placed]] = [[] for _ in range(streams)]
        self.states: dict[tuple[str, Key], str] = {}
        self.places: dict[Key, int] = {}
        self.places_in: dict[str | None, Stack[Key] | None] = {}
        self.applications: dict[str, bool] = {}
        self.count = 0
        self._cells: dict[int, tuple[int, Cell | None]] = {}

    def cell(self, stream: int) -> Cell | None:
        """Return the latest cell of a stream as the engine has it."""
        events = self.streams[stream]
        count, cell = self._cells.get(stream, (0, None))
        if count < len(events):
            for placed in events[count:]:
                cell = Cell(placed, None, ((None, stream), cell))
            self._cells[stream] = (len(events), cell)
        return cell


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


class RecordedEvent:
    """An event of the past at hand, in its place. All of them are in order: allowed, and with an hour."""

    __slots__ = ("_code", "_path")
    since = None
    undated = is_open = breach = doubtful = outside = refused = False

    def __init__(self, path: StepPath, code: str) -> None:
        self._path, self._code = path, code

    @property
    def event(self) -> RecordedEvent:
        return self

    @property
    def at(self) -> RecordedMoment:
        return RecordedMoment(self._path.ask, f"{self._code}.at")

    @property
    def position(self) -> RecordedNumber:
        return RecordedNumber(self._path.ask, f"{self._code}.position")

    @property
    def name(self) -> Any:
        return self._said("event.name")

    @property
    def application(self) -> Any:
        return self._said("application")

    @property
    def round(self) -> Any:
        return self._said("round")

    @property
    def people(self) -> Any:
        return self._said("people")

    @property
    def spent(self) -> Any:
        return self._said("spent")

    @property
    def dates(self) -> tuple[tuple[str, RecordedDay], ...]:
        code = f"{self._code}.dates"
        names = self._path.ask(f"tuple([name for name,_ in {code}])")
        return tuple(
            (name, RecordedDay(self._path.ask, f"{code}[{number}][1]")) for number, name in enumerate(names)
        )

    def _said(self, what: str) -> Any:
        return self._path.ask(f"{self._code}.{what}")


class _Streams:
    """The streams of the past at hand."""

    def __init__(self, path: StepPath, count: int, levels: Levels) -> None:
        self._path, self._count, self._levels = path, count, levels

    def __getitem__(self, number: int) -> RecordedCell | None:
        return _cell(self._path, number, 0, self._levels)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[None]:
        """Yield nothing to read: the engine copies the streams into the next past, which is dropped."""
        return iter([None] * self._count)


class _Mapping(dict[Any, Any]):
    """A mapping of the past at hand. It is an empty dictionary to who copies it into the next past."""

    def __init__(self, path: StepPath, code: str) -> None:
        super().__init__()
        self._path, self._code = path, code

    def get(self, key: Any, default: Any = None) -> Any:
        return self._path.ask(f"{self._code}.get({self._path.names.of(key)},{default!r})")


class _States(_Mapping):
    """The states of the past at hand."""


class _Applications(_Mapping):
    """The applications of the past at hand."""

    def __iter__(self) -> Iterator[str]:
        return iter(self._path.ask(f"tuple({self._code})"))

    def __len__(self) -> int:
        return len(self._path.ask(f"tuple({self._code})"))

    def __contains__(self, key: object) -> bool:
        return bool(self._path.ask(f"{self._path.names.of(key)} in {self._code}"))


class _Places(dict[Any, Any]):
    """The places of the past at hand."""

    def __init__(self, path: StepPath) -> None:
        super().__init__()
        self._path = path

    def __contains__(self, key: object) -> bool:
        return bool(self._path.ask(f"{self._path.names.of(key)} in s.places"))


@define(eq=False)
class RecordedPast:
    """The parts of a `Snapshot` that the engine reads.

    ``count``: how many streams there are. ``past`` is empty: the place of an event among all others is no
    part of its step, and nothing but guards in Python reads the whole past.
    """

    path: StepPath
    count: int
    levels: Levels
    unknowns: tuple[Gap, ...] = ()
    others: tuple[Any, ...] = ()
    past = against_rules = None
    along = Snapshot.along

    @property
    def streams(self) -> _Streams:
        return _Streams(self.path, self.count, self.levels)

    @property
    def states(self) -> _States:
        return _States(self.path, "s.states")

    @property
    def applications(self) -> _Applications:
        return _Applications(self.path, "s.applications")

    @property
    def places(self) -> _Places:
        return _Places(self.path)

    @property
    def places_in(self) -> dict[Any, Any]:
        return {}

    def places_of(self, application: str | None) -> list[Key]:
        found = self.path.ask(f"tuple(s.places_of({application!r}))")
        return [make_key(*each) for each in found]
