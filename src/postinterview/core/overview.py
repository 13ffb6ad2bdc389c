"""Tell where a process stands: its place, its applications, its breaches and the states of its machines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from postinterview.core.past.events import say_when
from postinterview.core.past.histories import History, latest_of
from postinterview.core.past.placed import Placed
from postinterview.core.past.places import Key
from postinterview.core.past.situation import Snapshot
from postinterview.core.rulebook import CompiledRules
from postinterview.core.rules.rule_text import stands, with_application
from postinterview.core.state_query import state_of
from postinterview.core.values.builders import CopiedAsItself
from postinterview.core.values.formatting import say_words, sentence, short_name, shorten
from postinterview.core.values.moments import LocalCalendar
from postinterview.core.values.names import Name
from postinterview.core.values.stacks import upwards

_SHOWN = 5
"""The states that the text of a process shows."""


class Overview(CopiedAsItself):
    """Where a `Process` stands."""

    __slots__ = ("_found", "_found_history", "_found_timeline")  # see `kept`

    rulebook: CompiledRules
    employer: str
    calendar: LocalCalendar
    _past: History
    _snapshot: Snapshot

    @property
    def timezone(self) -> str:
        """The employer's IANA time zone; dates, business days and hours are counted there."""
        return self.calendar.zone.key

    @property
    def holidays(self) -> frozenset[date]:
        """The days that are no business days here, besides the rulebook's."""
        return self.calendar.holidays - self.rulebook.definition.calendar.holidays

    @property
    def country(self) -> str | None:
        """The country, such as ``CH-ZH``, whose public holidays are no business days here either; or None."""
        return self.calendar.country

    @property
    def applications(self) -> tuple[str, ...]:
        """The applications so far, in the order of their first event."""
        return tuple(self._snapshot.applications)

    @property
    def latest_at(self) -> datetime | None:
        """The moment, in UTC, that time has surely reached: that of the latest event; None before the first.

        Of an event of which only the day is known, the beginning of the day where days begin first, since who
        said it may be further east than the employer. What is asked about, and what is recorded without
        ``late``, lies there or later.
        """
        latest = self._snapshot.latest
        return None if latest is None else latest.event.surely

    @property
    def breaches(self) -> tuple[Placed, ...]:
        """The acts that were refused and happened all the same."""
        return upwards(self._snapshot.against_rules)

    @property
    def states(self) -> Mapping[tuple[str, Key], str]:
        """The states of the machines' instances that have left their start, by machine and key."""
        states = self._snapshot.states
        return MappingProxyType(states if isinstance(states, dict) else dict(states))

    def state(
        self,
        machine: str,
        *,
        application: Name | None = None,
        round: int | None = None,
        to: Name | None = None,
    ) -> str:
        """Return the state of a machine's instance.

        ``application`` defaults to the only one. ``round`` counts from 1 and defaults to the latest
        (of the person, where ``to`` names one).

        Raises:
            UnknownNameError: there is no such machine, application, round or person.
            MisuseError: the machine is kept by a key that is not given, or not by one that is.
        """
        return state_of(self.rulebook.engine, self._snapshot, machine, application, round, to)

    @property
    def text(self) -> str:
        """The standing of the process, as a short paragraph for a person."""
        said = [f"{short_name(self.employer)} ({self.timezone}): {self._counted}."]
        states = [(name, key, state) for (name, key), state in self.states.items() if not key.person]
        for name, key, state in states[:_SHOWN]:
            where = sentence(stands(self.rulebook.definition.machines[name], state))
            said.append(f"{with_application(where, key.application)}.")
        if len(states) > _SHOWN:
            said.append(f"And {len(states) - _SHOWN} more.")
        if self._snapshot.past is not None:
            latest = self._snapshot.past.top.event
            when = say_when(latest, self.calendar.zone)
            said.append(f"The latest event: {say_words(latest.name)}, {when}.")
        return " ".join(said)

    @property
    def _counted(self) -> str:
        number = self._next_number() - 1
        return "1 entry" if number == 1 else f"{number} entries"

    def __repr__(self) -> str:
        return shorten(f"<Process {self.employer} ({self.timezone}): {self._counted}>")

    def _next_number(self) -> int:
        past = self._snapshot.past
        if past is not None and self._past is past:
            return past.top.event.number + 1
        latest = latest_of(self._past)
        return 1 if latest is None else latest.number + 1
