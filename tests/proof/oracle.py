"""The promises of ``rules/courtesy.yaml``, written a second time over bare histories, with no shared code.

It reads names, moments, applications and people of the events, and the tags that promises trust. It
knows neither rounds nor states nor guards of the engine, and looks through the whole history each time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from postinterview.core.process import Process
from tests.proof import bare
from tests.proof.bare import Asked, Told, alive, contact, here, in_round, names, since

NOES = {"rejection", "offer_withdrawn"}
ANSWERS = {"offer", "offer_revised"}
ENDS = {"accept", "decline", "withdraw"}


def one_chase(a: Asked) -> bool:
    quiet = since(a.before, lambda t: alive(a, t))
    return contact(a, a.act) == "chase" and any(contact(a, t) == "chase" for t in quiet)


def one_follow_up(a: Asked) -> bool:
    return a.act.name == "follow_up" and any(t.name == "follow_up" for t in in_round(a))


def not_before_the_date(a: Asked) -> bool:
    if contact(a, a.act) not in ("chase", "attempt"):
        return False
    standing: date | None = None
    for told in here(a):
        kind = a.definition.events[told.name]
        named = [day for name, day in told.dates if name == "promised" and kind.by == "employer"]
        if named:
            standing = max(named[-1], told.at.astimezone(a.zone).date())
        elif told.name in NOES | ANSWERS or (
            kind.opens_round
            and kind.by == "employer"
            and standing is not None
            and told.at.astimezone(a.zone).date() > standing
        ):
            standing = None
    return standing is not None and a.act.at.astimezone(a.zone).date() <= standing


def courtesy_once(a: Asked) -> bool:
    if contact(a, a.act) != "courtesy":
        return False
    if a.act.to is not None:
        return any(t.name == a.act.name and names(t, a.act.to) for t in in_round(a))
    return any(t.name == a.act.name for t in since(here(a), lambda t: alive(a, t)))


def one_invite(a: Asked) -> bool:
    """An invitation that names nobody may be anybody's."""
    return a.act.name == "linkedin_invite" and any(
        t.name == "linkedin_invite" and (a.act.to is None or names(t, a.act.to)) for t in a.before
    )


def quiet_after_a_no(a: Asked) -> bool:
    said = [t for t in here(a) if alive(a, t) or t.name in NOES]
    if a.act.name == "rejection_reply":
        after = since(here(a), lambda t: t.name in NOES)
        return any(t.name == "rejection_reply" for t in after)
    return contact(a, a.act) not in ("", "none") and bool(said) and said[-1].name in NOES


def quiet_after_the_end(a: Asked) -> bool:
    if contact(a, a.act) not in ("chase", "attempt"):
        return False
    again = ANSWERS | {"interview"}
    ended = since(here(a), lambda t: t.name in again)
    accepted = since(here(a), lambda t: t.name in NOES | {"decline", "withdraw"})
    return any(t.name in ("decline", "withdraw") for t in ended) or any(t.name == "accept" for t in accepted)


def one_counter(a: Asked) -> bool:
    asked = since(here(a), lambda t: t.name in ANSWERS)
    return a.act.name == "counter_offer" and any(t.name == "counter_offer" for t in asked)


def two_counters(a: Asked) -> bool:
    return a.act.name == "counter_offer" and sum(t.name == "counter_offer" for t in here(a)) >= 2


def two_attempts(a: Asked) -> bool:
    quiet = since(a.before, lambda t: alive(a, t))
    return contact(a, a.act) == "attempt" and sum(contact(a, t) == "attempt" for t in quiet) >= 2


def attempts_apart(a: Asked) -> bool:
    return contact(a, a.act) == "attempt" and any(
        contact(a, t) == "attempt" and a.act.at - t.at < timedelta(days=1) for t in a.before
    )


def no_attempt_after_a_chase(a: Asked) -> bool:
    quiet = since(a.before, lambda t: alive(a, t))
    return contact(a, a.act) == "attempt" and any(contact(a, t) == "chase" for t in quiet)


