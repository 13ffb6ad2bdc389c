"""Store corrections: take back entries, say what is unknown or known, date events and say more of them."""

from __future__ import annotations

from datetime import datetime

from postinterview.calls import clamped
from postinterview.core.moments import EARLIEST
from postinterview.core.names import Name
from postinterview.core.outcome import Outcome
from postinterview.core.process import Process
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
        until: datetime,
        application: Name | None = None,
        once: str | int | None = None,
    ) -> Outcome:
        """Store that nobody knows which of these events happened before ``until``."""

        def act(process: Process, _: datetime) -> Outcome:
            return process.unknown(*of, until=until, application=application)

        return self._write(key, until, once, act)

    def change(
        self,
        key: str | int,
        /,
        *,
        at: datetime,
        employer: str | None = None,
        timezone: str | None = None,
        country: str | None = None,
        once: str | int | None = None,
    ) -> Outcome:
        """Store that the employer has another name, time zone or country from ``at`` on.

        What lies before is judged as it was. (`move` gives the process another key.)
        """

        def act(process: Process, then: datetime) -> Outcome:
            return process.change(at=then, employer=employer, timezone=timezone, country=country)

        return self._write(key, at, once, act)

    def known(
        self,
        key: str | int,
        /,
        *of: str,
        until: datetime | None = None,
        application: Name | None = None,
        once: str | int | None = None,
    ) -> Outcome:
        """Store that everything is recorded which happened of these events until ``until``.

        None: as far as anything was unknown.
        """

        def act(process: Process, _: datetime) -> Outcome:
            return process.known(*of, until=until, application=application)

        return self._write(key, until or EARLIEST, once, act)

    def dated(
        self, key: str | int, number: int, /, *, at: datetime, once: str | int | None = None
    ) -> Outcome:
        """Store when the undated event of entry ``number`` was."""
        return self._write(key, at, once, lambda process, then: process.dated(number, at=then))

    def amended(
        self,
        key: str | int,
        number: int,
        /,
        *,
        at: datetime,
        once: str | int | None = None,
        **fields: object,
    ) -> Outcome:
        """Store more of the event of entry ``number``: who was met, until when they decide."""
        return self._write(
            key,
            at,
            once,
            lambda process, then: process.amended(number, at=then, **fields),
            moment=self._clamped,
        )

    def _clamped(self, process: Process, at: datetime) -> datetime:
        return clamped(process, at, self.leeway)
