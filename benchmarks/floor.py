"""The floor: what the first version of the default rules says, written by hand for speed.

Two mutable classes with slots, one for an employer and one for each application. They hold every
machine, guard, budget, date and credit of those rules, and say each rule once (``may_...``).
They leave out what one takes a library for: no reasons, no outcome, no history, no corrections, no
breaches, no due moments, no checks of what is passed but that time runs forward.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from benchmarks.books import ONE_DAY, ONE_WEEK, THIRTY_DAYS, ApplicationBooks, EmployerBooks

WAITING = frozenset({"waiting", "followed_up"})
OFFERED = frozenset({"offered", "negotiating"})
ALIVE = WAITING | OFFERED | {"before_interview", "assumed_closed"}

# Where a fact leads, by state; a state that is missing did not expect it.
INTERVIEWED: Mapping[str, str] = {
    **dict.fromkeys(("before_interview", "waiting", "followed_up", "rejected", "assumed_closed"), "waiting"),
    "offered": "offered",
    "negotiating": "negotiating",
}
OFFER_MADE: Mapping[str, str] = dict.fromkeys(ALIVE | {"rejected"}, "offered")
REFUSED: Mapping[str, str] = dict.fromkeys(ALIVE | {"accepted", "rejected"}, "rejected")

Act = tuple[str, str | None, str | None]
"""Event, application, person."""


class Employer(EmployerBooks):
    """One candidate and one employer."""

    __slots__ = ("applications",)

    def __init__(self, name: str, timezone: str, holidays: frozenset[date] = frozenset()) -> None:
        super().__init__(name, timezone, holidays)
        self.applications: dict[str, Application] = {}

    def of(self, application: str = "main") -> Application:
        """The application of that name, a new one where there is none yet."""
        found = self.applications.get(application)
        if found is None:
            found = self.applications[application] = Application(self)
        return found

    def allowed(self, at: datetime) -> list[Act]:
        """Every act that is allowed now, its fields taken as given."""
        found: list[Act] = [("complete_profile", None, None)]
        for name, application in self.applications.items():
            for person in application.owed:
                if application.may_thank(person, thanks=True, topic="-", looking_forward=True):
                    found.append(("thank_you", name, person))
                if application.may_invite(at, person, personal_note="-"):
                    found.append(("linkedin_invite", name, person))
            if application.may_follow_up(at):
                found.append(("follow_up", name, None))
            if application.may_call(at):
                found.append(("missed_call", name, None))
            if application.may_reply(at):
                found.append(("reply", name, None))
            if application.may_take_the_no():
                found.append(("rejection_reply", name, None))
            if application.may_counter(at):
                found.append(("counter_offer", name, None))
            if application.state in OFFERED:
                found.append(("accept", name, None))
                found.append(("decline", name, None))
            if application.state in ALIVE and application.is_heard_of:
                found.append(("withdraw", name, None))
            found.append(("write_plan", name, None))
            if application.may_rest(at):
                found.append(("assume_closed", name, None))
        return found


class Application(ApplicationBooks):
    """One application: its rules, and what happens in it."""

    __slots__ = ()

    # --- what the employer does: is it expected? ----------------------------------------------

    def interview(self, at: datetime, people: Iterable[str], decide_by: date | None = None) -> bool:
        self.interviewed(at, people, decide_by)
        return self._goes(INTERVIEWED)

    def promise(self, at: datetime, date: date) -> bool:
        self.wrote(at)
        self.promised(at, date)
        if self.state == "assumed_closed":
            self.state = "waiting"
        return True

    def message(self, at: datetime) -> bool:
        self.wrote(at)
        self.quiet_until = at + ONE_WEEK
        if self.state == "assumed_closed":
            self.state = "waiting"
        return True

    def offer(self, at: datetime) -> bool:
        self.wrote(at)
        self.promise_ends()
        self.countered = False
        return self._goes(OFFER_MADE)

    def offer_revised(self, at: datetime) -> bool:
        return self.offer(at)

    def rejection(self, at: datetime) -> bool:
        self.said_no(at)
        return self._goes(REFUSED)

    def offer_withdrawn(self, at: datetime) -> bool:
        return self.rejection(at)

    def _goes(self, where: Mapping[str, str]) -> bool:
        target = where.get(self.state)
        if target is None:
            return False
        self.state = target
        return True

    # --- what the candidate may do ------------------------------------------------------------

    def may_thank(self, to: str, *, thanks: bool, topic: str, looking_forward: bool) -> bool:
        return self.state in ALIVE and self.owed.get(to, False) and thanks and topic != "" and looking_forward

    def may_invite(self, at: datetime, to: str, *, personal_note: str) -> bool:
        employer = self.employer
        person = employer.people.get(to)
        return (
            self.state in ALIVE
            and to in self.owed
            and person is not None
            and not person.invited
            and person.network != "connected"
            and at >= person.invite_from
            and at >= employer.invite_from
            and employer.profile == "complete"
            and personal_note != ""
        )

    def may_follow_up(self, at: datetime) -> bool:
        return (
            self.state in WAITING
            and not self.followed_up
            and not self.employer.chased
            and at >= self.answer_due
            and at >= self.quiet_until
        )

    def may_call(self, at: datetime) -> bool:
        employer = self.employer
        return (
            self.state in WAITING
            and not employer.chased
            and employer.attempts < 2
            and at >= employer.attempt_from
            and at >= self.answer_due
            and at >= self.quiet_until
        )

    def may_reply(self, at: datetime) -> bool:
        return self.credits > 0 and at < self.fresh_until

    def may_take_the_no(self) -> bool:
        return self.state == "rejected" and not self.took_the_no

    def may_counter(self, at: datetime) -> bool:
        return (
            self.state in OFFERED
            and self.plan == "ready"
            and not self.employer.chased
            and not self.countered
            and self.counters < 2
            and at >= self.promise_over
        )

    def may_rest(self, at: datetime) -> bool:
        return self.state in WAITING and at >= self.last_sign + THIRTY_DAYS

    # --- what the candidate does: was it allowed? ---------------------------------------------

    def thank_you(
        self, at: datetime, to: str, *, thanks: bool = False, topic: str = "", looking_forward: bool = False
    ) -> bool:
        if not self.may_thank(to, thanks=thanks, topic=topic, looking_forward=looking_forward):
            return False
        self.employer.happens(at)
        self.owed[to] = False
        return True

    def linkedin_invite(self, at: datetime, to: str, *, personal_note: str = "") -> bool:
        if not self.may_invite(at, to, personal_note=personal_note):
            return False
        self.employer.happens(at)
        person = self.employer.people[to]
        person.invited = True
        person.network = "invited"
        return True

    def follow_up(self, at: datetime) -> bool:
        if not self.may_follow_up(at):
            return False
        self.employer.happens(at)
        self.employer.chased = True
        self.followed_up = True
        self.state = "followed_up"
        return True

    def missed_call(self, at: datetime) -> bool:
        if not self.may_call(at):
            return False
        self.employer.happens(at)
        self.employer.attempts += 1
        self.employer.attempt_from = at + ONE_DAY
        return True

    def reply(self, at: datetime) -> bool:
        if not self.may_reply(at):
            return False
        self.employer.happens(at)
        self.credits -= 1
        return True

    def rejection_reply(self, at: datetime) -> bool:
        if not self.may_take_the_no():
            return False
        self.employer.happens(at)
        self.took_the_no = True
        return True

    def counter_offer(self, at: datetime) -> bool:
        if not self.may_counter(at):
            return False
        self.employer.happens(at)
        self.employer.chased = True
        self.credits = 0  # it answers what they wrote
        self.counters += 1
        self.countered = True
        self.state = "negotiating"
        return True

    def accept(self, at: datetime) -> bool:
        return self._end(at, OFFERED, "accepted")

    def decline(self, at: datetime) -> bool:
        return self._end(at, OFFERED, "declined")

    def withdraw(self, at: datetime) -> bool:
        return self.is_heard_of and self._end(at, ALIVE, "withdrawn")

    def _end(self, at: datetime, sources: frozenset[str], target: str) -> bool:
        if self.state not in sources:
            return False
        self.employer.happens(at)
        self.credits = 0
        self.state = target
        return True

    def write_plan(self, at: datetime) -> bool:
        self.employer.happens(at)
        self.plan = "ready"
        return True

    def assume_closed(self, at: datetime) -> bool:
        if not self.may_rest(at):
            return False
        self.employer.happens(at)
        self.state = "assumed_closed"
        return True
