"""Breadth-first search of a view with zones: the shortest path to something bad, or all that is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeAlias

from attrs import frozen

from postinterview.proof import zones
from postinterview.proof.frame import FREE, Limit, Values
from postinterview.proof.view import Arrival, Successor
from postinterview.proof.zones import Zone

State: TypeAlias = tuple[Values, Zone]


class Space(Protocol):
    """What is searched: a start, moves, and what is bad. A ``View`` is one.

    ``lower`` and ``upper``: the largest constant that each clock is asked to be at least, or below.
    """

    @property
    def lower(self) -> Sequence[int]: ...

    @property
    def upper(self) -> Sequence[int]: ...

    @property
    def size(self) -> int: ...

    @property
    def start(self) -> Values: ...

    def bad_at(self, values: Values) -> tuple[tuple[Limit, ...], ...]: ...

    def successors(self, values: Values) -> tuple[Successor, ...]: ...


@frozen
class Safe:
    """Nothing bad can be reached; ``reached`` includes all that can, and is closed under every move."""

    reached: tuple[State, ...]


@frozen
class Bad:
    """A shortest way to something bad, and the limits on the clocks that make it so at its end."""

    path: tuple[Successor, ...]
    limits: tuple[Limit, ...]
    states: int


@frozen
class LimitHit:
    """A limit was hit: nothing is known."""

    states: int


def search(space: Space, max_zones: int, is_late: Callable[[], bool]) -> Safe | Bad | LimitHit:
    """Search the space from its start, up to the first bad state; see `explore`."""
    return next(explore(space, max_zones, is_late))


def explore(space: Space, max_zones: int, is_late: Callable[[], bool]) -> Iterator[Safe | Bad | LimitHit]:
    """Yield every bad path, those of the fewest events first, and at the end `Safe` if there was none.

    Ends early with `LimitHit` after ``max_zones`` states, or when ``is_late`` says so. A layer holds what the
    same number of events leads to; that an instant comes is no event.
    """
    known = _Reached(space)
    count = 0
    is_safe = True
    layer = list(known.parents)
    while layer:
        for state in layer:  # it grows meanwhile
            layer += known.after(state, arrivals=True)
        following: list[State] = []
        for state in layer:
            if not known.is_largest(state):
                continue
            count += 1
            for limits in known.bad(state):
                is_safe = False
                yield Bad(known.path(state), limits, count)
            if count > max_zones or is_late():
                yield LimitHit(count)
                return
            following += known.after(state, arrivals=False)
        layer = following
    if is_safe:
        yield Safe(known.reached())


class _Reached:
    """The states reached so far, without those that others include, and how they were."""

    def __init__(self, space: Space) -> None:
        self.space = space
        first: State = (space.start, zones.anything(space.size))
        self.parents: dict[State, tuple[State, Successor] | None] = {first: None}
        self._zones: dict[Values, list[Zone]] = {first[0]: [first[1]]}

    def is_largest(self, state: State) -> bool:
        """Whether no larger one came since."""
        return state[1] in self._zones[state[0]]

    def bad(self, state: State) -> Iterator[tuple[Limit, ...]]:
        """The limits on the clocks under which something bad is allowed there."""
        for limits in self.space.bad_at(state[0]):
            if zones.within(state[1], self.space.size, limits) is not None:
                yield limits

    def after(self, state: State, *, arrivals: bool) -> Iterator[State]:
        """What one move leads to, as far as it was not known."""
        for successor in self.space.successors(state[0]):
            if isinstance(successor.move, Arrival) is arrivals:
                reached = (successor.values, self._zone_after(state[1], successor))
                if self._is_new(reached):
                    self.parents[reached] = (state, successor)
                    yield reached

    def _zone_after(self, zone: Zone, successor: Successor) -> Zone:
        space, n = self.space, self.space.size
        for clock, other in successor.settings:
            zone = zones.forget(zone, n, clock) if other == FREE else zones.set_to(zone, n, clock, other)
        return zones.widened(zones.later(zone, n), n, space.lower, space.upper)

    def _is_new(self, state: State) -> bool:
        values, zone = state
        known = self._zones.setdefault(values, [])
        if any(zones.includes(each, zone) for each in known):
            return False
        known[:] = [each for each in known if not zones.includes(zone, each)]
        known.append(zone)
        return True

    def path(self, state: State) -> tuple[Successor, ...]:
        steps = []
        while (step := self.parents[state]) is not None:
            state, successor = step
            steps.append(successor)
        return tuple(reversed(steps))

    def reached(self) -> tuple[State, ...]:
        return tuple((values, zone) for values, found in self._zones.items() for zone in found)
