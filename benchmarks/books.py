"""What a hand-written tracker keeps of an employer and of an application: counters and deadlines.

No history: each event moves the few numbers that the default rules look at. Moments are aware
datetimes in UTC. The floor adds the rules and the states; the peers add their machines.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEVER = datetime.max.replace(tzinfo=UTC)
ALWAYS = datetime.min.replace(tzinfo=UTC)
ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(days=7)
THIRTY_DAYS = timedelta(days=30)
CREDITS = 3


class BackwardsError(Exception):
    """Something happened before the latest that happened."""


class Person:
    """An interviewer: the connection, and from when on they may be invited."""

    __slots__ = ("invite_from", "invited", "network")

    def __init__(self) -> None:
        self.network = "unconnected"
        self.invited = False
        self.invite_from = ALWAYS


class EmployerBooks:
    """What is kept for the employer as a whole."""

    __slots__ = (
        "attempt_from",
        "attempts",
        "chased",
        "holidays",
        "invite_from",
        "latest",
        "name",
        "people",
        "profile",
        "zone",
    )

    def __init__(self, name: str, timezone: str, holidays: frozenset[date] = frozenset()) -> None:
        self.name = name
        self.zone = ZoneInfo(timezone)
        self.holidays = holidays
        self.latest = ALWAYS
        self.profile = "incomplete"
        self.chased = False  # since the last sign of life
        self.attempts = 0  # since the last sign of life
        self.attempt_from = ALWAYS
        self.invite_from = ALWAYS  # an interview that named nobody may have been with anybody
        self.people: dict[str, Person] = {}

    def happens(self, at: datetime) -> None:
        if at < self.latest:
            raise BackwardsError(at)
        self.latest = at

    def person(self, name: str) -> Person:
        found = self.people.get(name)
        if found is None:
            found = self.people[name] = Person()
        return found

    def invite_accepted(self, at: datetime, to: str) -> None:
        self.happens(at)
        self.person(to).network = "connected"

    def complete_profile(self, at: datetime) -> None:
        self.happens(at)
        self.profile = "complete"

    def business_day_after(self, day: date) -> date:
        day += ONE_DAY
        while day.weekday() > 4 or day in self.holidays:
            day += ONE_DAY
        return day

    def start_of(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


class ApplicationBooks:
    """What is kept for one application."""

    __slots__ = (
        "answer_due",
        "countered",
        "counters",
        "credits",
        "employer",
        "followed_up",
        "fresh_until",
        "last_sign",
        "owed",
        "plan",
        "promise_over",
        "quiet_until",
        "state",
        "took_the_no",
        "week_later",
    )

    def __init__(self, employer: EmployerBooks) -> None:
        self.employer = employer
        self.state = "before_interview"
        self.plan = "none"
        self.owed: dict[str, bool] = {}  # by person: is a note owed for the latest round with them?
        self.followed_up = False  # in this round
        self.answer_due = NEVER  # a business day after the promised date, else a week after the interview
        self.week_later = NEVER  # than the latest interview
        self.promise_over = ALWAYS  # when the promised date is, while one stands
        self.quiet_until = ALWAYS  # a week after a message
        self.last_sign = ALWAYS
        self.credits = 0
        self.fresh_until = ALWAYS
        self.counters = 0
        self.countered = False  # since the last answer
        self.took_the_no = False

    @property
    def is_heard_of(self) -> bool:
        """Whether the employer has said anything about it; before, no act in it is allowed."""
        return self.last_sign is not ALWAYS

    def sign_of_life(self, at: datetime) -> None:
        employer = self.employer
        employer.happens(at)
        employer.chased = False
        employer.attempts = 0
        self.last_sign = at

    def interviewed(self, at: datetime, people: Iterable[str], decide_by: date | None) -> None:
        self.sign_of_life(at)
        employer, tomorrow, named = self.employer, at + ONE_DAY, False
        for name in people:
            named = True
            self.owed[name] = True
            employer.person(name).invite_from = tomorrow
        if not named:
            employer.invite_from = tomorrow
        self.followed_up = False
        self.week_later = at + ONE_WEEK
        if decide_by is not None:
            self.promised(at, decide_by)
        elif self.promise_over <= at:
            self.promise_ends()

    def wrote(self, at: datetime) -> None:
        self.sign_of_life(at)
        if self.credits < CREDITS:
            self.credits += 1
        self.fresh_until = at + THIRTY_DAYS

    def promised(self, at: datetime, day: date) -> None:
        employer = self.employer
        day = max(day, at.astimezone(employer.zone).date())
        self.promise_over = employer.start_of(day + ONE_DAY)
        self.answer_due = employer.start_of(employer.business_day_after(day))

    def promise_ends(self) -> None:
        self.promise_over = ALWAYS
        self.answer_due = self.week_later

    def said_no(self, at: datetime) -> None:
        self.sign_of_life(at)
        self.promise_ends()
        self.credits = 0
        self.took_the_no = False
