"""What the reader of tables makes of a set of entries: checked values, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import define, field

from postinterview.loading.nodes import Mapping, Node, Scalar


@define(eq=False)
class Record:
    """A set of entries with known keys. ``key``: what it stands under; the whole file at the top.

    ``values`` are by the names of the table; one that can't be read is None, and its name is among
    ``faulty``, as is one that holds a fault, or is missing and must not be. ``read_as`` leads from
    misspelt keys to what they were taken for.
    """

    key: Node
    node: Node
    values: dict[str, Any]
    faulty: set[str] = field(factory=set)
    read_as: dict[str, str] = field(factory=dict)

    def get(self, name: str) -> Any:
        return self.values.get(name)

    def key_of(self, name: str) -> Node:
        """The key as it stands in the file; what the record stands under where there is none."""
        return next((key for key, _ in self._find(name)), self.key)

    def node_of(self, name: str) -> Node:
        """The value as it stands in the file; what the record stands under where there is none."""
        return next((node for _, node in self._find(name)), self.key)

    def _find(self, name: str) -> Iterator[tuple[Scalar, Node]]:
        if isinstance(self.node, Mapping):
            for key, node in self.node.entries:
                if self.read_as.get(key.text, key.text) == name:
                    yield key, node


@define(eq=False)
class Section:
    """A set of entries under ids of the user's choice."""

    keys: dict[str, Scalar] = field(factory=dict)
    values: dict[str, Any] = field(factory=dict)

    def __iter__(self) -> Iterator[tuple[str, Scalar, Any]]:
        for name, key in self.keys.items():
            yield name, key, self.values[name]
