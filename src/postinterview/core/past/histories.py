"""The entries of a history, shared between processes.

As long as each entry is an event that was recorded in time, the history is the past that it folds to, entry
by entry. Then that past stands for it. From the first correction on, or event that was recorded late, it is a
stack of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from postinterview.core.past.cells import Cell
from postinterview.core.past.events import Entry, Event
from postinterview.core.past.placed import Placed
from postinterview.core.values.stacks import Stack, pushed, upwards

History: TypeAlias = Cell | Stack[Entry] | None


def history_of(entries: Sequence[Entry], past: Cell | None) -> History:
    """Return the history of these entries, which fold to a past."""
    timeline = upwards(past)
    is_past = len(timeline) == len(entries) and all(
        placed.event is entry for placed, entry in zip(timeline, entries, strict=True)
    )
    return past if is_past else pushed(None, entries)


def with_next(history: History, before: Cell | None, event: Event, after: Cell | None) -> History:
    """Return the history with one more event. ``before``: the past without it; ``after``: with it."""
    if history is before:
        return after
    return Stack(event, pushed(None, entries_of(history)) if isinstance(history, Cell) else history)


def entries_of(history: History) -> tuple[Entry, ...]:
    """Return the entries, the earliest first."""
    if isinstance(history, Cell):
        return tuple([placed.event for placed in upwards(history)])
    return upwards(history)


def latest_of(history: History) -> Entry | None:
    """Return the latest entry."""
    if history is None:
        return None
    top: Placed | Entry = history.top
    return top.event if isinstance(top, Placed) else top
