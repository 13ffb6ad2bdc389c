"""A process: one candidate and one employer. A value: every step answers with the next one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from attrs import field, frozen

from postinterview.core.agenda import make_agenda
from postinterview.core.agenda_items import Agenda
from postinterview.core.builders import builder
from postinterview.core.corrections import backwards, check_flag, make_retraction, make_unknown
from postinterview.core.decide import allowed_of, verdict_of
from postinterview.core.definitions import EventKind
from postinterview.core.due import next_due
from postinterview.core.errors import MisuseError
from postinterview.core.event_input import make_event
from postinterview.core.events import Entry, Event, Key, Placed
from postinterview.core.formatting import say_list, say_moment, say_words, shorten
from postinterview.core.moments import FIRST, LocalCalendar, in_utc
from postinterview.core.names import MAIN
from postinterview.core.opening_times import Prospect, prospects
from postinterview.core.rule_text import stands, with_application
from postinterview.core.situation import Situation, Snapshot
from postinterview.core.snoozes import Snooze, latest_snoozes
from postinterview.core.state_query import state_of
from postinterview.core.step import Step, attempt, fold, situate, step
from postinterview.core.verdict import Move, Verdict

if TYPE_CHECKING:
    from postinterview.core.rulebook import Rulebook

_SHOWN = 5
"""The states that the text of a process shows."""


@frozen(weakref_slot=False, repr=False)
class Process:
    """What happened between one candidate and one employer, and what may be done next.

    Attributes:
        rulebook: the rules it goes by.
        employer: the host's name or key for the employer.
        timezone: the employer's IANA time zone; dates, business days and hours are counted there.
        holidays: days that are no business days here, besides the rulebook's.
        country: whose public holidays are no business days here either, such as ``CH-ZH``; or None.
        history: every entry in the order of recording. Nothing in it is ever changed or removed.
    """

    rulebook: Rulebook
    employer: str
    calendar: LocalCalendar
    history: tuple[Entry, ...] = ()
    _snapshot: Snapshot = field(default=Snapshot(), eq=False)  # what the history folds to

    # --- what is ------------------------------------------------------------------------------

    @property
    def timezone(self) -> str:
        return self.calendar.zone.key

    @property
    def holidays(self) -> frozenset[date]:
        return self.calendar.holidays - self.rulebook.definition.calendar.holidays

    @property
    def country(self) -> str | None:
        return self.calendar.country

    @property
    def timeline(self) -> tuple[Placed, ...]:
        """The events in the order in which they happened, without the retracted ones."""
        return self._snapshot.timeline

    @property
    def applications(self) -> tuple[str, ...]:
        """The applications so far, in the order of their first event."""
        return self._snapshot.applications

    @property
    def breaches(self) -> tuple[Placed, ...]:
        """The acts that were refused and happened all the same."""
        return self._snapshot.breaches

    @property
    def states(self) -> Mapping[tuple[str, Key], str]:
        """The states of the machines' instances that have left their start, by machine and key."""
        return MappingProxyType(self._snapshot.states)

    def to_json(self) -> str:
        """The process as text, for `Rulebook.restore`: its history, and what it came to.

        JSON, sealed: one entry of the history a line, each with a hash over it and the one before.
        """
        from postinterview.saving import saved_of, write

        return write(saved_of(self))

    def state(
        self, machine: str, *, application: str | None = None, round: int | None = None, to: str | None = None
    ) -> str:
        """The state of a machine's instance.

        ``application`` defaults to the only one. ``round`` counts from 1 and defaults to the latest
        (of the person, where ``to`` names one).

        Raises:
            UnknownNameError: there is no such machine, application, round or person.
            MisuseError: the machine is kept by a key that is not given, or not by one that is.
        """
        return state_of(self.rulebook.engine, self._snapshot, machine, application, round, to)

    @property
    def text(self) -> str:
        """Where the process stands, as a short paragraph for a person."""
        said = [f"{self.employer} ({self.timezone}): {_entries(self.history)}."]
        states = {(name, key): state for (name, key), state in self.states.items() if not key.person}
        for (name, key), state in list(states.items())[:_SHOWN]:
            where = stands(self.rulebook.definition.machines[name], state)
            said.append(f"{with_application(where[0].upper() + where[1:], key.application)}.")
        if len(states) > _SHOWN:
            said.append(f"And {len(states) - _SHOWN} more.")
        if self.timeline:
            latest = self.timeline[-1]
            moment = say_moment(latest.at.astimezone(self.calendar.zone))
            said.append(f"The latest event: {say_words(latest.name)}, {moment}.")
        return " ".join(said)

    def __repr__(self) -> str:
        return shorten(f"<Process {self.employer} ({self.timezone}): {_entries(self.history)}>")

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
        """Whether the act may be done at the moment; changes nothing.

        ``to`` is the interviewer, where the act is to one person. ``application`` defaults to
        ``main``, and is to be named once there is another; any name never heard of begins a new
        one. Fields that a guard asks for may be left out: that refuses the act, and is no misuse.

        Raises:
            UnknownNameError: there is no such event.
            FieldError: a field is unknown, or of the wrong type.
            TimeError: ``at`` has no zone, is out of range, or is before the latest event.
            MisuseError: a fact, a missing person or one too many, or no word of which application.
        """
        kind, made = self._ask(event, at, to, application, fields)
        self._only_acts(kind)
        engine, given = self.rulebook.engine, made.fields
        situation = situate(engine, self.calendar, self._snapshot, kind, made.application, to, given)
        return verdict_of(engine, situation, made.at, at.tzinfo)

    def verdicts(self, *, at: datetime) -> tuple[Verdict, ...]:
        """The verdict on every act, for each application and person, its fields taken as given."""
        engine = self.rulebook.engine
        moment = self._not_before_latest(at)
        return tuple(verdict_of(engine, s, moment, at.tzinfo) for s in self._situations())

    def allowed(self, *, at: datetime) -> tuple[Verdict, ...]:
        """The verdicts of the acts that are allowed now, their fields taken as given."""
        moment = self._not_before_latest(at)
        return tuple(allowed_of(self.rulebook.engine, self._prospects, moment, at.tzinfo))

    def agenda(self, *, at: datetime, snoozes: Iterable[Snooze] = ()) -> Agenda:
        """What is overdue, open, coming up, blocked, broken and done, in the order of importance.

        ``snoozes``: what `Item.snooze` answered with, in the order in which they were made. A snooze only
        postpones. It ends a day before its act closes for good, when that is done, and when its date moves.
        """
        moment = self._not_before_latest(at)
        put_off = latest_snoozes(snoozes)
        situations = self._situations()
        return make_agenda(self.rulebook.engine, self.employer, situations, moment, at.tzinfo, put_off)

    @property
    def next_due(self) -> datetime | None:
        """The first moment, in UTC, at which something is due if nothing more happens; None: there is none.

        For a host to keep beside the process and look for: the agenda at that moment says what is due. It
        may know of nothing at a later one (what was due closed since), and never of something earlier.
        """
        if not self.timeline:
            return None
        return next_due(self.rulebook.engine, self._situations(), self.timeline[-1].at)

    @cached_property
    def _prospects(self) -> tuple[Prospect, ...]:
        """A process never changes, so when its acts open and close is worked out once."""
        timeline = self._snapshot.timeline
        since = timeline[-1].at if timeline else FIRST
        return tuple(prospects(self.rulebook.engine, self._situations(), since))

    def _situations(self) -> Iterator[Situation]:
        """Every act in every place it could have, in the order of the rulebook."""
        engine, snapshot = self.rulebook.engine, self._snapshot
        applications: tuple[str | None, ...] = snapshot.applications or (MAIN,)
        rounds = snapshot.streams[engine.openers]
        for kind in self.rulebook.acts:
            for application in (None,) if kind.employer_wide else applications:
                people: tuple[str | None, ...] = (None,)
                if kind.to_person:
                    met = (p for r in rounds if application in (None, r.application) for p in r.people)
                    people = tuple(dict.fromkeys(met))
                for to in people:
                    yield situate(engine, self.calendar, snapshot, kind, application, to, None)

    # --- what happens -------------------------------------------------------------------------

    def do(
        self,
        event: str,
        *,
        at: datetime,
        to: str | None = None,
        application: str | None = None,
        **fields: object,
    ) -> Outcome:
        """Do the act if it is allowed; refused, it changes nothing and the outcome says why.

        It takes what ``may`` takes, and raises what ``may`` raises.
        """
        kind, asked = self._ask(event, at, to, application, fields)
        self._only_acts(kind)
        made = attempt(self.rulebook.engine, self.calendar, self._snapshot, asked, at.tzinfo)
        if isinstance(made, Step):
            return self._next(asked, made)
        return Outcome(process=self, event=None, verdict=made)

    def record(
        self,
        event: str,
        *,
        at: datetime,
        to: str | None = None,
        application: str | None = None,
        late: bool = False,
        **fields: object,
    ) -> Outcome:
        """Take what really happened, a fact or an act, allowed or not.

        An act against the rules becomes a breach. ``late``: ``at`` may lie before the latest event;
        the history is folded again, and the outcome lists the acts that became breaches by it. An
        ``application`` that was never heard of begins with it; the rest is as for ``may``.

        Raises:
            FieldError: as for ``may``, and a required field of a fact that is missing.
            UnknownNameError, TimeError, MisuseError: as for ``may``, but for a fact or a late moment.
        """
        if late is not False:
            check_flag("late", late)
        _, made = self._ask(event, at, to, application, fields, late=late)
        if made.late:
            return self._refold(made, at.tzinfo)
        engine = self.rulebook.engine
        return self._next(made, step(engine, self.calendar, self._snapshot, made, at.tzinfo))

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

    def unknown(self, *of: str, until: datetime, application: str | None = None) -> Outcome:
        """Say that it is not known what happened of these events or classes before ``until``.

        Every guard that counts one of them and reaches back before ``until`` is refused from now
        on, with ``has`` "unknown". ``application``: in this one only.

        Raises:
            UnknownNameError: there is no such event or class.
            MisuseError: nothing is named, or ``application`` can't be one.
            TimeError: ``until`` has no zone, or is out of range.
        """
        number = len(self.history) + 1
        entry = make_unknown(self.rulebook.definition, number, of, in_utc(until), application)
        return self._refold(entry, until.tzinfo)

    def _ask(
        self,
        name: str,
        at: datetime,
        to: str | None,
        application: str | None,
        fields: dict[str, object],
        *,
        late: bool = False,
    ) -> tuple[EventKind, Event]:
        moment = in_utc(at) if late else self._not_before_latest(at)
        timeline = self._snapshot.timeline
        late = late and bool(timeline) and moment < timeline[-1].at
        number = len(self.history) + 1
        return make_event(
            self.rulebook.definition, self._snapshot, number, name, moment, to, application, fields, late
        )

    def _not_before_latest(self, at: datetime) -> datetime:
        moment = in_utc(at)
        if self._snapshot.timeline and moment < self._snapshot.timeline[-1].at:
            latest = self._snapshot.timeline[-1]
            raise backwards(at, latest, "time runs forward; record what was forgotten with late=True")
        return moment

    def _only_acts(self, kind: EventKind) -> None:
        if not kind.is_act:
            raise MisuseError(f"`{kind.name}` is a fact, by the {kind.by}: it is never refused", "use record")

    def _next(self, event: Event, made: Step) -> Outcome:
        history = (*self.history, event)
        process = _new_process(self.rulebook, self.employer, self.calendar, history, made.snapshot)
        # By position: keywords cost as much as the rest of it.
        return _new_outcome(process, event, made.verdict, made.moves, made.placed.breach, made.unexpected)

    def _refold(self, entry: Entry, zone: tzinfo | None) -> Outcome:
        """The process with a correction in its history, folded anew."""
        history = (*self.history, entry)
        engine = self.rulebook.engine
        snapshot = fold(engine, self.calendar, history)
        process = _new_process(self.rulebook, self.employer, self.calendar, history, snapshot)
        before = {placed.event.number for placed in self.breaches}
        after = {placed.event.number for placed in snapshot.breaches}
        still = {placed.event.number for placed in snapshot.timeline}
        turned = tuple(sorted(after - before - {entry.number}))
        cleared = tuple(sorted((before - after) & still))
        if not isinstance(entry, Event):
            return Outcome(process=process, event=None, now_breaches=turned, no_longer_breaches=cleared)
        earlier = [
            e for e in history if not isinstance(e, Event) or (e.at, e.number) < (entry.at, entry.number)
        ]
        made = step(engine, self.calendar, fold(engine, self.calendar, earlier), entry, zone or UTC)
        return Outcome(
            process=process,
            event=entry,
            verdict=made.verdict,
            moves=made.moves,
            breach=made.placed.breach,
            unexpected=made.unexpected,
            now_breaches=turned,
            no_longer_breaches=cleared,
        )


