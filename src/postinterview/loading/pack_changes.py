"""Say in a few words what a rule file changes in the one that it extends.

The two trees of nodes, each laid over its own ancestors, are compared by their keys. What follows from
another change is left out: a removed event takes its transitions along, and its name out of classes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as TableOf
from typing import Literal

from attrs import evolve, frozen

from postinterview.core.rules.definitions import Origin
from postinterview.loading.extending import Path
from postinterview.loading.link_events import origin_of
from postinterview.loading.nodes import Mapping, Node, Scalar
from postinterview.loading.source_text import in_one_line

SECTIONS = {
    "events": "event",
    "classes": "class",
    "credits": "credit",
    "dates": "date",
    "guard_sets": "set of guards",
    "machines": "machine",
    "states": "state",
    "transitions": "transition",
    "guards": "guard",
    "fields": "field",
}
"""What each set of entries holds: a set itself is named by nobody."""

_TOLD_BY_KEY = {*SECTIONS, "calendar"}
"""The keys whose values are told one by one, also if a file adds all of them."""

_SAID_ELSEWHERE = frozenset(
    {
        "format",
        "extends",
        "title",
        "version",
        "why",
        "migrations",
        "trust",
        "loosens",
        "keeps",
        "meant",
        "meta",
    }
)
"""Keys that say nothing of what is allowed, or that have lines of their own."""

_SENTENCES: TableOf[str, tuple[str, str, str]] = {
    "apart": ("`{of}`: {change}", "", ""),
    "at_most": ("`{of}`: at most {change}", "", ""),
    "country": (
        "the holidays of {new} instead of those of {old} are no business days",
        "the holidays of {old} are business days",
        "the holidays of {new} are no business days",
    ),
    "due": ("`{of}` is suggested {change}", "`{of}` is never suggested", "`{of}` is suggested at {new}"),
    "from": ("what `{of}` starts from: {change}", "", ""),
    "holidays": ("no business days: {change}", "business days again: {old}", "no business days: {new}"),
    "hours": ("`{of}`: {change}", "", ""),
    "latest_of": ("`{of}`: {change}", "", ""),
    "not_after": ("`{of}`: not after {change}", "", ""),
    "not_before": ("`{of}`: not before {change}", "", ""),
    "of": ("what `{of}` counts: {change}", "", ""),
    "outside": ("whether acts in `{of}` are left unjudged: {change}", "acts in `{of}` are judged", ""),
    "per": (
        "`{of}` counts per {new} instead of {old}",
        "`{of}` no longer counts per {old}",
        "`{of}` counts per {new}",
    ),
    "since": (
        "what `{of}` counts from: {change}",
        "`{of}` counts from the beginning",
        "`{of}` counts from {new}",
    ),
    "to": ("where `{of}` leads: {change}", "`{of}` leads nowhere else", "`{of}` leads to {new}"),
    "unless": (
        "the exceptions of `{of}`: {change}",
        "`{of}` has no exception any more",
        "`{of}` has an exception: {new}",
    ),
    "use": (
        "the sets of guards that `{of}` uses: {change}",
        "`{of}` no longer uses the guards of {old}",
        "`{of}` uses the guards of {new}",
    ),
    "weekend": (
        "the weekend is {new} instead of {old}",
        "the weekend is Saturday and Sunday",
        "the weekend is {new}",
    ),
    "within": (
        "`{of}` counts within {change}",
        "`{of}` counts without a time limit",
        "`{of}` counts within {new}",
    ),
}
"""How a key of an entry that is changed, removed or added is said; empty for the usual way."""

_NONE: TableOf[Path, Scalar] = {}
_AFTER = re.compile(r"(\w+) \+ (.+)")


@frozen
class Change:
    """One difference between a rule file and the one that it extends.

    ``path`` leads to it. ``old`` and ``new`` are values in one line; empty where there is none, and for an
    entry that is added or removed as a whole. ``origin``: the place that says it.
    """

    what: Literal["added", "changed", "removed"]
    path: Path
    old: str
    new: str
    origin: Origin

    def __str__(self) -> str:
        """Return the change as a part of a sentence, such as ``no missed_call``."""
        *outer, name = (each for each in self.path if each not in SECTIONS)
        noun = "" if name == "use" else SECTIONS.get(self.path[-2], "") if len(self.path) > 1 else ""
        if self.path[0] == "guard_sets" and len(self.path) == 3 and name != "use":
            noun = "guard"
        if outer and not noun and (said := self._sentence(name, outer[-1])):
            return said
        of = f" in `{outer[-1]}`" if outer and noun != "transition" else ""
        if self.what == "removed":
            return f"no {f'`{name}`' if noun else name}{of}"
        if self.what == "added":
            return f"a new {noun} `{name}`{of}" if noun else f"{name} {self.new}{of}"
        return f"{f'`{name}`' if noun else name}{of}: {_instead(self.old, self.new)}"

    def _sentence(self, key: str, of: str) -> str:
        """Return what is changed of a key of an entry; empty if no sentence is known."""
        ways = dict(zip(("changed", "removed", "added"), _SENTENCES.get(key, ("", "", "")), strict=True))
        change = _instead(self.old, self.new) if self.what == "changed" else ""
        return ways[self.what].format(of=of, change=change, old=self.old, new=self.new)


def changes(child: Node, parent: Node, removals: TableOf[Path, Scalar] = _NONE) -> tuple[Change, ...]:
    """Return what the child changes; both are laid over their ancestors, and without a fault.

    ``removals``: where files take entries away, by the path to each.
    """
    if not (isinstance(child, Mapping) and isinstance(parent, Mapping)):
        return ()
    found = tuple(_at_removal(each, child, removals) for each in _between(child, parent, ()))
    gone, come = (
        {each.path[1] for each in found if each.what == what and each.path[:-1] == ("events",)}
        for what in ("removed", "added")
    )
    theirs, mine = _events_by_transition(parent), _events_by_transition(child)
    return tuple(
        each
        for each in found
        if not (
            (each.what == "removed" and _only_about(theirs, each.path, gone))
            or (each.what == "added" and _only_about(mine, each.path, come))
            or (each.what == "changed" and _items(each.old) - gone == _items(each.new) != set())
        )
    )


def _at_removal(change: Change, child: Mapping, removals: TableOf[Path, Scalar]) -> Change:
    """Return the change with the line that makes it: of what is gone, the one that removes or replaces it."""
    if change.what != "removed":
        return change
    for length in range(len(change.path), 0, -1):
        if (name := removals.get(change.path[:length])) is not None:
            return evolve(change, origin=origin_of(name))
    above: Node = child
    for step in change.path[:-1]:
        entries = above.entries if isinstance(above, Mapping) else ()
        key, above = next((each for each in entries if each[0].text == step), (None, above))
        if key is None:
            break
        change = evolve(change, origin=origin_of(key))
    return change


def _between(child: Mapping, parent: Mapping, path: Path) -> Iterator[Change]:
    below = {key.text: (key, node) for key, node in parent.entries}
    own = {key.text: (key, node) for key, node in child.entries}
    for name, (key, node) in {**below, **own}.items():
        at = (*path, name)
        if name in ("title", "why") or at[0] in _SAID_ELSEWHERE:
            continue
        old, new = below.get(name), own.get(name)
        if old is None or new is None:
            what: Literal["added", "removed"] = "added" if old is None else "removed"
            if name in _TOLD_BY_KEY and isinstance(node, Mapping):
                nothing = Mapping((), node.source, node.start, node.end)
                yield from _between(node, nothing, at) if old is None else _between(nothing, node, at)
            else:
                text = in_one_line(node)
                yield Change(
                    what, at, text if new is None else "", text if old is None else "", origin_of(key)
                )
        elif isinstance(old[1], Mapping) and isinstance(new[1], Mapping):
            yield from _between(new[1], old[1], at)
        elif in_one_line(old[1]) != in_one_line(new[1]):
            yield Change("changed", at, in_one_line(old[1]), in_one_line(new[1]), origin_of(key))


def _events_by_transition(root: Mapping) -> dict[Path, str]:
    """Return the event of each transition, by the path to it."""
    found: dict[Path, str] = {}

    def walk(node: Node, path: Path) -> None:
        if not isinstance(node, Mapping):
            return
        for key, value in node.entries:
            if key.text == "event" and path[2:3] == ("transitions",) and isinstance(value, Scalar):
                found[path] = value.text
            walk(value, (*path, key.text))

    walk(root, ())
    return found


def _only_about(events: dict[Path, str], path: Path, named: set[str]) -> bool:
    """Return whether a path leads to a transition of these events, or to a machine with no other."""
    below = {event for at, event in events.items() if at[: len(path)] == path}
    return bool(below) and below <= named


def _items(text: str) -> set[str]:
    """Return the items of a list in one line; none of another value."""
    return set(text[1:-1].split(", ")) if text.startswith("[") else set()


def _instead(old: str, new: str) -> str:
    """Say what stands instead of what, without what both say."""
    before, now = (each[1:-1].split(", ") if each.startswith("[") else [each] for each in (old, new))
    if len(before) == len(now):
        return ", ".join(_one_instead(*pair) for pair in zip(before, now, strict=True) if pair[0] != pair[1])
    less, more = (
        [each for each in one if each not in other] for one, other in ((before, now), (now, before))
    )
    said = [f"without {', '.join(less)}"] * bool(less) + [f"with {', '.join(more)}"] * bool(more)
    return " and ".join(said) or f"{new} instead of {old}"


def _one_instead(old: str, new: str) -> str:
    before, now = _AFTER.fullmatch(old), _AFTER.fullmatch(new)
    if before and now and before[1] == now[1]:
        return f"{now[2]} instead of {before[2]} after {now[1]}"
    return f"{new} instead of {old}"
