"""Happenings of a process: the candidate does an act that is allowed, or records what happened anyway."""

from __future__ import annotations

from datetime import date, datetime

from postinterview.core.answers.outcome import Outcome
from postinterview.core.answers.verdict import Verdict
from postinterview.core.correcting import Corrections
from postinterview.core.corrections import check_flags, find_dating
from postinterview.core.judging.decide import decide
from postinterview.core.judging.refusal import refusal
from postinterview.core.past.events import Event, Retraction, new_event
from postinterview.core.past.histories import latest_of
from postinterview.core.past.pasts import most_pasts_of
from postinterview.core.past.situation import Situation
from postinterview.core.rules.definitions import EventKind
from postinterview.core.steps.compiled_steps import do_function
from postinterview.core.steps.event_input import RECORD_LATE, act_called, check_dates, event_called, read_said
from postinterview.core.steps.step import carry_out, step
from postinterview.core.steps.step_parts import Step
from postinterview.core.values.moments import check_shown, in_utc
from postinterview.core.values.names import Name


class Happenings(Corrections):
    """The events that a `Process` takes. Each is an entry of its history."""

    __slots__ = ()

    def _refused(self, verdict: Verdict) -> Outcome:
        """Return the outcome of an act that was asked for and refused."""
        raise NotImplementedError

    def _made_class(self) -> type:
        """Return the class of processes."""
        raise NotImplementedError

    def _next(self, event: Event, made: Step) -> Outcome:
        """Return the outcome of an event that comes after all others. ``made``: its step."""
        raise NotImplementedError

    def do(
        self,
        event: str,
        *,
        at: datetime,
        to: Name | None = None,
        application: Name | None = None,
        **fields: object,
    ) -> Outcome:
        """Do the act if it is allowed. If it is refused, nothing changes and the outcome says why.

        It takes and raises what ``may`` takes and raises.
        """
        engine = self.rulebook.engine
        take = engine.done.get(event) if type(event) is str else None
        if take is None:
            name = act_called(self.rulebook.definition, event).name
            take = do_function(engine, name, self._made_class())
        made: Outcome | Situation | None = take(self, at, to, application, fields)
        if isinstance(made, Outcome):
            return made
        if made is not None:
            return self._refused(refusal(engine, made, in_utc(at), at.tzinfo))
        return self._do_any(act_called(self.rulebook.definition, event), at, to, application, fields)

    def _do_any(
        self,
        kind: EventKind,
        at: datetime,
        to: Name | None,
        application: Name | None,
        fields: dict[str, object],
    ) -> Outcome:
        """Do an act if it is allowed, usual or not."""
        snapshot, moment = self._snapshot, self._asked_at(at, RECORD_LATE)
        place, person, carried = read_said(kind, snapshot, to, application, fields)
        if snapshot.past is not None and moment < snapshot.past.top.at:
            # What is known of this day happened before.
            verdict = self.may(kind.name, at=at, to=to, application=application, **fields)
            if not verdict.allowed:
                return self._refused(verdict)
            done = new_event(self._next_number(), kind.name, moment, place, person, carried)
            return self._refold(done, at.tzinfo)
        engine = self.rulebook.engine
        done = new_event(self._next_number(), kind.name, moment, place, person, carried)
        situation = self._situate(kind, place, person, dict(carried), moment)
        verdict, choices = decide(engine, situation, moment, at.tzinfo)
        if not verdict.allowed:
            return self._refused(verdict)
        return self._next(done, carry_out(engine, self.calendar, situation, done, verdict, choices))

    def record(
        self,
        event: str,
        *,
        at: date,
        to: Name | None = None,
        application: Name | None = None,
        late: bool = False,
        undated: bool = False,
        again: bool = False,
        **fields: object,
    ) -> Outcome:
        """Record what really happened, a fact or an act, allowed or not.

        An act against the rules becomes a breach. A date as ``at``: it happened at some hour of that day of
        the employer's, after all that is recorded and before any later question. Then an act is allowed only
        if the rules allow it whichever the hour was; an act that has none itself is a breach only if they
        refuse it at each hour of the day. ``late``: ``at`` may lie before the latest event, and a day may
        have come before the other events of that day; the history is folded again, and the outcome lists the
        acts that became breaches by it. ``undated``: it surely happened, at ``at`` or before, and nobody
        knows on which day, so nothing is due because of its moment. If it is recorded once more, ``late`` and
        with its moment, that dates it, as `dated` does; ``again``: it is another one. An ``application``
        that was never heard of begins with it; the rest is as for ``may``.

        Raises:
            FieldError: as for ``may``, and a required field of a fact that is missing.
            UnknownNameError, TimeError, MisuseError: as for ``may``, but for a fact or a late moment.
        """
        if not late is undated is again is False:
            check_flags(late=late, undated=undated, again=again)
        moment, begins = self._range_of(at)
        if begins is None:
            return self._recorded(event, moment, to, application, fields, late, undated, again)
        since = None if undated else begins
        return self._recorded(event, moment, to, application, fields, late, True, again, since=since)

    def _recorded(
        self,
        event: str,
        at: datetime,
        to: Name | None,
        application: Name | None,
        fields: dict[str, object],
        late: bool,
        undated: bool,
        again: bool = False,
        *,
        status: str | None = None,
        dates: int | None = None,
        since: datetime | None = None,
    ) -> Outcome:
        """Return the outcome of an event that happened. ``status``: that of the board that says so."""
        may_date = late and not again and (since is not None or not undated)
        late = late or (undated and since is None)
        kind = event_called(self.rulebook.definition, event)
        made = self._ask(kind, at, to, application, fields, late, undated, status, since)
        snapshot = self._snapshot
        if may_date and snapshot.others:
            dating = find_dating(self.rulebook.definition, self.timeline, made, dates)
            if dating is not None:
                return self._refold(dating, at.tzinfo)
        past = snapshot.past
        anew = self._past is not past and isinstance(latest_of(self._past), Retraction)  # it may keep a place
        if made.late or made.undated or anew or (past is not None and made.at < past.top.at):
            return self._refold(made, at.tzinfo)
        if past is not None and snapshot.others:
            most = most_pasts_of(past.top.position + 2)
            if len(snapshot.others) >= most or not snapshot.others_are_all:
                # The pasts that are known are not all: fold the history, which tries some of them.
                return self._refold(made, at.tzinfo)
        engine = self.rulebook.engine
        return self._next(made, step(engine, self.calendar, snapshot, made, at.tzinfo, self.employer))

    def _ask(
        self,
        kind: EventKind,
        at: datetime,
        to: Name | None,
        application: Name | None,
        fields: dict[str, object],
        late: bool = False,
        undated: bool = False,
        status: str | None = None,
        since: datetime | None = None,
    ) -> Event:
        """Return the event as it would be recorded."""
        if late:
            moment = in_utc(at)
            check_shown(at, moment)
        else:
            moment = self._asked_at(at, RECORD_LATE)
        snapshot, name = self._snapshot, kind.name
        late = late and snapshot.past is not None and (since or moment) < snapshot.past.top.at
        place, person, carried = read_said(kind, snapshot, to, application, fields)
        event = new_event(
            self._next_number(), name, moment, place, person, carried, late, undated, status, None, since
        )
        if carried and name in self.rulebook.engine.naming and not kind.is_act:
            says_when = any(isinstance(value, date) for _, value in carried)
            if says_when and (since or not undated):  # else any date may be right
                check_dates(kind, event, self.calendar.at(moment).day_of(moment))
        return event
