"""Find where a rule file writes its sets of guards: a definition has their guards in each transition."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from postinterview.core.rules.definitions import Origin
from postinterview.loading.link_events import origin_of
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.schema import REMOVE


@frozen
class WrittenSet:
    """A set of guards as written: the sets that it uses, and the ids of its own guards, by their places."""

    origin: Origin
    uses: tuple[str, ...]
    guards: dict[Origin, str]


def written_sets(whole: Node | None) -> dict[str, WrittenSet]:
    """Return the sets of guards of a rule file that is laid over those that it extends, by name."""
    return {
        key.text: WrittenSet(
            origin_of(key),
            _used(guards),
            {origin_of(id): id.text for id, _ in _entries(guards) if id.text != "use"},
        )
        for key, guards in _entries(value_at(whole, "guard_sets"))
    }


def value_at(node: Node | None, *path: str) -> Node | None:
    """Return the value that a path of keys leads to, or None."""
    for name in path:
        node = next((value for key, value in _entries(node) if key.text == name), None)
    return node


def by_use(root: Node, guards: Node | None) -> dict[str, str]:
    """Return the guards that a transition or a set has by the sets that it uses, each with that set's name.

    ``root``: the whole file, laid over those that it extends.
    """
    sets = {key.text: value for key, value in _entries(value_at(root, "guard_sets"))}
    found: dict[str, str] = {}
    waiting, seen = list(_used(guards)), set[str]()
    while waiting:
        name = waiting.pop(0)
        if name in seen or name not in sets:
            continue
        seen.add(name)
        waiting += _used(sets[name])
        for key, _ in _entries(sets[name]):
            if key.text not in ("use", REMOVE):
                found.setdefault(key.text, name)
    return found


def _entries(node: Node | None) -> Iterator[tuple[Scalar, Node]]:
    return iter(node.entries if isinstance(node, Mapping) else ())


def _used(guards: Node | None) -> tuple[str, ...]:
    used = value_at(guards, "use")
    named: tuple[Node | None, ...] = used.items if isinstance(used, Sequence) else (used,)
    return tuple(each.text for each in named if isinstance(each, Scalar))
