"""Share a growing mapping between the snapshots of a history.

Each step may add to a mapping, such as the states of the machines, and the mapping before it stays as it is.
Copying a dictionary of n keys for each of n steps would take work and memory that grow with n squared. So a
large mapping is two dictionaries: one that many snapshots share, and on top of it the few newer keys::

    base    {main: waiting, a1: waiting, ... a999: closed}     shared
    recent  {a7: followed_up, a1000: waiting}                  this mapping's own, which a step copies

Once the recent keys are more than the square root of all, both become a new base.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

FEW = 64
"""A dictionary of fewer keys is copied as fast."""

_MISSING: Any = object()


class Layered(Mapping[K, V], Generic[K, V]):
    """A mapping of a shared dictionary and of the newer keys. Never changed once built; ``size``: how many.

    Its keys come in the order in which a dictionary that took one change after the other has them.
    """

    __slots__ = ("base", "recent", "size")

    def __init__(self, base: dict[K, V], recent: dict[K, V], size: int) -> None:
        self.base = base
        self.recent = recent
        self.size = size

    def __getitem__(self, key: K) -> V:
        found: V = self.recent.get(key, _MISSING)
        return self.base[key] if found is _MISSING else found

    def get(self, key: K, default: Any = None) -> Any:
        found = self.recent.get(key, _MISSING)
        return self.base.get(key, default) if found is _MISSING else found

    def __contains__(self, key: object) -> bool:
        return key in self.recent or key in self.base

    def __iter__(self) -> Iterator[K]:
        return iter(self.base | self.recent)

    def __len__(self) -> int:
        return self.size


def grown(mapping: Mapping[K, V], new: dict[K, V]) -> Mapping[K, V]:
    """Return the mapping with ``new`` in it."""
    if type(mapping) is dict:  # as mostly; `isinstance` of a `Mapping` asks Python code
        if len(mapping) < FEW:
            return mapping | new
        base, recent = mapping, new
    elif isinstance(mapping, Layered):
        base, recent = mapping.base, mapping.recent | new
    else:
        return grown(dict(mapping), new)
    size = len(mapping) + sum(key not in mapping for key in new)
    if len(recent) ** 2 > len(base):
        base, recent = base | recent, {}
    return Layered(base, recent, size)
