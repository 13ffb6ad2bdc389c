"""Take the steps of clean histories without the engine, by what it asked in such steps before.

Each event has a tree: a branch for each question that the engine asked of the past and of the moments, and
for each answer; and at its leaves what the step comes to. Few questions decide a step, so histories that are
not alike as a whole share their steps::

    thank_you -> s.now.states.get(k1,'waiting') -- waiting -> not s.streams[4] -- no -> ... allowed
                                                                               `- yes -> not in order

Where no branch fits, the engine takes the step on a recorded past (see `recorded_past`), and the tree grows.

Most questions are about what stands (`s.now`), which takes few forms. So each of these forms remembers to
which leaves an event led, and the other questions on the way to a leaf are asked as one. The tree is walked
only where the answer to that is no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from threading import Lock
from typing import Any, cast

from attrs import frozen

from postinterview.audit.clean.light_pasts import At, Cells, Kind, Past, Standing, next_in
from postinterview.audit.clean.recorded_past import Levels, RecordedPast
from postinterview.audit.clean.recording import (
    Days,
    NotRecordedError,
    RecordedCalendar,
    RecordedDay,
    RecordedMoment,
)
from postinterview.audit.clean.step_trees import Fork, Names, StepPath
from postinterview.core.answers.verdict import new_verdict
from postinterview.core.judging.decide import choose
from postinterview.core.judging.engine import Engine
from postinterview.core.past.events import Value, new_event
from postinterview.core.past.gaps import Gap
from postinterview.core.past.situation import OPENERS
from postinterview.core.steps.event_input import check_dates
from postinterview.core.steps.step import act, fact, placed_in
from postinterview.core.steps.step_parts import Step
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.names import read_application

MOST_NODES, MOST_EVENTS, MOST_STANDINGS, MOST_KNOWN = 200_000, 20_000, 20_000, 400_000
"""The most branches of the trees, trees, standings, and answers that these remember: some 100 MB of each."""

MOST_AT_FIRST, SELDOM = 5_000, 2
"""So many steps are recorded at first, and later one in so many histories: it takes 100 times as long."""

MOST_TRIED, OFTEN = 4, 3
"""The most leaves that are tried before the tree is walked, and how often it leads to one that is tried."""

MOST_PLACES = 64
"""The most places or states of a history whose steps are known: what stands is copied where it changes."""

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


def take_step(
    engine: Engine, calendar: Any, past: Any, told: Told, at: Any, days: Iterator[Any]
) -> Step | None:
    """Let the engine take the step of an event, at a moment, with its days; None if it is not in order.

    Raises:
        MisuseError: it can't be recorded.
    """
    kind = engine.definition.events[told.name]
    fields = tuple([(name, _value(value, days)) for name, value in told.fields])
    application = None if told.application is None else f"a{told.application}"
    # Either each event of a history names its application, or none does.
    place = None if kind.employer_wide else read_application((), application)
    to = None if told.to is None else f"p{told.to}"
    event = new_event(0, told.name, at, place, to, fields)
    if any(value is DAY for _, value in told.fields):
        check_dates(kind, event, calendar.day_of(at))
    situation = placed_in(engine, calendar, past, event, "the employer")
    if not kind.is_act:
        made = fact(engine, situation, event, ())
        return None if made.unexpected else made
    choices = choose(engine, situation, at)
    if choices is None:
        return None
    return act(engine, situation, event, new_verdict(told.name, at, place, to, True), choices)


def _value(value: Any, days: Iterator[Any]) -> Value:
    """Return the value of a field as the engine gets it."""
    if value is DAY:
        value = next(days)
    elif isinstance(value, tuple):
        value = tuple([f"p{person}" for person in value])
    return cast("Value", value)


class _Leaf:
    """The additions of a step to a past, as the engine added it to a recorded one.

    ``streams``: the numbers of those that get the event. ``below``: takes the latest event of each.
    ``days``: how to find the dates that it sets. ``moves``: what stands changes. ``condition``: the question
    whether a step leads here, if the same stands. ``found``: how often the tree led here.
    """

    __slots__ = (
        *("_applications", "_opens", "_places", "_states", "below", "condition", "days", "found", "kind"),
        *("moves", "names", "streams"),
    )

    def __init__(self, step: Step, path: StepPath) -> None:
        placed, after = step.placed, step.snapshot
        streams = tuple(number for number, each in enumerate(after.streams) if each is not None)
        made = (placed.name, placed.application, placed.round, placed.people, placed.spent)
        self.kind = Kind(*made, streams)
        self.streams = streams
        self.below: Callable[[Sequence[Any]], tuple[Any, ...]] = _picker(streams)
        days: list[tuple[str, Any]] = []
        for name, day in placed.dates:
            if not isinstance(day, RecordedDay):
                raise NotRecordedError
            days.append((name, path.names.question(day.code)))
        self.names, self.condition, self.found = path.names, path.condition, 0
        self.days = tuple(days)
        self._states = dict(after.states)
        self._places = tuple(dict(after.places))
        self._applications = dict(after.applications)
        self._opens = OPENERS in self.streams
        self.moves = bool(self._states or self._places or self._applications or self._opens)

    def after(self, now: Standing) -> Standing:
        """Return what stands after the step."""
        return now.with_step(self._states, self._places, self._applications, self.kind, opens=self._opens)


def _picker(streams: tuple[int, ...]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """Return what takes the latest events of some streams from those of all."""
    match streams:
        case ():
            return lambda _: ()
        case (only,):
            return lambda latest: (latest[only],)
        case _:
            return itemgetter(*streams)


_NOT_IN_ORDER = object()
_NOT_KNOWN = object()
_NO_TREE: dict[Any, Any] = {}


class KnownSteps:
    """Takes the steps of the events of a rulebook. ``unknown``: the events that no history keeps."""

    def __init__(self, engine: Engine, unknown: frozenset[str]) -> None:
        self._engine = engine
        self._unknown = unknown
        self._begun = 0
        self._grown = 0
        self._lock = Lock()
        self._forget()

    def _forget(self) -> None:
        """Drop all that is known; a history that is under way keeps what it has."""
        self._names = Names({"At": At, "next_in": next_in})
        self._trees: dict[Told, dict[Any, Any]] = {}
        self._nodes = self._known = 0
        self._cells: Cells = {}
        self._start = Standing({}, {}, {}, {}, None)
        self._standings: dict[object, Standing] = {self._start.key: self._start}

    def begin(self) -> Past:
        """Return the past of a history that begins."""
        self._begun += 1
        is_much = self._nodes > MOST_NODES or max(self._known, len(self._cells)) > MOST_KNOWN
        if is_much or len(self._trees) > MOST_EVENTS or len(self._standings) > MOST_STANDINGS:
            with self._lock:
                self._forget()
        return Past(self._start, len(self._engine.start.streams), self._cells)

    def take(self, past: Past, told: Told, given: Sequence[int], days: Days, end: int) -> bool:
        """Add an event to a past, and return True; False if it is not in order.

        ``given``: the moment of the event, and its days. ``end``: the moment until which events may be
        unknown.

        Raises:
            NotRecordedError: that can't be told without the engine.
        """
        now = past.now
        for holds, node in now.known.get(told, ()):  # noqa: B007 - it is used below
            if holds(past, given, days, end):
                break
        else:
            node = self._find(past, told, given, days, end)
            if node is None:
                return False
        dates: Any = ()
        if node.days:
            dates = tuple([(name, day(past, given, days, end)) for name, day in node.days])
        streams = past.streams
        event = (given[0], past.count, dates, node.kind, node.below(streams))
        past.count += 1
        for number in node.streams:
            streams[number] = event
        if node.moves:
            past.now = now.after.get(node) or self._moved(now, node)
        return True

    def _find(self, past: Past, told: Told, given: Sequence[int], days: Days, end: int) -> _Leaf | None:
        """Return what a step comes to, by the tree of its event; None: it is not in order."""
        node = self._trees.get(told, _NO_TREE).get(None)
        while isinstance(node, Fork):
            node = node.ways.get(node.test(past, given, days, end))
        if node is None:
            with self._lock:
                node = self._grow(told, (past, given, days, end))
        if isinstance(node, _Leaf):
            node.found += 1
            if node.found >= OFTEN:
                holds, known = node.names.question(node.condition), past.now.known
                known[told] = ((holds, node), *known.get(told, ())[: MOST_TRIED - 1])
                self._known += 1
            return node
        if node is _NOT_KNOWN:
            raise NotRecordedError
        return None

    def _moved(self, now: Standing, leaf: _Leaf) -> Standing:
        """Return what stands after a step, the same object for all that are equal."""
        after = leaf.after(now)
        if len(after.places) > MOST_PLACES or len(after.states) > MOST_PLACES:
            raise NotRecordedError
        with self._lock:
            after = now.after[leaf] = self._standings.setdefault(after.key, after)
        return after

    def _grow(self, told: Told, asked: tuple[Past, Sequence[int], Days, int]) -> object:
        """Let the engine take a step on the recorded past, and remember what it asks."""
        if self._grown > MOST_AT_FIRST + self._begun // SELDOM:
            return _NOT_KNOWN
        self._grown += 1
        path = StepPath(self._trees.setdefault(told, {}), self._names, asked)
        engine, until = self._engine, cast("datetime", RecordedMoment(path.ask, "z"))
        gaps = (Gap(self._unknown, until),) if self._unknown else ()
        levels = Levels(path, engine.buckets)
        recorded = RecordedPast(path, len(engine.start.streams), levels, gaps)
        named_days = (RecordedDay(path.ask, f"e[{number}]") for number in range(1, len(asked[1])))
        leaf: object
        try:
            at, calendar = RecordedMoment(path.ask, "e[0]"), RecordedCalendar(path.ask)
            step = take_step(engine, calendar, recorded, told, at, named_days)
            leaf = _NOT_IN_ORDER if step is None else _Leaf(step, path)
        except MisuseError:
            leaf = _NOT_IN_ORDER
        except (NotRecordedError, AttributeError, TypeError):
            leaf = _NOT_KNOWN
        path.end(leaf)
        self._nodes += path.added
        return leaf
