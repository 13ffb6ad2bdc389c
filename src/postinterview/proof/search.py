"""Search a view breadth-first: the shortest path to something bad, or all that can be reached.

A state is a tuple of values with a zone, the set of clock readings that are possible there (see `zones`). A
state that lies inside another with the same values adds nothing, and is dropped. Zones are widened beyond the
constants that conditions ask for, so there are finitely many states and the search ends.

Example: after ``missed_call`` the clock of "a day apart" is zero, then anything from zero on. The zones for
"at least a day" and "less than a day" are two limits on one state, and not two states.

Source: forward analysis of timed automata (Bengtsson and Yi, Timed Automata: Semantics, Algorithms and Tools,
2004).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from attrs import frozen

from postinterview.proof import zones
from postinterview.proof.frame import FREE, Limit, Values
from postinterview.proof.view import Arrival, Successor, View
from postinterview.proof.zones import Zone

State: TypeAlias = tuple[Values, Zone]


@frozen
class Safe:
    """Nothing bad can be reached. ``reached`` holds all that can be, and no move leads out of it."""

    reached: tuple[State, ...]


@frozen
class Bad:
    """A shortest path to something bad, and the limits on the clocks that make it so at its end.

    ``states``: how many were looked at.
    """

    path: tuple[Successor, ...]
    limits: tuple[Limit, ...]
    states: int


@frozen
class LimitHit:
    """A limit was hit after so many states: nothing is known."""

    states: int


def search(view: View, max_zones: int, is_late: Callable[[], bool]) -> Safe | Bad | LimitHit:
    """Search the view from its start, up to the first bad state; see `explore`."""
    return next(explore(view, max_zones, is_late))


def explore(view: View, max_zones: int, is_late: Callable[[], bool]) -> Iterator[Safe | Bad | LimitHit]:
    """Yield every bad path, those of the fewest events first, and at the end `Safe` if there was none.

    Ends early with `LimitHit` after ``max_zones`` states, or when ``is_late`` says so. A layer holds what the
    same number of events leads to; that an instant comes is no event.
    """
    reached, count, is_safe = _Reached(view), 0, True
    layer = list(reached.parents)
    while layer:
        for state in layer:  # it grows meanwhile
            layer += reached.after(state, arrivals=True)
        following: list[State] = []
        for state in layer:
            if not reached.is_largest(state):
                continue
            count += 1
            for limits in view.bad_at(state[0]):
                if zones.within(state[1], view.size, limits) is not None:
                    is_safe = False
                    yield Bad(reached.path(state), limits, count)
            if count > max_zones or is_late():
                yield LimitHit(count)
                return
            following += reached.after(state, arrivals=False)
        layer = following
    if is_safe:
        yield Safe(reached.states())


class _Reached:
    """The states reached so far that lie in no other one, and the move by which each was reached."""

    def __init__(self, view: View) -> None:
        self.view = view
        first: State = (view.start, zones.anything(view.size))
        self.parents: dict[State, tuple[State, Successor] | None] = {first: None}
        self._zones: dict[Values, list[Zone]] = {first[0]: [first[1]]}

    def is_largest(self, state: State) -> bool:
        """Return whether no larger state was reached since."""
        return state[1] in self._zones[state[0]]

    def after(self, state: State, *, arrivals: bool) -> Iterator[State]:
        """Yield what one move leads to, if it is new."""
        for successor in self.view.successors(state[0]):
            if isinstance(successor.move, Arrival) is not arrivals:
                continue
            zone = zone_after(self.view, state[1], successor)
            if zone is not None and self._is_new(reached := (successor.values, zone)):
                self.parents[reached] = (state, successor)
                yield reached

    def _is_new(self, state: State) -> bool:
        values, zone = state
        known = self._zones.setdefault(values, [])
        covering = (self._zones.get(each, ()) for each in self.view.covering(values))
        if any(zones.includes(each, zone) for found in covering for each in found):
            return False
        known[:] = [each for each in known if not zones.includes(zone, each)]
        known.append(zone)
        return True

    def path(self, state: State) -> tuple[Successor, ...]:
        """Return the moves that led to the state."""
        steps = []
        while step := self.parents[state]:
            state, successor = step
            steps.append(successor)
        return tuple(reversed(steps))

    def states(self) -> tuple[State, ...]:
        """Return the states that lie in no other one."""
        return tuple((values, zone) for values, found in self._zones.items() for zone in found)


def zone_after(view: View, before: Zone, successor: Successor) -> Zone | None:
    """Return the clock readings after a move and any delay; None if it can't be made."""
    n = view.size
    zone = zones.within(before, n, successor.limits)
    if zone is None:
        return None
    for clock, other in successor.settings:
        zone = zones.forget(zone, n, clock) if other == FREE else zones.set_to(zone, n, clock, other)
    return zones.widened(zones.later(zone, n), n, view.lower, view.upper)
