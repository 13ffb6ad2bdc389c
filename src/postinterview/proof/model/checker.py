"""The checker: a second, small opinion on every proof. It does not search.

A proof is an inductive invariant: a set of states that holds the start, that no move and no delay leads out
of, and in which nothing bad is allowed. However the set was found, that is all there is to ask. So the
checker asks it of each state, with arithmetic of its own (`zones` has the encoding of bounds).

Where acts are counted, it takes two rules from the model: that no move leads on where the window is over
(`Frame.open_window`), and that a state lies inside where one with a larger count does
(`Frame.covering`). Both are argued there.

It is independent of the search, and not of the model: view, variables, conditions, labels and promises are
the ones that the search reads. A rule that the model reads wrongly would mislead both. What the model says is
held against the engine by tests: random histories, and every guard and every bound of the packaged rules by
itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from operator import le

from postinterview.proof.model.event_moves import Arrival
from postinterview.proof.model.frame import FREE, Limit, Values
from postinterview.proof.model.view import View

Matrix = list[list[int]]
NO_BOUND = 1 << 80


def objections(view: View, reached: Iterable[tuple[Values, tuple[int, ...]]]) -> list[str]:
    """Return what is wrong with the set of states as a proof, counting them from 1; nothing: it is one."""
    n = view.size
    inside: dict[Values, list[Matrix]] = {}
    numbers: dict[Values, int] = {}
    for number, (values, flat) in enumerate(reached, 1):
        if len(flat) != n * n or len(values) != len(view.start):
            return [f"state {number} has other variables or clocks"]
        numbers.setdefault(values, number)
        inside.setdefault(values, []).append([list(flat[i * n : i * n + n]) for i in range(n)])
    around: dict[Values, list[Matrix]] = {}
    found = []
    anything = [[1 if i in (0, j) else NO_BOUND for j in range(n)] for i in range(n)]
    if not _is_inside(anything, inside.get(view.start, [])):
        found.append("the state before anything has happened is not among its states")
    for values, matrices in inside.items():
        for matrix in matrices:
            tight = _tighten(matrix)
            if tight is None:
                continue  # no clocks can read so
            ways = (_tighten(_limited(tight, limits)) for limits in view.bad_at(values))
            found += [f"in its state {numbers[values]} it can be broken" for way in ways if way is not None]
            for successor in view.successors(values):
                moved = _tighten(_limited(tight, successor.limits)) if successor.limits else tight
                if moved is None:
                    continue  # it waits for clocks that can't read so
                image = _image(moved, successor.settings)
                after = successor.values
                if after not in around:
                    around[after] = [m for each in view.covering(after) for m in inside.get(each, ())]
                if not _is_inside(image, around[after]):
                    move = successor.move
                    said = "the coming of a day" if isinstance(move, Arrival) else f"`{move.event}`"
                    found.append(f"{said} leads from its state {numbers[values]} to none of them")
    return found


def _image(tight: Matrix, settings: tuple[tuple[int, int], ...]) -> Matrix:
    """Return the bounds after the settings and any delay: those between what the clocks were set to."""
    n = len(tight)
    source = list(range(n))
    for clock, other in settings:
        source[clock] = FREE if other == FREE else source[other]
    image = [[NO_BOUND] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            if i == j:
                image[i][j] = 1
            elif j != 0 and source[i] != FREE:  # a clock that reads anything reads no less than zero
                image[i][j] = tight[source[i]][0 if source[j] == FREE else source[j]]
    return image


def _is_inside(matrix: Matrix, others: list[Matrix]) -> bool:
    if matrix in others:
        return True
    mine = [*chain.from_iterable(matrix)]
    return any(all(map(le, mine, chain.from_iterable(each))) for each in others)


def _limited(matrix: Matrix, limits: Iterable[Limit]) -> Matrix:
    limited = [list(row) for row in matrix]
    for clock, constant, below in limits:
        i, j, bound = (clock, 0, 2 * constant) if below else (0, clock, 1 - 2 * constant)
        limited[i][j] = min(limited[i][j], bound)
    return limited


def _tighten(matrix: Matrix) -> Matrix | None:
    """Return every bound as tight as the others make it; None if no clocks satisfy them."""
    tight = [list(row) for row in matrix]
    for _ in tight:  # as many rounds as a path can have steps
        for row in tight:
            for k, through in enumerate(row):
                for j, step in enumerate(tight[k]):
                    if through < NO_BOUND and step < NO_BOUND:
                        row[j] = min(row[j], through + step - ((through | step) & 1))
    return tight if all(tight[i][i] >= 1 for i in range(len(tight))) else None
