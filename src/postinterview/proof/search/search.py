"""Search a view: a shortest path to something bad, or all that can be reached.

A state is a tuple of values with a zone, the set of clock readings that are possible there (see `zones`). A
state that lies inside another with the same values adds nothing, and is dropped. Zones are widened beyond the
constants that conditions ask for, so there are finitely many states and the search ends.

The states that the fewest events lead to come first. Where acts are counted, each act that is still missing
weighs as much as some events. Else a search for a seventh call would first look at all that the shorter
histories lead to. So a path may then have a few events more than a shortest one.

Example: after ``missed_call`` the clock of "a day apart" is zero, then anything from zero on. The zones for
"at least a day" and "less than a day" are two limits on one state, and not two states.

Sources: forward analysis of timed automata by Bengtsson and Yi (Timed Automata: Semantics, Algorithms and
Tools, 2004); the weight of what is missing as in weighted A* by Pohl (Heuristic Search Viewed as Path Finding
in a Graph, 1970).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from heapq import heappop, heappush
from itertools import count, islice
from typing import TypeAlias

from attrs import frozen

from postinterview.proof.model import zones
from postinterview.proof.model.frame import FREE, Limit, Values
from postinterview.proof.model.view import Successor, View
from postinterview.proof.model.zones import Zone

State: TypeAlias = tuple[Values, Zone]

MOST_OTHERS, MOST_WAYS = 4, 12
"""The most last moves to one state that are kept beside the first one, and the most paths to the first bad
state."""

LOOK = 16
"""After so many moves it is looked whether the time is up."""

MISSING = 2
"""The weight of an act that is still missing from a count, in events."""


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
    """Yield every bad path, the shortest ones first, and at the end `Safe` if there was none.

    Ends early with `LimitHit` after ``max_zones`` states, or when ``is_late`` says so.
    """
    reached, looked_at, is_safe = _Reached(view, is_late), 0, True
    while (state := reached.next()) is not None:
        looked_at += 1
        for limits in view.bad_at(state[0]):
            if zones.within(state[1], view.size, limits) is not None:
                paths = islice(reached.paths(state), MOST_WAYS if is_safe else 1)
                is_safe = False
                yield from (Bad(path, limits, looked_at) for path in paths)
        if looked_at > max_zones or reached.is_late():
            yield LimitHit(looked_at)
            return
        reached.follow(state)
    if reached.is_cut_short:
        yield LimitHit(looked_at)
    elif is_safe:
        yield Safe(reached.states())


class _Reached:
    """The states reached so far that lie in no other one, with their last moves, and those not looked at.

    The time is looked at after every few moves and not after every state: a state can have two moves, or
    where business days are counted hundreds. So the looks measure the work (see `pace`).
    """

    def __init__(self, view: View, is_late: Callable[[], bool]) -> None:
        self.view, self.is_cut_short = view, False
        self._is_late, self._moves = is_late, LOOK
        self.parents: dict[State, tuple[State, Successor] | None] = {}
        self._others: dict[State, list[tuple[State, Successor]]] = {}
        self._zones: dict[Values, list[Zone]] = {}
        self._left: list[tuple[int, int, int, State]] = []  # by weight, then in the order of their coming
        self._number = count()
        first: State = (view.start, zones.anything(view.size))
        if self._is_new(first):
            self._add(first, None, 0)

    def next(self) -> State | None:
        """Return the next state to look at that lies in no other one; None if all were looked at."""
        while self._left:
            _, _, self._events, state = heappop(self._left)
            if state[1] in self._zones[state[0]]:
                return state
        return None

    def is_late(self) -> bool:
        """Return whether the time is up, after a look at it for every `LOOK` moves since the last one."""
        while self._moves >= LOOK and not self.is_cut_short:
            self._moves -= LOOK
            self.is_cut_short = self._is_late()
        return self.is_cut_short

    def follow(self, state: State) -> None:
        """Add what one event after the state leads to; it is the state that came last from `next`."""
        for successor, reached in self._after(state, self.view.events(state[0])):
            self._add(reached, (state, successor), self._events + 1)

    def _add(self, state: State, step: tuple[State, Successor] | None, events: int) -> None:
        """Add a state, and those that the coming of instants leads to from there: that is no event."""
        self.parents[state] = step
        coming = [state]
        for each in coming:  # it grows meanwhile
            if self.is_late():
                return
            weight = events + MISSING * self.view.missing(each[0])
            heappush(self._left, (weight, next(self._number), events, each))
            for successor, reached in self._after(each, self.view.arrivals(each[0])):
                self.parents[reached] = (each, successor)
                coming.append(reached)

    def _after(self, state: State, moves: Iterable[Successor]) -> Iterator[tuple[Successor, State]]:
        """Yield those of the moves from a state that lead to something new, and what they lead to."""
        for successor in moves:
            self._moves += 1
            zone = zone_after(self.view, state[1], successor)
            if zone is None:
                continue
            if self._is_new(reached := (successor.values, zone)):
                yield successor, reached
            else:
                self._keep(reached, (state, successor))

    def _is_new(self, state: State) -> bool:
        values, zone = state
        known = self._zones.setdefault(values, [])
        covering = (self._zones.get(each, ()) for each in self.view.covering(values))
        if any(zones.includes(each, zone) for found in covering for each in found):
            return False
        known[:] = [each for each in known if not zones.includes(zone, each)]
        known.append(zone)
        return True

    def _keep(self, state: State, step: tuple[State, Successor]) -> None:
        """Keep another last move to a state that was reached before."""
        values, zone = state
        for known in self._zones[values]:
            if zones.includes(known, zone):
                others = self._others.setdefault((values, known), [])
                if len(others) < MOST_OTHERS:
                    others.append(step)
                return

    def paths(self, state: State) -> Iterator[tuple[Successor, ...]]:
        """Yield the moves that led to the state, and then the same with another way to a state between."""
        yield (path := self.path(state))
        for end in range(len(path), 0, -1):
            for before, successor in self._others.get(state, ()):
                yield (*self.path(before), successor, *path[end:])
            if (step := self.parents[state]) is not None:
                state, _ = step

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
