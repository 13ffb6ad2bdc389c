"""What a store has to do. It keeps texts and understands none of them: the keeper reads and writes those."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from secrets import randbelow
from typing import Protocol

from attrs import frozen

from postinterview.core.errors import PostInterviewError


class StoreError(PostInterviewError):
    """The store can't be read or written: it is locked, full, read-only, gone.

    ``message`` says what happened, ``help`` what to do. A write is kept wholly or not at all; where the store
    was lost before it answered, nobody knows which, and the message says so. Either way the same call may be
    made again: with the same ``once`` it is one event, however the first one ended.
    """

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message, help)
        self.message = message
        self.help = help

    def __str__(self) -> str:
        return f"{self.message} ({self.help})" if self.help else self.message


class ConflictError(StoreError):
    """Somebody else wrote this process since it was loaded, or it is there already."""


@frozen(kw_only=True)
class Line:
    """One entry of a history.

    ``sequence`` counts from 1. ``text`` is the entry in JSON, with its seal. ``once``: the idempotency key
    that it was written with, if any; no two lines of a process have the same.
    """

    sequence: int
    text: str
    once: str | None = None


@frozen(kw_only=True)
class Standing:
    """What a history comes to, written whenever a line is.

    ``head`` and ``snapshot`` are JSON. ``due``: the next moment (in UTC) at which something is due, or None.
    """

    head: str
    snapshot: str
    due: datetime | None = None


@frozen(kw_only=True)
class Kept:
    """A process as a store keeps it. ``version`` grows by one with every write, from any number on.

    That should be another for each process ever kept under the key (see `first_version`), so that who
    loaded one that was forgotten since does not write into the one that was started after it.
    """

    version: int
    standing: Standing
    lines: tuple[Line, ...] = ()


def first_version() -> int:
    """A number that no earlier process of the key began with, so far as chance can tell."""
    return randbelow(2**30)


@frozen
class Due:
    """A process with something due: since ``due`` (UTC), under its ``key``. Ordered by both."""

    due: datetime
    key: str


class Store(Protocol):
    """Where processes are kept, by keys of the host's.

    Each of the writes is done wholly or not at all, is seen by all who load afterwards, and outlives this
    program where the store does. Whatever a store can't do is a `StoreError`; keys and texts that some store
    can't keep are misuse in all (see `stores/checks.py`).
    """

    def load(self, key: str) -> Kept | None:
        """The process as of one moment, its lines in order; None where there is none."""
        ...

    def create(self, key: str, standing: Standing, lines: Sequence[Line] = ()) -> None:
        """Keep a new process.

        Raises:
            ConflictError: there is one under this key, or what is left of one that was damaged.
        """
        ...

    def append(self, key: str, version: int, line: Line, standing: Standing) -> None:
        """Add a line to a process and put what it stands at in its place.

        Raises:
            ConflictError: the process is not at this version, or the line's sequence or idempotency key is
                taken. Nothing was written.
        """
        ...

    def rewrite(self, key: str, version: int, lines: Sequence[Line], standing: Standing) -> None:
        """Put other lines in the place of all; only for carrying a process over to rules that changed.

        Raises:
            ConflictError: the process is not at this version. Nothing was written.
        """
        ...

    def forget(self, key: str) -> bool:
        """Erase a process with all of its lines, or what is left of them; whether there was anything."""
        ...

    def due(self, by: datetime, *, after: Due | None = None, limit: int = 100) -> tuple[Due, ...]:
        """The first processes, at most ``limit``, with something due at or before ``by``, in their order.

        ``after``: only those that come after this one, the last of the page before.
        """
        ...

    def keys(self, *, after: str | None = None, limit: int = 100) -> tuple[str, ...]:
        """The first keys, at most ``limit``, in the order of their characters.

        ``after``: only those that come after this one, whether it is there or not.
        """
        ...
