"""Find numbers that are ten times, or a tenth of, those of the rules that a file extends or is a copy of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from postinterview.linting.compared import Path, Rules, Slip, slip
from postinterview.linting.strength import is_weaker
from postinterview.linting.times import stays_open
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
    """Yield the values that differ in one number, which is far larger or smaller than it was.

    A due moment may move far, as long as the act can be done then.
    """
    dues = {(*mine.path_of(rule.origin), "due"): rule for rule in mine.transitions.values() if rule.due}
    for path, node in mine.leaves.items():
        known = theirs.leaves.get(path)
        if known is None or known.text == node.text or not _NOT_JUDGED.isdisjoint(path):
            continue
        if _NUMBER.sub("#", node.text) != _NUMBER.sub("#", known.text):
            continue
        pairs = list(zip(_NUMBER.findall(node.text), _NUMBER.findall(known.text), strict=True))
        if not any(_is_far(*here, *there) for here, there in pairs):
            continue
        is_more = any(_amount(*here) > _amount(*there) for here, there in pairs)
        rule = dues.get(path)
        if rule is not None and not _is_mistyped(pairs) and (not is_more or stays_open(mine, rule)):
            continue
        name = _name(path)
        yield slip(
            "PI516",
            name,
            span_of(node),
            f"`{name}` says `{node.text}`, and {theirs.file} says `{known.text}`",
            f"{_effect(mine, theirs, path, is_more)}: a digit too many or too few, or another unit?",
            f"write `{known.text}`, or a number nearer to it",
            path=path,
            others=(Label(span_of(known), "there"),),
        )


def _effect(mine: Rules, theirs: Rules, path: Path, is_more: bool) -> str:
    """Return what becomes of the rules by a number that is far larger or smaller, as far as it is known."""
    if path[0] == "dates":
        return f"so `{path[1]}` comes far {'later' if is_more else 'sooner'}"
    if path[-1] == "due":
        return f"so the agenda asks for it far {'later' if is_more else 'sooner'}"
    for key, known in theirs.transitions.items():
        rule = mine.transitions.get(key)
        there = {guard.id: guard for guard in known.guards}
        for guard in rule.guards if rule is not None else ():
            at = mine.path_of(guard.origin)
            if path[: len(at)] != at or guard.id not in there:
                continue
            scopes = [rules.definition.machines[key[0]].scope for rules in (mine, theirs)]
            if is_weaker(guard, there[guard.id], *scopes):
                return "so far more is allowed"
            if is_weaker(there[guard.id], guard, *reversed(scopes)):
                return "so far more is refused"
    return "far from what it was"


def _amount(number: str, unit: str) -> int:
    return int(number) * _MINUTES.get(unit, 1)


def _is_mistyped(pairs: Iterable[tuple[tuple[str, str], tuple[str, str]]]) -> bool:
    """Return whether nobody would write it so: 240 hours for 24 are ten days; 1 hour for 1 day is a unit."""
    return any(
        here[0] == there[0] if here[1] != there[1] else len(there[0]) > 1 and here[0] == f"{there[0]}0"
        for here, there in pairs
    )


def _is_far(number: str, unit: str, other: str, other_unit: str) -> bool:
    low, high = sorted((_amount(number, unit), _amount(other, other_unit)))
    least = _OTHER_UNIT if number == other and unit != other_unit else _TIMES
    return high >= least * low and high > 0 and (low > 0 or high >= _TIMES)


def _name(path: Path) -> str:
    """Return the id of the nearest entry above a value: a guard, a transition, a date, a credit."""
    for above in ("guards", "transitions", "dates", "credits", "fields", "events"):
        if above in path and path.index(above) + 1 < len(path):
            return path[path.index(above) + 1]
    return path[2] if path[0] == "guard_sets" and len(path) > 2 else path[-1]
