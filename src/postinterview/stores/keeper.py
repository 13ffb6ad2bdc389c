"""Keep processes in a store by the keys of a host: load them, ask the rules, write, and settle races."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

from postinterview.calls import LEEWAY, clamped, not_before_latest
from postinterview.core.errors import ConflictError, MisuseError, UnknownKeyError
from postinterview.core.formatting import shorten
from postinterview.core.moments import in_utc
from postinterview.core.names import is_name
from postinterview.core.outcome import Outcome
from postinterview.core.process import Process, Rulebook
from postinterview.core.verdict import Verdict
from postinterview.stores.checks import check_keeper, check_key, check_prefix, check_process
from postinterview.stores.protocol import Due, Store, StoredProcess, pages
from postinterview.stores.repeating import did, repeated
from postinterview.stores.texts import LoadedProcess, loaded, stored_parts

TRIES = 100
"""Attempts to write. Each failed one means that somebody else wrote."""

Act = Callable[[Process, datetime], Outcome]


class Keeper:
    """Keeps processes in a store, under one rulebook.

    ``do``, ``record``, ``retract`` and ``unknown`` are the methods of `Process`, with a key in front. Each
    loads the process, asks the rules, and writes one entry. If others wrote meanwhile, it loads and asks
    again, so the loser of a race gets the refusal that holds now. A keeper has no state of its own: threads
    may share it if they may share the store.

    ``once`` is an idempotency key, unique in its process. If you repeat a call with the same ``once``,
    nothing is written, and you get the outcome of the first call, whatever ``at`` is now. This holds even if
    the entry was retracted meanwhile; to do something again, use another key. A refusal writes nothing, so a
    repeated call asks the rules again. ``do`` and ``record`` of one act write the same entry and repeat each
    other. The key with any other call is misuse.

    ``leeway`` allows for clocks that differ: an act or correction whose ``at`` is before the latest event,
    but by no more than this, gets the moment of that event. It is at most a day.

    After a `StoreError`, including a `ConflictError`, you can repeat the call. With the same ``once`` it is
    recorded only once. ``start`` needs no ``once``.

    Raises:
        MisuseError: an argument is no rulebook, no store, or no leeway.
    """

    def __init__(self, rulebook: Rulebook, store: Store, *, leeway: timedelta = LEEWAY) -> None:
        check_keeper(rulebook, store, leeway)
        self.rulebook = rulebook
        self.store = store
        self.leeway = leeway

    def __repr__(self) -> str:
        return shorten(f"<Keeper of {self.rulebook.name} in {self.store!r}>")

    # --- processes ------------------------------------------------------------------------------

    def start(
        self,
        key: str,
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
            employer: the name that the agenda shows; the key by default.
            holidays: the employer's free days, besides those of the rulebook.
            country: the country whose public holidays are free, such as ``CH-ZH``.

        Raises:
            MisuseError: the key can't be one, or belongs to a process with another employer, time zone,
                holidays or country.
        """
        check_key("key", key)
        wanted = self.rulebook.start(employer or key, timezone, holidays=holidays, country=country)
        try:
            self.add(key, wanted)
        except ConflictError:
            found = self.load(key)
            if found.employer != wanted.employer or found.calendar != wanted.calendar:
                message = f"the process `{key}` has another employer, time zone or holidays"
                raise MisuseError(message, "give each process a key of its own") from None
            return found
        return wanted

    def add(self, key: str, process: Process) -> None:
        """Store a process that may have a history already, such as an imported one.

        Raises:
            MisuseError: the key can't be one, or ``process`` is no process or has other rules.
            ConflictError: there is a process under this key.
        """
        check_key("key", key)
        check_process(process, self.rulebook)
        entries, standing = stored_parts(process, key)
        self.store.create(key, standing, entries)

    def load(self, key: str) -> Process:
        """Return the process, its history folded again.

        Raises:
            UnknownKeyError: there is none under this key.
            SavedError: what is stored is damaged; with the place.
            RulesChangedError: the rules changed, and judge the history differently.
        """
        return self._load(key)[1].process

    def forget(self, key: str) -> bool:
        """Erase a process with its whole history; return whether there was one.

        This can't be undone. A process started again under the key knows of no earlier contact, so don't
        offer this as a way to start over. Let nobody write under the key meanwhile.
        """
        return self.store.forget(key)

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

    def due(self, *, by: datetime, page: int = 100) -> Iterator[Due]:
        """Yield the processes with something due at or before ``by``, the longest due first.

        The agenda of each process says what is due. It may be empty, if the act has closed since. ``page``
        processes are fetched at a time.
        """
        until = in_utc(by)
        yield from pages(lambda after: self.store.due(until, after=after, limit=page), page)

    # --- verdicts and events --------------------------------------------------------------------

    def may(
        self,
        key: str,
        event: str,
        /,
        *,
        at: datetime,
        to: str | None = None,
        application: str | None = None,
        **fields: object,
    ) -> Verdict:
        """Return whether the act is allowed as the process is now. Only ``do`` makes sure of it."""
        process = self.load(key)
        return process.may(event, at=self._moment(process, at), to=to, application=application, **fields)

    def do(
        self,
        key: str,
        event: str,
        /,
        *,
        at: datetime,
        to: str | None = None,
        application: str | None = None,
        once: str | None = None,
        **fields: object,
    ) -> Outcome:
        """Do the act if it is allowed, and store it. If it is refused, nothing is written."""
        given: dict[str, Any] = {"to": to, "application": application, **fields}
        return self._write(
            key,
            at,
            once,
            lambda process, then: process.do(event, at=then, **given),
            moment=self._moment,
            again=lambda process, then: did(process, event, then, given),
        )

    def record(
        self,
        key: str,
        event: str,
        /,
        *,
        at: datetime,
        to: str | None = None,
        application: str | None = None,
        late: bool = False,
        once: str | None = None,
        **fields: object,
    ) -> Outcome:
        """Store what really happened. ``late``: it may have happened before the latest event."""
        given: dict[str, Any] = {"to": to, "application": application, "late": late, **fields}
        return self._write(key, at, once, lambda process, then: process.record(event, at=then, **given))

    def retract(
        self, key: str, number: int, /, *, at: datetime, not_sent: bool = False, once: str | None = None
    ) -> Outcome:
        """Take back an entry. The outcome lists the acts that became breaches."""

        def act(process: Process, then: datetime) -> Outcome:
            return process.retract(number, at=then, not_sent=not_sent)

        def moment(process: Process, at: datetime) -> datetime:
            return clamped(process, at, self.leeway)

        return self._write(key, at, once, act, moment=moment)

    def unknown(
        self,
        key: str,
        /,
        *of: str,
        until: datetime,
        application: str | None = None,
        once: str | None = None,
    ) -> Outcome:
        """Store that nobody knows which of these events happened before ``until``."""

        def act(process: Process, _: datetime) -> Outcome:
            return process.unknown(*of, until=until, application=application)

        return self._write(key, until, once, act)

    def _write(
        self,
        key: str,
        at: datetime,
        once: str | None,
        act: Act,
        *,
        moment: Callable[[Process, datetime], datetime] | None = None,
        again: Act | None = None,
    ) -> Outcome:
        """Do ``act`` and store its entry.

        ``moment`` computes the moment of the act; by default it is ``at``. ``again`` repeats the act to find
        its first outcome; by default it is ``act``.
        """
        if once is not None:
            check_key("once", once)
        for _ in range(TRIES):
            stored, found = self._load(key)
            numbers = [each.sequence for each in stored.entries if once is not None and each.once == once]
            if numbers:
                return repeated(found.process, numbers[0], once, again or act, at)
            outcome = act(found.process, moment(found.process, at) if moment else at)
            if outcome.process is found.process:
                return outcome
            try:
                self._store(key, stored, found, outcome.process, once)
            except ConflictError:
                continue
            return outcome
        raise ConflictError(f"others wrote the process `{key}` {TRIES} times in between")

    def _store(
        self, key: str, stored: StoredProcess, found: LoadedProcess, process: Process, once: str | None
    ) -> None:
        if found.is_migrated:
            keys = [*(each.once for each in stored.entries), once]
            entries, standing = stored_parts(process, key, keys)
            self.store.rewrite(key, stored.version, entries, standing)
        else:
            (entry,), standing = stored_parts(
                process, key, [once], after=len(stored.entries), last=found.last
            )
            self.store.append(key, stored.version, entry, standing)

    def _load(self, key: str) -> tuple[StoredProcess, LoadedProcess]:
        stored = self.store.load(key)
        if stored is None:
            raise UnknownKeyError(f"the store has no process {key!r}", "start it first")
        return stored, loaded(self.rulebook, key, stored)

    def _moment(self, process: Process, at: datetime) -> datetime:
        return not_before_latest(process, at, self.leeway)
