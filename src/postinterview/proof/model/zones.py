"""Zones: sets of clock readings, given by bounds on clocks and on their differences.

A zone over n - 1 clocks is a difference bound matrix, kept as a flat tuple of n * n bounds. Clock 0 is zero,
and entry ``[i * n + j]`` bounds ``x_i - x_j``. A bound is a whole number, ``2 * c + 1`` for "at most c" and
``2 * c`` for "less than c", so the smaller number is the tighter bound. Zones are kept closed, with every
bound as tight as the others make it, and are never empty: then one zone includes another if each of its
bounds is as large.

Example: with one clock, ``(1, 1, 11, 1)`` says that ``0 - x`` is at most 0 and ``x - 0`` at most 5.

Source: Dill, Timing Assumptions and Verification of Finite-State Concurrent Systems, 1989; widening by
Behrmann, Bouyer, Larsen and Pelánek, Lower and Upper Bounds in Zone-Based Abstractions of Timed Automata,
2006.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import ge
from typing import TypeAlias

Zone: TypeAlias = tuple[int, ...]

INFINITE = 1 << 80
AT_MOST_ZERO = 1


def anything(n: int) -> Zone:
    """Return the zone of all readings."""
    return tuple(AT_MOST_ZERO if i in (0, j) else INFINITE for i in range(n) for j in range(n))


def closed(bounds: list[int], n: int) -> Zone | None:
    """Return the zone with every bound tightened (Floyd and Warshall); None if it is empty."""
    rows = [bounds[start : start + n] for start in range(0, n * n, n)]
    for k, via in enumerate(rows):
        if via[k] < AT_MOST_ZERO:
            return None
        steps = [(j, step) for j, step in enumerate(via) if step < INFINITE]
        for row in rows:
            through = row[k]
            if through < INFINITE and row is not via:
                for j, step in steps:
                    bound = through + step - ((through | step) & 1)  # strict if one of the two is
                    if bound < row[j]:  # noqa: PLR1730 - `min` takes twice as long
                        row[j] = bound
    if any(row[i] < AT_MOST_ZERO for i, row in enumerate(rows)):
        return None
    return tuple(chain.from_iterable(rows))


def later(zone: Zone, n: int) -> Zone:
    """Return the readings after any delay."""
    bounds = list(zone)
    bounds[n::n] = [INFINITE] * (n - 1)
    return tuple(bounds)


def set_to(zone: Zone, n: int, clock: int, other: int) -> Zone:
    """Return the readings after ``clock := other``; 0 for zero."""
    bounds = list(zone)
    for j in range(n):
        bounds[clock * n + j] = bounds[other * n + j]
        bounds[j * n + clock] = bounds[j * n + other]
    bounds[clock * n + clock] = bounds[clock * n + other] = bounds[other * n + clock] = AT_MOST_ZERO
    return tuple(bounds)


def forget(zone: Zone, n: int, clock: int) -> Zone:
    """Return the readings with the clock reading anything."""
    bounds = list(zone)
    for j in range(n):
        bounds[clock * n + j] = INFINITE
        bounds[j * n + clock] = bounds[j * n]
    bounds[clock] = bounds[clock * n + clock] = AT_MOST_ZERO
    return tuple(bounds)


def within(zone: Zone, n: int, limits: Iterable[tuple[int, int, bool]]) -> Zone | None:
    """Return the part in which each (clock, constant, below) holds: below the constant, or at least it."""
    bounds: Sequence[int] = zone
    for clock, constant, below in limits:
        i, j, bound = (clock, 0, 2 * constant) if below else (0, clock, 1 - 2 * constant)
        if bound < bounds[i * n + j]:
            back = bounds[j * n + i]
            if bound + back - ((bound | back) & 1) < AT_MOST_ZERO:
                return None
            bounds = _tightened(bounds, n, i, j, bound)
    return tuple(bounds)


def _tightened(bounds: Sequence[int], n: int, i: int, j: int, bound: int) -> list[int]:
    """Return closed bounds with a tighter one of ``x_i - x_j``: only what passes through it changes."""
    tight = list(bounds)
    after = [(m, step) for m, step in enumerate(bounds[j * n : j * n + n]) if step < INFINITE]
    for k in range(n):
        before = bounds[k * n + i]
        if before < INFINITE:
            through = before + bound - ((before | bound) & 1)
            for m, step in after:
                new = through + step - ((through | step) & 1)
                if new < tight[k * n + m]:  # noqa: PLR1730 - as above
                    tight[k * n + m] = new
    return tight


def includes(outer: Zone, inner: Zone) -> bool:
    """Return whether every reading of the inner zone lies in the outer one."""
    return all(map(ge, outer, inner))


def widened(zone: Zone, n: int, lower: Sequence[int], upper: Sequence[int]) -> Zone:
    """Let go of bounds that no condition can tell apart, so that there are finitely many zones (Extra-LU+).

    ``lower[i]``, ``upper[i]``: the largest constant that clock i is asked to be at least, or below.
    """
    bounds = list(zone)
    for i in range(n):
        for j in range(n):
            bound = zone[i * n + j]
            if i == j or bound >= INFINITE:
                continue
            far = (bound >> 1) > lower[i] or -(zone[i] >> 1) > lower[i]
            if i and (far or -(zone[j] >> 1) > upper[j]):
                bounds[i * n + j] = INFINITE
            elif not i and -(bound >> 1) > upper[j]:
                bounds[i * n + j] = -2 * upper[j]
    if bounds == list(zone):
        return zone
    again = closed(bounds, n)
    return zone if again is None else again
