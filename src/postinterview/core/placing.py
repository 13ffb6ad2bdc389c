"""Put events into their place: application, round and person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from postinterview.core.definitions import EventKind
from postinterview.core.engine import Engine
from postinterview.core.events import (
    Event,
    Placed,
    Value,
    make_key,
    new_placed,
)
from postinterview.core.moments import LocalCalendar
from postinterview.core.situation import Situation, Snapshot


def situate(
    engine: Engine,
    calendar: LocalCalendar,
    snapshot: Snapshot,
    kind: EventKind,
    application: str | None,
    to: str | None,
    carried: Mapping[str, Value] | None,
    employer: str = "the employer",
) -> Situation:
    """Put an event into its place, with what it carries (None: its fields are taken as given).

    An event lies in the latest round of its application (0: before the first); one that names a person, in
    the latest round in which that person interviewed. An act to somebody who never did lies before the first.
    """
    round_: int | None = 0
    stranger = kind.to_person
    stack = snapshot.streams[engine.openers]
    while stack is not None:
        placed = stack.top
        stack = stack.below
        if application is not None and placed.application != application:
            continue
        if to is None or kind.opens_round:
            round_ = placed.round
            break
        if round_ == 0 and not kind.is_act:
            round_ = placed.round  # a fact about a stranger lies in the latest round
        if to in placed.people:
            round_, stranger = placed.round, False
            break
    if application is None:
        round_ = None
    elif kind.opens_round:
        round_ = (round_ or 0) + 1
    return Situation(
        snapshot,
        kind,
        make_key(application, round_, to),
        carried,
        calendar,
        employer,
        engine.roundless,
        stranger and kind.is_act,
        application not in snapshot.started and application is not None and kind.needs_a_start,
        "",
        tuple(
            situate(engine, calendar, other, kind, application, to, carried, employer)
            for other in snapshot.others
        )
        if snapshot.others
        else (),
    )


def place_event(
    situation: Situation,
    event: Event,
    spent: tuple[str, ...],
    *,
    breach: bool,
    doubtful: bool = False,
    outside: bool = False,
) -> Placed:
    """Return the event in its place: whom it names, and the dates that it sets."""
    application, round_, _ = situation.place
    people: tuple[str, ...] = () if event.to is None else (event.to,)
    dates: tuple[tuple[str, date], ...] = ()
    for name, value in event.carried:
        if isinstance(value, tuple):
            people += tuple(person for person in value if person not in people)
        elif isinstance(value, date):
            sets = situation.kind.fields[name].sets
            if sets is not None:  # a date that is over when it is named counts as the day it was named
                dates += ((sets, max(value, situation.calendar.day_of(event.at))),)
    past = situation.snapshot.past
    position = 0 if past is None else past.top.position + 1
    return new_placed(
        event, position, event.at, application, round_, people, dates, spent, breach, doubtful, outside
    )
