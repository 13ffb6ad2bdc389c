"""Processes: one candidate and one employer. A process is a value, so every step returns the next one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, tzinfo
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from postinterview.core.acts_in_places import Kept
from postinterview.core.answers.outcome import Outcome, new_outcome, turned_breaches
from postinterview.core.answers.verdict import Verdict
from postinterview.core.corrections import check_flags
from postinterview.core.happenings import Happenings
from postinterview.core.judging.certainty import Refused
from postinterview.core.past.events import Entry, Event
from postinterview.core.past.histories import History, entries_of, history_of, with_next
from postinterview.core.past.placed import Placed
from postinterview.core.past.situation import Snapshot
from postinterview.core.rulebook import CompiledRules
from postinterview.core.steps.fold import begin, fold, steps_from
from postinterview.core.steps.step import placed_in
from postinterview.core.steps.step_parts import Step
from postinterview.core.values.builders import builder, kept
from postinterview.core.values.moments import LocalCalendar, check_zone_name
from postinterview.core.values.names import Name, check_name
from postinterview.core.values.saving_hooks import Saving
from postinterview.core.values.stacks import upwards

if TYPE_CHECKING:
    from postinterview.core.status_map import StatusMap


class Rulebook(CompiledRules):
    """The compiled, immutable content of one or more rule files, ready to start processes.

    Attributes:
        definition: what the files say.
        acts: the events that the candidate does, in the order of the file.
    """

    __slots__ = ()

    def start(
        self, employer: str, timezone: str, *, holidays: Iterable[date] = (), country: str | None = None
    ) -> Process:
        """Return a process in which nothing has happened yet.

        Args:
            employer: the host's name or key for the employer; shown in the agenda.
            timezone: the employer's IANA zone, such as ``Europe/Zurich``.
            holidays: the employer's free days, besides those of the rulebook.
            country: the employer's, whose public holidays are free as well, such as ``CH`` or ``CH-ZH``.

        Raises:
            MisuseError: no employer that can be written down, holidays that are no dates, or a country whose
                holidays nobody here knows.
            TimeError: there is no such time zone, or it is another one on other machines.
        """
        check_name(employer, f"{employer!r} is no name of an employer", 'give a text such as "Acme"')
        check_zone_name(timezone)
        calendar = self.calendar_of(timezone, holidays, country)
        return _new_process(self, employer, calendar, None, self.engine.start)

    def restore(self, saved: str | bytes) -> Process:
        """Return the process that `Process.to_json` wrote, folded anew under these rules.

        Raises:
            SavedError: it is damaged, cut off or unknown; with the place.
            RulesChangedError: these rules judge it otherwise than those that it was saved under.
        """
        restored: Process = Saving.restore(self, saved)
        return restored


@frozen(weakref_slot=False, repr=False, eq=False)
class Process(Happenings):
    """The history of one candidate and one employer, and the questions about it.

    Attributes:
        rulebook: the rules it goes by.
        employer: the host's name or key for the employer, as it is now.
        calendar: the employer's days: the time zone, and which of them are for business. It has those of
            earlier time, too (see `change`).
    """

    rulebook: Rulebook
    employer: str
    calendar: LocalCalendar
    _past: History = field(default=None)
    _snapshot: Snapshot = field(default=Snapshot())  # what the past folds to
    _first_name: str | None = field(default=None)  # the employer's, if it has another now

    @property
    def first_employer(self) -> str:
        """The name that the employer had at first, before any `change`."""
        return self.employer if self._first_name is None else self._first_name

    @property
    def history(self) -> tuple[Entry, ...]:
        return kept(self, "_found_history", lambda: entries_of(self._past))

    @property
    def timeline(self) -> tuple[Placed, ...]:
        """The events in the order in which they happened, without the retracted ones."""
        return kept(self, "_found_timeline", lambda: upwards(self._snapshot.past))

    @property
    def _kept(self) -> Kept:
        """Return the findings of questions, for the next questions."""
        return kept(self, "_found", Kept)

    def to_json(self) -> str:
        """Return the process as text, for `Rulebook.restore`: its history, and what it came to.

        JSON, sealed: one entry of the history a line, each with a hash over it and the one before.
        """
        return Saving.write(self)

    def follow(
        self,
        status: str,
        *,
        at: date,
        statuses: StatusMap,
        application: Name | None = None,
        again: bool = False,
        undated: bool = False,
        not_sent: bool = False,
        **fields: object,
    ) -> Outcome:
        """Record what it means that a card of the host's board was moved to ``status``.

        A status entered for the first time records its event; entered again, nothing (``outcome.repeated``),
        or the fields that are new. A card dragged back is an undo: what was followed for later statuses is
        retracted, but for messages that may have reached the employer. If the rules need a fact that a jump
        skipped (an offer, before it is accepted), that is recorded too, undated.

        Args:
            status: the status that the card has now, as ``statuses`` writes it but for case and spaces.
            at: when the card was moved, or when the event happened if that is known; a date: at some hour of
                that day, as for ``record``.
            statuses: what the statuses stand for.
            application: the card's, as for ``record``.
            again: the event happened once more, such as a further round: it is recorded in any case.
            undated: the card was in this status by ``at``, and nobody knows since when.
            not_sent: the messages of the columns that are undone were never sent, so they are retracted, too.
            fields: those of the event, if there is something to say.

        Raises:
            UnknownNameError: there is no such status, or the rules have no event that ``statuses`` names.
            FieldError, TimeError, MisuseError: as for ``record``.
        """
        from postinterview.core.statuses import follow

        flags = check_flags(again=again, undated=undated, not_sent=not_sent)
        moment, since = self._range_of(at)
        since = None if undated else since
        return follow(self, statuses, status, moment, application, fields, **flags, since=since)

    def with_history(self, history: Iterable[Entry]) -> Process:
        """Return the process of another history of the same employer, which began in the same place."""
        return process_of(self.rulebook, self.first_employer, self.calendar, history)

    def _refused(self, verdict: Verdict) -> Outcome:
        return new_outcome(self, None, verdict)

    def _made_class(self) -> type:
        return Process

    def _next(self, event: Event, made: Step) -> Outcome:
        before, after = self._snapshot.past, made.snapshot.past
        past = after if self._past is before else with_next(self._past, before, event, after)
        process = _new_process(
            self.rulebook, self.employer, self.calendar, past, made.snapshot, self._first_name
        )
        verdict, placed = made.verdict, made.placed
        breach = outside = False
        if verdict is not None and not verdict.allowed:
            breach, outside = placed.breach, placed.outside
        return new_outcome(process, event, verdict, made.moves, breach, made.unexpected, (), (), outside)

    def _refold(self, entry: Entry, zone: tzinfo | None) -> Outcome:
        """Return the process with a correction in its history, folded anew."""
        if not isinstance(entry, Event):
            process = self.with_history((*self.history, entry))
            return Outcome(process, None, **turned_breaches(self, process))
        process, told = process_and_steps(
            self.rulebook, self.first_employer, self.calendar, (*self.history, entry), zone or UTC
        )
        made = next(each for each in told if each.placed.event.number == entry.number)
        done = (made.verdict, made.moves, made.placed.breach, made.unexpected)
        outside, turned = made.placed.outside, turned_breaches(self, process)
        return Outcome(process, entry, *done, outside=outside, **turned)

    def _unchanged(self) -> Outcome:
        return Outcome(self, None, repeated=True, added=0)

    def __eq__(self, other: object) -> bool:
        """Return whether the same happened under the same rules."""
        if not isinstance(other, Process):
            return NotImplemented
        return self is other or (
            (self.employer, self.calendar, self.rulebook) == (other.employer, other.calendar, other.rulebook)
            and (self._past is other._past or self.history == other.history)
        )

    def __hash__(self) -> int:
        return hash((self.employer, self.calendar, self.history))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the history, which is folded again: a stack is as deep as the history is long."""
        return process_of, (self.rulebook, self.first_employer, self.calendar, self.history)