def one_reply(a: Asked) -> bool:
    credits_ = 0
    for told in here(a):
        kind = a.definition.events[told.name]
        if told.name in NOES | ENDS:
            credits_ = 0
        if kind.by == "employer" and kind.gives:
            credits_ = min(3, credits_ + 1)
        if contact(a, told) == "reply":
            credits_ = max(0, credits_ - 1)
    return contact(a, a.act) == "reply" and credits_ == 0


def allowed_within(a: Asked, days: int, is_such: Callable[[Told], bool]) -> int:
    """How many such acts the rules allowed in the last days."""
    return sum(t.allowed and is_such(t) and a.act.at - t.at < timedelta(days=days) for t in a.before)


def nudges(a: Asked, told: Told) -> bool:
    return contact(a, told) in ("chase", "attempt") and told.name != "counter_offer"


def a_week_apart(a: Asked) -> bool:
    def is_such(told: Told) -> bool:
        return contact(a, told) == "chase" and told.name != "counter_offer"

    return is_such(a.act) and allowed_within(a, 7, is_such) >= 1


def few_nudges(a: Asked) -> bool:
    return nudges(a, a.act) and allowed_within(a, 14, lambda t: nudges(a, t)) >= 3


def few_in_two_months(a: Asked) -> bool:
    return nudges(a, a.act) and allowed_within(a, 60, lambda t: nudges(a, t)) >= 6


def few_courtesies_to_a_person(a: Asked) -> bool:
    """A courtesy to nobody in particular is to no person."""
    if contact(a, a.act) != "courtesy" or a.act.to is None:
        return False
    mine = [t for t in in_round(a) if t.to is not None and names(t, a.act.to)]
    return sum(contact(a, t) == "courtesy" and t.allowed for t in mine) >= 2


def few_words_to_nobody(a: Asked) -> bool:
    if contact(a, a.act) != "courtesy" or a.act.to is not None:
        return False
    quiet = since(here(a), lambda t: alive(a, t))
    return sum(contact(a, t) == "courtesy" and t.to is None and t.allowed for t in quiet) >= 3


def few_notices(a: Asked) -> bool:
    return a.act.name == "notice" and allowed_within(a, 60, lambda t: t.name == "notice") >= 3


def few_counters(a: Asked) -> bool:
    return a.act.name == "counter_offer" and allowed_within(a, 60, lambda t: t.name == "counter_offer") >= 3


def days_since_they_met(a: Asked) -> timedelta | None:
    """How long ago the act's person interviewed last; an interview that names nobody may be anybody's."""
    met = [
        t for t in a.before if t.name == "interview" and (not t.people or names(t, a.act.to) or not a.act.to)
    ]
    return a.act.at - met[-1].at if met else None


def fresh_thanks(a: Asked) -> bool:
    met = days_since_they_met(a)
    return a.act.name == "thank_you" and met is not None and met >= timedelta(days=14)


def fresh_invitations(a: Asked) -> bool:
    met = days_since_they_met(a)
    late = met is not None and met >= timedelta(days=30)
    return contact(a, a.act) == "courtesy" and a.act.to is not None and late


def two_attempts_a_round(a: Asked) -> bool:
    rung = sum(contact(a, t) == "attempt" and t.allowed for t in in_round(a))
    return contact(a, a.act) == "attempt" and rung >= 2


JUDGES: tuple[Callable[[Asked], bool], ...] = (
    one_chase,
    one_follow_up,
    a_week_apart,
    few_nudges,
    few_in_two_months,
    not_before_the_date,
    courtesy_once,
    few_courtesies_to_a_person,
    few_notices,
    fresh_thanks,
    one_invite,
    fresh_invitations,
    quiet_after_a_no,
    quiet_after_the_end,
    one_counter,
    two_counters,
    few_counters,
    two_attempts,
    two_attempts_a_round,
    attempts_apart,
    no_attempt_after_a_chase,
    one_reply,
    few_words_to_nobody,
)
ORACLE = {judge.__name__: judge for judge in JUDGES}
"""By the ids of the packaged promises."""


def broken(
    process: Process, event: str, at: datetime, *, to: str | None = None, application: str | None = None
) -> set[str]:
    """The promises that the act breaks if it is done now."""
    asked = bare.asked(process, event, at, to=to, application=application)
    return {name for name, breaks in ORACLE.items() if breaks(asked)}
