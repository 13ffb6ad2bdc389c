"""Keep processes in a store by the keys of a host (see `Keeper`), and migrate them to changed rules."""

from __future__ import annotations

from postinterview.core.values.errors import ConflictError, StoreError, TakenKeyError, UnknownKeyError
from postinterview.stores.keeper import Keeper
from postinterview.stores.memory import MemoryStore
from postinterview.stores.migrating import Migrated, migrate
from postinterview.stores.protocol import (
    Due,
    Standing,
    Store,
    StoredEntry,
    StoredProcess,
)
from postinterview.stores.remembering import Memory

__all__ = [
    "ConflictError",
    "Due",
    "Keeper",
    "Memory",
    "MemoryStore",
    "Migrated",
    "Standing",
    "Store",
    "StoreError",
    "StoredEntry",
    "StoredProcess",
    "TakenKeyError",
    "UnknownKeyError",
    "migrate",
]
