"""The immutable floor: the rules of `floor` by hand, as values, with the answers that the library gives.

Each step returns the next process, and leaves the one before as it is: only what the step touches is copied.
It answers with an outcome: the event, the verdict (with reasons, and when the act opens and closes) and the
moves of the machines; and it keeps a history. It has no corrections, breaches, unknown pasts, due moments or
saved form, no rule file and no check of names and fields, and it answers in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from benchmarks.books import ALWAYS, ONE_DAY
from benchmarks.floor import ALIVE, OFFERED
from benchmarks.immutable_facts import Facts, Outcome, goes, refusal
from benchmarks.immutable_values import UNHEARD, Key, Move, Person, Verdict

CHANNELS = (None, "call", "email")
NOWHERE: Key = (None, None, None)


class Process(Facts):
    """One candidate and one employer. A value."""

    __slots__ = ()

    # --- the questions ------------------------------------------------------------------------

    def may_follow_up(
        self, *, at: datetime, application: str = "main", channel: str | None = None
    ) -> Verdict:
        at = self.moment(at)
        if channel not in CHANNELS:
            raise ValueError(channel)
        why = self.not_follow_up(self.applications.get(application, UNHEARD), at)
        if why:
            return refusal("follow_up", at, application, None, why)
        return Verdict("follow_up", at, application, None, True, (), at)

    def allowed(self, *, at: datetime) -> tuple[Verdict, ...]:
        """Every act that is allowed now, its fields taken as given."""
        at = self.moment(at)
        return tuple(self._allowed(at))

    def _allowed(self, at: datetime) -> Iterator[Verdict]:
        yield _yes("complete_profile", at, None)
        for name, a in (self.applications or {"main": UNHEARD}).items():
            for person in a.notes:
                if not self.not_thank(a, person, True, "-", True):
                    yield _yes("thank_you", at, name, person)
                if not self.not_invite(a, at, person, "-"):
                    yield _yes("linkedin_invite", at, name, person)
            if not self.not_follow_up(a, at):
                yield _yes("follow_up", at, name)
            if not self.not_call(a, at):
                yield _yes("missed_call", at, name)
            if not self.not_reply(a, at):
                yield _yes("reply", at, name, None, a.fresh_until)
            if not self.not_take_the_no(a):
                yield _yes("rejection_reply", at, name)
            if not self.not_counter(a, at):
                yield _yes("counter_offer", at, name)
            if a.state in OFFERED:
                yield _yes("accept", at, name)
                yield _yes("decline", at, name)
            if a.state in ALIVE and a.last_sign is not ALWAYS:
                yield _yes("withdraw", at, name)
            yield _yes("write_plan", at, name)
            if not self.not_rest(a, at):
                yield _yes("assume_closed", at, name)

    # --- what the candidate does --------------------------------------------------------------

    def thank_you(
        self,
        *,
        at: datetime,
        to: str,
        application: str = "main",
        thanks: bool = False,
        topic: str = "",
        looking_forward: bool = False,
    ) -> Outcome:
        at = self.moment(at)
        a = self.applications.get(application, UNHEARD)
        why = self.not_thank(a, to, thanks, topic, looking_forward)
        if why:
            return self.refuses("thank_you", at, application, to, why)
        new, b = self.next(at, application, a)
        round_, _ = a.notes[to]
        b.notes = a.notes | {to: (round_, False)}
        carried = (("thanks", thanks), ("topic", topic), ("looking_forward", looking_forward))
        moves: tuple[Move, ...] = (("thanks", (application, round_, to), "owed", "sent"),)
        return self.done(new, "thank_you", at, application, to, carried, moves)

    def linkedin_invite(
        self, *, at: datetime, to: str, application: str = "main", personal_note: str = ""
    ) -> Outcome:
        at = self.moment(at)
        why = self.not_invite(self.applications.get(application, UNHEARD), at, to, personal_note)
        if why:
            return self.refuses("linkedin_invite", at, application, to, why)
        new, person = self.copy(at), self.people[to]
        new.people = self.people | {to: Person("invited", True, person.invite_from)}
        moves = (
            () if person.network == "invited" else (("network", (None, None, to), person.network, "invited"),)
        )
        carried = (("personal_note", personal_note),)
        return self.done(new, "linkedin_invite", at, application, to, carried, moves)

    def follow_up(self, *, at: datetime, application: str = "main", channel: str | None = None) -> Outcome:
        at = self.moment(at)
        if channel not in CHANNELS:
            raise ValueError(channel)
        a = self.applications.get(application, UNHEARD)
        why = self.not_follow_up(a, at)
        if why:
            return self.refuses("follow_up", at, application, None, why)
        new, b = self.next(at, application, a)
        new.chased = b.followed_up = True
        carried = () if channel is None else (("channel", channel),)
        return self.done(
            new, "follow_up", at, application, None, carried, goes("followed_up", a, b, application)
        )

    def missed_call(self, *, at: datetime, application: str = "main") -> Outcome:
        at = self.moment(at)
        why = self.not_call(self.applications.get(application, UNHEARD), at)
        if why:
            return self.refuses("missed_call", at, application, None, why)
        new = self.copy(at)
        new.attempts += 1
        new.attempt_from = at + ONE_DAY
        return self.done(new, "missed_call", at, application)

    def reply(self, *, at: datetime, application: str = "main") -> Outcome:
        at = self.moment(at)
        a = self.applications.get(application, UNHEARD)
        why = self.not_reply(a, at)
        if why:
            return self.refuses("reply", at, application, None, why)
        new, b = self.next(at, application, a)
        b.credits -= 1
        return self.done(new, "reply", at, application, closes=a.fresh_until)

    def rejection_reply(self, *, at: datetime, application: str = "main") -> Outcome:
        at = self.moment(at)
        a = self.applications.get(application, UNHEARD)
        why = self.not_take_the_no(a)
        if why:
            return self.refuses("rejection_reply", at, application, None, why)
        new, b = self.next(at, application, a)
        b.took_the_no = True
        return self.done(new, "rejection_reply", at, application)

    def counter_offer(self, *, at: datetime, application: str = "main") -> Outcome:
        at = self.moment(at)
        a = self.applications.get(application, UNHEARD)
        why = self.not_counter(a, at)
        if why:
            return self.refuses("counter_offer", at, application, None, why)
        new, b = self.next(at, application, a)
        new.chased = b.countered = True
        b.credits = 0
        b.counters += 1
        moves = goes("negotiating", a, b, application)
        return self.done(new, "counter_offer", at, application, moves=moves)

    def accept(self, *, at: datetime, application: str = "main") -> Outcome:
        return self._end("accept", at, application, OFFERED, "accepted")

    def decline(self, *, at: datetime, application: str = "main") -> Outcome:
        return self._end("decline", at, application, OFFERED, "declined")

    def withdraw(self, *, at: datetime, application: str = "main") -> Outcome:
        return self._end("withdraw", at, application, ALIVE, "withdrawn")

    def _end(
        self, event: str, at: datetime, application: str, sources: frozenset[str], target: str
    ) -> Outcome:
        at = self.moment(at)
        a = self.applications.get(application, UNHEARD)
        why = self.not_end(a, sources)
        if why:
            return self.refuses(event, at, application, None, why)
        new, b = self.next(at, application, a)
        b.credits = 0
        return self.done(new, event, at, application, moves=goes(target, a, b, application))

    def complete_profile(self, *, at: datetime) -> Outcome:
        at = self.moment(at)
        new = self.copy(at)
        new.profile = "complete"
        moves = () if self.profile == "complete" else (("profile", NOWHERE, self.profile, "complete"),)
        return self.done(new, "complete_profile", at, None, moves=moves)

    def write_plan(self, *, at: datetime, application: str = "main", **plan: str | bool) -> Outcome:
        at = self.moment(at)
        a = self.applications.get(application, UNHEARD)
        new, b = self.next(at, application, a)
        b.plan = "ready"
        moves = () if a.plan == "ready" else (("plan", (application, None, None), a.plan, "ready"),)
        return self.done(new, "write_plan", at, application, None, tuple(plan.items()), moves)

    def assume_closed(self, *, at: datetime, application: str = "main") -> Outcome:
        at = self.moment(at)
        a = self.applications.get(application, UNHEARD)
        why = self.not_rest(a, at)
        if why:
            return self.refuses("assume_closed", at, application, None, why)
        new, b = self.next(at, application, a)
        moves = goes("assumed_closed", a, b, application)
        return self.done(new, "assume_closed", at, application, moves=moves)


def _yes(
    event: str, at: datetime, application: str | None, to: str | None = None, closes: datetime | None = None
) -> Verdict:
    return Verdict(event, at, application, to, True, (), at, closes)
