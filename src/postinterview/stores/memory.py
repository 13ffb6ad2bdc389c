"""Keep processes in memory: for tests, for trying things out, and for hosts that save nothing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from heapq import nsmallest
from threading import Lock

from attrs import evolve

from postinterview.core.values.errors import ConflictError, SavedError
from postinterview.stores.checks import check_key, check_keys, check_limit, check_text, check_written
from postinterview.stores.forks import FORKS
from postinterview.stores.protocol import (
    Due,
    Standing,
    StoredEntry,
    StoredProcess,
    first_version,
)


class MemoryStore:
    """Keeps processes as long as the object lives. Threads may share it.

    Programs can't share it. A forked child works on a copy, and from then on neither sees what the other
    writes: a server with several worker processes needs a `SqlStore`.
    """

    def __init__(self) -> None:
        self._stored: dict[str, StoredProcess] = {}
        self._lock = Lock()
        FORKS.told.add(self)

    def __repr__(self) -> str:
        return f"<MemoryStore of {len(self._stored)} processes>"

    def before_fork(self) -> None:
        """Do nothing: what is stored is whole at any moment."""

    def in_child(self, *, in_use: bool) -> None:
        """Replace the lock, which a thread may hold that the child does not have."""
        self._lock = Lock()

    def load(self, key: str, since: int = 0) -> StoredProcess | None:
        check_key("key", key)
        found = self._stored.get(key)
        if found is None or since <= 1:
            return found
        first = bisect_left(found.entries, since, key=lambda entry: entry.sequence)
        return evolve(found, entries=found.entries[first:])

    def load_many(self, keys: Collection[str]) -> Mapping[str, StoredProcess | SavedError]:
        check_keys(keys)
        with self._lock:
            return {key: self._stored[key] for key in keys if key in self._stored}

    def create(self, key: str, standing: Standing, entries: Sequence[StoredEntry] = ()) -> None:
        check_written(key, standing, entries)
        with self._lock:
            if key in self._stored:
                raise ConflictError(f"there is a process `{key}` already")
            self._put(key, first_version(), standing, entries)

    def append(self, key: str, version: int, entries: Sequence[StoredEntry], standing: Standing) -> None:
        check_written(key, standing, entries)
        with self._lock:
            self._put(key, version + 1, standing, (*self._at(key, version).entries, *entries))

    def rewrite(self, key: str, version: int, entries: Sequence[StoredEntry], standing: Standing) -> None:
        check_written(key, standing, entries)
        with self._lock:
            self._at(key, version)
            self._put(key, version + 1, standing, entries)

    def move(
        self, key: str, version: int, new: str, standing: Standing, entries: Sequence[StoredEntry]
    ) -> None:
        check_written(new, standing, entries)
        with self._lock:
            self._at(key, version)
            if new in self._stored:
                raise ConflictError(f"there is a process `{new}` already")
            self._put(new, first_version(), standing, entries)
            del self._stored[key]

    def forget(self, key: str) -> bool:
        check_key("key", key)
        with self._lock:
            return self._stored.pop(key, None) is not None

    def due(self, by: datetime, *, after: Due | None = None, limit: int = 100) -> tuple[Due, ...]:
        check_limit(limit)
        with self._lock:
            dated = [(stored.standing.due, key) for key, stored in self._stored.items()]
        found = [Due(due, key) for due, key in dated if due is not None and due <= by]
        if after is not None:
            found = [each for each in found if (each.due, each.key) > (after.due, after.key)]
        return tuple(nsmallest(limit, found, key=lambda each: (each.due, each.key)))

    def keys(self, *, after: str | None = None, limit: int = 100) -> tuple[str, ...]:
        check_limit(limit)
        if after is not None:
            check_text("after", after)
        with self._lock:
            found = [key for key in self._stored if after is None or key > after]
        return tuple(nsmallest(limit, found))

    def _at(self, key: str, version: int) -> StoredProcess:
        stored = self._stored.get(key)
        if stored is None or stored.version != version:
            raise ConflictError(f"the process `{key}` is not at version {version} any more")
        return stored

    def _put(self, key: str, version: int, standing: Standing, entries: Sequence[StoredEntry]) -> None:
        once = [entry.once for entry in entries if entry.once is not None]
        if len({entry.sequence for entry in entries}) < len(entries) or len(set(once)) < len(once):
            raise ConflictError(f"the process `{key}` has this entry or idempotency key already")
        in_order = tuple(sorted(entries, key=lambda entry: entry.sequence))
        self._stored[key] = StoredProcess(version=version, standing=standing, entries=in_order)
