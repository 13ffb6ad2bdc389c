"""Count the credits that the employer's events give and replies spend.

A bucket's level after an event follows from its level before it. So it is kept with the events that touch the
bucket, and a question walks down only to the latest of them with which it is.
"""

from __future__ import annotations

from datetime import datetime

from postinterview.core.past.cells import Cell
from postinterview.core.past.event_index import kept_in_scope
from postinterview.core.past.placed import Placed
from postinterview.core.past.places import Key, key_in
from postinterview.core.past.situation import Situation, Watch
from postinterview.core.rules.definitions import Definition, Spends


class Bucket:
    """A credit's bucket: filled by events up to its maximum, spent by acts, emptied by what overtakes it.

    Attributes:
        givers: the events that give a credit.
        touched: the events that give, spend or end one.
        stream: the number of their stream.
    """

    def __init__(self, name: str, definition: Definition, watch: Watch) -> None:
        self._name = name
        self._credit = definition.credits[name]
        self.givers = tuple(event for event, kind in definition.events.items() if name in kind.gives)
        spenders = {
            transition.event
            for machine in definition.machines.values()
            for transition in machine.transitions
            if any(isinstance(guard, Spends) and guard.credit == name for guard in transition.guards)
        }
        self.touched = frozenset(self.givers) | spenders | self._credit.emptied_by.members
        self.stream = watch.stream(self.touched)
        self._givers = watch.stream(frozenset(self.givers))

    def level(self, situation: Situation) -> tuple[int, datetime | None]:
        """Return how many credits there are, and until when they are unknown (none of those counts)."""
        cell = situation.snapshot.streams[self.stream]
        if not situation.snapshot.unknowns:
            return self.known_level(cell, situation.place), None
        until = situation.unknown_until(self.touched, key_in(self._credit.scope, situation.place))
        return self.known_level(cell, situation.place, until), until

    def known_level(self, cell: Cell | None, place: Key, since: datetime | None = None) -> int:
        """Return how many there are in a place, from a cell on. ``since``: from when on the past is known."""
        key = key_in(self._credit.scope, place)
        return kept_in_scope(cell, self.stream, key, self._name, 0, self._after, self._settles, since)

    def _settles(self, placed: Placed) -> bool:
        return placed.event.name in self._credit.emptied_by.members

    def _after(self, level: int, placed: Placed) -> int:
        if placed.name in self._credit.emptied_by.members:
            level = 0
        if placed.name in self.givers:
            level = min(level + 1, self._credit.max)
        return max(level - 1, 0) if self._name in placed.spent else level

    def was_filled(self, situation: Situation) -> bool:
        """Return whether it ever got a credit."""
        key = key_in(self._credit.scope, situation.place)
        return situation.latest(self._givers, key) is not None
