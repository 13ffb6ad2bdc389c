"""Find the latest moments of the events without a date, and how many of them a process can hold.

A row says that an event happened and not when, such as a status Rejected. The process takes it as undated.
The rules are then asked of each past that is possible, so their number has a limit (see `core.pasts`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from attrs import evolve

from postinterview.audit.history.map_model import EventClaim
from postinterview.core.events import Event
from postinterview.core.moments import EARLIEST
from postinterview.core.pasts import are_too_many

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


def _event(number: int, claim: EventClaim) -> Event:
    """Return what the possible pasts of a history depend on."""
    carried = tuple(sorted(claim.fields.items()))
    return Event(number, claim.event, claim.at, claim.application, claim.to, carried, undated=claim.undated)