def _entries(history: tuple[Entry, ...]) -> str:
    return "1 entry" if len(history) == 1 else f"{len(history)} entries"


@frozen(weakref_slot=False, repr=False)
class Outcome:
    """What `Process.do`, `Process.record`, `Process.retract` or `Process.unknown` made of a process.

    It has no truth value, since "it was recorded" and "it was allowed" are two questions: ask ``refused`` or
    ``breach``.

    Attributes:
        process: the process afterwards; after a refusal it is the one before.
        event: the event that was recorded; None if nothing was, and for a retraction or an unknown.
        verdict: whether the act was allowed, and why not; None for a fact.
        moves: the machines that changed their state.
        breach: whether it is an act against the rules that is recorded.
        unexpected: whether it is a fact that some machine listens to and none had a transition for.
        now_breaches: the numbers of other events that became breaches by a late or retracted one.
        no_longer_breaches: the numbers of those that were breaches before.
    """

    process: Process
    event: Event | None
    verdict: Verdict | None = None
    moves: tuple[Move, ...] = ()
    breach: bool = False
    unexpected: bool = False
    now_breaches: tuple[int, ...] = ()
    no_longer_breaches: tuple[int, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the act was asked for and refused: nothing was recorded."""
        return self.verdict is not None and not self.verdict.allowed and not self.breach

    @property
    def text(self) -> str:
        """What became of it, as a short paragraph for a person."""
        if self.event is None:
            said = "" if self.verdict is None else self.verdict.text
        else:
            said = f"Recorded as entry {self.event.number}: {say_words(self.event.name)}."
            if self.breach and self.verdict is not None:
                said += f" It was against the rules. {self.verdict.text}"
            if self.unexpected:
                said += " Nothing was waiting for it."
        for move in self.moves:
            said += f" {say_words(move.machine)}: {say_words(move.target)}."
        for numbers, what in ((self.now_breaches, "now"), (self.no_longer_breaches, "no longer")):
            if numbers:
                said += f" Against the rules {what}: entry {say_list(map(str, numbers), 'and')}."
        return said.strip() or "The history is corrected."

    def __bool__(self) -> bool:
        raise MisuseError("an outcome is neither true nor false", "ask outcome.refused or outcome.breach")

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        if self.refused and self.verdict is not None:
            return repr(self.verdict).replace("<Verdict", "<Outcome refused:", 1)
        event = "corrected" if self.event is None else f"recorded {self.event!r}"
        return shorten(f"<Outcome {event}{', a breach' if self.breach else ''}>")


_new_process = builder(Process)
_new_outcome = builder(Outcome)
