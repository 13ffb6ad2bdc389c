"""List the pasts that a history may have had whose events are not all dated to the minute.

An undated event surely happened, at its moment or before. Of some only the day is known (`Event.since`), of
others nothing more. Its order among the other events matters to the rules, and so does its distance to them.

**Days.** An event of a day can only change places with those of that day, and only if one of the two was told
late: what is recorded in time came after all that was recorded before it. Within one order the rules look at
nothing but distances, and nearly every guard turns only one way with them. So two pasts stand for each order:
every such event as early as the order allows, and as late. (An act of a day is besides tried at the other end
of its place, see `fold`.) For example, with a message on the 9th::

    interview on the 2nd at 10:00, message on the 9th, follow_up on the 9th at 15:00
        the message at 00:00 or at 15:00 before the follow_up, or at 15:00 or at 23:59 behind it

Events of one day that differ in nothing come in the order of their entries, since to exchange them changes
nothing; unless the earlier one was told in time after something else of that day, which bounds it and not a
later one that was told late. So ten days with one event each have one order, and two pasts.

**Open.** An event of which nobody knows the day either may lie anywhere before its moment: among n others it
has 2 n + 2 places in each of these pasts, at the earliest and the latest moment between two others. Several
such events are combined in all ways.

**What is exact.** A guard that looks at one distance, or counts in one window, is refused in one of these
pasts if it is refused in any. Two days of which one must be early and the other late for a fact to lead
elsewhere are not combined. With more than `MOST_PASTS` pasts each undated event is moved by itself, one of a
day to the ends of its place, the others at their latest moments; then no act of the history is a breach for
certain by what hangs on an order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice, pairwise, takewhile

from attrs import evolve

from postinterview.core.past.events import Event
from postinterview.core.values.moments import EARLIEST

MOST_PASTS = 200
"""The most pasts that are folded."""

MOST_STEPS = 20_000
"""The most events of all these pasts together: of a long history fewer are folded."""

LONG_BEFORE = timedelta(days=3653)
"""How long before the first event an undated one is taken to have happened at the earliest."""

Past = tuple[Event, ...]


def possible_pasts(events: Sequence[Event]) -> tuple[list[Past], bool]:
    """Return the pasts but for the recorded one, and whether these are all.

    ``events``: in the order of time, those without a date at their latest moments: that is the recorded past.
    """
    recorded = tuple(events)
    most = min(MOST_PASTS, most_pasts_of(len(recorded)))
    found = _all_pasts(recorded, most)
    pasts = dict.fromkeys(islice(_one_by_one(recorded), most)) if found is None else found
    pasts.pop(recorded, None)
    return list(pasts), found is not None


def most_pasts_of(events: int) -> int:
    """Return how many pasts of so many events are folded, if there are not too many anyway."""
    return max(2, MOST_STEPS // max(1, events))


def are_too_many(events: Iterable[Event], most: int = MOST_PASTS) -> bool:
    """Return whether there are more than ``most`` pasts."""
    return _all_pasts(tuple(sorted(events, key=lambda event: (event.at, event.number))), most) is None


def _all_pasts(recorded: Past, most: int) -> dict[Past, None] | None:
    """Return all pasts; None: they are more than ``most``."""
    orders: dict[Past, None] = {tuple(event for event in recorded if not event.undated): None}
    bounded = _bounded(recorded)
    for event in recorded:
        if event.since is not None:
            orders = dict.fromkeys(longer for order in orders for longer in _among(order, event, bounded))
            if len(orders) > most:
                return None
    pasts = dict.fromkeys(past for order in orders for past in ends_of(order))
    places = {event.number: place for place, event in enumerate(recorded)}
    for event in recorded:
        if event.is_open:
            grown: dict[Past, None] = {}
            for each in (each for past in pasts for each in _with(past, event, places)):
                grown[each] = None
                if len(grown) > most:
                    return None
            pasts = grown
    return pasts if len(pasts) <= most else None


def _one_by_one(recorded: Past) -> Iterator[Past]:
    places = {event.number: place for place, event in enumerate(recorded)}
    for event in recorded:
        rest = tuple(each for each in recorded if each is not event)
        if event.since is not None:
            orders = [*_among(rest, event, _bounded(recorded))]
            yield _late(orders[-1])
            yield _early(orders[0])
        elif event.is_open:
            yield from _with(rest, event, places)


# --- events of which the day is known -------------------------------------------------------------------


def _bounded(recorded: Past) -> frozenset[int]:
    """Return the numbers of events of a day that came after something else of this day for certain."""
    days = [event for event in recorded if event.since is not None and not event.late]
    return frozenset(
        event.number
        for event in days
        if any(
            each.place < event.place and each.at >= event.earliest and not _are_of_one_day(each, event)
            for each in recorded
        )
    )


def _are_of_one_day(one: Event, other: Event) -> bool:
    """Return whether two events of one day differ in nothing that is said of them."""
    return one.since == other.since and are_twins(one, other)


def _among(order: Past, event: Event, bounded: Collection[int]) -> Iterator[Past]:
    """Yield an order with one more event, which has a range, in each place that it can have had."""
    first, last = 0, len(order)
    for place, each in enumerate(order):
        is_later = _are_of_one_day(each, event) and not (event.late and each.number in bounded)
        if is_later or each.at < event.earliest or _is_known_at(each, event):
            first = place + 1
        elif event.at < each.earliest or _is_known_at(event, each):
            last = min(last, place)
    for place in range(first, last + 1):
        yield (*order[:place], event, *order[place:])


def _is_known_at(event: Event, later: Event) -> bool:
    """Return whether an event was recorded when a later one happened, which was then recorded in time."""
    in_time = not (later.late or later.is_open) and later.dates is None
    return in_time and event.place < later.place and event.at <= later.at


def ends_of(order: Past) -> tuple[Past, Past]:
    """Return the pasts in which each event of a day came as early, and as late, as the order allows."""
    return _early(order), _late(order)


def _early(order: Past) -> Past:
    """Return the past in which each event came as early as the order allows."""
    found: list[Event] = []
    at = EARLIEST
    for event in order:
        at = max(at, event.earliest)
        found.append(event if event.at == at else evolve(event, at=at))
    return tuple(found)


def _late(order: Past) -> Past:
    """Return the past in which each event came as late as the order allows."""
    found: list[Event] = []
    at: datetime | None = None
    for event in reversed(order):
        at = event.at if at is None else min(at, event.at)
        found.append(event if event.at == at else evolve(event, at=at))
    return tuple(reversed(found))


# --- events of which nothing is known but the latest moment ---------------------------------------------


def _with(past: Past, event: Event, places: dict[int, int]) -> Iterator[Past]:
    """Yield a past with one more event, at the earliest and the latest moment of each place in it."""
    bound = (event.at, places[event.number])
    turns = [each.at for each in takewhile(lambda each: (each.at, places[each.number]) < bound, past)]
    first = min(turns, default=event.at)
    moments: list[datetime] = [max(EARLIEST, first - LONG_BEFORE), *turns, event.at]
    before = enumerate(past[: len(turns)])
    twins = [place for place, each in before if each.is_open and are_twins(each, event)]
    soonest = twins[-1] + 1 if twins else 0
    for place, (since, until) in enumerate(pairwise(moments)):
        for at in (since, until) if place >= soonest else ():
            yield (*past[:place], evolve(event, at=at), *past[place:])


def are_twins(one: Event, other: Event) -> bool:
    """Return whether two undated events differ in nothing but their numbers and moments."""
    alike = (one.name, one.application, one.to, one.carried)
    return one.undated and other.undated and alike == (other.name, other.application, other.to, other.carried)
