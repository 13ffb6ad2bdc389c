"""Load a process from a store, let an act make the next one of it, write that, and settle races."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeAlias

from attrs import evolve

from postinterview.core.errors import ConflictError, UnknownKeyError
from postinterview.core.names import as_text
from postinterview.core.outcome import Outcome
from postinterview.core.process import Process, Rulebook
from postinterview.stores.checks import check_keeper, check_key
from postinterview.stores.protocol import Store, StoredProcess
from postinterview.stores.repeating import repeated
from postinterview.stores.texts import LoadedProcess, loaded, stored_parts

TRIES = 100
"""Attempts to write. Each failed one means that somebody else wrote."""

Act: TypeAlias = Callable[[Process, datetime], Outcome]
Moment: TypeAlias = Callable[[Process, datetime], datetime]


class Writer:
    """Writes processes into a store, under one rulebook.

    What the store has is always read. With ``remember`` texts that were read before are not folded again.
    """

    def __init__(self, rulebook: Rulebook, store: Store, leeway: timedelta, remember: int = 0) -> None:
        check_keeper(rulebook, store, leeway)
        fold = lru_cache(maxsize=remember)(loaded)
        self._fold = fold if remember else loaded
        self._remember_nothing = fold.cache_clear
        self.rulebook = rulebook
        self.store = store
        self.leeway = leeway

    def _write(
        self,
        key: str | int,
        at: datetime,
        once: str | int | None,
        act: Act,
        *,
        moment: Moment | None = None,
        again: Act | None = None,
    ) -> Outcome:
        """Do ``act`` and store its entries, all at once.

        ``moment`` computes the moment of the act; by default it is ``at``. ``again`` repeats the act to find
        its first outcome; by default it is ``act``.
        """
        key, once = as_text(key), as_text(once)
        if once is not None:
            check_key("once", once)
        for _ in attempts(key):
            stored, found = self._load(key)
            numbers = [each.sequence for each in stored.entries if once is not None and each.once == once]
            if numbers:
                return evolve(repeated(found.process, numbers[0], once, again or act, at), repeated=True)
            outcome = act(found.process, moment(found.process, at) if moment else at)
            if outcome.process is found.process:
                return outcome
            try:
                self._store(key, stored, found, outcome.process, once)
            except ConflictError:
                continue
            return outcome
        raise AssertionError

    def _store(
        self, key: str, stored: StoredProcess, found: LoadedProcess, process: Process, once: str | None
    ) -> None:
        """Write the entries that are new. The first of them carries the idempotency key."""
        before = len(stored.entries)
        keys = [once, *[None] * (len(process.history) - before - 1)]
        if found.is_migrated:
            keys = [*(each.once for each in stored.entries), *keys]
            entries, standing = stored_parts(process, key, keys)
            self.store.rewrite(key, stored.version, entries, standing)
        else:
            entries, standing = stored_parts(process, key, keys, after=before, last=found.last)
            self.store.append(key, stored.version, entries, standing)

    def _load(self, key: str) -> tuple[StoredProcess, LoadedProcess]:
        stored = self.store.load(key)
        if stored is None:
            raise UnknownKeyError(f"the store has no process {key!r}", "start it first")
        return stored, self._fold(self.rulebook, key, stored)


def attempts(key: str) -> Iterator[None]:
    """Yield once for each attempt to write a process.

    Raises:
        ConflictError: others wrote it again and again.
    """
    yield from (None for _ in range(TRIES))
    raise ConflictError(f"others wrote the process `{key}` {TRIES} times in between")
