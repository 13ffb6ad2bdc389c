"""What the peers' machines ask and change: one record an application, guards by the rulebook's ids.

The state graph is the peer's; its guards call these methods by name, its actions the ``note_...`` ones.
Every one takes a ``Happening``. A record carries the employer's books with it.
"""

from __future__ import annotations

from benchmarks.books import ONE_DAY, ONE_WEEK, THIRTY_DAYS, ApplicationBooks, EmployerBooks
from benchmarks.story import EMPLOYER, TIMEZONE, Happening, tell_books


class Record(ApplicationBooks):
    """One application with everything that its guards look at."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(EmployerBooks(EMPLOYER, TIMEZONE))

    # --- guards -------------------------------------------------------------------------------

    def one_thank_you(self, told: Happening) -> bool:
        return self.owed.get(told.to or "", False)

    def says_thanks(self, told: Happening) -> bool:
        fields = told.fields
        return all(fields.get(name) for name in ("thanks", "topic", "looking_forward"))

    def one_invite(self, told: Happening) -> bool:
        person = self.employer.people.get(told.to or "")
        return person is not None and not person.invited and person.network != "connected"

    def a_day_later(self, told: Happening) -> bool:
        person = self.employer.people.get(told.to or "")
        met = person is not None and told.to in self.owed
        return met and person is not None and told.at >= max(person.invite_from, self.employer.invite_from)

    def profile_complete(self, told: Happening) -> bool:
        return self.employer.profile == "complete"

    def personal_note(self, told: Happening) -> bool:
        return bool(told.fields.get("personal_note"))

    def one_follow_up(self, told: Happening) -> bool:
        return not self.followed_up

    def one_chase(self, told: Happening) -> bool:
        return not self.employer.chased

    def wait_for_the_answer(self, told: Happening) -> bool:
        return told.at >= self.answer_due

    def let_them_speak(self, told: Happening) -> bool:
        return told.at >= self.quiet_until

    def two_attempts(self, told: Happening) -> bool:
        return self.employer.attempts < 2

    def a_day_between_attempts(self, told: Happening) -> bool:
        return told.at >= self.employer.attempt_from

    def reply_to_a_message(self, told: Happening) -> bool:
        return self.credits > 0

    def while_it_is_fresh(self, told: Happening) -> bool:
        return told.at < self.fresh_until

    def one_rejection_reply(self, told: Happening) -> bool:
        return not self.took_the_no

    def plan_ready(self, told: Happening) -> bool:
        return self.plan == "ready"

    def one_counter(self, told: Happening) -> bool:
        return not self.countered

    def two_counters(self, told: Happening) -> bool:
        return self.counters < 2

    def their_date_first(self, told: Happening) -> bool:
        return told.at >= self.promise_over

    def month_of_silence(self, told: Happening) -> bool:
        return told.at >= self.last_sign + THIRTY_DAYS

    # --- actions ------------------------------------------------------------------------------

    def note_interview(self, told: Happening) -> None:
        self.interviewed(told.at, told.fields["interviewers"], told.fields.get("decide_by"))

    def note_promise(self, told: Happening) -> None:
        self.wrote(told.at)
        self.promised(told.at, told.fields["date"])

    def note_message(self, told: Happening) -> None:
        self.wrote(told.at)
        self.quiet_until = told.at + ONE_WEEK

    def note_offer(self, told: Happening) -> None:
        self.wrote(told.at)
        self.promise_ends()
        self.countered = False

    note_offer_revised = note_offer

    def note_rejection(self, told: Happening) -> None:
        self.said_no(told.at)

    note_offer_withdrawn = note_rejection

    def note_thank_you(self, told: Happening) -> None:
        self.employer.happens(told.at)
        self.owed[told.to or ""] = False

    def note_linkedin_invite(self, told: Happening) -> None:
        self.employer.happens(told.at)
        person = self.employer.person(told.to or "")
        person.invited = True
        person.network = "invited"

    def note_follow_up(self, told: Happening) -> None:
        self.employer.happens(told.at)
        self.employer.chased = True
        self.followed_up = True

    def note_missed_call(self, told: Happening) -> None:
        self.employer.happens(told.at)
        self.employer.attempts += 1
        self.employer.attempt_from = told.at + ONE_DAY

    def note_reply(self, told: Happening) -> None:
        self.employer.happens(told.at)
        self.credits -= 1

    def note_rejection_reply(self, told: Happening) -> None:
        self.employer.happens(told.at)
        self.took_the_no = True

    def note_counter_offer(self, told: Happening) -> None:
        self.employer.happens(told.at)
        self.employer.chased = True
        self.counters += 1
        self.countered = True

    def note_accept(self, told: Happening) -> None:
        self.employer.happens(told.at)
        self.credits = 0

    note_decline = note_accept
    note_withdraw = note_accept

    def note_assume_closed(self, told: Happening) -> None:
        self.employer.happens(told.at)

    # --- what the peers' machine does not hear of ----------------------------------------------

    def hears(self, told: Happening) -> bool:
        """What other machines of the rulebook are for: the profile, the plan, the connection."""
        if told.event == "write_plan":
            self.employer.happens(told.at)
            self.plan = "ready"
            return True
        return tell_books(self.employer, told)
