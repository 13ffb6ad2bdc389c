"""What the employer does, in the immutable floor, and how each step makes the next process."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Self

from benchmarks.books import ALWAYS, CREDITS, ONE_DAY, ONE_WEEK, THIRTY_DAYS, BackwardsError, EmployerBooks
from benchmarks.floor import ALIVE, INTERVIEWED, OFFER_MADE, REFUSED
from benchmarks.immutable_rules import Rules
from benchmarks.immutable_values import (
    STRANGER,
    UNHEARD,
    Application,
    Carried,
    Event,
    Move,
    Person,
    Reason,
    Verdict,
)

WROTE: Mapping[str, str] = {
    state: "waiting" if state == "assumed_closed" else state
    for state in (*ALIVE, "accepted", "declined", "rejected", "withdrawn")
}


class Outcome:
    """What a step came to: the process afterwards, and the answer."""

    __slots__ = ("event", "moves", "process", "unexpected", "verdict")

    def __init__(
        self,
        process: Facts,
        event: Event | None,
        verdict: Verdict | None,
        moves: tuple[Move, ...] = (),
        unexpected: bool = False,
    ) -> None:
        self.process = process
        self.event = event
        self.verdict = verdict
        self.moves = moves
        self.unexpected = unexpected


class Facts(Rules):
    """The steps that are never refused, and the parts of all steps."""

    __slots__ = ()

    @classmethod
    def start(cls, name: str, timezone: str, holidays: frozenset[date] = frozenset()) -> Self:
        made = _new(cls)
        made.employer = EmployerBooks(name, timezone, holidays)
        made.history = ()
        made.latest = ALWAYS
        made.applications = {}
        made.people = {}
        made.chased = False
        made.attempts = 0
        made.attempt_from = ALWAYS
        made.invite_from = ALWAYS
        made.profile = "incomplete"
        return made

    def interview(
        self,
        *,
        at: datetime,
        interviewers: tuple[str, ...],
        application: str = "main",
        decide_by: date | None = None,
    ) -> Outcome:
        at = self.moment(at)
        a = self.applications.get(application, UNHEARD)
        new, b = self.next(at, application, a)
        new.sign_of_life(b, at)
        b.round += 1
        b.followed_up = False
        b.week_later = at + ONE_WEEK
        if decide_by is not None:
            new.named_a_date(b, at, decide_by)
        elif b.promise_over <= at:
            _promise_ends(b)
        if interviewers:
            b.notes = a.notes | dict.fromkeys(interviewers, (b.round, True))
            known = new.people = self.people.copy()
            for name in interviewers:
                before = known.get(name, STRANGER)
                known[name] = Person(before.network, before.invited, at + ONE_DAY)
        else:
            new.invite_from = at + ONE_DAY
        carried: Carried = (("interviewers", interviewers),)
        if decide_by is not None:
            carried += (("decide_by", decide_by),)
        return self._goes(new, a, b, INTERVIEWED, "interview", at, application, carried)

    def promise(self, *, at: datetime, date: date, application: str = "main") -> Outcome:
        at = self.moment(at)
        a = self.applications.get(application, UNHEARD)
        new, b = self.next(at, application, a)
        new.wrote(b, at)
        new.named_a_date(b, at, date)
        return self._goes(new, a, b, WROTE, "promise", at, application, (("date", date),))

    def message(self, *, at: datetime, application: str = "main") -> Outcome:
        at = self.moment(at)
        a = self.applications.get(application, UNHEARD)
        new, b = self.next(at, application, a)
        new.wrote(b, at)
        b.quiet_until = at + ONE_WEEK
        return self._goes(new, a, b, WROTE, "message", at, application)

    def offer(
        self,
        *,
        at: datetime,
        application: str = "main",
        answer_by: date | None = None,
        event: str = "offer",
    ) -> Outcome:
        at = self.moment(at)
        a = self.applications.get(application, UNHEARD)
        new, b = self.next(at, application, a)
        new.wrote(b, at)
        _promise_ends(b)
        b.countered = False
        carried = () if answer_by is None else (("answer_by", answer_by),)
        return self._goes(new, a, b, OFFER_MADE, event, at, application, carried)

    def offer_revised(
        self, *, at: datetime, application: str = "main", answer_by: date | None = None
    ) -> Outcome:
        return self.offer(at=at, application=application, answer_by=answer_by, event="offer_revised")

    def rejection(self, *, at: datetime, application: str = "main", event: str = "rejection") -> Outcome:
        at = self.moment(at)
        a = self.applications.get(application, UNHEARD)
        new, b = self.next(at, application, a)
        new.sign_of_life(b, at)
        _promise_ends(b)
        b.credits = 0
        b.took_the_no = False
        return self._goes(new, a, b, REFUSED, event, at, application)

    def offer_withdrawn(self, *, at: datetime, application: str = "main") -> Outcome:
        return self.rejection(at=at, application=application, event="offer_withdrawn")

    def invite_accepted(self, *, at: datetime, to: str) -> Outcome:
        at = self.moment(at)
        new, before = self.copy(at), self.people.get(to, STRANGER)
        new.people = self.people | {to: Person("connected", before.invited, before.invite_from)}
        moved = before.network != "connected"
        moves = (("network", (None, None, to), before.network, "connected"),) if moved else ()
        return self._told(new, "invite_accepted", at, None, to, (), moves)

    # --- the parts of a step ------------------------------------------------------------------

    def sign_of_life(self, a: Application, at: datetime) -> None:
        """Note it in a process and an application that nobody else has seen yet."""
        self.chased = False
        self.attempts = 0
        a.last_sign = at

    def wrote(self, a: Application, at: datetime) -> None:
        self.sign_of_life(a, at)
        if a.credits < CREDITS:
            a.credits += 1
        a.fresh_until = at + THIRTY_DAYS

    def named_a_date(self, a: Application, at: datetime, day: date) -> None:
        employer = self.employer
        day = max(day, at.astimezone(employer.zone).date())
        a.promise_over = employer.start_of(day + ONE_DAY)
        a.answer_due = employer.start_of(employer.business_day_after(day))

    def moment(self, at: datetime) -> datetime:
        if at.tzinfo is not UTC:
            at = at.astimezone(UTC)
        if at < self.latest:
            raise BackwardsError(at)
        return at

    def copy(self, at: datetime) -> Self:
        """A copy that the step may change, since nobody else has seen it yet."""
        made = _new(type(self))
        made.employer = self.employer
        made.latest = at
        made.applications = self.applications
        made.people = self.people
        made.chased = self.chased
        made.attempts = self.attempts
        made.attempt_from = self.attempt_from
        made.invite_from = self.invite_from
        made.profile = self.profile
        return made

    def next(self, at: datetime, name: str, application: Application) -> tuple[Self, Application]:
        """A copy of the process and of an application in it."""
        made, new = self.copy(at), application.copy()
        made.applications = self.applications.copy()
        made.applications[name] = new
        return made, new

    def refuses(
        self, event: str, at: datetime, application: str, to: str | None, why: list[Reason]
    ) -> Outcome:
        return Outcome(self, None, refusal(event, at, application, to, why))

    def done(
        self,
        new: Self,
        name: str,
        at: datetime,
        application: str | None,
        to: str | None = None,
        carried: Carried = (),
        moves: tuple[Move, ...] = (),
        closes: datetime | None = None,
    ) -> Outcome:
        event = Event(len(self.history) + 1, name, at, application, to, carried)
        new.history = (*self.history, event)
        return Outcome(new, event, Verdict(name, at, application, to, True, (), at, closes), moves)

    def _told(
        self,
        new: Self,
        name: str,
        at: datetime,
        application: str | None,
        to: str | None,
        carried: Carried,
        moves: tuple[Move, ...],
        unexpected: bool = False,
    ) -> Outcome:
        event = Event(len(self.history) + 1, name, at, application, to, carried)
        new.history = (*self.history, event)
        return Outcome(new, event, None, moves, unexpected)

    def _goes(
        self,
        new: Self,
        a: Application,
        b: Application,
        where: Mapping[str, str],
        name: str,
        at: datetime,
        application: str,
        carried: Carried = (),
    ) -> Outcome:
        target = where.get(a.state)
        moves = () if target is None else goes(target, a, b, application)
        return self._told(new, name, at, application, None, carried, moves, target is None)


def goes(target: str, a: Application, b: Application, application: str) -> tuple[Move, ...]:
    """Bring the application from its state in ``a`` to another in ``b``."""
    b.state = target
    if a.state == target:
        return ()
    return (("application", (application, None, None), a.state, target),)


def refusal(event: str, at: datetime, application: str, to: str | None, why: list[Reason]) -> Verdict:
    opens: datetime | None = at
    for reason in why:
        if reason.opens_at is None:
            opens = None
            break
        if opens is None or reason.opens_at > opens:
            opens = reason.opens_at
    return Verdict(event, at, application, to, False, tuple(why), opens)


def _promise_ends(a: Application) -> None:
    a.promise_over = ALWAYS
    a.answer_due = a.week_later


_new = object.__new__
