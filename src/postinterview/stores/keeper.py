"""Keep processes in a store by the keys of a host: load them, ask the rules, write, and settle races."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from typing import Any

from postinterview.calls import Call, perform
from postinterview.clocks import LEEWAY, latest_of, not_before_latest
from postinterview.core.answers.agenda_items import Agenda, Item
from postinterview.core.answers.outcome import Outcome
from postinterview.core.answers.verdict import Verdict
from postinterview.core.process import Process, Rulebook
from postinterview.core.status_map import StatusMap, check_statuses
from postinterview.core.steps.event_input import acts_called
from postinterview.core.values.errors import MisuseError, SavedError, TimeError
from postinterview.core.values.formatting import shorten
from postinterview.core.values.moments import in_utc
from postinterview.core.values.names import Name
from postinterview.stores.correcting import KeptCorrections
from postinterview.stores.processes import batches
from postinterview.stores.protocol import Store
from postinterview.stores.remembering import Memory
from postinterview.stores.repeating import did


class Keeper(KeptCorrections):
    """Keeps processes in a store, under one rulebook.

    ``do``, ``record``, ``retract``, ``unknown`` and so on are the methods of `Process`, with a key in front.
    Each loads the process, asks the rules, and writes one entry. If others wrote meanwhile, it loads
    and asks again, so the loser of a race gets the refusal that holds now. A keeper has no state of its own:
    threads may share it if they may share the store.

    ``once`` is an idempotency key, unique in its process. If you repeat a call with the same ``once``,
    nothing is written, and you get the outcome of the first call with ``outcome.repeated``, whatever ``at``
    is now. Send a message only if the outcome is neither ``refused`` nor ``repeated``. This holds even if the
    entry was retracted meanwhile; to do something again, use another key. A refusal writes nothing, so a
    repeated call asks the rules again. ``do`` and ``record`` of one act write the same entry and repeat each
    other. The key with any other call is misuse.

    Keys of processes and of calls are texts. A whole number is taken as its text.

    ``leeway`` allows for clocks that differ: an act or correction whose ``at`` is before the latest event,
    but by no more than this, gets the moment of that event. It is at most a day.

    After a `StoreError`, including a `ConflictError`, you can repeat the call. With the same ``once`` it is
    recorded only once. ``start`` needs no ``once``.

    ``statuses`` is what the statuses of the host's board stand for, for `follow`.

    ``remember`` is for servers: so many processes stay in memory, or those of a `Memory` that keepers share.
    Of such a process only the last known entry and the new ones are read, and only the new ones are folded.
    An earlier entry that somebody changed past every check is found when the process is read whole. `forget`
    erases them in memory, too, but not in that of other programs.

    Raises:
        MisuseError: an argument is no rulebook, no store, no leeway, no memory, or no map of statuses.
        UnknownNameError: the rulebook has no event that ``statuses`` names.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        store: Store,
        *,
        leeway: timedelta = LEEWAY,
        statuses: StatusMap | None = None,
        remember: int | Memory = 0,
    ) -> None:
        super().__init__(rulebook, store, leeway, remember)
        self.statuses = statuses
        if statuses is not None:
            check_statuses(statuses, rulebook.definition)

    def __repr__(self) -> str:
        return shorten(f"<Keeper of {self.rulebook.name} in {self.store!r}>")

    def may(
        self,
        key: str | int,
        event: str,
        /,
        *,
        at: datetime,
        to: Name | None = None,
        application: Name | None = None,
        **fields: object,
    ) -> Verdict:
        """Return whether the act is allowed as the process is now. Only ``do`` makes sure of it."""
        process = self.load(key)
        return process.may(event, at=self._moment(process, at), to=to, application=application, **fields)

    def may_on(
        self,
        key: str | int,
        day: date,
        event: str,
        /,
        *,
        to: Name | None = None,
        application: Name | None = None,
        **fields: object,
    ) -> Verdict:
        """Return whether the act may be done on a day of the employer's, and from when on."""
        return self.load(key).may_on(day, event, to=to, application=application, **fields)

    def verdicts(self, key: str | int, /, *, at: datetime) -> tuple[Verdict, ...]:
        """Return the verdict on every act, for each application and person, its fields taken as given."""
        process = self.load(key)
        return process.verdicts(at=self._moment(process, at))

    def allowed(self, key: str | int, /, *, at: datetime) -> tuple[Verdict, ...]:
        """Return the verdicts of the acts that are allowed now, their fields taken as given."""
        process = self.load(key)
        return process.allowed(at=self._moment(process, at))

    def agenda(self, key: str | int, /, *, at: datetime, of: Iterable[str] | None = None) -> Agenda:
        """Return what is due, open, coming up, blocked and done in a process; ``of``: of these acts alone."""
        process = self.load(key)
        return process.agenda(at=self._moment(process, at), of=of)

    def agendas(
        self,
        keys: Iterable[str | int],
        /,
        *,
        at: datetime,
        of: Iterable[str] | None = None,
        unreadable: Callable[[str, SavedError | TimeError], object] | None = None,
    ) -> dict[str, Agenda]:
        """Return the agendas of a page of processes by their keys, in the order of the keys.

        A query loads 400 processes. A key without a process is left out. A whole number becomes its text.

        Args:
            keys: the keys.
            at: the moment of all agendas.
            of: the acts to speak of, as for `agenda`.
            unreadable: what is called with the key of a process that has no agenda at ``at``, and why. By
                default the first of them is raised.

        Raises:
            SavedError, RulesChangedError: a process can't be loaded.
            TimeError: ``at`` has no zone or is out of range, or it is before the latest event of a process.
            UnknownNameError, MisuseError: ``of`` names no act, or ``keys`` are no keys.
        """
        in_utc(at)
        acts = None if of is None else acts_called(self.rulebook.definition, of)
        found: dict[str, Agenda] = {}
        for key, process in self.load_many(keys, unreadable=unreadable).items():
            try:
                found[key] = process.agenda(at=self._moment(process, at), of=acts)
            except TimeError as error:
                if unreadable is None:
                    error.add_note(f"this is the process `{key}`")
                    raise
                unreadable(key, error)
        return found

    def to_do(
        self,
        *,
        at: datetime,
        of: Iterable[str] | None = None,
        prefix: str = "",
        unreadable: Callable[[str, SavedError | TimeError], object] | None = None,
    ) -> Iterator[tuple[str, Item]]:
        """Yield what to do by now, each line with the key of its process, the longest due process first.

        Of each agenda these are the questions about an unknown past (``tell``), and what is ``overdue``.

        Args:
            at: the moment.
            of: the acts that count, such as those for which the host has buttons; all by default.
            prefix: look only at processes whose key begins with it, such as those of one user.
            unreadable: as for `agendas`.

        Raises:
            SavedError, RulesChangedError, TimeError, UnknownNameError, MisuseError: as for `agendas`.
        """
        acts = None if of is None else acts_called(self.rulebook.definition, of)
        for some in batches(each.key for each in self.due(by=at, of=acts, prefix=prefix)):
            for key, agenda in self.agendas(some, at=at, of=acts, unreadable=unreadable).items():
                yield from ((key, item) for item in (*agenda.of("tell"), *agenda.of("overdue")))

    def do(
        self,
        key: str | int,
        event: str,
        /,
        *,
        at: datetime,
        to: Name | None = None,
        application: Name | None = None,
        once: str | int | None = None,
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
            again=[lambda process, then: did(process, event, then, given)],
        )

    def record(
        self,
        key: str | int,
        event: str,
        /,
        *,
        at: date,
        to: Name | None = None,
        application: Name | None = None,
        late: bool = False,
        undated: bool = False,
        again: bool = False,
        now: datetime | None = None,
        once: str | int | None = None,
        **fields: object,
    ) -> Outcome:
        """Store what really happened, at a moment or at some time of a day of the employer's.

        ``late``: it may have happened before the latest event.
        ``undated``: it happened at ``at`` or before, and nobody knows when. Recorded once more, ``late`` and
        with its date, it gets this date; ``again``: it is another one.
        ``now``: the moment by the host's clock, if ``at`` is what somebody reports. It can't be later. What
        happened undated by today happened by now.

        Raises:
            TimeError: ``at`` is later than ``now``, by more than the leeway.
        """
        flags = {"late": late, "undated": undated, "again": again}
        given: dict[str, Any] = {"to": to, "application": application, **flags, **fields}
        clock = now if undated else None
        return self._write(
            key,
            at,
            once,
            lambda process, then: process.record(event, at=latest_of(process, then, clock), **given),
            now=now,
        )

    def follow(
        self,
        key: str | int,
        status: str,
        /,
        *,
        at: date,
        application: Name | None = None,
        again: bool = False,
        undated: bool = False,
        not_sent: bool = False,
        now: datetime | None = None,
        once: str | int | None = None,
        **fields: object,
    ) -> Outcome:
        """Store what it means that a card of the host's board was moved to ``status``.

        If the history has reached it, nothing is written, and the outcome is ``repeated``. ``now``: as for
        `record`.

        Raises:
            MisuseError: the keeper was made without ``statuses``; or as for `Process.follow`.
        """
        statuses = self.statuses
        if statuses is None:
            raise MisuseError("this keeper has no map of statuses", "give the keeper its `statuses`")
        flags = {"again": again, "undated": undated, "not_sent": not_sent}
        given: dict[str, Any] = {"application": application, **flags, **fields}
        clock = now if undated else None
        return self._write(
            key,
            at,
            once,
            lambda process, then: process.follow(
                status, at=latest_of(process, then, clock), statuses=statuses, **given
            ),
            now=now,
        )

    def perform(
        self,
        key: str | int,
        call: Call,
        /,
        *,
        at: datetime,
        zone: tzinfo | None = None,
        once: str | int | None = None,
    ) -> Outcome:
        """Do the act that a client's call asks for, or record the event that it reports (see `calls`).

        ``at`` is the moment by the server's clock. The outcome is in ``zone``, by default the employer's.
        """

        def again(process: Process, then: datetime, late: bool | None = call.late) -> Outcome:
            if call.happened is not None:
                return perform(process, replace(call, late=late), then, zone=zone)
            local = then.astimezone(zone or process.calendar.zone)
            return did(process, call.event, local, call.arguments(self.rulebook))

        def act(process: Process, then: datetime) -> Outcome:
            return perform(process, call, then, leeway=self.leeway, zone=zone)

        # Whether a day was today when it was reported, only the entry says.
        ways = (
            [partial(again, late=late) for late in (True, False)]
            if call.happened and call.late is None
            else [again]
        )
        return self._write(key, at, once, act, again=ways)

    def _moment(self, process: Process, at: datetime) -> datetime:
        return not_before_latest(process, at, self.leeway)
