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
from itertools import chain, count, islice
from typing import TypeAlias

from attrs import define, field, frozen

from postinterview.proof.model import zones
from postinterview.proof.model.event_moves import Successor
from postinterview.proof.model.frame import Limit, Values
from postinterview.proof.model.view import View
from postinterview.proof.model.zones import Zone
from postinterview.proof.search.kept_zones import KeptZones

State: TypeAlias = tuple[Values, Zone]

MOST_OTHERS, MOST_WAYS = 4, 12
"""The most last moves to one state that are kept beside the first one, and the most paths to the first bad
state."""

LOOK = 32
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
    while (node := reached.next()) is not None:
        looked_at += 1
        for limits in view.bad_at(node.values):
            if zones.within(reached.zone(node), view.size, limits) is not None:
                paths = islice(reached.paths(node), MOST_WAYS if is_safe else 1)
                is_safe = False
                yield from (Bad(path, limits, looked_at) for path in paths)
        if looked_at > max_zones or reached.is_late():
            yield LimitHit(looked_at)
            return
        reached.follow(node)
    if reached.is_cut_short:
        yield LimitHit(looked_at)
    elif is_safe:
        yield Safe(reached.states())


@define(eq=False)
class _Node:
    """A state that was reached: its values, and the number of its zone.

    ``before``, ``step``: the state before it, and the last move. ``others``: more ways to it, or into it.
    ``events``: how many led to it. ``is_kept``: False once it lies in another state.
    """

    values: Values
    zone: int
    before: _Node | None = None
    step: Successor | None = None
    events: int = 0
    others: tuple[_Node, ...] = ()
    is_kept: bool = True


@define(eq=False)
class _Place:
    """The states that were reached with some values. ``above``: values that hold as much and more."""

    above: tuple[Values, ...]
    nodes: list[_Node] = field(factory=list)


class _Reached:
    """The states reached so far that lie in no other one, with their last moves, and those not looked at.

    The time is looked at after every few moves and not after every state: a state can have two moves, or
    where business days are counted hundreds. So the looks measure the work (see `pace`).
    """

    def __init__(self, view: View, is_late: Callable[[], bool]) -> None:
        self.view, self.is_cut_short = view, False
        self._is_late, self._moves = is_late, LOOK
        self._zones = KeptZones(view)
        self._places: dict[Values, _Place] = {}
        self._left: list[tuple[int, int, _Node]] = []  # by weight, then in the order of their coming
        self._number = count()
        first = _Node(view.start, 0)
        if self._is_new(first):
            self._add(first, 0)

    def next(self) -> _Node | None:
        """Return the next state to look at that lies in no other one; None if all were looked at."""
        while self._left:
            *_, node = heappop(self._left)
            if node.is_kept:
                return node
        return None

    def zone(self, node: _Node) -> Zone:
        """Return the zone of a state."""
        return self._zones.zones[node.zone]

    def is_late(self) -> bool:
        """Return whether the time is up, after a look at it for every `LOOK` moves since the last one."""
        while self._moves >= LOOK and not self.is_cut_short:
            self._moves -= LOOK
            self.is_cut_short = self._is_late()
        return self.is_cut_short

    def follow(self, node: _Node) -> None:
        """Add what one event after the state leads to."""
        for reached in self._after(node, self.view.events(node.values)):
            self._add(reached, node.events + 1)

    def _add(self, node: _Node, events: int) -> None:
        """Add a state, and those that the coming of instants leads to from there: that is no event."""
        coming = [node]
        for each in coming:  # it grows meanwhile
            if self.is_late():
                return
            each.events = events
            weight = events + MISSING * self.view.missing(each.values)
            heappush(self._left, (weight, next(self._number), each))
            coming.extend(self._after(each, self.view.arrivals(each.values)))

    def _after(self, node: _Node, moves: Iterable[Successor]) -> Iterator[_Node]:
        """Yield what those of the moves from a state that lead to something new lead to."""
        for successor in moves:
            self._moves += 1
            zone = self._zones.after(node.zone, successor)
            if zone is None:
                continue
            reached = _Node(successor.values, zone, node, successor)
            if self._is_new(reached):
                yield reached

    def _is_new(self, node: _Node) -> bool:
        """Return whether a state lies in no known one; else keep the way to it as another to that one."""
        values, zone, includes = node.values, node.zone, self._zones.includes
        place = self._places.get(values)
        if place is None:
            above = tuple(each for each in self.view.covering(values) if each != values)
            place = self._places[values] = _Place(above)
        for known in place.nodes:
            if known.zone == zone or includes(known.zone, zone):
                if len(known.others) < MOST_OTHERS:
                    known.others = (*known.others, node)
                return False
        for larger in place.above:
            covering = self._places.get(larger)
            if covering is not None and any(includes(each.zone, zone) for each in covering.nodes):
                return False
        for known in place.nodes:
            known.is_kept = not includes(zone, known.zone)
        place.nodes = [*(each for each in place.nodes if each.is_kept), node]
        return True

    def paths(self, node: _Node) -> Iterator[tuple[Successor, ...]]:
        """Yield the moves that led to the state, and then the same with another way to a state between."""
        yield (path := self.path(node))
        for end in range(len(path), 0, -1):
            for other in node.others:
                yield (*self.path(other), *path[end:])
            if node.before is not None:
                node = node.before

    def path(self, node: _Node) -> tuple[Successor, ...]:
        """Return the moves that led to the state."""
        steps = []
        while node.before is not None and node.step is not None:
            steps.append(node.step)
            node = node.before
        return tuple(reversed(steps))

    def states(self) -> tuple[State, ...]:
        """Return the states that lie in no other one."""
        nodes = chain.from_iterable(place.nodes for place in self._places.values())
        return tuple((node.values, self.zone(node)) for node in nodes)
