"""Load a process from a store, let an act make the next one of it, write that, and settle races."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from attrs import evolve

from postinterview.clocks import past
from postinterview.core.answers.outcome import Outcome
from postinterview.core.process import Process, Rulebook
from postinterview.core.values.errors import ConflictError, UnknownKeyError
from postinterview.core.values.names import as_text
from postinterview.stores.checks import check_keeper, check_key
from postinterview.stores.protocol import Store, StoredProcess
from postinterview.stores.remembering import Memory, brought_up_to_date
from postinterview.stores.repeating import repeated
from postinterview.stores.texts import LoadedProcess, loaded, parse_entry, stored_parts

TRIES = 100
"""Attempts to write. Each failed one means that somebody else wrote."""

Act: TypeAlias = Callable[[Process, Any], Outcome]
"""A function that makes the next process of one, and of the moment or the day of the call."""

Moment: TypeAlias = Callable[[Process, Any], datetime]


class Writer:
    """Writes processes into a store, under one rulebook.

    What the store has is always read. With ``remember`` only what is new of a process is folded.
    """

    def __init__(
        self, rulebook: Rulebook, store: Store, leeway: timedelta, remember: int | Memory = 0
    ) -> None:
        check_keeper(rulebook, store, leeway)
        self._memory: Memory | None = None
        if remember:
            self._memory = remember if isinstance(remember, Memory) else Memory(remember)
        self.rulebook = rulebook
        self.store = store
        self.leeway = leeway

    def _write(
        self,
        key: str | int,
        at: date,
        once: str | int | None,
        act: Act,
        *,
        moment: Moment | None = None,
        again: Sequence[Act] = (),
        now: datetime | None = None,
    ) -> Outcome:
        """Do ``act`` and store its entries, all at once.

        ``moment`` computes the moment of the act; by default it is ``at``. ``again``: the ways to repeat the
        act, of which one finds its first outcome; by default it is ``act``. ``now``: ``at`` may not be later.
        """
        key, once = as_text(key), as_text(once)
        if once is not None:
            check_key("once", once)
        for _ in attempts(key):
            version, found = self._load(key)
            if once is not None and once in found.once:
                number = found.once.index(once) + 1
                return evolve(repeated(found.process, number, once, again or [act], at), repeated=True)
            if now is not None:
                past(at, now, leeway=self.leeway, process=found.process)
            outcome = act(found.process, moment(found.process, at) if moment else at)
            if outcome.process is found.process:
                return outcome
            try:
                self._store(key, version, found, outcome.process, once)
            except ConflictError:
                self._drop(key)  # what is remembered may never have been committed
                continue
            return outcome
        raise AssertionError

    def _store(
        self, key: str, version: int, found: LoadedProcess, process: Process, once: str | None
    ) -> None:
        """Write the entries that are new. The first of them carries the idempotency key."""
        before = len(found.once)
        new = [once, *[None] * (len(process.history) - before - 1)]
        keys = (*found.once, *new)
        if found.is_migrated:
            entries, standing = stored_parts(process, key, keys)
            self.store.rewrite(key, version, entries, standing)
        else:
            entries, standing = stored_parts(process, key, new, after=before, last=found.last)
            self.store.append(key, version, entries, standing)
        if self._memory is not None:
            line = entries[-1].text
            written = LoadedProcess(process, parse_entry(entries[-1])["seal"], keys)
            self._memory.keep(key, written, line, standing)

    def _load(self, key: str) -> tuple[int, LoadedProcess]:
        """Return the version of a process in the store, and the process."""
        known = None if self._memory is None else self._memory.find(self.rulebook, key)
        stored = self.store.load(key) if known is None else self.store.load(key, known.number)
        found = None if known is None or stored is None else brought_up_to_date(key, known, stored)
        if found is None and known is not None:
            stored = self.store.load(key)
        if stored is None:
            self._drop(key)
            raise UnknownKeyError(f"the store has no process {key!r}", "start it first")
        return stored.version, self._kept(key, stored, found)

    def _folded(self, key: str, stored: StoredProcess) -> LoadedProcess:
        """Return the process of all that a store has of it."""
        known = None if self._memory is None else self._memory.find(self.rulebook, key)
        if known is not None and [entry.sequence for entry in stored.entries[:1]] != [1]:
            known = None  # a row is missing, or none is there yet
        return self._kept(key, stored, None if known is None else brought_up_to_date(key, known, stored))

    def _drop(self, key: str) -> None:
        """Forget a process that the store has no more under this key."""
        if self._memory is not None:
            self._memory.drop(key)

    def _kept(self, key: str, stored: StoredProcess, found: LoadedProcess | None) -> LoadedProcess:
        """Return what was found, or the fold of what is stored, and remember it."""
        if found is None:
            found = loaded(self.rulebook, key, stored)
        if self._memory is not None:
            line = stored.entries[-1].text if stored.entries else ""
            self._memory.keep(key, found, line, stored.standing)
        return found


def attempts(key: str) -> Iterator[None]:
    """Yield once for each attempt to write a process.

    Raises:
        ConflictError: others wrote it again and again.
    """
    yield from (None for _ in range(TRIES))
    raise ConflictError(f"others wrote the process `{key}` {TRIES} times in between")
