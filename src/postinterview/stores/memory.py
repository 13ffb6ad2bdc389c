"""A store in memory: for tests, for trying out, and for hosts that keep nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from heapq import nsmallest
from threading import Lock

from postinterview.stores.checks import check_key, check_limit, check_text, check_written
from postinterview.stores.forks import FORKS
from postinterview.stores.protocol import (
    ConflictError,
    Due,
    Standing,
    StoredEntry,
    StoredProcess,
    first_version,
)


class MemoryStore:
    """Keep processes as long as this object lives. Threads may share it.

    Programs can't: a forked child works on a copy, and neither sees what the other writes from then on. A
    server with several worker processes needs a `SqlStore`.
    """

    def __init__(self) -> None:
        self._kept: dict[str, StoredProcess] = {}
        self._lock = Lock()
        FORKS.told.add(self)

    def before_fork(self) -> None:
        """Do nothing: what is kept is whole at any moment."""

    def in_child(self, *, in_use: bool) -> None:
        """Take a new lock: the old one may be held by a thread that the child does not have."""
        self._lock = Lock()

    def load(self, key: str) -> StoredProcess | None:
        check_key("key", key)
        return self._kept.get(key)

    def create(self, key: str, standing: Standing, lines: Sequence[StoredEntry] = ()) -> None:
        check_written(key, standing, lines)
        with self._lock:
            if key in self._kept:
                raise ConflictError(f"there is a process `{key}` already")
            self._kept[key] = StoredProcess(
                version=first_version(), standing=standing, entries=_checked(key, lines)
            )

    def append(self, key: str, version: int, line: StoredEntry, standing: Standing) -> None:
        check_written(key, standing, [line])
        with self._lock:
            lines = _checked(key, (*self._at(key, version).entries, line))
            self._kept[key] = StoredProcess(version=version + 1, standing=standing, entries=lines)

    def rewrite(self, key: str, version: int, lines: Sequence[StoredEntry], standing: Standing) -> None:
        check_written(key, standing, lines)
        with self._lock:
            self._at(key, version)
            self._kept[key] = StoredProcess(
                version=version + 1, standing=standing, entries=_checked(key, lines)
            )

    def forget(self, key: str) -> bool:
        check_key("key", key)
        with self._lock:
            return self._kept.pop(key, None) is not None

    def due(self, by: datetime, *, after: Due | None = None, limit: int = 100) -> tuple[Due, ...]:
        check_limit(limit)
        with self._lock:
            dated = [(kept.standing.due, key) for key, kept in self._kept.items()]
        found = [Due(due, key) for due, key in dated if due is not None and due <= by]
        if after is not None:
            found = [each for each in found if (each.due, each.key) > (after.due, after.key)]
        return tuple(nsmallest(limit, found, key=lambda each: (each.due, each.key)))

    def keys(self, *, after: str | None = None, limit: int = 100) -> tuple[str, ...]:
        check_limit(limit)
        if after is not None:
            check_text("after", after)
        with self._lock:
            found = [key for key in self._kept if after is None or key > after]
        return tuple(nsmallest(limit, found))

    def _at(self, key: str, version: int) -> StoredProcess:
        kept = self._kept.get(key)
        if kept is None or kept.version != version:
            raise ConflictError(f"the process `{key}` is not at version {version} any more")
        return kept


def _checked(key: str, lines: Sequence[StoredEntry]) -> tuple[StoredEntry, ...]:
    """The lines in order, no sequence and no idempotency key twice."""
    keys = [line.once for line in lines if line.once is not None]
    if len({line.sequence for line in lines}) < len(lines) or len(set(keys)) < len(keys):
        raise ConflictError(f"the process `{key}` has this entry or idempotency key already")
    return tuple(sorted(lines, key=lambda line: line.sequence))
