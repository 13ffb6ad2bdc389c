"""Tell which histories are clean without the engine, by what it asked about those before.

A history is clean if each act in it is allowed and each fact is expected, so that an audit finds nothing. The
engine judges the first history of its kind with recorded moments (see `recording`). What it asked becomes a
path of a tree: a branch for each event, and below it one for each question and answer. The next history walks
down the tree. Where no branch fits, the engine judges it and the tree grows::

    interview -> e[1]... -> follow_up -> e[1]+604800000000>e[2]? -+- no: allowed -> message -> ...
                                                                  +- yes: not clean

Of a kind that was never seen before, the engine judges the first history as it is: recording takes twice as
long, and many kinds come once. A tree that grew too large is dropped.

"Clean" is therefore never decided here. That nothing is found in a clean history is the engine's answer and
these conditions, each of which the exact path would look at, too: every row is read to the last cell, says
its hour, and names its application in all rows or in none; and no decision comes before the first interview.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias, cast

from attrs import frozen

from postinterview.audit.bulk.recording import (
    EPOCH,
    Days,
    NotRecordedError,
    RecordedCalendar,
    RecordedDay,
    RecordedMoment,
)
from postinterview.core.decide import choose
from postinterview.core.errors import MisuseError
from postinterview.core.event_input import check_dates
from postinterview.core.events import Value, new_event
from postinterview.core.gaps import Gap
from postinterview.core.names import read_application
from postinterview.core.process import Rulebook
from postinterview.core.situation import Snapshot
from postinterview.core.step import act, fact, placed_in
from postinterview.core.verdict import new_verdict

MOST_NODES = 300_000
"""The most branches of a tree, some 100 MB of them."""
MOST_SEEN = 1_000_000
"""The most kinds of histories that are remembered as seen."""

DAY = object()
"""Stands for a day in the fields of an event: which day it is, is in the history's numbers."""


@frozen(eq=False)
class Told:
    """An event as a history tells it, but for its moment and days; equal events are one object.

    ``application`` and ``to``: which of the history's applications and people, by the order in which they are
    named. ``fields``: in the order of the rulebook; people by their numbers, and `DAY` for a day.
    """

    name: str
    application: int | None
    to: int | None
    fields: tuple[tuple[str, Any], ...]


class _Fork:
    """A question that the engine asked, and what follows from each answer."""

    __slots__ = ("code", "test", "ways")

    def __init__(self, code: str) -> None:
        self.code = code
        self.test = eval(f"lambda e,c:{code}")  # noqa: S307 - it is made of numbers and of names above alone
        self.ways: dict[Any, Any] = {}


class _Branch:
    """A place between two events: what follows from each event."""

    __slots__ = ("ways",)

    def __init__(self) -> None:
        self.ways: dict[Told, Any] = {}


_NOT_CLEAN = object()
History: TypeAlias = Sequence[tuple[Told, Sequence[int]]]
"""The events of one employer in order; with each its moment, and then the days that it carries."""


