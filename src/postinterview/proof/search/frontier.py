"""Which of many histories gets longer next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from heapq import heappop, heappush
from itertools import chain
from typing import Generic, TypeAlias, TypeVar

from attrs import define, field

Item = TypeVar("Item")
Ranked: TypeAlias = tuple[tuple[int, ...], int, Item]

TURNS = 4
"""Every so many times a short history is taken, so that one wrong estimate does not hide it for ever."""


@define(eq=False)
class Frontier(Generic[Item]):
    """Items to take, the best first; every fourth time by another order, in which the shortest come first."""

    _best: list[Ranked[Item]] = field(factory=list, init=False)
    _shortest: list[Ranked[Item]] = field(factory=list, init=False)
    _taken: set[int] = field(factory=set, init=False)
    _added: int = field(default=0, init=False)

    def add(self, item: Item, best: tuple[int, ...], shortest: tuple[int, ...]) -> None:
        """Add an item with its place in both orders."""
        self._added += 1
        heappush(self._best, (best, self._added, item))
        heappush(self._shortest, (shortest, self._added, item))

    def take(self) -> Item | None:
        """Take an item away; None if none is left."""
        left = self._best if (len(self._taken) + 1) % TURNS else self._shortest
        while left:
            _, number, item = heappop(left)
            if number not in self._taken:
                self._taken.add(number)
                return item
        return None


def fewest(helping: Iterable[Collection[str]]) -> int:
    """Return about how few events do away with all reasons, each by one that helps it."""
    left, steps = list(helping), 0
    while left:
        counted = Counter(chain.from_iterable(left))
        best = max(counted, key=counted.__getitem__, default=None)
        left = left[1:] if best is None else [each for each in left if best not in each]
        steps += 1
    return steps
