"""Measure a search by its work, so that a slow, a busy and a fast machine find the same story."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, field

A_LOOK = 1 / 3000
"""The seconds of work between two looks at the clock, on a slow machine.

So whatever takes long looks at the clock as often: a search after every few moves, a trial after each history
and each question to the engines.
"""


@define(eq=False)
class Pace:
    """A clock that goes on by `A_LOOK` with each look at it.

    A search shares its time among several tries. By a real clock, how far each try comes would depend on the
    machine, and so would the story that is found first. Only when the real time is up, the clock leaps with
    each look, so that every deadline is over.

    Attributes:
        clock: gives real seconds.
        most: how many real seconds there are, from now on.
    """

    clock: Callable[[], float]
    most: float
    _end: float = field(init=False)
    _now: float = field(init=False, default=0.0)

    def __attrs_post_init__(self) -> None:
        self._end = self.clock() + self.most

    def __call__(self) -> float:
        self._now += A_LOOK if self.clock() < self._end else self.most
        return self._now
