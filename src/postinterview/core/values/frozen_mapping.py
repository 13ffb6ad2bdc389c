"""A mapping that can't change, so that the frozen value that holds it can be hashed, pickled and copied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from postinterview.core.values.builders import CopiedAsItself
from postinterview.core.values.formatting import shorten

K = TypeVar("K")
V = TypeVar("V")


class FrozenMapping(CopiedAsItself, Mapping[K, V]):
    """A read-only copy of a mapping in its order, equal to any mapping with the same items.

    `types.MappingProxyType` is only a view: Python can neither hash nor pickle it.
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[K, V]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenMapping, (self._items,)

    def __repr__(self) -> str:
        return shorten(f"<FrozenMapping {self._items!r}>")
