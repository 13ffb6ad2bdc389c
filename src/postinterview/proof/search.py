"""Breadth-first search of a view with zones: the shortest path to something bad, or all that is reached."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from attrs import frozen

from postinterview.proof import zones
from postinterview.proof.view import FREE, Limit, Successor, Values
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
class Gone:
    """A limit was hit: nothing is known."""

    states: int


def search(space: Space, max_zones: int, is_late: Callable[[], bool]) -> Safe | Bad | Gone:
    """Search the space from its start; ``is_late`` says whether the time is up."""
    n = space.size
    first: State = (space.start, zones.anything(n))
    parents: dict[State, tuple[State, Successor] | None] = {first: None}
    passed: dict[Values, list[Zone]] = {first[0]: [first[1]]}
    queue = deque([first])
    count = 0
    while queue:
        state = queue.popleft()
        values, zone = state
        if zone not in passed[values]:
            continue  # a larger one came since
        count += 1
        for limits in space.bad_at(values):
            if zones.within(zone, n, limits) is not None:
                return Bad(_path(parents, state), limits, count)
        if count > max_zones or is_late():
            return Gone(count)
        for successor in space.successors(values):
            after = zone
            for clock, other in successor.settings:
                after = (
                    zones.forget(after, n, clock) if other == FREE else zones.set_to(after, n, clock, other)
                )
            after = zones.widened(zones.later(after, n), n, space.lower, space.upper)
            known = passed.setdefault(successor.values, [])
            if any(zones.includes(each, after) for each in known):
                continue
            known[:] = [each for each in known if not zones.includes(after, each)]
            known.append(after)
            reached = (successor.values, after)
            parents[reached] = (state, successor)
            queue.append(reached)
    return Safe(tuple((values, zone) for values, found in passed.items() for zone in found))


def _path(parents: dict[State, tuple[State, Successor] | None], state: State) -> tuple[Successor, ...]:
    steps = []
    while (step := parents[state]) is not None:
        state, successor = step
        steps.append(successor)
    return tuple(reversed(steps))
