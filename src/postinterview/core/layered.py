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
    """A mapping of a shared dictionary and of the newer keys. Never changed once built.

    Its keys come in the order in which a dictionary that took one change after the other has them.
    """

    __slots__ = ("base", "recent")

    def __init__(self, base: dict[K, V], recent: dict[K, V]) -> None:
        self.base = base
        self.recent = recent

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
        return len(self.base) + sum(key not in self.base for key in self.recent)


def grown(mapping: Mapping[K, V], new: dict[K, V]) -> Mapping[K, V]:
    """Return the mapping with ``new`` in it."""
    if type(mapping) is dict:
        return mapping | new if len(mapping) < FEW else Layered(mapping, new)
    if isinstance(mapping, Layered):
        base, recent = mapping.base, mapping.recent | new
        return Layered(base | recent, {}) if len(recent) ** 2 > len(base) else Layered(base, recent)
    return grown(dict(mapping), new)
