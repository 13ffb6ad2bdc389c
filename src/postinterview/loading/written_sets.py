"""Find where a rule file writes its sets of guards: a definition has their guards in each transition."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf

from attrs import define, field

from postinterview.core.definitions import Origin
from postinterview.loading import nodes
from postinterview.loading.diagnostics import Findings
from postinterview.loading.link_events import origin_of
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.schema import REMOVE


@define
class WrittenSet:
    """A set of guards as written.

    ``uses``: the sets that it uses; ``guards``: its own ones, by their places; ``used_by``: the transitions
    and the sets that name it.
    """

    origin: Origin
    uses: tuple[str, ...] = ()
    guards: dict[Origin, str] = field(factory=dict)
    used_by: list[str] = field(factory=list)


def written_sets(texts: MappingOf[str, str]) -> dict[str, WrittenSet]:
    """Return the sets of guards of a rule file and of those that it extends, by name.

    ``texts``: each text by its file's name in origins, the nearest first.
    """
    roots = [nodes.read(text, file, Findings()) for file, text in texts.items()]
    found: dict[str, WrittenSet] = {}
    users: list[tuple[Scalar, tuple[str, ...]]] = []
    for root in roots:
        for key, guards in _entries(_value(root, "guard_sets")):
            own = {origin_of(id): id.text for id, _ in _entries(guards) if id.text not in ("use", REMOVE)}
            known = found.setdefault(key.text, WrittenSet(origin_of(key)))
            known.uses = known.uses or _used(guards)
            known.guards |= own
            users.append((key, _used(guards)))
        for _, machine in _entries(_value(root, "machines")):
            rules = _entries(_value(machine, "transitions"))
            users += [(key, _used(_value(rule, "guards"))) for key, rule in rules]
    for key, uses in users:
        for name in uses:
            if name in found and key.text not in found[name].used_by:
                found[name].used_by.append(key.text)
    return found


def by_use(root: Node, guards: Node | None) -> dict[str, str]:
    """Return the guards that a transition or a set has by the sets that it uses, each with that set's name.

    ``root``: the whole file, laid over those that it extends.
    """
    sets = {key.text: value for key, value in _entries(_value(root, "guard_sets"))}
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


def _value(node: Node | None, name: str) -> Node | None:
    return next((value for key, value in _entries(node) if key.text == name), None)


def _used(guards: Node | None) -> tuple[str, ...]:
    used = _value(guards, "use")
    named: tuple[Node | None, ...] = used.items if isinstance(used, Sequence) else (used,)
    return tuple(each.text for each in named if isinstance(each, Scalar))
