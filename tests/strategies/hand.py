"""Short words for drawing: a strategy's ``draw``, and the choices that rulebooks and runs are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeAlias, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]


class Hand:
    """Draws. Everything shrinks towards no, the least number, and the first of a list."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw

    def chance(self, percent: int) -> bool:
        """Yes in so many of a hundred cases."""
        return int(self.draw(st.integers(0, 99))) >= 100 - percent

    def number(self, least: int, most: int) -> int:
        return int(self.draw(st.integers(least, most)))

    def one(self, choices: Sequence[T]) -> T:
        chosen: T = self.draw(st.sampled_from(choices))
        return chosen

    def some(self, choices: Sequence[T], least: int = 0, most: int | None = None) -> list[T]:
        """A few of the choices, in their order."""
        most = len(choices) if most is None else min(most, len(choices))
        places = self.draw(
            st.lists(st.integers(0, len(choices) - 1), unique=True, min_size=least, max_size=most)
            if choices
            else st.just([])
        )
        return [choices[place] for place in sorted(places)]


class Dice(Hand):
    """Draws by a number, without hypothesis: many times as fast, and nothing shrinks."""

    def __init__(self, seed: int | str) -> None:
        self.random = Random(seed)  # noqa: S311 no secret hangs on it

    def number(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def one(self, choices: Sequence[T]) -> T:
        return choices[self.random.randrange(len(choices))]

    def some(self, choices: Sequence[T], least: int = 0, most: int | None = None) -> list[T]:
        most = len(choices) if most is None else min(most, len(choices))
        places = self.random.sample(range(len(choices)), self.random.randint(least, most))
        return [choices[place] for place in sorted(places)]
