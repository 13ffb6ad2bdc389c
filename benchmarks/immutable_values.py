"""The values of the immutable floor. Nobody changes one once it is built, and nothing prevents it."""

from __future__ import annotations

from datetime import datetime

from benchmarks.books import ALWAYS, NEVER

Key = tuple[str | None, int | None, str | None]
"""Application, round, person."""

Move = tuple[str, Key, str, str]
"""Machine, instance, the state that it left, and the state that it entered."""

Carried = tuple[tuple[str, object], ...]


class Event:
    """Something that happened."""

    __slots__ = ("application", "at", "carried", "name", "number", "to")

    def __init__(
        self, number: int, name: str, at: datetime, application: str | None, to: str | None, carried: Carried
    ) -> None:
        self.number = number
        self.name = name
        self.at = at
        self.application = application
        self.to = to
        self.carried = carried


class Reason:
    """A guard that failed."""

    __slots__ = ("has", "id", "needs", "opens_at")

    def __init__(self, id: str, has: str, needs: str, opens_at: datetime | None = None) -> None:
        self.id = id
        self.has = has
        self.needs = needs
        self.opens_at = opens_at


class Verdict:
    """Whether an act is allowed, and why not."""

    __slots__ = ("allowed", "application", "at", "closes_at", "event", "opens_at", "reasons", "to")

    def __init__(
        self,
        event: str,
        at: datetime,
        application: str | None,
        to: str | None,
        allowed: bool,
        reasons: tuple[Reason, ...],
        opens_at: datetime | None,
        closes_at: datetime | None = None,
    ) -> None:
        self.event = event
        self.at = at
        self.application = application
        self.to = to
        self.allowed = allowed
        self.reasons = reasons
        self.opens_at = opens_at
        self.closes_at = closes_at


class Application:
    """One application: its states, and the few numbers that the rules look at."""

    __slots__ = (
        "answer_due",
        "countered",
        "counters",
        "credits",
        "followed_up",
        "fresh_until",
        "last_sign",
        "notes",
        "plan",
        "promise_over",
        "quiet_until",
        "round",
        "state",
        "took_the_no",
        "week_later",
    )

    def __init__(self) -> None:
        self.state = "before_interview"
        self.plan = "none"
        self.round = 0
        self.notes: dict[str, tuple[int, bool]] = {}  # the latest round with a person: is a note owed?
        self.followed_up = False  # in this round
        self.answer_due = NEVER
        self.week_later = NEVER  # than the latest interview
        self.promise_over = ALWAYS
        self.quiet_until = ALWAYS  # a week after a message
        self.last_sign = ALWAYS
        self.credits = 0
        self.fresh_until = ALWAYS
        self.counters = 0
        self.countered = False  # since the last answer
        self.took_the_no = False

    def copy(self) -> Application:
        made = _new(Application)
        made.state = self.state
        made.plan = self.plan
        made.round = self.round
        made.notes = self.notes
        made.followed_up = self.followed_up
        made.answer_due = self.answer_due
        made.week_later = self.week_later
        made.promise_over = self.promise_over
        made.quiet_until = self.quiet_until
        made.last_sign = self.last_sign
        made.credits = self.credits
        made.fresh_until = self.fresh_until
        made.counters = self.counters
        made.countered = self.countered
        made.took_the_no = self.took_the_no
        return made


class Person:
    """An interviewer: the connection, and from when on they may be invited."""

    __slots__ = ("invite_from", "invited", "network")

    def __init__(self, network: str, invited: bool, invite_from: datetime) -> None:
        self.network = network
        self.invited = invited
        self.invite_from = invite_from


_new = object.__new__
UNHEARD = Application()
STRANGER = Person("unconnected", False, ALWAYS)
