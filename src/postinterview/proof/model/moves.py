"""The moves of a frame, each found once: those by events, and the coming of instants."""

from __future__ import annotations

from postinterview.proof.model.arrivals import Arrivals
from postinterview.proof.model.asked import AskedActs
from postinterview.proof.model.event_moves import EventMoves, Successor
from postinterview.proof.model.frame import Frame, Values


class Moves:
    """The moves of a frame. Frames that are alike have the same ones."""

    def __init__(self, frame: Frame, asked: AskedActs | None) -> None:
        self._happening, self._coming = EventMoves(frame, asked), Arrivals(frame)
        self.choices = self._happening.choices
        self._events: dict[Values, tuple[Successor, ...]] = {}
        self._arrivals: dict[Values, tuple[Successor, ...]] = {}

    def events(self, values: Values) -> tuple[Successor, ...]:
        """Return every move by an event from these values."""
        if values not in self._events:
            self._events[values] = self._happening.at(values)
        return self._events[values]

    def arrivals(self, values: Values) -> tuple[Successor, ...]:
        """Return every way in which the next instants come after these values."""
        if values not in self._arrivals:
            self._arrivals[values] = self._coming.at(values)
        return self._arrivals[values]
