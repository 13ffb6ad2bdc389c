"""Find the latest moments of the events without a date or hour, and how many of them a process can hold.

A row says that an event happened and not when, such as a status Rejected. The process takes it as undated.
If it says the day and no hour, the process that is kept has the day. The rules are then asked of each past
that is possible, so their number has a limit (see `core.past.pasts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from attrs import evolve

from postinterview.audit.history.map_model import EventClaim
from postinterview.core.past.events import Event
from postinterview.core.past.pasts import are_too_many
from postinterview.core.values.moments import EARLIEST, LATEST, MICROSECOND, LocalCalendar, at_fixed_offset

MOST = 128
"""The most pasts of a process that is saved: each of its questions is asked in all of them."""


def fitting(
    dated: Sequence[EventClaim],
    undated: Sequence[EventClaim],
    calendar: LocalCalendar,
    last_day: Callable[[ZoneInfo], datetime],
) -> tuple[list[EventClaim], list[EventClaim]]:
    """Return the undated events that a process takes, in the order of time, and those that are too many.

    ``last_day``: returns when the day of the export begins in a zone. An event had happened by then, or by
    the latest moment of another row, if that is later: so one can ask about the day of the export. Of events
    that are too many the earliest are left out.
    """
    if not undated:
        return [], []
    latest = max((each.at for each in dated), default=EARLIEST)
    kept: list[EventClaim] = []
    dropped: list[EventClaim] = []
    others = [_event(number, claim) for number, claim in enumerate(dated)]
    days = [
        event if claim.clock else evolve(_on_its_day(event, calendar, LATEST), late=True)
        for claim, event in zip(dated, others, strict=True)
    ]
    if not are_too_many(days, MOST):  # otherwise they are too many whatever is undated
        others = days
    for claim in sorted(undated, key=lambda each: each.at, reverse=True):
        by = max(latest, last_day(ZoneInfo(claim.zone)))
        more = [evolve(claim, at=min(claim.at, by)), *kept]
        if are_too_many([*others, *(_event(n, each) for n, each in enumerate(more, len(others)))], MOST):
            dropped.append(claim)
        else:
            kept = more
    return kept, dropped


def with_days(
    told: Iterable[tuple[EventClaim, Event]], calendar: LocalCalendar, end: datetime, first: int
) -> list[tuple[EventClaim, Event]]:
    """Return the rows with their events in order, those without an hour with their day.

    ``told``: the rows with the events that were made of them. ``end``: the moment until which the history
    reaches. ``first``: the number of the first event. Of one day those with an hour come first, since those
    of a day may have come before or after them.
    """
    dated: list[tuple[EventClaim, Event]] = []
    undated: list[tuple[EventClaim, Event]] = []
    for claim, event in told:
        if claim.undated:
            undated.append((claim, event))
        elif claim.clock:
            dated.append((claim, event))
        else:
            dated.append((claim, _on_its_day(event, calendar, end)))
    dated.sort(key=lambda each: (each[1].at, each[1].undated))
    found: list[tuple[EventClaim, Event]] = []
    latest = EARLIEST
    for number, (claim, event) in enumerate((*dated, *undated), first):
        found.append((claim, evolve(event, number=number, late=event.earliest < latest)))
        latest = max(latest, event.at)
    return found


def _on_its_day(event: Event, calendar: LocalCalendar, end: datetime) -> Event:
    day = calendar.day_of(event.at)
    by = max(event.at, min(calendar.end_of(day), end) - MICROSECOND)
    since = at_fixed_offset(calendar.start_of(day).astimezone(calendar.zone))
    return evolve(event, at=by, since=since, undated=True)


def _event(number: int, claim: EventClaim) -> Event:
    """Return what the possible pasts of a history depend on."""
    carried = tuple(sorted(claim.fields.items()))
    return Event(number, claim.event, claim.at, claim.application, claim.to, carried, undated=claim.undated)
