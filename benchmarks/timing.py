"""How things are timed: every task once a round, rounds one after the other, in a fresh order each.

A busy machine then slows all tasks of a round alike, and the ratios inside a round stay what they are.
The clock is the processor time of this process: what others take of the machine meanwhile is not in it.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from random import Random
from statistics import quantiles
from time import process_time_ns  # noqa: TID251 a benchmark reads the clock

from attrs import frozen

clock = process_time_ns

Batch = Callable[[], float]
"""Prepares what it needs, times some operations, answers with the nanoseconds of one."""


@frozen
class Spread:
    """The median and the quartiles of some numbers."""

    median: float
    lower: float
    upper: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Spread:
        if len(numbers) < 2:
            return cls(numbers[0], numbers[0], numbers[0])
        lower, median, upper = quantiles(numbers, n=4, method="inclusive")
        return cls(median, lower, upper)

    def over(self, factor: float) -> Spread:
        return Spread(self.median / factor, self.lower / factor, self.upper / factor)


def run_rounds(tasks: Mapping[str, Batch], rounds: int, *, warm_up: bool = True) -> dict[str, list[float]]:
    """Nanoseconds of one operation, for each task and round."""
    found: dict[str, list[float]] = {name: [] for name in tasks}
    random = Random(1)  # noqa: S311
    for number in range(-1 if warm_up else 0, rounds):
        names = list(tasks)
        random.shuffle(names)
        gc.collect()
        gc.disable()
        try:
            for name in names:
                taken = tasks[name]()
                if number >= 0:
                    found[name].append(taken)
        finally:
            gc.enable()
    return found


def ratios(samples: Sequence[float], floor: Sequence[float]) -> Spread:
    """How many times the floor of the same round."""
    return Spread.of([sample / base for sample, base in zip(samples, floor, strict=True)])


def bytes_of(make: Callable[[], object], count: int) -> float:
    """The bytes that each of ``count`` new objects keeps, what they share not counted."""
    make()
    kept: list[object] = [None] * count
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for index in range(count):
            kept[index] = make()
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return (after - before) / count
