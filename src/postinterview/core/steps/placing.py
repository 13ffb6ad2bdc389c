"""Put events into their place: application, round and person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from postinterview.core.judging.engine import Engine
from postinterview.core.past.cells import Cell
from postinterview.core.past.event_index import in_scope, latest_in
from postinterview.core.past.events import Event, Value
from postinterview.core.past.placed import Against, Placed, new_placed
from postinterview.core.past.places import Key, make_key
from postinterview.core.past.situation import OPENERS, Situation, Snapshot
from postinterview.core.rules.definitions import EventKind
from postinterview.core.values.moments import LocalCalendar

THE_EMPLOYER = "the employer"
"""The words of a verdict for an employer whose name is not said."""

_FEW = 16

Place: TypeAlias = tuple[Key, bool]
"""The place of an event, and whether it is to somebody who never interviewed."""


class Crowd(tuple[str, ...]):  # noqa: SLOT001 - a tuple has no slots for values
    """The names of many people: whether somebody is among them is found as fast as among a few."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = frozenset(names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


def situate(
    engine: Engine,
    calendar: LocalCalendar,
    snapshot: Snapshot,
    kind: EventKind,
    application: str | None,
    to: str | None,
    carried: Mapping[str, Value] | None,
    employer: str = THE_EMPLOYER,
) -> Situation:
    """Put an event into its place, with what it carries (None: its fields are taken as given)."""
    place = place_of(engine, snapshot, kind, application, to)
    return situate_in(engine, calendar, snapshot, kind, place, carried, employer)


def situate_in(
    engine: Engine,
    calendar: LocalCalendar,
    snapshot: Snapshot,
    kind: EventKind,
    place: Place,
    carried: Mapping[str, Value] | None,
    employer: str,
) -> Situation:
    """Put an event where it lies, as `place_of` found."""
    key, stranger = place
    application, _, to = key
    others: tuple[Situation, ...] = ()
    if snapshot.others:
        others = tuple(
            situate(engine, calendar, other, kind, application, to, carried, employer)
            for other in snapshot.others
        )
    stranger = stranger and kind.is_act
    is_unheard = application is not None and not snapshot.applications.get(application)
    unstarted = is_unheard and kind.needs_a_start
    roundless = engine.roundless
    return Situation(snapshot, kind, key, carried, calendar, employer, roundless, stranger, unstarted, others)


def place_of(
    engine: Engine, snapshot: Snapshot, kind: EventKind, application: str | None, to: str | None
) -> Place:
    """Return where an event lies, and whether it is to somebody who never interviewed.

    An event lies in the latest round of its application (0: before the first); one that names a person, in
    the latest round in which that person interviewed. An act to somebody who never did lies before the first.
    """
    openers = snapshot.streams[engine.openers]
    met_in = None if to is None or kind.opens_round else opener(openers, application, to)
    stranger = kind.to_person and met_in is None
    if application is None:
        return make_key(None, None, to), stranger
    opened = met_in
    if to is None or kind.opens_round or (opened is None and not kind.is_act):
        # A fact about a stranger lies in the latest round.
        opened = opener(openers, application, None)
    round_ = 0 if opened is None else opened.round
    if kind.opens_round:
        round_ = (round_ or 0) + 1
    return make_key(application, round_, to), stranger


def opener(openers: Cell | None, application: str | None, person: str | None) -> Placed | None:
    """Return the event that opened the latest round of an application, or the latest with a person."""
    if openers is None:
        return None
    top = openers.top
    if application in (None, top.application) and (person is None or person in top.people):
        return top
    key = make_key(application, None, person)
    latest = latest_in(openers, OPENERS, key)
    if latest is None or _opens_for(latest, application, person):
        return latest
    return next(
        (each for each in in_scope(openers, OPENERS, key) if _opens_for(each, application, person)), None
    )


def _opens_for(opened: Placed, application: str | None, person: str | None) -> bool:
    """Return whether the event that opened a round names the application, and people if one is asked for."""
    return application in (None, opened.application) and (person is None or bool(opened.people))


def named_in(
    kind: EventKind, calendar: LocalCalendar, event: Event, people: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[tuple[str, date], ...]]:
    """Return everyone whom an event names, after ``people``, and the dates that it sets."""
    dates: tuple[tuple[str, date], ...] = ()
    for name, value in event.carried:
        if isinstance(value, tuple):
            named = frozenset(people)
            people += tuple(person for person in value if person not in named)
        elif isinstance(value, date):
            sets = kind.fields[name].sets
            if sets is not None:  # a date that is over when it is named counts as the day it was named
                dates += ((sets, max(value, calendar.day_of(event.at))),)
    return (Crowd(people) if len(people) > _FEW else people), dates


def place_event(
    engine: Engine,
    situation: Situation,
    event: Event,
    spent: tuple[str, ...] = (),
    against: Against | None = None,
) -> Placed:
    """Return the event in its place: whom it names, and the dates that it sets."""
    application, round_, to = situation.place
    people: tuple[str, ...] = () if to is None else (to,)
    dates: tuple[tuple[str, date], ...] = ()
    if event.name in engine.naming:
        people, dates = named_in(situation.kind, situation.calendar, event, people)
    position, past = 0, situation.snapshot.past
    if past is not None:
        position, number = past.top.position + 1, past.top.event.number
        if position == number:  # as where nothing was corrected: one object for both
            position = number
    return new_placed(event, position, event.at, application, round_, people, dates, spent, against)
