"""Find the events without a moment on which it hangs how an act stands, so that nothing else is asked about.

The possible pasts of a history differ in two ways (see `pasts`). Events of which nobody knows the day lie in
different places, one by one. Those of a day come in different orders, and in each order all of them as early
as it allows, or all as late::

    interview on the 2nd, question and reply on the 4th, all told late
        after "reply, question" an answer is owed, after "question, reply" not, whenever the interview was
        -> the hours of the question and of the reply
    interview on the 2nd, and a rejection of which nobody knows the day
        -> the date of the rejection; the hour of the interview may matter once that is known
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from datetime import datetime

from postinterview.core.past.events import Event
from postinterview.core.past.situation import Snapshot
from postinterview.core.values.stacks import downwards


def deciding(pasts: Sequence[Snapshot], views: Sequence[Hashable]) -> list[Event]:
    """Return the events on whose moments it hangs how an act stands.

    Those without a day come first: an hour is asked for only if it matters once the days are known.

    Args:
        pasts: the snapshots in all pasts, the recorded one first.
        views: how the act stands in each of them.
    """
    placed = [[each.event for each in downwards(past.past)] for past in pasts]
    events: dict[int, Event] = {}
    for event in (event for past in placed for event in past if event.undated):
        events.setdefault(event.number, event)  # as the recorded past has it
    moments = [{event.number: event.at for event in past if event.undated} for past in placed]
    found = [*_open(events, moments, views)]
    return found or _of_days(events, [tuple(event.number for event in past) for past in placed], views)


def _open(
    events: dict[int, Event], moments: Sequence[dict[int, datetime]], views: Sequence[Hashable]
) -> Iterator[Event]:
    """Yield the events without a day of which the moment makes a difference.

    ``moments``: those of the undated events in each past, by their numbers.
    """
    undated = [event for event in events.values() if event.is_open]
    of_days = [number for number, event in events.items() if not event.is_open]
    if not undated or not _differ([[(n, past.get(n)) for n in of_days] for past in moments], views):
        return
    alone = []
    for event in undated:
        others = [sorted((n, at) for n, at in past.items() if n != event.number) for past in moments]
        if _differ(others, views):
            alone.append((event.name, event.application, event.to))
    for event in undated:  # of several that are alike, the moment of each may decide, given the others
        if not alone or (event.name, event.application, event.to) in alone:
            yield event


def _of_days(
    events: dict[int, Event], orders: Sequence[tuple[int, ...]], views: Sequence[Hashable]
) -> list[Event]:
    """Return the events of a day of which the place makes a difference; if none does, the hours do.

    ``orders``: the numbers of the events in each past.
    """
    in_order: dict[tuple[int, ...], set[Hashable]] = {}
    for order, view in zip(orders, views, strict=True):
        in_order.setdefault(order, set()).add(view)
    kinds = [frozenset(found) for found in in_order.values()]
    days = [event for event in events.values() if not event.is_open]
    alone = [
        event
        for event in days
        if _differ([[n for n in order if n != event.number] for order in in_order], kinds)
    ]
    return alone or days


def _differ(groups: Sequence[Collection[Hashable]], views: Sequence[Hashable]) -> bool:
    """Return whether two pasts of one group have different views."""
    first: dict[tuple[Hashable, ...], Hashable] = {}
    pairs = zip(groups, views, strict=True)
    return any(first.setdefault(tuple(group), view) != view for group, view in pairs)
