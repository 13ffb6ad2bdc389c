"""Find the latest moments of the events without a date or hour, and how many of them a process can hold.

A row says that an event happened and not when, such as a status Rejected. The process takes it as undated.
If it says the day and no hour, the process that is kept has the day. The rules are then asked of each past
that is possible, so their number has a limit (see `core.pasts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from attrs import evolve

from postinterview.audit.history.map_model import EventClaim
from postinterview.core.events import Entry, Event
from postinterview.core.moments import EARLIEST, MICROSECOND, at_fixed_offset
from postinterview.core.pasts import are_too_many
from postinterview.core.process import Process

MOST_DAYS = 30
"""The most events without an hour of a process that is saved: each is tried at the ends of its day."""

MOST = 64
"""The most pasts of a process that is saved: each of its questions is asked in all of them."""


def fitting(
    dated: Sequence[EventClaim], undated: Sequence[EventClaim], last_day: Callable[[ZoneInfo], datetime]
) -> tuple[list[EventClaim], list[EventClaim]]:
    """Return the undated events that a process takes, in the order of time, and those that are too many.

    ``last_day``: returns when the day of the export begins in a zone. An event had happened by then, or by
    the latest moment of another row, if that is later: so one can ask about the day of the export. Of events
    that are too many the earliest are left out.
    """
    latest = max((each.at for each in dated), default=EARLIEST)
    kept: list[EventClaim] = []
    dropped: list[EventClaim] = []
    for claim in sorted(undated, key=lambda each: each.at, reverse=True):
        by = max(latest, last_day(ZoneInfo(claim.zone)))
        more = [evolve(claim, at=min(claim.at, by)), *kept]
        events = [_event(number, each) for number, each in enumerate((*dated, *more))]
        if are_too_many(events, MOST):
            dropped.append(claim)
        else:
            kept = more
    return kept, dropped


def with_days(process: Process, told: Iterable[tuple[EventClaim, Event]], end: datetime) -> Process | None:
    """Return a process in which events of rows without an hour have their day; None: they are too many.

    ``told``: the rows with their events in the process. ``end``: the moment until which the history reaches.
    Of one day those with an hour come first, since those of a day may have come before or after them.
    """
    calendar = process.calendar
    dated: list[Event] = []
    undated: list[Event] = []
    for claim, event in told:
        if claim.clock or claim.undated:
            (undated if claim.undated else dated).append(event)
            continue
        day = calendar.day_of(event.at)
        by = max(event.at, min(calendar.end_of(day), end) - MICROSECOND)
        since = at_fixed_offset(calendar.start_of(day).astimezone(calendar.zone))
        dated.append(evolve(event, at=by, since=since, undated=True))
    dated.sort(key=lambda event: (event.at, event.undated))
    if sum(event.undated for event in dated) > MOST_DAYS:
        return None
    history: list[Entry] = [each for each in process.history if not isinstance(each, Event)]
    history = [evolve(each, number=number) for number, each in enumerate(history, 1)]
    events: list[Event] = []
    latest = EARLIEST
    for number, event in enumerate((*dated, *undated), len(history) + 1):
        events.append(evolve(event, number=number, late=event.earliest < latest))
        latest = max(latest, event.at)
    return None if are_too_many(events, MOST) else process.with_history((*history, *events))


def _event(number: int, claim: EventClaim) -> Event:
    """Return what the possible pasts of a history depend on."""
    carried = tuple(sorted(claim.fields.items()))
    return Event(number, claim.event, claim.at, claim.application, claim.to, carried, undated=claim.undated)
