"""A past that records what the engine reads of it, beside the moments of `recording`.

The engine asks a past for the state of a machine, for the latest of some events, for what these events carry.
A recorded past answers with what the past at hand has, and writes down question and answer::

    s.now.states.get(k1,'waiting')          the state of the machine?          waiting
    not s.streams[4]                        was there never such an event?     no
    s.streams[4][0]+604800000000>e[0]     within a week before this one?     yes

Another past that gives all these questions the same answers leads the engine to the same step, however
different the two pasts are in all that it did not ask for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import define

from postinterview.audit.clean.light_pasts import AT, DATES, KIND, POSITION
from postinterview.audit.clean.recording import RecordedDay, RecordedMoment, RecordedNumber
from postinterview.audit.clean.step_trees import StepPath
from postinterview.core.guards.buckets import Bucket
from postinterview.core.past.cells import MISSING
from postinterview.core.past.gaps import Gap
from postinterview.core.past.places import Key, make_key
from postinterview.core.past.situation import OPENERS, Snapshot


class RecordedCell:
    """The cell of an event of the past at hand in a stream. ``code``: the event, if it is not the latest."""

    __slots__ = ("_code", "_is_first", "_levels", "_path", "_stream")
    kept = True

    def __init__(self, path: StepPath, stream: int, levels: Levels, code: str = "") -> None:
        self._path, self._stream, self._levels = path, stream, levels
        self._code = code or f"s.streams[{stream}]"
        self._is_first = not code

    @property
    def top(self) -> RecordedEvent:
        return RecordedEvent(self._path, self._code, is_opener=self._is_first and self._stream == OPENERS)

    @property
    def links(self) -> _Links:
        return _Links(self)

    def next_in(self, _stream: int) -> RecordedCell | None:
        code = f"next_in({self._code},{self._stream})"
        return (
            None
            if self._path.ask(f"not {code}")
            else RecordedCell(self._path, self._stream, self._levels, code)
        )

    def recall(self, what: object) -> Any:
        """Return the level of a credit. Whatever else the engine keeps with cells, it works out."""
        return self._levels.level(what) if self._is_first else MISSING

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


class RecordedEvent:
    """An event of the past at hand, in its place. All of them are in order: allowed, and with an hour.

    ``is_opener``: it is the latest that opened a round, which is a part of what stands.
    """

    __slots__ = ("_code", "_is_opener", "_path")
    since = None
    undated = is_open = breach = doubtful = outside = refused = False

    def __init__(self, path: StepPath, code: str, *, is_opener: bool) -> None:
        self._path, self._code, self._is_opener = path, code, is_opener

    @property
    def event(self) -> RecordedEvent:
        return self

    @property
    def at(self) -> RecordedMoment:
        return RecordedMoment(self._path.ask, f"{self._code}[{AT}]")

    @property
    def position(self) -> RecordedNumber:
        return RecordedNumber(self._path.ask, f"{self._code}[{POSITION}]")

    @property
    def name(self) -> Any:
        return self._said("name")

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
        code = f"{self._code}[{DATES}]"
        names = self._path.ask(f"tuple([name for name,_ in {code}])")
        return tuple(
            (name, RecordedDay(self._path.ask, f"{code}[{number}][1]")) for number, name in enumerate(names)
        )

    def _said(self, what: str) -> Any:
        if self._is_opener:
            return self._path.ask_now(f"s.now.opener.{what}")
        return self._path.ask(f"{self._code}[{KIND}].{what}")


class _Streams:
    """The streams of the past at hand."""

    def __init__(self, path: StepPath, count: int, levels: Levels) -> None:
        self._path, self._count, self._levels = path, count, levels

    def __getitem__(self, number: int) -> RecordedCell | None:
        if number == OPENERS:
            is_empty = self._path.ask_now("not s.now.opener")
        else:
            is_empty = self._path.ask(f"not s.streams[{number}]")
        return None if is_empty else RecordedCell(self._path, number, self._levels)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[None]:
        """Yield nothing to read: the engine copies the streams into the next past, which is dropped."""
        return iter([None] * self._count)


class _Mapping(dict[Any, Any]):
    """A mapping of what stands. It is an empty dictionary to who copies it into the next past."""

    def __init__(self, path: StepPath, code: str) -> None:
        super().__init__()
        self._path, self._code = path, code

    def get(self, key: Any, default: Any = None) -> Any:
        return self._path.ask_now(f"{self._code}.get({self._path.names.of(key)},{default!r})")

    def __contains__(self, key: object) -> bool:
        return bool(self._path.ask_now(f"{self._path.names.of(key)} in {self._code}"))


class _Applications(_Mapping):
    """The applications of the past at hand."""

    def __iter__(self) -> Iterator[str]:
        return iter(self._path.ask_now(f"tuple({self._code})"))

    def __len__(self) -> int:
        return len(self._path.ask_now(f"tuple({self._code})"))


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
    others_are_all: bool = True
    past = against_rules = None
    along = Snapshot.along

    @property
    def streams(self) -> _Streams:
        return _Streams(self.path, self.count, self.levels)

    @property
    def states(self) -> _Mapping:
        return _Mapping(self.path, "s.now.states")

    @property
    def applications(self) -> _Applications:
        return _Applications(self.path, "s.now.applications")

    @property
    def places(self) -> _Mapping:
        return _Mapping(self.path, "s.now.places")

    @property
    def places_in(self) -> dict[Any, Any]:
        return {}

    def places_of(self, application: str | None) -> list[Key]:
        found = self.path.ask_now(f"tuple(s.now.places_of({application!r}))")
        return [make_key(*each) for each in found]
