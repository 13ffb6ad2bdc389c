"""Answer questions about a process: what may be done, and what is due. Nothing here changes it.

The modules of the agenda are imported when somebody first asks for one: a host that only acts needs none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from attrs import evolve

from postinterview.core.answers.verdict import Verdict
from postinterview.core.asked_moments import AskedMoments
from postinterview.core.judging.decide import decide, verdict_of
from postinterview.core.judging.opening_times import Prospect, opens_from, prospects
from postinterview.core.judging.refusal import refusal
from postinterview.core.past.situation import Situation
from postinterview.core.rulebook import CompiledRules
from postinterview.core.rules.definitions import EventKind
from postinterview.core.steps.allowed_acts import allowed_at, allowed_in
from postinterview.core.steps.compiled_steps import may_function
from postinterview.core.steps.event_input import ASK_LATER, act_called, acts_called, read_said
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.moments import (
    EARLIEST,
    in_utc,
)
from postinterview.core.values.names import Name
from postinterview.core.values.saving_hooks import Saving

if TYPE_CHECKING:
    from postinterview.core.answers.agenda_items import Agenda
    from postinterview.core.answers.snoozes import Snooze
    from postinterview.core.shadow import Flip

ONE_HOUR = timedelta(hours=1)


class Questions(AskedMoments):
    """The questions that a `Process` answers."""

    __slots__ = ()

    # --- what may be --------------------------------------------------------------------------

    def may(
        self,
        event: str,
        *,
        at: datetime,
        to: Name | None = None,
        application: Name | None = None,
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
        engine = self.rulebook.engine
        ask = engine.asked.get(event) if type(event) is str else None
        if ask is None:
            ask = may_function(engine, act_called(self.rulebook.definition, event).name)
        found: Verdict | Situation | None = ask(self, at, to, application, fields)
        if isinstance(found, Verdict):
            return found
        if found is not None:
            return refusal(engine, found, in_utc(at), at.tzinfo)
        return self._may_any(act_called(self.rulebook.definition, event), at, to, application, fields)

    def _may_any(
        self,
        kind: EventKind,
        at: datetime,
        to: Name | None,
        application: Name | None,
        fields: dict[str, object],
    ) -> Verdict:
        """Return whether an act may be done, usual or not."""
        moment = self._asked_at(at, ASK_LATER)
        place, person, carried = read_said(kind, self._snapshot, to, application, fields)
        situation = self._situate(kind, place, person, dict(carried), moment)
        if (mine := self._as_of(moment)) is not self:
            found = mine.may(kind.name, at=at, to=to, application=application, **fields)
            return _opened_later(found, opens_from(self.rulebook.engine, situation, moment))
        return decide(self.rulebook.engine, situation, moment, at.tzinfo)[0]

    def may_on(
        self,
        day: date,
        event: str,
        /,
        *,
        to: Name | None = None,
        application: Name | None = None,
        **fields: object,
    ) -> Verdict:
        """Return whether the act may be done on a day of the employer's, and from when on.

        If it is allowed at some moment of the day (after the latest event), the verdict is that of the first
        one, ``verdict.at``; else it is that of the first moment at which the fewest guards refuse it, so that
        none is named which only the hour would offend. The rest is as for ``may``.

        Raises:
            MisuseError: ``day`` is no date; and as for ``may``.
            TimeError: the day is over before the latest event, or lies outside the years 1900 to 2999.
            UnknownNameError, FieldError: as for ``may``.
        """
        at, last = self._left_of(day)
        kind = act_called(self.rulebook.definition, event)
        self._asked_at(at, ASK_LATER)
        place, person, carried = read_said(kind, self._snapshot, to, application, fields)

        def asked(mine: Self, moment: datetime) -> Situation:
            return mine._situate(kind, place, person, dict(carried), moment)

        return self._on(asked, at, last)

    def verdicts_on(self, day: date, /) -> tuple[Verdict, ...]:
        """Return the verdict on every act for a day of the employer's, its fields taken as given.

        Each is that of `may_on`. Raises `MisuseError` and `TimeError` as it does.
        """
        at, last = self._left_of(day)
        self._not_before_latest(at)
        return tuple(self._on(_same_place(each), at, last) for each in self._situations(at=at))

    def first_moment_on(self, day: date, /) -> datetime:
        """Return the first moment of a day of the employer's that is left: after the latest event on it.

        A plan for the day begins there: ``process.agenda(at=process.first_moment_on(day))``. If acts of that
        day have no hour, it is the first full hour by which they can have been done within the rules.

        Raises:
            MisuseError: ``day`` is no date.
            TimeError: the day is over before the latest event, or lies outside the years 1900 to 2999.
        """
        at, last = self._left_of(day)
        moment, against = self._not_before_latest(last), _surely_against(self)
        hours = (at + number * ONE_HOUR for number in range(int((last - at) / ONE_HOUR) + 1))
        for hour in map(in_utc, hours):
            mine = self._as_of(hour)
            if mine is self or _surely_against(mine) <= against:
                moment = hour
                break
        return moment.astimezone(self.calendar.zone)

    def _left_of(self, day: date) -> tuple[datetime, datetime]:
        """Return the first moment of a day that is left after the latest event, and the last one."""
        starts, last = self._bounds_of(day)
        latest = self.latest_at
        over = latest is None or latest > last
        return starts if over or latest is None else max(starts, latest.astimezone(starts.tzinfo)), last

    def _on(self, asked: Callable[[Self, datetime], Situation], at: datetime, last: datetime) -> Verdict:
        """Return the verdict at the first moment until ``last`` that allows an act, or else nearly does.

        ``asked``: the act in a process at a moment. What is recorded of the day had happened by then.
        """

        def verdict(moment: datetime) -> Verdict:
            mine = self._as_of(in_utc(moment))
            found = verdict_of(self.rulebook.engine, asked(mine, moment), moment, self.calendar.zone)
            return found if mine is self else _opened_later(found, opens)

        opens = opens_from(self.rulebook.engine, asked(self, at), at)
        if opens is not None and opens <= last:
            return verdict(opens)
        first = verdict(at)
        turns = {each.opens_at for each in first.reasons if each.opens_at is not None}
        later = [verdict(turn) for turn in sorted(turns) if turn <= last]
        return min((first, *later), key=lambda each: len(each.reasons))

    def verdicts(self, *, at: datetime) -> tuple[Verdict, ...]:
        """Return the verdict on every act, for each application and person, its fields taken as given."""
        engine = self.rulebook.engine
        moment = self._not_before_latest(at)
        if (mine := self._as_of(moment)) is not self:
            return mine.verdicts(at=at)
        return tuple(verdict_of(engine, s, moment, at.tzinfo) for s in self._situations(at=moment))

    def allowed(self, *, at: datetime) -> tuple[Verdict, ...]:
        """Return the verdicts of the acts that are allowed now, their fields taken as given."""
        moment = self._not_before_latest(at)
        if (mine := self._as_of(moment)) is not self:
            return mine.allowed(at=at)
        engine, kept = self.rulebook.engine, self._kept
        if not kept.was_asked or self.calendar.at(moment) is not self.calendar:
            kept.was_asked = True
            acts, calendar = self._all_places(moment), self.calendar.at(moment)
            found = allowed_at(engine, self._snapshot, acts, moment, at.tzinfo, calendar, self.employer)
            return tuple(found)
        # Whoever asks again may ask often: from now on it is known when each act is open.
        if kept.prospects is None:
            kept.prospects = self._find_prospects()
        return tuple(allowed_in(engine, kept.prospects, moment, at.tzinfo))

    def agenda(
        self, *, at: datetime, snoozes: Iterable[Snooze] = (), of: Iterable[str] | None = None
    ) -> Agenda:
        """Return what is overdue, open, coming up, blocked, broken and done, in the order of importance.

        ``snoozes``: what `Item.snooze` returned, in the order in which they were made. A snooze only
        postpones. It ends a day before its act closes for good, when that is done, and when its date moves.
        ``of``: the acts to speak of, such as those that the host has a button for; all by default. What the
        unknown blocks of these is asked about, and by default what it blocks of the acts that a rule wants
        done.

        Raises:
            UnknownNameError: there is no such act.
            MisuseError: one of ``of`` is a fact, or one of ``snoozes`` is no snooze.
            TimeError: as for ``may``.
        """
        from postinterview.core.agenda.agenda import make_agenda
        from postinterview.core.answers.snoozes import latest_snoozes

        moment = self._not_before_latest(at)
        put_off = latest_snoozes(snoozes)
        acts = self._acts(of)
        if (mine := self._as_of(moment)) is not self:
            return mine.agenda(at=at, snoozes=put_off.values(), of=acts)
        situations = self._wanted(acts, moment)
        return make_agenda(self.rulebook.engine, self.employer, situations, moment, at.tzinfo, put_off, acts)

    @property
    def next_due(self) -> datetime | None:
        """The first moment, in UTC, at which something is due if nothing more happens; None: there is none.

        A host keeps it beside the process and looks for it: the agenda at that moment says what is due. The
        agenda may be empty by then (what was due has closed since), but it never has something due earlier.
        """
        return self.next_due_of(None)

    def next_due_of(self, acts: Iterable[str] | None) -> datetime | None:
        """Return the first moment, in UTC, at which something is due of these acts; ``acts=None``: of all.

        Raises:
            UnknownNameError: there is no such act.
            MisuseError: one of them is a fact.
        """
        from postinterview.core.agenda.telling import next_due

        past, situations = self._snapshot.past, self._wanted(self._acts(acts))
        at = EARLIEST if past is None else past.top.at
        return next_due(self.rulebook.engine, situations, at, named=acts is not None)

    def shadow(self, rulebook: CompiledRules) -> tuple[Flip, ...]:
        """Return the acts of the history that another rulebook judges differently, in their order.

        Each is judged after the same events, as they stand after all corrections, so an act that differs does
        so by itself. An event that was renamed in ``migrations:`` is the same event; one that the other rules
        don't know is not there for them. What lies outside the rules is judged by neither.

        Raises:
            MisuseError: it is no rulebook, or it knows no holidays of the employer's country.
        """
        from postinterview.core.shadow import flips

        if not isinstance(rulebook, CompiledRules):
            raise MisuseError(f"`{rulebook!r}` is no rulebook", "give what load_rulebook returns")
        calendar = rulebook.calendar_like(self.calendar, self.holidays)
        history = Saving.renamed(rulebook, self)
        mine, theirs = self.rulebook.engine, rulebook.engine
        return tuple(flips(mine, self.calendar, self._snapshot, theirs, calendar, history))

    def _find_prospects(self) -> tuple[Prospect, ...]:
        past = self._snapshot.past
        since = EARLIEST if past is None else past.top.at
        return tuple(prospects(self.rulebook.engine, self._situations(), since))

    def _acts(self, names: Iterable[str] | None) -> frozenset[str] | None:
        return None if names is None else acts_called(self.rulebook.definition, names)


def _opened_later(found: Verdict, opens: datetime | None) -> Verdict:
    """Return a refusal of a day on which something happened, with the moment that a later question names.

    By now that had happened; whoever asks later can't tell that it had not happened after this question.
    """
    if found.allowed or opens is None:
        return found
    return evolve(found, opens_at=opens.astimezone(found.at.tzinfo))


def _surely_against(process: Questions) -> set[int]:
    return {placed.event.number for placed in process.breaches if not placed.doubtful}


def _same_place(situation: Situation) -> Callable[[Questions, datetime], Situation]:
    """Return the function that asks for the same act in another process, in the place that it has there."""
    kind, place = situation.kind, situation.place

    def asked(mine: Questions, moment: datetime) -> Situation:
        return mine._situate(kind, place.application, place.person, None, moment)  # noqa: SLF001 - one like it

    return asked
