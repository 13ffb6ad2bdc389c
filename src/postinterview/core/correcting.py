"""Correct the history of a process: take back entries, say what is unknown or known, date events."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, cast

from attrs import evolve

from postinterview.core.amending import amend, event_standing, with_people
from postinterview.core.answers.outcome import Outcome, turned_breaches
from postinterview.core.corrections import (
    make_change,
    make_dating,
    make_known,
    make_retraction,
    make_unknown,
)
from postinterview.core.joining import joined_entries
from postinterview.core.past.events import Entry
from postinterview.core.past.histories import entries_of
from postinterview.core.past.placed import Placed
from postinterview.core.questions import Questions
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.moments import in_utc, is_day
from postinterview.core.values.names import Name, as_text

if TYPE_CHECKING:
    from postinterview.core.process import Process


class Corrections(Questions):
    """The corrections that a `Process` takes. Each is an entry of its history, and nothing is erased."""

    __slots__ = ()

    @property
    def history(self) -> tuple[Entry, ...]:
        """Every entry in the order of recording. Nothing in it is ever changed or removed."""
        return entries_of(self._past)

    def _refold(self, entry: Entry, zone: tzinfo | None) -> Outcome:
        """Return the process with a correction in its history, folded anew."""
        raise NotImplementedError

    @property
    def timeline(self) -> tuple[Placed, ...]:
        """The events in the order in which they happened, without the retracted ones."""
        raise NotImplementedError

    def _unchanged(self) -> Outcome:
        """Return the outcome of saying what the process knows."""
        raise NotImplementedError

    def retract(self, number: int, *, at: datetime, not_sent: bool = False) -> Outcome:
        """Take back entry ``number`` of the history: it never happened, or (``unknown``) is known now.

        What reached the employer can't be taken back; a contact that was recorded and never sent
        is retracted with ``not_sent=True``. ``at`` is the moment of the correction.

        Raises:
            UnknownNameError: there is no such entry.
            MisuseError: it is retracted already, or it is a contact and ``not_sent`` is not said.
            TimeError: ``at`` has no zone, or is before the latest event that stands.
        """
        entry = make_retraction(self.rulebook.definition, self.history, number, at, not_sent=not_sent)
        return self._refold(entry, at.tzinfo)

    def unknown(self, *of: str, until: date, application: Name | None = None) -> Outcome:
        """Say that it is not known what happened of these events or classes before ``until``.

        A date: until some hour of that day of the employer's, so that one can ask and answer on that day.
        Every guard that counts one of them and reaches back before ``until``, or the end of the day, is
        refused from now on, with ``has`` "unknown". ``application``: in this one only.

        Raises:
            UnknownNameError: there is no such event or class.
            MisuseError: nothing is named, or ``application`` can't be one.
            TimeError: ``until`` has no zone, or is out of range.
        """
        number, (end, since) = self._next_number(), self._end_of(until)
        entry = make_unknown(self.rulebook.definition, number, of, in_utc(end), application, since)
        return self._refold(entry, end.tzinfo)

    def known(self, *of: str, until: date | None = None, application: Name | None = None) -> Outcome:
        """Say that everything is recorded that happened of these events or classes until ``until``.

        It clears what `unknown` left open of them until then, each event by itself; what it left open until
        a later moment stays open. What it left open until a day is cleared by any moment of that day: what
        happens after this answer is recorded as it happens. A date: until the end of that day.
        ``until=None``: as far as anything was unknown. ``application``: in this one only. Record first what
        did happen, with ``late=True``. If nothing of it was unknown, nothing is added, and the outcome is
        ``repeated``.

        Raises:
            UnknownNameError: there is no such event or class.
            MisuseError: nothing is named, or ``application`` can't be one.
            TimeError: ``until`` has no zone, or is out of range.
        """
        end, since = (None, None) if until is None else self._end_of(until)
        moment = None if end is None else in_utc(end)
        entry = make_known(self.rulebook.definition, self._next_number(), of, moment, application, since)
        outcome = self._refold(entry, None if end is None else end.tzinfo)
        if outcome.process._snapshot.unknowns == self._snapshot.unknowns:  # noqa: SLF001 - it is one of these
            return self._unchanged()
        return outcome

    def change(
        self,
        *,
        at: date,
        employer: str | None = None,
        timezone: str | None = None,
        country: str | None = None,
    ) -> Outcome:
        """Say that the employer has another name, time zone or country from ``at`` on.

        What lies before ``at`` is judged as it was. A date: from the beginning of that day on, where the
        employer was until then. What is left out stays as it is. A mistake is taken back
        with `retract`. If all is so already, nothing is added, and the outcome is ``repeated``.

        Raises:
            MisuseError: nothing is given, the name can't be one, or nobody here knows the country's holidays.
            TimeError: ``at`` has no zone or is out of range, or there is no such time zone.
        """
        moment = self._bounds_of(at)[0] if is_day(at) else cast("datetime", at)
        entry = make_change(self._next_number(), moment, employer, timezone, country)
        outcome = self._refold(entry, moment.tzinfo)
        same = (outcome.process.employer, outcome.process.calendar) == (self.employer, self.calendar)
        return self._unchanged() if same else outcome

    def amended(
        self, which: int | str, *, at: datetime, application: Name | None = None, **fields: object
    ) -> Outcome:
        """Say more of an event: who was met, until when they decide.

        ``which``: the number of its entry, or its name: then it is the latest, in ``application`` if given.
        It stays at its moment, and fields that are not given stay as they are. People are added to those whom
        it names; to take one out, retract the event and record it again. In the history it is retracted and
        recorded once more. ``at`` is the moment of the correction. If all was said already, nothing is added,
        and the outcome is ``repeated``.

        Raises:
            UnknownNameError: no such event stands.
            MisuseError: it may have reached the employer.
            FieldError: it has no such field, or the value can't be one.
            TimeError: ``at`` has no zone or is out of range.
        """
        mine = cast("Process", self)
        event = event_standing(self.timeline, which, as_text(application))
        made = amend(mine, event, at, with_people(mine, event, fields))
        added = len(made.process.history) - len(self.history)
        return evolve(made, added=added, **turned_breaches(mine, made.process))

    def joined(self, other: Process) -> Outcome:
        """Record all that happened in another process: the two turned out to be one employer.

        Its events and what is unknown of its past come behind the entries that are here. Applications of the
        same name become one. The outcome lists the acts that became breaches by it, those of ``other`` among
        them. The name and the time zone stay those of this process.

        Raises:
            MisuseError: ``other`` is no process, or has other rules.
        """
        mine = cast("Process", self)
        if not isinstance(other, Corrections):
            raise MisuseError(
                f"{other!r} is no process", "give what `start` or `restore` of the rulebook returns"
            )
        if other.rulebook != self.rulebook:
            raise MisuseError(f"the process has the rules `{other.rulebook.name}`", "restore it under these")
        entries = tuple(joined_entries(mine, other))
        if not entries:
            return self._unchanged()
        process = mine.with_history((*self.history, *entries))
        return Outcome(process, None, added=len(entries), **turned_breaches(mine, process, other))

    def dated(self, number: int, *, at: date) -> Outcome:
        """Say when the undated event of entry ``number`` was: at ``at``. It stays the same event.

        A date: at some hour of that day of the employer's. The hour may be said later in the same way.

        Raises:
            UnknownNameError: there is no such event.
            MisuseError: it has a date.
            TimeError: ``at`` has no zone, is out of range, or is later than the event can have been.
        """
        moment, since = self._range_of(at)
        return self._refold(make_dating(self.history, number, moment, since), moment.tzinfo)
