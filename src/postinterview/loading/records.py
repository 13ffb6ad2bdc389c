"""Checked values of a set of entries, with the nodes that they come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import define, field

from postinterview.loading.nodes import Mapping, Node, Scalar


@define(eq=False)
class Record:
    """A set of entries with known keys.

    ``key`` is the key above it; for the whole file, or an item of a list, it is the node itself. ``values``
    maps the keys of the table to values: None if one can't be read. ``faulty`` names the keys whose values
    have a fault, and required keys that are missing. ``read_as`` maps misspelt keys to what they are read as.
    """

    key: Node
    node: Node
    values: dict[str, Any]
    faulty: set[str] = field(factory=set)
    read_as: dict[str, str] = field(factory=dict)

    def get(self, name: str) -> Any:
        return self.values.get(name)

    def key_of(self, name: str) -> Node:
        """Return the key as it is in the file, or the record's own key if it is missing."""
        return next((key for key, _ in self._find(name)), self.key)

    def node_of(self, name: str) -> Node:
        """Return the value as it is in the file, or the record's own key if it is missing."""
        return next((node for _, node in self._find(name)), self.key)

    def written(self, name: str) -> Node | None:
        """Return the value as it is in the file; None if it is missing, or can't be read."""
        return None if self.values.get(name) is None else self.node_of(name)

    def _find(self, name: str) -> Iterator[tuple[Scalar, Node]]:
        if isinstance(self.node, Mapping):
            for key, node in self.node.entries:
                if self.read_as.get(key.text, key.text) == name:
                    yield key, node


@define(eq=False)
class Section:
    """A set of entries under ids of the user's choice, in the order of the file.

    ``special``: the values of keys with a meaning of their own.
    """

    keys: dict[str, Scalar] = field(factory=dict)
    values: dict[str, Any] = field(factory=dict)
    special: dict[str, Any] = field(factory=dict)

    def __iter__(self) -> Iterator[tuple[str, Scalar, Any]]:
        for name, key in self.keys.items():
            yield name, key, self.values[name]
