"""Processes kept in a store, by a key of the host's: see `Keeper`. `Store` is what a store has to do.

`migrate` carries all of them over to rules that changed, or says beforehand what would become of each.
"""

from __future__ import annotations

from postinterview.stores.keeper import Keeper
from postinterview.stores.memory import MemoryStore
from postinterview.stores.migrating import Migrated, migrate
from postinterview.stores.protocol import (
    ConflictError,
    Due,
    Standing,
    Store,
    StoredEntry,
    StoredProcess,
    StoreError,
)

__all__ = [
    "ConflictError",
    "Due",
    "Keeper",
    "MemoryStore",
    "Migrated",
    "Standing",
    "Store",
    "StoreError",
    "StoredEntry",
    "StoredProcess",
    "migrate",
]
