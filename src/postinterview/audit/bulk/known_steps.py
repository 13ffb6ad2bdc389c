"""Take the steps of clean histories without the engine, by what it asked in such steps before.

Each event has a tree: a branch for each question that the engine asked of the past and of the moments, and
for each answer; and at its leaves what the step comes to. Few questions decide a step, so histories that are
not alike as a whole share their steps::

    thank_you -> s.states.get(k1,'waiting') -- waiting -> not s.streams[4] -- no -> ... allowed
                                                                           `- yes -> not in order

Where no branch fits, the engine takes the step on a recorded past (see `recorded_past`), and the tree grows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from threading import Lock
from typing import Any, cast

from attrs import frozen

from postinterview.audit.bulk.recorded_past import At, Levels, Past, RecordedPast
from postinterview.audit.bulk.recording import (
    Days,
    NotRecordedError,
    RecordedCalendar,
    RecordedDay,
    RecordedMoment,
)
from postinterview.audit.bulk.step_trees import Fork, Names, StepPath, StepTree
from postinterview.core.decide import choose
from postinterview.core.engine import Engine
from postinterview.core.errors import MisuseError
from postinterview.core.event_input import check_dates
from postinterview.core.events import Event, Value, new_event, new_placed
from postinterview.core.gaps import Gap
from postinterview.core.names import read_application
from postinterview.core.stacks import pushed
from postinterview.core.step import act, fact, placed_in
from postinterview.core.step_parts import Step
from postinterview.core.verdict import new_verdict

MOST_NODES = 300_000
"""The most branches of the trees, some 100 MB of them."""

MOST_AT_FIRST, SELDOM = 5_000, 20
"""So many steps are recorded at first, and later one of so many that are known: it takes 20 times as long."""

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

    ``streams``: the numbers of those that get the event. ``days``: how to find the dates that it sets.
    """

    __slots__ = ("applications", "days", "event", "place", "places", "spent", "states", "streams")

    def __init__(self, step: Step, names: Names) -> None:
        placed, after = step.placed, step.snapshot
        self.event = Event(0, placed.event.name, None)  # type: ignore[arg-type]
        self.place = (placed.application, placed.round, placed.people)
        self.spent = placed.spent
        days: list[tuple[str, Any]] = []
        for name, day in placed.dates:
            if not isinstance(day, RecordedDay):
                raise NotRecordedError
            days.append((name, names.question(day.code)))
        self.days = tuple(days)
        self.streams = tuple(number for number, each in enumerate(after.streams) if each is not None)
        self.states = dict(after.states)
        self.places = tuple(dict(after.places))
        self.applications = dict(after.applications)

    def add_to(self, past: Past, given: Sequence[int], days: Days, end: int) -> None:
        """Add the event to a past."""
        dates: Any = ()
        if self.days:
            dates = tuple([(name, day(past, given, days, end)) for name, day in self.days])
        at: Any = given[0]
        placed = new_placed(self.event, past.count, at, *self.place, dates, self.spent)
        past.count += 1
        streams = past.streams
        for number in self.streams:
            streams[number].append(placed)
        if self.states:
            past.states.update(self.states)
        if self.places:
            application = placed.application
            past.places.update({key: number for number, key in enumerate(self.places, len(past.places))})
            past.places_in[application] = pushed(past.places_in.get(application), self.places)
        if self.applications:
            past.applications.update(self.applications)


_NOT_IN_ORDER = object()
_NOT_KNOWN = object()


class KnownSteps:
    """Takes the steps of the events of a rulebook. ``unknown``: the events that no history keeps."""

    def __init__(self, engine: Engine, unknown: frozenset[str]) -> None:
        self._engine = engine
        self._unknown = unknown
        self._names = Names({"At": At})
        self._trees: dict[Told, StepTree] = {}
        self._taken = 0
        self._grown = 0
        self._lock = Lock()

    def take(self, past: Past, told: Told, given: Sequence[int], days: Days, end: int) -> bool:
        """Add an event to a past, and return True; False if it is not in order.

        ``given``: the moment of the event, and its days. ``end``: the moment until which events may be
        unknown.

        Raises:
            NotRecordedError: that can't be told without the engine.
        """
        tree = self._trees.get(told)
        if tree is None:
            tree = self._trees[told] = StepTree()
        leaf = tree.ways.get(None)
        while type(leaf) is Fork:
            leaf = leaf.ways.get(leaf.test(past, given, days, end))
        if leaf is None:
            with self._lock:
                leaf = self._grow(tree, told, (past, given, days, end))
        if type(leaf) is _Leaf:
            leaf.add_to(past, given, days, end)
            self._taken += 1
            return True
        if leaf is _NOT_KNOWN:
            raise NotRecordedError
        return False

    def _grow(self, tree: StepTree, told: Told, asked: tuple[Past, Sequence[int], Days, int]) -> object:
        """Let the engine take a step on the recorded past, and remember what it asks."""
        if self._grown > MOST_AT_FIRST + self._taken // SELDOM:
            return _NOT_KNOWN
        self._grown += 1
        path = StepPath(tree, self._names, asked)
        engine, until = self._engine, cast("datetime", RecordedMoment(path.ask, "z"))
        gaps = (Gap(self._unknown, until),) if self._unknown else ()
        levels = Levels(path, engine.buckets)
        recorded = RecordedPast(path, len(engine.start.streams), levels, gaps)
        named_days = (RecordedDay(path.ask, f"e[{number}]") for number in range(1, len(asked[1])))
        leaf: object
        try:
            at, calendar = RecordedMoment(path.ask, "e[0]"), RecordedCalendar(path.ask)
            step = take_step(engine, calendar, recorded, told, at, named_days)
            leaf = _NOT_IN_ORDER if step is None else _Leaf(step, self._names)
        except MisuseError:
            leaf = _NOT_IN_ORDER
        except (NotRecordedError, AttributeError, TypeError):
            leaf = _NOT_KNOWN
        path.end(leaf)
        if sum(each.size for each in self._trees.values()) > MOST_NODES:
            self._trees.clear()
        return leaf
