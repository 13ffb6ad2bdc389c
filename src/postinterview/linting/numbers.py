"""Find numbers that are ten times, or a tenth of, those of the rules that a file extends or is a copy of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from postinterview.linting.compared import Path, Rules, Slip, slip
from postinterview.loading.diagnostics import Label
from postinterview.loading.report import span_of

_NUMBER = re.compile(r"(?<![\w.:-])(\d+)(?: +(minute|hour|day|week|business day)s?)?(?![\w.:-])")
_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "business day": 1440, "week": 10080}
_TIMES = 10
_OTHER_UNIT = 7
"""The same number in another unit is a slip from here on: days for weeks."""

_NOT_JUDGED = frozenset(
    {"format", "version", "title", "why", "migrations", "meta", "trust", "meant", "calendar"}
)


def tenfold(mine: Rules, theirs: Rules) -> Iterator[Slip]:
    """Yield the values that differ in one number, which is far larger or smaller than it was."""
    for path, node in mine.leaves.items():
        known = theirs.leaves.get(path)
        if known is None or known.text == node.text or not _NOT_JUDGED.isdisjoint(path):
            continue
        if _NUMBER.sub("#", node.text) != _NUMBER.sub("#", known.text):
            continue
        pairs = zip(_NUMBER.findall(node.text), _NUMBER.findall(known.text), strict=True)
        if any(_is_far(*here, *there) for here, there in pairs):
            name = _name(path)
            yield slip(
                "PI516",
                name,
                span_of(node),
                f"`{name}` says `{node.text}`, and {theirs.file} says `{known.text}`",
                "far from what it was: a digit too many or too few, or another unit?",
                f"write `{known.text}`, or a number nearer to it",
                path=path,
                others=(Label(span_of(known), "there"),),
            )


def _is_far(number: str, unit: str, other: str, other_unit: str) -> bool:
    here, there = (int(n) * _MINUTES.get(u, 1) for n, u in ((number, unit), (other, other_unit)))
    low, high = sorted((here, there))
    least = _OTHER_UNIT if number == other and unit != other_unit else _TIMES
    return high >= least * low and high > 0 and (low > 0 or high >= _TIMES)


def _name(path: Path) -> str:
    """Return the id of the nearest entry above a value: a guard, a transition, a date, a credit."""
    for above in ("guards", "transitions", "dates", "credits", "fields", "events"):
        if above in path and path.index(above) + 1 < len(path):
            return path[path.index(above) + 1]
    return path[2] if path[0] == "guard_sets" and len(path) > 2 else path[-1]
