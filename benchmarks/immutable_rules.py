"""The rules of the immutable floor: what is known of an employer, and which guards refuse an act.

Each rule is said once, with its reason. An act without reasons against it is allowed.
"""

from __future__ import annotations

from datetime import datetime

from benchmarks.books import ALWAYS, THIRTY_DAYS, EmployerBooks
from benchmarks.floor import ALIVE, OFFERED, WAITING
from benchmarks.immutable_values import STRANGER, Application, Event, Person, Reason

CHASED = Reason("one_chase", "a chase since the last sign of life", "no chase")
FOLLOWED_UP = Reason("one_follow_up", "a follow-up in this round", "no follow-up in this round")
ATTEMPTED = Reason("two_attempts", "2 attempts since the last sign of life", "fewer than 2 attempts")
UNSTARTED = Reason("state", "nothing is recorded of this application yet", "an employer's event")
THANKED = Reason("one_thank_you", "a thank-you in this round", "no thank-you in this round")
NO_THANKS = Reason("says_thanks", "something is left out", "`thanks`, `topic` and `looking_forward`")
INVITED = Reason("one_invite", "an invitation", "no invitation")
NEVER_MET = Reason("a_day_later", "no interview yet", "24 hours since the last interview")
INCOMPLETE = Reason("profile_complete", "the profile is incomplete", "the profile is complete")
NO_NOTE = Reason("personal_note", "no `personal_note`", "`personal_note`")
NO_CREDIT = Reason("reply_to_a_message", "nothing to answer", "a message")
TOOK_THE_NO = Reason("one_rejection_reply", "a reply since the no", "no reply since the no")
NO_PLAN = Reason("plan_ready", "the plan is not written", "the plan is written")
COUNTERED = Reason("one_counter", "a counter-offer since the last answer", "no counter-offer")
TWICE_COUNTERED = Reason("two_counters", "2 counter-offers", "fewer than 2 counter-offers")
ACCEPTED_THE_INVITATION = Reason("state", "connected", "not connected or invited")


def in_state(application: Application, wanted: str) -> Reason:
    return Reason("state", application.state, wanted)


def waits(id_: str, until: datetime, since: str) -> Reason:
    return Reason(id_, since, f"{until:%Y-%m-%d %H:%M} or later", until)


class Rules:
    """What is known of an employer."""

    __slots__ = (
        "applications",
        "attempt_from",
        "attempts",
        "chased",
        "employer",
        "history",
        "invite_from",
        "latest",
        "people",
        "profile",
    )

    employer: EmployerBooks  # its name and days, which nothing changes
    history: tuple[Event, ...]
    latest: datetime
    applications: dict[str, Application]
    people: dict[str, Person]
    chased: bool
    attempts: int
    attempt_from: datetime
    invite_from: datetime
    profile: str

    # --- what refuses an act ------------------------------------------------------------------

    def not_thank(
        self, a: Application, to: str, thanks: object, topic: str, looking_forward: object
    ) -> list[Reason]:
        owed = a.notes.get(to)
        why = _unless_heard_of(a)
        if owed is None:
            why.append(Reason("state", f"{to} has not interviewed you here", f"an interview with {to}"))
        if a.state not in ALIVE:
            why.append(in_state(a, "not over"))
            return why
        if owed is not None and not owed[1]:
            why.append(THANKED)
        if not (thanks and topic and topic.strip() and looking_forward):
            why.append(NO_THANKS)
        return why

    def not_invite(self, a: Application, at: datetime, to: str, personal_note: str) -> list[Reason]:
        person = self.people.get(to, STRANGER)
        why = _unless_heard_of(a)
        if to not in a.notes:
            why.append(Reason("state", f"{to} has not interviewed you here", f"an interview with {to}"))
        if a.state not in ALIVE:
            why.append(in_state(a, "not over"))
        else:
            if person.invited:
                why.append(INVITED)
            since = max(person.invite_from, self.invite_from)
            if since is ALWAYS:
                why.append(NEVER_MET)
            elif at < since:
                why.append(waits("a_day_later", since, "an interview"))
            if self.profile != "complete":
                why.append(INCOMPLETE)
            if not personal_note or not personal_note.strip():
                why.append(NO_NOTE)
        if person.network == "connected":
            why.append(ACCEPTED_THE_INVITATION)
        return why

    def not_follow_up(self, a: Application, at: datetime) -> list[Reason]:
        if a.state not in WAITING:
            return [*_unless_heard_of(a), in_state(a, "waiting")]
        why = []
        if a.followed_up:
            why.append(FOLLOWED_UP)
        if self.chased:
            why.append(CHASED)
        if at < a.answer_due:
            why.append(waits("wait_for_the_answer", a.answer_due, "no answer is due"))
        if at < a.quiet_until:
            why.append(waits("let_them_speak", a.quiet_until, "a message"))
        return why

    def not_call(self, a: Application, at: datetime) -> list[Reason]:
        if a.state not in WAITING:
            return [*_unless_heard_of(a), in_state(a, "waiting")]
        why = []
        if self.chased:
            why.append(CHASED)
        if self.attempts >= 2:
            why.append(ATTEMPTED)
        if at < self.attempt_from:
            why.append(waits("a_day_between_attempts", self.attempt_from, "an attempt"))
        if at < a.answer_due:
            why.append(waits("wait_for_the_answer", a.answer_due, "no answer is due"))
        if at < a.quiet_until:
            why.append(waits("let_them_speak", a.quiet_until, "a message"))
        return why

    def not_reply(self, a: Application, at: datetime) -> list[Reason]:
        why = _unless_heard_of(a)
        if a.credits == 0:
            why.append(NO_CREDIT)
        if at >= a.fresh_until:
            has = "no message yet" if a.fresh_until is ALWAYS else "a message"
            why.append(Reason("while_it_is_fresh", has, "less than 30 days since the last message"))
        return why

    def not_take_the_no(self, a: Application) -> list[Reason]:
        if a.state != "rejected":
            return [*_unless_heard_of(a), in_state(a, "rejected")]
        return [TOOK_THE_NO] if a.took_the_no else []

    def not_counter(self, a: Application, at: datetime) -> list[Reason]:
        if a.state not in OFFERED:
            return [*_unless_heard_of(a), in_state(a, "offered or negotiating")]
        why = []
        if a.plan != "ready":
            why.append(NO_PLAN)
        if self.chased:
            why.append(CHASED)
        if a.countered:
            why.append(COUNTERED)
        if a.counters >= 2:
            why.append(TWICE_COUNTERED)
        if at < a.promise_over:
            why.append(waits("their_date_first", a.promise_over, "they named a date"))
        return why

    def not_end(self, a: Application, sources: frozenset[str]) -> list[Reason]:
        why = _unless_heard_of(a)
        if a.state not in sources:
            why.append(in_state(a, "an offer" if sources is OFFERED else "not over"))
        return why

    def not_rest(self, a: Application, at: datetime) -> list[Reason]:
        if a.state not in WAITING:
            return [in_state(a, "waiting")]
        rested = a.last_sign + THIRTY_DAYS
        return [waits("month_of_silence", rested, "a sign of life")] if at < rested else []


def _unless_heard_of(a: Application) -> list[Reason]:
    return [UNSTARTED] if a.last_sign is ALWAYS else []
