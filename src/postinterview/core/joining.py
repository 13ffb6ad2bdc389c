"""Join two histories of one employer, which a host kept as two: a duplicate, an agency and its client.

Both processes counted contacts to the same people by themselves. Joined, each contact counts, so an act that
was fine in both histories may be a breach. What both say of one moment in the same words, such as a mail that
the host filed under both, happened once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import evolve

from postinterview.core.event_order import in_order, standing
from postinterview.core.events import Entry, Event, Unknown

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
    here = Counter(map(_content, in_order(process.history)))
    for event in in_order(other.history):
        if here[_content(event)]:
            here[_content(event)] -= 1
            continue
        number += 1
        is_late = latest is not None and event.earliest < latest
        yield evolve(event, number=number, late=is_late, dates=None, first=None)
        latest = event.at if latest is None else max(latest, event.at)
    names = other.rulebook.definition.events
    for gap in other._snapshot.unknowns:  # noqa: SLF001 - it is of the same class
        if gap in process._snapshot.unknowns:  # noqa: SLF001
            continue
        number += 1
        yield Unknown(number, tuple(name for name in names if name in gap.of), gap.until, gap.application)


def _content(event: Event) -> tuple[object, ...]:
    """Return all that an event says, but not where it stands in its history."""
    at = event.at if event.since is None else None  # what came after cuts its day short, in one of them
    return event.name, at, event.since, event.undated, event.application, event.to, event.carried
