"""Say more of an event that is recorded already, or say it otherwise: who was met, until when they decide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from postinterview.core.answers.outcome import Outcome
from postinterview.core.past.events import Event
from postinterview.core.past.placed import Placed
from postinterview.core.steps.event_input import FIELD_TYPES
from postinterview.core.values.errors import MisuseError, UnknownNameError
from postinterview.core.values.formatting import say_list
from postinterview.core.values.moments import EARLIEST, in_utc

if TYPE_CHECKING:
    from postinterview.core.process import Process


def amend(
    process: Process, event: Event, at: datetime, fields: Mapping[str, Any], status: str | None = None
) -> Outcome:
    """Return the outcome of retracting an event and recording it at its moment with more fields.

    ``status``: that of a host's board that it stands for, if it is not said yet.

    Raises:
        MisuseError: it may have reached the employer, so what it carried is over.
        FieldError: the event has no such field, or it can't be so.
    """
    if process.rulebook.definition.events[event.name].reaches_them:
        if fields.items() <= event.fields.items():
            return Outcome(process, None, repeated=True, added=0)
        message = f"`{event.name}` is recorded already, and it may have reached the employer"
        raise MisuseError(message, "leave its fields out, or retract it with `not_sent` set to true")
    recorded = process.history[event.number - 1]  # its day may be cut short in the timeline
    event = recorded if isinstance(recorded, Event) else event
    status = event.status or status
    latest = max(in_utc(at), process.latest_at or EARLIEST).astimezone(at.tzinfo)
    told = process.retract(event.number, at=latest).process._recorded(  # noqa: SLF001 - as record, with its status
        event.name,
        event.at.astimezone(at.tzinfo),
        event.to,
        event.application,
        {**event.fields, **fields},
        late=True,
        undated=event.undated,
        since=event.since,
        again=event.dates is None,
        dates=event.dates,
        status=status,
    )
    if told.event is not None and (told.event.carried, status) == (event.carried, event.status):
        return Outcome(process, None, repeated=True, added=0)
    return told


def with_people(process: Process, event: Event, fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields with everybody whom the event names already, before those who are new."""
    kinds, told = process.rulebook.definition.events[event.name].fields, dict(fields)
    for name, named in event.carried:
        if kinds[name].type != "people" or not isinstance(named, tuple):
            continue
        new = FIELD_TYPES["people"].read(told.get(name))  # also a bare name, or a set
        if isinstance(new, tuple):
            told[name] = [*named, *(each for each in new if each not in named)]
    return told


def event_standing(timeline: tuple[Placed, ...], which: object, application: str | None) -> Event:
    """Return the event of entry ``which`` that stands; or, of a name, the latest one.

    ``application``: the latest of a name in this one only.

    Raises:
        UnknownNameError: there is none.
    """
    for placed in reversed(timeline):
        is_here = application is None or placed.application == application
        if placed.event.number == which or (placed.name == which and is_here):
            return placed.event
    numbers = say_list(str(placed.event.number) for placed in timeline)
    known = f"the entries of its events: {numbers}" if numbers else "nothing is recorded"
    help_ = known if isinstance(which, int) else f"record it first, with all that is known of it; {known}"
    raise UnknownNameError(f"the history has no event {which!r} that stands", help_)
