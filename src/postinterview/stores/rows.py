"""The writes of a store that has a row for each process and a row for each entry, in any database."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Generic, TypeVar

from postinterview.core.values.errors import ConflictError, SavedError
from postinterview.stores.checks import MOST, check_key, check_written
from postinterview.stores.failures import torn
from postinterview.stores.protocol import Standing, StoredEntry, StoredProcess, first_version
from postinterview.stores.ticks import moment, ticks

PREFIX = "postinterview_"
"""The beginning of the tables' names."""
PROCESS, ENTRY = 0, 1
"""The kinds of rows that the query of a process returns."""

Within = TypeVar("Within")
"""The object with which a store writes in a transaction."""


class RowStore(ABC, Generic[Within]):
    """Writes processes in transactions.

    The first statement of each write changes the row of the process. There a second writer waits, and then
    finds another version, or none.
    """

    def create(self, key: str, standing: Standing, entries: Sequence[StoredEntry] = ()) -> None:
        check_written(key, standing, entries)
        with self._writing(f"there is a process `{key}` already") as within:
            self._make(within, key, standing, entries)

    def append(self, key: str, version: int, entries: Sequence[StoredEntry], standing: Standing) -> None:
        check_written(key, standing, entries)
        with self._writing(f"the process `{key}` has this entry or idempotency key already") as within:
            self._raise_version(within, key, version, standing)
            self._add(within, key, entries)

    def rewrite(self, key: str, version: int, entries: Sequence[StoredEntry], standing: Standing) -> None:
        check_written(key, standing, entries)
        with self._writing(f"the process `{key}` has an entry or idempotency key twice") as within:
            self._raise_version(within, key, version, standing)
            self._clear(within, key)
            self._add(within, key, entries)

    def move(
        self, key: str, version: int, new: str, standing: Standing, entries: Sequence[StoredEntry]
    ) -> None:
        check_written(new, standing, entries)
        with self._writing(f"there is a process `{new}` already") as within:
            self._raise_version(within, key, version, standing)
            self._make(within, new, standing, entries)
            self._clear(within, key)
            self._erase(within, key)

    def forget(self, key: str) -> bool:
        check_key("key", key)
        with self._writing(f"the process `{key}` was written meanwhile") as within:
            self._hold(within, key)  # whoever appends meanwhile waits, and finds it gone
            entries, processes = self._clear(within, key), self._erase(within, key)
        return bool(entries + processes)

    def _make(self, within: Within, key: str, standing: Standing, entries: Sequence[StoredEntry]) -> None:
        self._insert(within, key, first_version(), standing)
        if self._has_entries(within, key):
            raise ConflictError(f"there is a process `{key}` already, or what is left of one")
        self._add(within, key, entries)

    def _raise_version(self, within: Within, key: str, version: int, standing: Standing) -> None:
        if not 0 <= version < MOST or not self._advance(within, key, version, standing):
            raise ConflictError(f"the process `{key}` is not at version {version} any more")

    # --- what each database says in its own way -----------------------------------------------------

    @abstractmethod
    def _writing(self, conflict: str) -> AbstractContextManager[Within]:
        """Do the statements of one write, all or none. ``conflict``: the message if a row exists already."""

    @abstractmethod
    def _insert(self, within: Within, key: str, version: int, standing: Standing) -> None:
        """Add the row of a process."""

    @abstractmethod
    def _advance(self, within: Within, key: str, version: int, standing: Standing) -> bool:
        """Raise the version of a process and replace its standing; return whether it was at ``version``."""

    @abstractmethod
    def _hold(self, within: Within, key: str) -> None:
        """Write the row of a process as it is."""

    @abstractmethod
    def _has_entries(self, within: Within, key: str) -> bool:
        """Return whether there are entries of a process."""

    @abstractmethod
    def _add(self, within: Within, key: str, entries: Sequence[StoredEntry]) -> None:
        """Add entries to a process."""

    @abstractmethod
    def _clear(self, within: Within, key: str) -> int:
        """Delete the entries of a process; return how many there were."""

    @abstractmethod
    def _erase(self, within: Within, key: str) -> int:
        """Delete the row of a process; return how many there were."""


def stored(rows: Sequence[Any]) -> StoredProcess:
    """Return the process of its rows: its own, and one for each entry in order.

    A row is (key, kind, sequence, version, head, snapshot, due) of the process, and (key, kind, sequence, -,
    text, once, -) of an entry.
    """
    (key, kind, _, version, head, snapshot, due), *lines = rows
    if kind != PROCESS:
        raise torn(key)
    if not isinstance(version, int) or not 0 <= version <= MOST:
        raise SavedError(
            f"its version can't be {version!r}", "write a whole number there", f"process `{key}`"
        )
    return StoredProcess(
        version=version,
        standing=Standing(head=head, snapshot=snapshot, due=moment(due)),
        entries=tuple(StoredEntry(sequence=row[2], text=row[4], once=row[5]) for row in lines),
    )


def columns(standing: Standing) -> dict[str, Any]:
    """Return the columns of a process that are replaced with every entry."""
    due = None if standing.due is None else ticks(standing.due)
    return {"head": standing.head, "snapshot": standing.snapshot, "due": due}
