"""Join two histories of one employer, which a host kept as two: a duplicate, an agency and its client.

Both processes counted contacts to the same people by themselves. Joined, each contact counts, so an act that
was fine in both histories may be a breach. What both say of one moment in the same words, such as a mail that
the host filed under both, happened once; so did what one says of a moment and the other of its day alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from attrs import evolve

from postinterview.core.past.event_order import in_order, standing
from postinterview.core.past.events import Entry, Event, Unknown

if TYPE_CHECKING:
    from postinterview.core.process import Process


def joined_entries(process: Process, other: Process) -> Iterator[Entry]:
    """Yield the entries that give a process the past of another one, behind those that it has.

    These are the events that stand and are not here, in the order of time, and what else is unknown. What was
    taken back stays out, and so do the changes of the other's name and place. What is known all the same in
    one application is asked for again: there may be more of it now.
    """
    number = len(process.history)
    latest = max((entry.at for entry in standing(process.history) if isinstance(entry, Event)), default=None)
    alike: dict[object, list[Event]] = {}
    for event in in_order(process.history):
        alike.setdefault(_content(event), []).append(event)
    told = []
    for event in in_order(other.history):
        if same := alike.get(_content(event)):
            same.pop()
        else:
            told.append(event)
    here = [event for events in alike.values() for event in events]
    for event in told:
        if event.since is not None and _found(here, event, _is_hour_of):
            continue
        number += 1
        of_day = None if event.undated else _found(here, event, lambda mine, its: _is_hour_of(its, mine))
        is_late = latest is not None and event.earliest < latest
        dates = None if of_day is None else of_day.number
        yield evolve(event, number=number, late=is_late, dates=dates, first=None)
        latest = event.at if latest is None else max(latest, event.at)
    names = other.rulebook.definition.events
    for gap in other._snapshot.unknowns:  # noqa: SLF001 - it is of the same class
        if gap in process._snapshot.unknowns:  # noqa: SLF001
            continue
        number += 1
        of = tuple(name for name in names if name in gap.of)
        yield Unknown(number, of, gap.until, gap.application, gap.since)


def _found(here: list[Event], event: Event, matches: Callable[[Event, Event], bool]) -> Event | None:
    """Return the first event that matches another one, and take it out; None: there is none."""
    found = next((mine for mine in here if matches(mine, event)), None)
    if found is not None:
        here.remove(found)
    return found


def _is_hour_of(event: Event, of_day: Event) -> bool:
    """Return whether an event of a moment may be one of which only the day is said, in the same words."""
    if event.undated or of_day.since is None or not of_day.since <= event.at <= of_day.at:
        return False
    return _words(event) == _words(of_day)


def _words(event: Event) -> tuple[object, ...]:
    return event.name, event.application, event.to, event.carried


def _content(event: Event) -> tuple[object, ...]:
    """Return all that an event says, but not where it stands in its history."""
    at = event.at if event.since is None else None  # what came after cuts its day short, in one of them
    return at, event.since, event.undated, _words(event)
