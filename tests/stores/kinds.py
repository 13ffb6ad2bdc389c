"""A fresh store of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from postinterview.stores import MemoryStore, Store

KINDS = ("memory",)


@contextmanager
def opened(kind: str) -> Iterator[Store]:
    """A store of this kind in which nothing is kept."""
    assert kind == "memory"
    yield MemoryStore()
