"""The one way for hosts: processes by their keys, loaded, asked, written; races and repeats settled here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from postinterview.core.corrections import backwards
from postinterview.core.errors import MisuseError, UnknownNameError
from postinterview.core.moments import in_utc
from postinterview.core.names import is_name
from postinterview.core.process import Outcome, Process
from postinterview.core.rulebook import Rulebook
from postinterview.core.verdict import Verdict
from postinterview.stores.checks import check_key, check_prefix
from postinterview.stores.protocol import ConflictError, Due, Kept, Store
from postinterview.stores.repeating import did, repeated
from postinterview.stores.texts import Loaded, line_of, lines_of, loaded, standing_of

TRIES = 100
"""Each failed one means that somebody else got through."""

A_MINUTE = timedelta(minutes=1)

Act = Callable[[Process, datetime], Outcome]


class Keeper:
    """Processes in a store, under one rulebook.

    ``do``, ``record``, ``retract`` and ``unknown`` are those of `Process`, by the process's key. What was
    written meanwhile by others is loaded, and the rules are asked again: who loses a race gets the
    refusal that holds now. It keeps nothing itself, so threads may share it where they may share the store.

    ``once`` is an idempotency key, unique in the process: the same call with the same key again, whatever
    its ``at``, writes nothing and answers with the outcome of the first, its process as it was then; also
    when the entry was retracted meanwhile (what is to be done anew needs a key of its own). A refusal writes
    nothing, so it is asked anew. ``do`` and ``record`` of one act write the same entry, so either repeats the
    other; any other call with the key is misuse.

    ``leeway``: clocks of two machines differ, and who asks first may write last. An act or a correction
    whose ``at`` is at most so long before the latest event is taken to be at that event's moment.

    After a `StoreError` (and a `ConflictError` is one) the same call may be made again, at once or when the
    store is back: with the same ``once``, what was kept after all is not kept twice. ``start`` needs none.
    """

    def __init__(self, rulebook: Rulebook, store: Store, *, leeway: timedelta = A_MINUTE) -> None:
        self.rulebook = rulebook
        self.store = store
        self.leeway = leeway

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
        """Start a process in the store, or answer with the one that was started so before.

        ``key`` is the host's, and ``employer`` (that the agenda shows) is the same unless it is given.

        Raises:
            MisuseError: the key can't be one, or a process of another employer, time zone or holidays has it.
        """
        check_key("key", key)
        wanted = self.rulebook.start(employer or key, timezone, holidays=holidays, country=country)
        try:
            self.store.create(key, standing_of(wanted, key))
        except ConflictError:
            found = self.load(key)
            if found.employer != wanted.employer or found.calendar != wanted.calendar:
                message = f"there is a process `{key}`, of another employer, time zone or holidays"
                raise MisuseError(message, "give each process a key of its own") from None
            return found
        return wanted

    def add(self, key: str, process: Process) -> None:
        """Keep a process that has a history already, such as one brought in from elsewhere.

        Raises:
            MisuseError: the key can't be one, or the process has other rules.
            ConflictError: there is a process under this key.
        """
        check_key("key", key)
        if process.rulebook != self.rulebook:
            raise MisuseError(f"the process is of the rules `{process.rulebook.name}`", "restore it in these")
        self.store.create(key, standing_of(process, key), lines_of(process))

    def load(self, key: str) -> Process:
        """The process as it stands, its history read whole and folded again.

        Raises:
            UnknownNameError: there is none under this key.
            SavedError: what the store has is damaged; with the place.
            RulesChangedError: these rules judge it otherwise than those it was written under.
        """
        return self._load(key)[1].process

    def forget(self, key: str) -> bool:
        """Erase the process with its whole history, as somebody may ask; whether there was one.

        It can't be taken back, and a process started anew under the key knows of no contact. What an
        employer is spared hangs on the history: don't offer this as a way to begin again, and let nobody
        write under the key while you do.
        """
        return self.store.forget(key)

    def keys(self, *, prefix: str = "", page: int = 100) -> Iterator[str]:
        """The keys of all processes, in the order of their characters, fetched ``page`` at a time.

        ``prefix``: only those that begin so, such as one user's; no others are fetched but a page's rest.
        What is started meanwhile may come or not.
        """
        check_prefix(prefix)
        if is_name(prefix) and self.store.load(prefix) is not None:
            yield prefix
        after = prefix or None
        while True:
            found = self.store.keys(after=after, limit=page)
            for key in found:
                if not key.startswith(prefix):
                    return
                yield key
            if len(found) < page:
                return
            after = found[-1]

    def due(self, *, by: datetime, page: int = 100) -> Iterator[Due]:
        """The processes with something due at or before ``by``, the longest due first.

        They are fetched ``page`` at a time. The agenda of each says what it is; it may turn out that what
        was due closed since.
        """
        until = in_utc(by)
        after: Due | None = None
        while True:
            found = self.store.due(until, after=after, limit=page)
            yield from found
            if len(found) < page:
                return
            after = found[-1]

    # --- what may be, and what happens ----------------------------------------------------------

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
        """Whether the act may be done, as the process stands now. Only ``do`` makes sure of it."""
        process = self.load(key)
        return process.may(event, at=self._now(process, at), to=to, application=application, **fields)

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
        """Do the act if it is allowed, and keep it; refused, nothing is written and the outcome says why."""
        said: dict[str, Any] = {"to": to, "application": application, **fields}
        return self._write(
            key,
            at,
            once,
            lambda process, then: process.do(event, at=then, **said),
            moment=self._now,
            again=lambda process, then: did(process, event, then, said),
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
        """Keep what really happened, at its true moment (``late=True`` where it comes late)."""
        said: dict[str, Any] = {"to": to, "application": application, "late": late, **fields}
        return self._write(key, at, once, lambda process, then: process.record(event, at=then, **said))

    def retract(
        self, key: str, number: int, /, *, at: datetime, not_sent: bool = False, once: str | None = None
    ) -> Outcome:
        """Take back an entry of the history; the outcome lists the acts that became breaches by it."""
        return self._write(
            key,
            at,
            once,
            lambda process, then: process.retract(number, at=then, not_sent=not_sent),
            moment=self._overtaken,
        )

    def unknown(
        self,
        key: str,
        /,
        *of: str,
        until: datetime,
        application: str | None = None,
        once: str | None = None,
    ) -> Outcome:
        """Keep that it is not known what happened of these before ``until``."""
        return self._write(
            key,
            until,
            once,
            lambda process, _: process.unknown(*of, until=until, application=application),
        )

    # --- load, ask, write -----------------------------------------------------------------------

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
        """Do it and keep it. ``moment``: when, else ``at``; ``again``: what repeats it, else ``act``."""
        if once is not None:
            check_key("once", once)
        for _ in range(TRIES):
            kept, found = self._load(key)
            number = next((line.sequence for line in kept.lines if once is not None and line.once == once), 0)
            if number:
                return repeated(found.process, number, once, again or act, at)
            outcome = act(found.process, moment(found.process, at) if moment else at)
            if outcome.process is found.process:
                return outcome
            try:
                self._append(key, kept, found, outcome.process, once)
            except ConflictError:
                continue
            return outcome
        raise ConflictError(f"others wrote the process `{key}` {TRIES} times in between")

    def _append(self, key: str, kept: Kept, found: Loaded, process: Process, once: str | None) -> None:
        if found.carried_over:
            keys = [line.once for line in kept.lines]
            lines = (*lines_of(found.process, keys), line_of(process, found.last, once))
            self.store.rewrite(key, kept.version, lines, standing_of(process, key))
        else:
            line = line_of(process, found.last, once)
            self.store.append(key, kept.version, line, standing_of(process, key))

    def _load(self, key: str) -> tuple[Kept, Loaded]:
        kept = self.store.load(key)
        if kept is None:
            raise UnknownNameError(f"the store has no process {key!r}", "start it first")
        return kept, loaded(self.rulebook, key, kept)

    def _now(self, process: Process, at: datetime) -> datetime:
        """The moment of an act that is asked for: not before the latest event."""
        moment = self._overtaken(process, at)
        latest = process.timeline[-1] if process.timeline else None
        if latest is not None and in_utc(moment) < latest.at:
            help_ = (
                "this clock is behind by more than the leeway, or that event is dated wrongly: set the clock "
                f"or retract entry {latest.event.number}; what was forgotten is recorded with late=True"
            )
            raise backwards(at, latest, help_)
        return moment

    def _overtaken(self, process: Process, at: datetime) -> datetime:
        """``at``, or the moment of the latest event if that is just after it."""
        moment = in_utc(at)
        latest = process.timeline[-1].at if process.timeline else moment
        return latest.astimezone(at.tzinfo) if moment < latest <= moment + self.leeway else at
