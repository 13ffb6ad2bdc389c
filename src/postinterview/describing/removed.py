"""Find the names that a rule file takes away from the rules that it extends."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf

from postinterview.core.rules.definitions import Origin
from postinterview.loading import nodes
from postinterview.loading.diagnostics import Findings
from postinterview.loading.link_events import origin_of
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.schema import REMOVE


def removed_names(texts: MappingOf[str, str]) -> dict[str, Origin]:
    """Return the place where each name is removed; ``texts``: each file's text by its name."""
    found: dict[str, Origin] = {}
    for file, text in texts.items():
        for name in _removed(nodes.read(text, file, Findings())):
            found.setdefault(name.text, origin_of(name))
    return found


def _removed(node: Node | None) -> Iterator[Scalar]:
    for key, value in node.entries if isinstance(node, Mapping) else ():
        if key.text == REMOVE:
            names = value.items if isinstance(value, Sequence) else (value,)
            yield from (each for each in names if isinstance(each, Scalar))
        else:
            yield from _removed(value)
