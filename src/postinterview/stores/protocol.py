"""Define what a store does. It keeps texts, which only the keeper understands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from secrets import randbelow
from typing import Any, Protocol, TypeVar

from attrs import frozen

from postinterview.core.values.errors import SavedError
from postinterview.core.values.formatting import say_moment, shorten

T = TypeVar("T")

MOST_LOADED = 400
"""The processes that one query loads. It names each twice, and older SQLite takes at most 999 parameters."""


@frozen(kw_only=True, repr=False)
class StoredEntry:
    """One entry of a history.

    Attributes:
        sequence: its number, from 1.
        text: the entry in JSON, with its seal.
        once: the idempotency key that it was written with, if any; unique in the process.
    """

    sequence: int
    text: str
    once: str | None = None

    def __repr__(self) -> str:
        return shorten(f"<StoredEntry {self.sequence}: {self.text}>")


@frozen(kw_only=True, repr=False)
class Standing:
    """The result of folding a history; replaced with every entry.

    Attributes:
        head: who the process is about and under which rules it was written, in JSON.
        snapshot: the states of its machines and what became of its events, in JSON.
        due: the next moment, in UTC, at which something is due, or None.
    """

    head: str
    snapshot: str
    due: datetime | None = None

    def __repr__(self) -> str:
        return shorten(f"<Standing: due {self.due}, {self.head}>")


@frozen(kw_only=True, repr=False)
class StoredProcess:
    """A process as a store keeps it.

    Attributes:
        version: a number that grows by one with every write. The first is random (see `first_version`), so
            that a writer who loaded a process that was forgotten since can't write into its successor.
        standing: what its history folds to.
        entries: its history, in order.
    """

    version: int
    standing: Standing
    entries: tuple[StoredEntry, ...] = ()

    def __repr__(self) -> str:
        return f"<StoredProcess: version {self.version}, {len(self.entries)} entries>"


def first_version() -> int:
    """Return a random number to begin the versions of a process with."""
    return randbelow(2**30)


@frozen(repr=False)
class Due:
    """A process with something due. Its attributes are the order of pages.

    Attributes:
        due: since when, in UTC.
        key: the key of the process.
    """

    due: datetime
    key: str

    def __repr__(self) -> str:
        return shorten(f"<Due {self.key}: {say_moment(self.due)} UTC>")


class Store(Protocol):
    """A place where processes are kept, by the keys of the host.

    A write is done wholly or not at all, is seen by everybody who loads afterwards, and outlives this program
    if the store does. A failure of the store is a `StoreError`. A key or text that some store can't keep is a
    `MisuseError` in every store (see `stores/checks.py`).
    """

    def load(self, key: str, since: int = 0) -> StoredProcess | None:
        """Return the process as of one moment, or None if there is none.

        ``since``: the number of the first entry to return; those before it are left out.
        """
        ...

    def load_many(self, keys: Collection[str]) -> Mapping[str, StoredProcess | SavedError]:
        """Return the processes under these keys, at most `MOST_LOADED`, as of one moment.

        A key without a process is left out. What is left of a damaged process is a `SavedError`.
        """
        ...

    def create(self, key: str, standing: Standing, entries: Sequence[StoredEntry] = ()) -> None:
        """Store a new process.

        Raises:
            ConflictError: there is one under this key, or what is left of a damaged one.
        """
        ...

    def append(self, key: str, version: int, entries: Sequence[StoredEntry], standing: Standing) -> None:
        """Add entries to a process and replace its standing.

        Raises:
            ConflictError: the process is not at this version, or it has the number or idempotency key of one
                of the entries already. Nothing was written.
        """
        ...

    def rewrite(self, key: str, version: int, entries: Sequence[StoredEntry], standing: Standing) -> None:
        """Replace all entries and the standing. Only a migration to other rules does this.

        Raises:
            ConflictError: the process is not at this version. Nothing was written.
        """
        ...

    def move(
        self, key: str, version: int, new: str, standing: Standing, entries: Sequence[StoredEntry]
    ) -> None:
        """Put a process under another key, with this standing and these entries.

        Raises:
            ConflictError: the process is not at this version, or there is one under the new key. Nothing was
                written.
        """
        ...

    def forget(self, key: str) -> bool:
        """Erase a process, or what is left of it, and return whether there was anything."""
        ...

    def due(self, by: datetime, *, after: Due | None = None, limit: int = 100) -> tuple[Due, ...]:
        """Return the first processes, at most ``limit``, with something due at or before ``by``, in order.

        ``after`` is the last of the page before; only processes that follow it are returned.
        """
        ...

    def keys(self, *, after: str | None = None, limit: int = 100) -> tuple[str, ...]:
        """Return the first keys, at most ``limit``, ordered by their characters.

        Only keys that follow ``after`` are returned; it need not be a key itself.
        """
        ...


def pages(fetch: Callable[[T | None], tuple[T, ...]], page: int) -> Iterator[T]:
    """Yield what a store has, fetched ``page`` at a time; ``fetch`` gets the last of the page before."""
    found = fetch(None)
    yield from found
    while len(found) == page:
        found = fetch(found[-1])
        yield from found


def each_of(
    rows: Iterable[Sequence[Any]], read: Callable[[Sequence[Any]], StoredProcess]
) -> dict[str, StoredProcess | SavedError]:
    """Return the process of each key, or the error that says how it is damaged.

    ``rows``: those of all keys together, sorted by the key, which comes first. ``read``: reads those of one.
    """
    found: dict[str, StoredProcess | SavedError] = {}
    for key, of_one in groupby(rows, key=itemgetter(0)):
        try:
            found[key] = read(list(of_one))
        except SavedError as error:
            found[key] = error
    return found
