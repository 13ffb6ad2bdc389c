"""Store corrections: take back entries, say what is unknown or known, date events and say more of them."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256

from postinterview.clocks import clamped
from postinterview.core.answers.outcome import Outcome
from postinterview.core.process import Process
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.moments import EARLIEST
from postinterview.core.values.names import Name, as_text
from postinterview.stores.processes import KeptProcesses


class KeptCorrections(KeptProcesses):
    """The corrections that a `Keeper` stores. Each is an entry of a history, and nothing is erased."""

    def retract(
        self,
        key: str | int,
        number: int,
        /,
        *,
        at: datetime,
        not_sent: bool = False,
        once: str | int | None = None,
    ) -> Outcome:
        """Take back an entry. The outcome lists the acts that became breaches."""

        def act(process: Process, then: datetime) -> Outcome:
            return process.retract(number, at=then, not_sent=not_sent)

        return self._write(key, at, once, act, moment=self._clamped)

    def unknown(
        self,
        key: str | int,
        /,
        *of: str,
        until: date,
        application: Name | None = None,
        now: datetime | None = None,
        once: str | int | None = None,
    ) -> Outcome:
        """Store that nobody knows which of these events happened before ``until``.

        ``now``: the moment by the host's clock, if somebody reports this (see `Keeper.record`).
        """

        def act(process: Process, _: date) -> Outcome:
            return process.unknown(*of, until=until, application=application)

        return self._write(key, until, once, act, now=now)

    def change(
        self,
        key: str | int,
        /,
        *,
        at: date,
        employer: str | None = None,
        timezone: str | None = None,
        country: str | None = None,
        now: datetime | None = None,
        once: str | int | None = None,
    ) -> Outcome:
        """Store that the employer has another name, time zone or country from ``at`` on.

        What lies before is judged as it was. (`move` gives the process another key.) ``now``: as for
        `unknown`.
        """

        def act(process: Process, then: date) -> Outcome:
            return process.change(at=then, employer=employer, timezone=timezone, country=country)

        return self._write(key, at, once, act, now=now)

    def known(
        self,
        key: str | int,
        /,
        *of: str,
        until: date | None = None,
        application: Name | None = None,
        now: datetime | None = None,
        once: str | int | None = None,
    ) -> Outcome:
        """Store that everything is recorded which happened of these events until ``until``.

        None: as far as anything was unknown. ``now``: as for `unknown`.
        """

        def act(process: Process, _: date) -> Outcome:
            return process.known(*of, until=until, application=application)

        return self._write(key, until or EARLIEST, once, act, now=now)

    def dated(
        self,
        key: str | int,
        number: int,
        /,
        *,
        at: date,
        now: datetime | None = None,
        once: str | int | None = None,
    ) -> Outcome:
        """Store when the undated event of entry ``number`` was: its moment, or its day.

        ``now``: as for `unknown`.
        """

        def act(process: Process, then: date) -> Outcome:
            return process.dated(number, at=then)

        return self._write(key, at, once, act, now=now)

    def amended(
        self,
        key: str | int,
        which: int | str,
        /,
        *,
        at: datetime,
        application: Name | None = None,
        once: str | int | None = None,
        **fields: object,
    ) -> Outcome:
        """Store more of an event: who was met, until when they decide.

        ``which``: the number of its entry, or its name: then it is the latest, in ``application`` if given.
        """

        def act(process: Process, then: datetime) -> Outcome:
            return process.amended(which, at=then, application=application, **fields)

        return self._write(key, at, once, act, moment=self._clamped)

    def join(self, key: str | int, other: str | int, /) -> Outcome:
        """Record in a process all that happened in another one, and erase the other (see `Process.joined`).

        Use it when two rows of the host turn out to be one employer. If a program is killed in between, make
        the same call again: nothing is lost, and nothing counts twice. Meanwhile the other process is parked
        under a key of its own, which begins with ``other``. With a gate call `Gate.join`: a keeper knows no
        recipients.

        Raises:
            UnknownKeyError: there is no process under one of the keys.
            MisuseError: the keys are the same.
        """
        key, other = as_text(key), as_text(other)
        if key == other:
            raise MisuseError(f"`{key}` can't be joined with itself", "give two keys")
        self.load(key)
        parked = f"{other} (joined)"
        if self.store.load(parked) is None:
            self.move(other, parked)
        past = self.load(parked)
        once = f"join {sha256(past.to_json().encode()).hexdigest()}"
        outcome = self._write(key, EARLIEST, once, lambda process, _: process.joined(past))
        self.forget(parked)
        return outcome

    def _clamped(self, process: Process, at: datetime) -> datetime:
        return clamped(process, at, self.leeway)
