"""List the pasts that a history with undated events may have had.

An undated event surely happened, at its moment or before, and nobody knows when. Its order among the other
events matters to the rules, and so does its distance to them. Between two events the rules look at nothing
but the distance, and nearly every guard turns only one way with it. So the earliest and the latest moment of
each place stand for all moments between, and one undated event among n others has 2 n + 2 pasts::

    interview on the 2nd, follow_up on the 9th, and a no by the 12th:
    long before the 2nd, on the 2nd before or after the interview, on the 9th before or after, on the 12th

Two undated events that differ in nothing else come in the order of their entries, since to exchange them
changes nothing.

(For an undated act `fold` adds the moments at which it is allowed.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    pasts = _all_pasts(recorded)
    if pasts is None:
        pasts = dict.fromkeys(_one_by_one(recorded))
    pasts.pop(recorded, None)
    return list(pasts)


def are_too_many(events: Iterable[Event], most: int = MOST_PASTS) -> bool:
    """Return whether there are more than ``most`` pasts."""
    return _all_pasts(tuple(sorted(events, key=lambda event: (event.at, event.number))), most) is None


def _all_pasts(recorded: Past, most: int = MOST_PASTS) -> dict[Past, None] | None:
    """Return all pasts; None: they are more than ``most``."""
    pasts: dict[Past, None] = {tuple(event for event in recorded if not event.undated): None}
    for event in recorded:
        if event.undated:
            longer: dict[Past, None] = {}
            for each in (each for past in pasts for each in _with(past, event)):
                longer[each] = None
                if len(longer) > most:
                    return None
            pasts = longer
    return pasts


def _one_by_one(recorded: Past) -> Iterator[Past]:
    for event in recorded:
        if event.undated:
            yield from _with(tuple(each for each in recorded if each is not event), event)


def _with(past: Past, event: Event) -> Iterator[Past]:
    """Yield a past with one more event, at the earliest and the latest moment of each place in it."""
    bound = (event.at, event.number)
    turns = [each.at for each in past if (each.at, each.number) < bound]
    first = min(turns, default=event.at)
    moments: list[datetime] = [max(EARLIEST, first - LONG_BEFORE), *turns, event.at]
    twins = [place for place, each in enumerate(past[: len(turns)]) if _are_twins(each, event)]
    soonest = twins[-1] + 1 if twins else 0
    for place, (earliest, latest) in enumerate(pairwise(moments)):
        for at in (earliest, latest) if place >= soonest else ():
            yield (*past[:place], evolve(event, at=at), *past[place:])


def _are_twins(one: Event, other: Event) -> bool:
    """Return whether two undated events differ in nothing but their numbers and latest moments."""
    alike = (one.name, one.application, one.to, one.carried)
    return one.undated and other.undated and alike == (other.name, other.application, other.to, other.carried)
