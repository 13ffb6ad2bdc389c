"""List the pasts that a history with undated events may have had.

An undated event surely happened, at its moment or before, and nobody knows when. Its order among the other
events matters to the rules, and so does its distance to them. Between two events the rules look at nothing
but the distance, and nearly every guard turns only one way with it. So the earliest and the latest moment of
each place stand for all moments between, and one undated event among n others has 2 n + 2 pasts::

    interview on the 2nd, follow_up on the 9th, and a no by the 12th:
    long before the 2nd, on the 2nd before or after the interview, on the 9th before or after, on the 12th

(For an undated act `fold` adds the moments at which it is allowed.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from attrs import evolve

from postinterview.core.events import Event
from postinterview.core.moments import EARLIEST

MOST_PASTS = 200
"""The most pasts that are folded. With more, each undated event is moved by itself, the others at their
latest moments."""

LONG_BEFORE = timedelta(days=3653)
"""How long before the first event an undated one is taken to have happened at the earliest."""

Past = tuple[Event, ...]


def other_pasts(events: Sequence[Event]) -> list[Past]:
    """Return the pasts but for that in which every undated event happened at its latest moment.

    ``events``: in the order of time.
    """
    recorded = tuple(events)
    undated = [event for event in recorded if event.undated]
    pasts: dict[Past, None] = {tuple(event for event in recorded if not event.undated): None}
    for event in undated:
        pasts = dict.fromkeys(longer for past in pasts for longer in _with(past, event))
        if len(pasts) > MOST_PASTS:
            pasts = dict.fromkeys(_one_by_one(recorded, undated))
            break
    pasts.pop(recorded, None)
    return list(pasts)


def _one_by_one(recorded: Past, undated: Sequence[Event]) -> Iterator[Past]:
    for event in undated:
        yield from _with(tuple(each for each in recorded if each is not event), event)


def _with(past: Past, event: Event) -> Iterator[Past]:
    """Yield a past with one more event, at the earliest and the latest moment of each place in it."""
    bound = (event.at, event.number)
    turns = [each.at for each in past if (each.at, each.number) < bound]
    first = min(turns, default=event.at)
    moments: list[datetime] = [max(EARLIEST, first - LONG_BEFORE), *turns, event.at]
    for place, (earliest, latest) in enumerate(pairwise(moments)):
        for at in (earliest, latest):
            yield (*past[:place], evolve(event, at=at), *past[place:])
