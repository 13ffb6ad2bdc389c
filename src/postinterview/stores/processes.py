"""Start, find, move and forget the processes of a store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice, takewhile
from typing import TypeVar

from attrs import evolve

from postinterview.core.process import Process
from postinterview.core.steps.event_input import acts_called
from postinterview.core.values.errors import (
    ConflictError,
    MisuseError,
    SavedError,
    StoreError,
    TakenKeyError,
    UnknownKeyError,
)
from postinterview.core.values.moments import in_utc
from postinterview.core.values.names import as_text, is_name
from postinterview.stores.checks import check_key, check_prefix, check_process, check_whole_prefix
from postinterview.stores.protocol import MOST_LOADED, Due, pages
from postinterview.stores.texts import stored_parts
from postinterview.stores.writing import Writer, attempts

T = TypeVar("T")


class KeptProcesses(Writer):
    """The processes of a store, by the keys of a host."""

    def start(
        self,
        key: str | int,
        /,
        *,
        timezone: str,
        employer: str | None = None,
        holidays: Iterable[date] = (),
        country: str | None = None,
    ) -> Process:
        """Start a process and return it, or return the one that was started so before.

        Args:
            key: the host's key for the process.
            timezone: the employer's IANA time zone.
            employer: the name that the agenda shows; the key by default. A process that was started before
                keeps its name (see `change`).
            holidays: the employer's free days, besides those of the rulebook.
            country: the country whose public holidays are free, such as ``CH-ZH``.

        Raises:
            TakenKeyError: the key belongs to a process with another time zone, holidays or country.
            MisuseError: the key can't be one.
        """
        key = as_text(key)
        check_key("key", key)
        wanted = self.rulebook.start(
            key if employer is None else employer, timezone, holidays=holidays, country=country
        )
        try:
            self.add(key, wanted)
        except ConflictError:
            try:
                found = self.load(key)
            except UnknownKeyError:  # a transaction that sees one moment doesn't see what others started
                raise StoreError("others wrote at the same moment", "repeat the whole transaction") from None
            place = evolve(found.calendar, before=None)
            if wanted.calendar not in (place, found.calendar.first):
                message = f"the process `{key}` has another time zone, country or holidays"
                raise TakenKeyError(message, "give each process a key of its own, or `change` it") from None
            return found
        return wanted

    def add(self, key: str | int, process: Process) -> None:
        """Store a process that may have a history already, such as an imported one.

        Raises:
            MisuseError: the key can't be one, or ``process`` is no process or has other rules.
            ConflictError: there is a process under this key.
        """
        key = as_text(key)
        check_key("key", key)
        check_process(process, self.rulebook)
        entries, standing = stored_parts(process, key)
        self.store.create(key, standing, entries)

    def load(self, key: str | int) -> Process:
        """Return the process, its history folded again.

        Raises:
            UnknownKeyError: there is none under this key.
            SavedError: what is stored is damaged; with the place.
            RulesChangedError: the rules changed, and judge the history differently.
        """
        return self._load(as_text(key))[1].process

    def load_many(
        self,
        keys: Iterable[str | int],
        /,
        *,
        unreadable: Callable[[str, SavedError], object] | None = None,
    ) -> dict[str, Process]:
        """Return the processes of a page by their keys, in the order of the keys, with one query for 400.

        A key without a process is left out. A whole number becomes its text.

        Args:
            keys: the keys.
            unreadable: what is called with the key of a process that can't be loaded, and why. By default
                the first of them is raised.

        Raises:
            SavedError, RulesChangedError: as for `load`.
            MisuseError: ``keys`` is a single text, or one of them can't be a key.
        """
        if isinstance(keys, str):
            raise MisuseError(f"`keys` is the text {keys!r}", "give several keys, such as a list")
        found: dict[str, Process] = {}
        for some in batches(dict.fromkeys(map(as_text, keys))):
            stored = self.store.load_many(some)
            for key in some:
                each = stored.get(key)
                try:
                    if isinstance(each, SavedError):
                        raise each
                    if each is not None:
                        found[key] = self._folded(key, each).process
                except SavedError as error:
                    if unreadable is None:
                        raise
                    unreadable(key, error)
        return found

    def move(self, key: str | int, new: str | int, /) -> Process:
        """Give a process another key, with its whole history and its idempotency keys; return the process.

        Raises:
            UnknownKeyError: there is none under ``key``.
            ConflictError: there is one under ``new``.
            MisuseError: ``new`` can't be a key.
        """
        key, new = as_text(key), as_text(new)
        check_key("new", new)
        for _ in attempts(key):
            version, found = self._load(key)
            if new == key:
                return found.process
            entries, standing = stored_parts(found.process, new, found.once)
            try:
                self.store.move(key, version, new, standing, entries)
            except ConflictError:
                if self.store.load(new) is not None:
                    raise
                continue
            self._drop(key)
            return found.process
        raise AssertionError

    def forget(self, key: str | int) -> bool:
        """Erase a process with its whole history; return whether there was one.

        This can't be undone. A process started again under the key knows of no earlier contact, so don't
        offer this as a way to start over. Let nobody write under the key meanwhile.
        """
        key = as_text(key)
        was_there = self.store.forget(key)
        self._drop(key)
        return was_there

    def forget_all(self, *, prefix: str) -> tuple[str, ...]:
        """Erase all processes whose key begins with ``prefix``, such as those of one user; return their keys.

        This can't be undone (see `forget`). Where each call commits by itself, some may be left if one fails:
        call it again.

        Raises:
            MisuseError: the prefix is empty, which would be everybody's, or ends in the middle of a word:
                ``user-3`` would erase what is of ``user-31``, too.
        """
        check_whole_prefix(prefix)
        return tuple(key for key in self.keys(prefix=prefix) if self.forget(key))

    def keys(self, *, prefix: str = "", page: int = 100) -> Iterator[str]:
        """Yield the keys of all processes, ordered by their characters.

        Args:
            prefix: yield only keys that begin with it, such as those of one user.
            page: how many keys to fetch at a time. Processes started meanwhile may be missing.
        """
        check_prefix(prefix)
        if is_name(prefix) and self.store.load(prefix) is not None:
            yield prefix
        found = pages(lambda after: self.store.keys(after=after or prefix or None, limit=page), page)
        yield from takewhile(lambda key: key.startswith(prefix), found)

    def due(
        self,
        *,
        by: datetime,
        of: Iterable[str] | None = None,
        prefix: str = "",
        after: Due | None = None,
        page: int = 100,
    ) -> Iterator[Due]:
        """Yield the processes with something due at or before ``by``, the longest due first.

        The agenda of each process says what is due. It may be empty, if the act has closed since.

        Args:
            by: the moment.
            of: the acts that count, such as those for which the host has buttons; all by default. The
                processes with something due are loaded for it, with one query for 400. One that can't be
                loaded is yielded, too, so that loading it says why.
            prefix: yield only processes whose key begins with it, such as those of one user.
            after: yield only what follows this one, such as the last of the page that a client has.
            page: how many processes to fetch at a time.

        Raises:
            UnknownNameError: ``of`` names no event. MisuseError: it names a fact.
        """
        check_prefix(prefix)
        until = in_utc(by)
        first = after if of is None else None  # with `of` a process may be due later than the store says
        found = pages(lambda last: self.store.due(until, after=last or first, limit=page), page)
        mine = (each for each in found if each.key.startswith(prefix))
        if of is None:
            yield from mine
            return
        acts = acts_called(self.rulebook.definition, of)
        ordered = sorted(self._due_of(mine, until, acts), key=_place)
        yield from ordered if after is None else (each for each in ordered if _place(each) > _place(after))

    def _due_of(self, found: Iterable[Due], by: datetime, acts: frozenset[str]) -> Iterator[Due]:
        """Yield since when one of these acts is due in each process, if one is."""
        for some in batches(found):
            unreadable = dict[str, SavedError]()
            processes = self.load_many([each.key for each in some], unreadable=unreadable.__setitem__)
            for each in some:
                if each.key in unreadable:
                    yield each
                elif each.key in processes:  # else it was erased meanwhile
                    due = processes[each.key].next_due_of(acts)
                    if due is not None and due <= by:
                        yield Due(due, each.key)


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Yield the items, as many at a time as one query loads."""
    rest = iter(items)
    while some := list(islice(rest, MOST_LOADED)):
        yield some


def _place(due: Due) -> tuple[datetime, str]:
    """Return the place in the order of what is due."""
    return due.due, due.key
