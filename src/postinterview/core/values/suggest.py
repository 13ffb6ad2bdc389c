"""Suggest names for one that is unknown: typing slips first, then beginnings, then likeness."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from heapq import nlargest
from itertools import islice

from attrs import define

AT_MOST = 3
SHORT = 8
"""A list of at most this many names is shown whole."""

_MANY = 64
_LONGEST = 100
"""A longer name is no typing slip, and costly to compare."""
_EFFORT = 30
"""The fixed cost of one guess, counted in known names."""
_LIKENESS = 0.65  # lets one slip in a word of two letters pass: `b` for `by`


def plain_name(name: str) -> str:
    """Return ``name`` without what people mix up: case, hyphens, underscores, spaces."""
    return name.lower().replace("-", "").replace("_", "").replace(" ", "")


def closest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known names that ``name`` may stand for, the likeliest first; at most three."""
    from difflib import get_close_matches  # costs 4 ms to import, and only a mistake needs it

    folded = plain_name(name) if len(name) <= _LONGEST else ""
    if not folded:
        return ()
    by_fold: dict[str, list[str]] = {}
    for candidate in known:
        by_fold.setdefault(plain_name(candidate), []).append(candidate)
    if len(by_fold) > _MANY:
        by_fold = {other: by_fold[other] for other in _shortlist(folded, by_fold)}
    letters = sorted(folded)
    same = [other for other in by_fold if other == folded]
    slips = [other for other in by_fold if nearly_same(folded, other)]
    swapped = [other for other in by_fold if len(other) == len(folded) and sorted(other) == letters]
    begins = [other for other in by_fold if other.startswith(folded) or (other and folded.startswith(other))]
    alike = get_close_matches(folded, by_fold, n=AT_MOST, cutoff=_LIKENESS)
    begins.sort(key=lambda other: abs(len(other) - len(folded)))
    ranked = dict.fromkeys((*same, *slips, *swapped, *begins, *alike))
    return tuple(match for other in ranked for match in by_fold[other])[:AT_MOST]


@define(eq=False)
class Guesses:
    """Suggest names while that is cheap: thousands of unknown names in one file are no longer typing slips.

    ``left`` is the number of known names that may still be compared: about half a second of work at first.
    """

    left: int = 40_000

    def closest(self, name: str, known: Collection[str]) -> tuple[str, ...]:
        """Return what `closest` returns, or nothing once the work is used up."""
        self.left -= len(known) + _EFFORT
        return closest(name, known) if self.left > 0 else ()


def _shortlist(name: str, known: Collection[str]) -> list[str]:
    """Return the names that share the most pairs of letters with ``name``: comparing all takes too long."""
    pairs = {name[at : at + 2] for at in range(len(name) - 1)} or {name}

    def shared(other: str) -> int:
        return sum(pair in other for pair in pairs)

    return nlargest(_MANY, known, key=shared)


def nearly_same(one: str, other: str) -> bool:
    """Return whether two names differ by one typing slip: a letter, or two letters swapped."""
    one, other = plain_name(one), plain_name(other)
    if one == other:
        return True
    if len(one) > len(other):
        one, other = other, one
    start = 0
    while start < len(one) and one[start] == other[start]:
        start += 1
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    if one[start + 1 :] == other[start + 1 :]:
        return True
    return one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]


def ticked(names: Iterable[str], last: str = "or") -> str:
    """Return the names in backticks, as in ```a`, `b` or `c```."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


def help_for(suggestions: tuple[str, ...], known: Iterable[str]) -> str:
    """Return what to type instead of an unknown name; empty if there is nothing useful to say."""
    if suggestions:
        return f"did you mean {ticked(suggestions)}?"
    names = list(islice(known, SHORT + 1))
    return f"write {ticked(names)}" if 0 < len(names) <= SHORT else ""


def instead_of(name: str, known: Iterable[str]) -> str:
    """Return what to type instead of ``name``, which is none of the known names."""
    names = tuple(dict.fromkeys(known))
    return help_for(closest(name, names), names)