class CleanHistories:
    """Tells which histories are clean under a rulebook.

    ``unknown``: the events that no history keeps.
    """

    def __init__(self, rulebook: Rulebook, unknown: tuple[str, ...]) -> None:
        self._engine = rulebook.engine
        self._unknown = frozenset(unknown)
        self._root = _Branch()
        self._nodes = 0
        self._seen: set[int] = set()

    def is_clean(self, history: History, end: int, days: Days) -> bool:
        """Return whether a history is clean.

        ``end``: the moment until which events may be unknown. ``days``: the employer's.
        """
        numbers = [end]
        node: Any = self._root
        for told, given in history:
            numbers += given
            node = node.ways.get(told)
            while type(node) is _Fork:
                node = node.ways.get(node.test(numbers, days))
            if node is None:
                return self._grow(history, end, days)
            if node is _NOT_CLEAN:
                return False
        return True

    def _grow(self, history: History, end: int, days: Days) -> bool:
        """Let the engine judge a history; if one of its kind was judged before, remember what it asks."""
        kind = hash(tuple([told for told, _ in history]))
        if kind not in self._seen:
            if len(self._seen) >= MOST_SEEN:
                self._seen.clear()
            self._seen.add(kind)
            return self.judge_plainly(history, end, days)
        if self._nodes > MOST_NODES:
            self._root, self._nodes = _Branch(), 0
        path = _Path(self._root, [end], days)
        try:
            is_clean = self._judge(history, path, RecordedCalendar(path.ask))
        except (NotRecordedError, MisuseError, AttributeError, TypeError):  # the exact path judges it
            is_clean = False
        path.end(is_clean=is_clean)
        self._nodes += path.added
        return is_clean

    def judge_plainly(self, history: History, end: int, days: Days) -> bool:
        """Let the engine judge a history as it is."""
        try:
            return self._judge(history, _Plain(end), days.calendar)
        except MisuseError:
            return False

    def _judge(self, history: History, path: _Path | _Plain, calendar: Any) -> bool:
        engine = self._engine
        until: Any = path.moment()
        gaps = (Gap(self._unknown, until),) if self._unknown else ()
        snapshot = Snapshot(streams=engine.start.streams, unknowns=gaps)
        opened: set[int | None] = set()
        ended: set[int | None] = set()
        for number, (told, given) in enumerate(history, 1):
            path.go_on(told, given)
            kind = engine.definition.events[told.name]
            if kind.opens_round:
                if told.application in ended:  # an audit gives a hint, if it is soon
                    return False
                opened.add(told.application)
            elif kind.ends and not kind.is_act and told.application not in opened:
                ended.add(told.application)
            after = self._step(calendar, snapshot, number, told, path)
            if after is None:
                return False
            snapshot = after
        return True

    def _step(
        self, calendar: Any, snapshot: Snapshot, number: int, told: Told, path: _Path | _Plain
    ) -> Snapshot | None:
        """Return the next snapshot; None if the event is not in order."""
        engine, kind = self._engine, self._engine.definition.events[told.name]
        at: Any = path.moment()
        fields = tuple((name, path.value(value)) for name, value in told.fields)
        application = None if told.application is None else f"a{told.application}"
        place = None if kind.employer_wide else read_application(snapshot.applications, application)
        to = None if told.to is None else f"p{told.to}"
        event = new_event(number, told.name, at, place, to, fields)
        check_dates(kind, event, calendar.day_of(at))
        situation = placed_in(engine, calendar, snapshot, event, "the employer")
        if not kind.is_act:
            made = fact(engine, situation, event, ())
            return None if made.unexpected else made.snapshot
        choices = choose(engine, situation, at)
        if choices is None:
            return None
        verdict = new_verdict(told.name, at, place, to, True)
        return act(engine, situation, event, verdict, choices).snapshot


class _Path:
    """The way of one history down the tree, which grows where there is none."""

    def __init__(self, root: _Branch, numbers: list[int], days: Days) -> None:
        self._numbers = numbers
        self._days = days
        self._ways: dict[Any, Any] = {None: root}
        self._key: Any = None
        self._next = 0  # the next number that is given to the engine
        self.added = 0

    def ask(self, code: str) -> Any:
        """Return the answer of this history to a question, and go down to what follows from it."""
        fork = self._ways.get(self._key)
        if type(fork) is not _Fork or fork.code != code:  # once guards are compiled, they ask in another way
            fork = self._ways[self._key] = _Fork(code)
            self.added += 1
        answer = fork.test(self._numbers, self._days)
        self._ways, self._key = fork.ways, answer
        return answer

    def go_on(self, told: Told, given: Sequence[int]) -> None:
        """Go on with the next event."""
        self._numbers += given
        branch = self._ways.get(self._key)
        if type(branch) is not _Branch:
            branch = self._ways[self._key] = _Branch()
            self.added += 1
        self._ways, self._key = branch.ways, told

    def end(self, *, is_clean: bool) -> None:
        """Say that each history that comes here is clean so far, or that none is."""
        if not is_clean:
            self._ways[self._key] = _NOT_CLEAN
        elif type(self._ways.get(self._key)) is not _Branch:
            self._ways[self._key] = _Branch()

    def moment(self) -> RecordedMoment:
        self._next += 1
        return RecordedMoment(self.ask, f"e[{self._next - 1}]")

    def value(self, value: Any) -> Value:
        """Return the value of a field as the engine gets it."""
        if value is DAY:
            self._next += 1
            return RecordedDay(self.ask, f"e[{self._next - 1}]")
        if isinstance(value, tuple):
            return tuple(f"p{person}" for person in value)
        return cast("Value", value)


class _Plain:
    """One history as it is: its moments and days are plain values, and nothing is remembered."""

    def __init__(self, end: int) -> None:
        self._numbers = [end]
        self._next = 0

    def go_on(self, _told: Told, given: Sequence[int]) -> None:
        self._numbers += given

    def moment(self) -> datetime:
        self._next += 1
        return EPOCH + timedelta(microseconds=self._numbers[self._next - 1])

    def value(self, value: Any) -> Value:
        if value is DAY:
            self._next += 1
            return date.fromordinal(self._numbers[self._next - 1])
        if isinstance(value, tuple):
            return tuple(f"p{person}" for person in value)
        return cast("Value", value)
