"""Zones by number, so that what a search asks of them again and again is worked out once.

A search comes to the same zones at many values, and takes the same few steps from them. A view without clocks
has just one zone.
"""

from __future__ import annotations

from typing import TypeAlias

from postinterview.proof.model import zones
from postinterview.proof.model.event_moves import Successor
from postinterview.proof.model.frame import FREE
from postinterview.proof.model.view import View
from postinterview.proof.model.zones import Zone

Step: TypeAlias = tuple[int, tuple[tuple[int, int], ...], tuple[tuple[int, int, bool], ...]]
"""The number of a zone, and the settings and limits of a move from it."""


class KeptZones:
    """The zones of one search. ``zones`` has them by number; 0 is that of all readings."""

    def __init__(self, view: View) -> None:
        self.zones: list[Zone] = []
        self._view = view
        self._numbers: dict[Zone, int] = {}
        self._after: dict[Step, int | None] = {}
        self._included: dict[tuple[int, int], bool] = {}
        self._number(zones.anything(view.size))

    def _number(self, zone: Zone) -> int:
        number = self._numbers.setdefault(zone, len(self.zones))
        if number == len(self.zones):
            self.zones.append(zone)
        return number

    def after(self, number: int, successor: Successor) -> int | None:
        """Return the number of the zone after a move and any delay; None if the move can't be made."""
        key = (number, successor.settings, successor.limits)
        if key not in self._after:
            zone = zone_after(self._view, self.zones[number], successor)
            self._after[key] = None if zone is None else self._number(zone)
        return self._after[key]

    def includes(self, outer: int, inner: int) -> bool:
        """Return whether every reading of the inner zone lies in the outer one."""
        if outer == inner:
            return True
        key = (outer, inner)
        if key not in self._included:
            self._included[key] = zones.includes(self.zones[outer], self.zones[inner])
        return self._included[key]


def zone_after(view: View, before: Zone, successor: Successor) -> Zone | None:
    """Return the clock readings after a move and any delay; None if it can't be made."""
    n = view.size
    zone = zones.within(before, n, successor.limits)
    if zone is None:
        return None
    for clock, other in successor.settings:
        zone = zones.forget(zone, n, clock) if other == FREE else zones.set_to(zone, n, clock, other)
    return zones.widened(zones.later(zone, n), n, view.lower, view.upper)