def process_of(
    rulebook: Rulebook, employer: str, calendar: LocalCalendar, history: Iterable[Entry]
) -> Process:
    """Return the process of a history, and of an employer who began with this name and calendar."""
    entries = tuple(history)
    name, days = rulebook.changed(employer, calendar.first, entries)
    return _folded(rulebook, employer, name, days, entries, fold(rulebook.engine, days, entries))


def process_and_steps(
    rulebook: Rulebook,
    employer: str,
    calendar: LocalCalendar,
    history: Iterable[Entry],
    zone: tzinfo | None,
) -> tuple[Process, tuple[Step, ...]]:
    """Return what `process_of` does, and the steps that led there, the moments of verdicts in ``zone``."""
    entries = tuple(history)
    name, days = rulebook.changed(employer, calendar.first, entries)
    start, events = begin(rulebook.engine, entries)
    told = tuple(steps_from(rulebook.engine, days, start, events, zone, name))
    return _folded(rulebook, employer, name, days, entries, told[-1].snapshot if told else start), told


def refused_after(process: Process, outcome: Outcome) -> Refused:
    """Return the refusal of an act that was recorded after a process of which no moment is unknown."""
    event, verdict = outcome.event, outcome.verdict
    assert event is not None and verdict is not None  # noqa: S101, PT018 - it was recorded, and is an act
    engine, snapshot = process.rulebook.engine, process._snapshot  # noqa: SLF001 - of this module
    situation = placed_in(engine, process.calendar, snapshot, event, process.employer)
    return Refused(engine, situation, verdict, outcome.outside)


def _folded(
    rulebook: Rulebook,
    employer: str,
    name: str,
    calendar: LocalCalendar,
    entries: tuple[Entry, ...],
    folded: Snapshot,
) -> Process:
    first = None if name == employer else employer
    return Process(rulebook, name, calendar, history_of(entries, folded.past), folded, first)


_new_process = builder(Process)
