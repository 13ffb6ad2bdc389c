"""Answer questions about a process: what is, what may be done, and what is due. Nothing here changes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from postinterview.core.agenda import make_agenda
from postinterview.core.agenda_items import Agenda
from postinterview.core.builders import CopiedAsItself
from postinterview.core.corrections import backwards
from postinterview.core.decide import allowed_of, verdict_of
from postinterview.core.definitions import EventKind
from postinterview.core.due import next_due
from postinterview.core.errors import MisuseError
from postinterview.core.event_input import event_called, make_event
from postinterview.core.events import Entry, Event, Key, Placed
from postinterview.core.formatting import say_moment, say_words, sentence, short_name, shorten
from postinterview.core.moments import EARLIEST, LocalCalendar, in_utc
from postinterview.core.names import MAIN
from postinterview.core.opening_times import Prospect, prospects
from postinterview.core.placing import situate
from postinterview.core.rule_text import stands, with_application
from postinterview.core.rulebook import CompiledRules, Saving
from postinterview.core.shadow import Flip, flips
from postinterview.core.situation import Situation, Snapshot
from postinterview.core.snoozes import Snooze, latest_snoozes
from postinterview.core.stacks import Stack, upwards
from postinterview.core.state_query import state_of
from postinterview.core.verdict import Verdict

_ASK_LATER = "ask about a moment at or after it"
_RECORD_LATE = "time runs forward; record what was forgotten with late=True"

_SHOWN = 5
"""The states that the text of a process shows."""


class Questions(CopiedAsItself):
    """The questions that a `Process` answers."""

    __slots__ = ()

    rulebook: CompiledRules
    employer: str
    calendar: LocalCalendar
    _past: Stack[Entry] | None
    _snapshot: Snapshot
    _prospects: Any  # tuple[Prospect, ...]: when each act opens and closes

    # --- what is ------------------------------------------------------------------------------

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
        return self._snapshot.applications

    @property
    def breaches(self) -> tuple[Placed, ...]:
        """The acts that were refused and happened all the same."""
        return upwards(self._snapshot.against_rules)

    @property
    def states(self) -> Mapping[tuple[str, Key], str]:
        """The states of the machines' instances that have left their start, by machine and key."""
        return MappingProxyType(self._snapshot.states)

    def state(
        self, machine: str, *, application: str | None = None, round: int | None = None, to: str | None = None
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
            latest = self._snapshot.past.top
            moment = say_moment(latest.at.astimezone(self.calendar.zone))
            said.append(f"The latest event: {say_words(latest.name)}, {moment}.")
        return " ".join(said)

    @property
    def _counted(self) -> str:
        number = self._next_number() - 1
        return "1 entry" if number == 1 else f"{number} entries"

    def __repr__(self) -> str:
        return shorten(f"<Process {self.employer} ({self.timezone}): {self._counted}>")

    # --- what may be --------------------------------------------------------------------------

    def may(
        self,
        event: str,
        *,
        at: datetime,
        to: str | None = None,
        application: str | None = None,
        **fields: object,
    ) -> Verdict:
        """Return whether the act may be done at the moment.

        ``to`` is the interviewer, where the act is to one person. ``application`` defaults to
        ``main``, and must be given once there are several. An unknown name starts a new application.
        Fields that a guard asks for may be left out: that refuses the act, and is no misuse.

        Raises:
            UnknownNameError: there is no such event.
            FieldError: a field is unknown, or of the wrong type.
            TimeError: ``at`` has no zone, is out of range, or is before the latest event.
            MisuseError: the event is a fact; ``to`` is missing or not wanted; or ``application`` is missing
                although there are several.
        """
        self._only_acts(event)
        kind, made = self._ask(event, at, to, application, fields, help_=_ASK_LATER)
        return verdict_of(
            self.rulebook.engine, self._situate(kind, made.application, to, made.fields), made.at, at.tzinfo
        )

    def verdicts(self, *, at: datetime) -> tuple[Verdict, ...]:
        """Return the verdict on every act, for each application and person, its fields taken as given."""
        engine = self.rulebook.engine
        moment = self._not_before_latest(at)
        return tuple(verdict_of(engine, s, moment, at.tzinfo) for s in self._situations())

    def allowed(self, *, at: datetime) -> tuple[Verdict, ...]:
        """Return the verdicts of the acts that are allowed now, their fields taken as given."""
        moment = self._not_before_latest(at)
        return tuple(allowed_of(self.rulebook.engine, self._prospects, moment, at.tzinfo))

    def agenda(self, *, at: datetime, snoozes: Iterable[Snooze] = ()) -> Agenda:
        """Return what is overdue, open, coming up, blocked, broken and done, in the order of importance.

        ``snoozes``: what `Item.snooze` returned, in the order in which they were made. A snooze only
        postpones. It ends a day before its act closes for good, when that is done, and when its date moves.
        """
        moment = self._not_before_latest(at)
        put_off = latest_snoozes(snoozes)
        situations = self._situations()
        return make_agenda(self.rulebook.engine, self.employer, situations, moment, at.tzinfo, put_off)

    @property
    def next_due(self) -> datetime | None:
        """The first moment, in UTC, at which something is due if nothing more happens; None: there is none.

        A host keeps it beside the process and looks for it: the agenda at that moment says what is due. The
        agenda may be empty by then (what was due has closed since), but it never has something due earlier.
        """
        past = self._snapshot.past
        return None if past is None else next_due(self.rulebook.engine, self._situations(), past.top.at)

    def shadow(self, rulebook: CompiledRules) -> tuple[Flip, ...]:
        """Return the acts of the history that another rulebook judges differently, in their order.

        Each is judged after the same events, as they stand after all corrections, so an act that differs does
        so by itself. An event that was renamed in ``migrations:`` is the same event; one that the other rules
        don't know is not there for them. What lies outside the rules is judged by neither.

        Raises:
            MisuseError: it is no rulebook, or it knows no holidays of the employer's country.
        """
        if not isinstance(rulebook, CompiledRules):
            raise MisuseError(f"`{rulebook!r}` is no rulebook", "give what load_rulebook returns")
        calendar = rulebook.calendar_of(self.timezone, self.holidays, self.country)
        history = Saving.renamed(rulebook, self)
        mine, theirs = self.rulebook.engine, rulebook.engine
        return tuple(flips(mine, self.calendar, self._snapshot, theirs, calendar, history))

    def _find_prospects(self) -> tuple[Prospect, ...]:
        past = self._snapshot.past
        since = EARLIEST if past is None else past.top.at
        return tuple(prospects(self.rulebook.engine, self._situations(), since))

    def _situations(self) -> Iterator[Situation]:
        """Yield every act in every place that it could have, in the order of the rulebook."""
        applications: tuple[str | None, ...] = self._snapshot.applications or (MAIN,)
        met: dict[str | None, dict[str | None, None]] = {None: {}}
        for placed in upwards(self._snapshot.streams[self.rulebook.engine.openers]):
            for known in (None, placed.application):
                met.setdefault(known, {}).update(dict.fromkeys(placed.people))
        for kind in self.rulebook.acts:
            for application in (None,) if kind.employer_wide else applications:
                for to in met.get(application, ()) if kind.to_person else (None,):
                    yield self._situate(kind, application, to, None)

    def _situate(
        self, kind: EventKind, application: str | None, to: str | None, fields: Mapping[str, object] | None
    ) -> Situation:
        carried: Any = fields
        engine = self.rulebook.engine
        return situate(engine, self.calendar, self._snapshot, kind, application, to, carried, self.employer)

    # --- what is asked ------------------------------------------------------------------------

    def _ask(
        self,
        name: str,
        at: datetime,
        to: str | None,
        application: str | None,
        fields: dict[str, object],
        *,
        late: bool = False,
        help_: str = _RECORD_LATE,
    ) -> tuple[EventKind, Event]:
        """Return the event as it would be recorded, and its kind. ``help_``: for too early a moment."""
        moment = in_utc(at) if late else self._not_before_latest(at, help_)
        past = self._snapshot.past
        late = late and past is not None and moment < past.top.at
        return make_event(
            self.rulebook.definition,
            self._snapshot,
            self._next_number(),
            name,
            moment,
            to,
            application,
            fields,
            late,
        )

    def _next_number(self) -> int:
        return 1 if self._past is None else self._past.top.number + 1

    def _not_before_latest(self, at: datetime, help_: str = _ASK_LATER) -> datetime:
        moment, past = in_utc(at), self._snapshot.past
        if past is not None and moment < past.top.at:
            raise backwards(at, past.top, help_)
        return moment

    def _only_acts(self, event: str) -> None:
        kind = event_called(self.rulebook.definition, event)
        if not kind.is_act:
            raise MisuseError(f"`{kind.name}` is a fact, by the {kind.by}: it is never refused", "use record")
