"""The story that is timed, from the first interview to the acceptance, and how to tell it.

Each happening is told the way its listener wants: to the library by name, to the hand-written class
by method, to the peers as one value. The walk of the hand-written class is written out, as a host
would, so that nothing but the class itself is timed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from attrs import field, frozen

import postinterview as pi
from benchmarks.books import EmployerBooks
from benchmarks.floor import Application, Employer
from benchmarks.immutable import Process as Immutable
from benchmarks.immutable_facts import Outcome as ImmutableOutcome

FIRST_RULES = Path(__file__).parents[1] / "tests" / "rules" / "default-1.yaml"
EMPLOYER = "acme"
TIMEZONE = "Europe/Zurich"
PEOPLE = ("ana", "bo")
NOTE: dict[str, Any] = {"thanks": True, "topic": "the data platform", "looking_forward": True}
PLAN: dict[str, Any] = {
    "keep_searching": True,
    "acceptance": "80 %, and two days at home",
    "negotiation": "the salary first",
    "if_rejected": "ask what was missing",
    "if_silent": "one call, then the next employer",
}


def first_rules() -> pi.Rulebook:
    """The default rules as they first were: those that the hand-written class holds.

    They stay as they are, so ratios can be compared over the years.
    """
    return pi.load_rulebook(FIRST_RULES)


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2026."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@frozen
class Happening:
    """Something that happens: an event, when, to whom, and what it carries."""

    event: str
    at: datetime
    to: str | None = None
    fields: dict[str, Any] = field(factory=dict)
    application: str = "main"


HISTORY = (
    Happening("interview", utc(2, 9), fields={"interviewers": PEOPLE, "decide_by": date(2026, 3, 10)}),
    Happening("thank_you", utc(2, 14), "ana", NOTE),
    Happening("thank_you", utc(2, 14, 10), "bo", NOTE),
    Happening("complete_profile", utc(2, 15)),
    Happening("write_plan", utc(2, 16), fields=PLAN),
    Happening("linkedin_invite", utc(3, 10), "ana", {"personal_note": "it was good to talk"}),
    Happening("linkedin_invite", utc(3, 10, 5), "bo", {"personal_note": "it was good to talk"}),
    Happening("invite_accepted", utc(3, 12), "ana"),
    Happening("message", utc(4, 8)),
    Happening("reply", utc(4, 9)),
    Happening("follow_up", utc(11, 9), fields={"channel": "call"}),
    Happening("interview", utc(12, 9), fields={"interviewers": ("cy",)}),
    Happening("thank_you", utc(12, 14), "cy", NOTE),
    Happening("promise", utc(12, 16), fields={"date": date(2026, 3, 20)}),
    Happening("reply", utc(12, 17)),
)
"""Fifteen events, after which one more follow-up is allowed."""

FOLLOW_UP = Happening("follow_up", utc(24, 9), fields={"channel": "call"})

TOO_EARLY = Happening("follow_up", utc(13, 9), fields={"channel": "call"})

PATH = (
    *HISTORY,
    FOLLOW_UP,
    Happening("message", utc(25, 8)),
    Happening("reply", utc(25, 9)),
    Happening("offer", utc(27, 9), fields={"answer_by": date(2026, 4, 3)}),
    Happening("counter_offer", utc(28, 9)),
    Happening("offer_revised", utc(30, 9)),
    Happening("accept", utc(31, 9)),
)
"""The whole way, each act allowed."""

TWENTY = PATH[:20]
MOMENTS = tuple(told.at for told in PATH)
FACTS = ("interview", "promise", "message", "offer", "offer_revised", "offer_withdrawn", "rejection")


def tell(process: pi.Process, told: Happening) -> pi.Outcome:
    """Tell the library: acts are asked for, facts recorded."""
    kind = process.rulebook.definition.events[told.event]
    happens = process.do if kind.is_act else process.record
    application = None if kind.employer_wide else told.application
    return happens(told.event, at=told.at, to=told.to, application=application, **told.fields)


def tell_floor(employer: Employer, told: Happening) -> bool:
    """Tell the hand-written class; whether the act was allowed or the fact expected."""
    if tell_books(employer, told):
        return True
    application = employer.applications.get(told.application) or Application(employer)
    fields = dict(told.fields)
    if told.event == "interview":
        fields["people"] = fields.pop("interviewers")
    if told.event not in ("interview", "promise", "thank_you", "linkedin_invite"):
        fields = {}  # the rules look at none of them
    person = {} if told.to is None else {"to": told.to}
    happened: bool = getattr(application, told.event)(told.at, **person, **fields)
    if happened or told.event in FACTS:
        employer.applications.setdefault(told.application, application)
    return happened


def tell_books(employer: EmployerBooks, told: Happening) -> bool:
    """What concerns the employer as a whole; False for any other event."""
    if told.event == "invite_accepted":
        employer.invite_accepted(told.at, told.to or "")
    elif told.event == "complete_profile":
        employer.complete_profile(told.at)
    else:
        return False
    return True


def tell_immutable(process: Immutable, told: Happening) -> ImmutableOutcome:
    """Tell the immutable floor."""
    wide = told.event in ("invite_accepted", "complete_profile")
    place = {} if wide else {"application": told.application}
    person = {} if told.to is None else {"to": told.to}
    outcome: ImmutableOutcome = getattr(process, told.event)(at=told.at, **place, **person, **told.fields)
    return outcome


def walk_history(employer: Employer) -> Application:
    """``HISTORY``, for the hand-written class, as one would call it."""
    at = MOMENTS
    application = employer.of()
    application.interview(at[0], PEOPLE, date(2026, 3, 10))
    application.thank_you(at[1], "ana", thanks=True, topic="the data platform", looking_forward=True)
    application.thank_you(at[2], "bo", thanks=True, topic="the data platform", looking_forward=True)
    employer.complete_profile(at[3])
    application.write_plan(at[4])
    application.linkedin_invite(at[5], "ana", personal_note="it was good to talk")
    application.linkedin_invite(at[6], "bo", personal_note="it was good to talk")
    employer.invite_accepted(at[7], "ana")
    application.message(at[8])
    application.reply(at[9])
    application.follow_up(at[10])
    application.interview(at[11], ("cy",))
    application.thank_you(at[12], "cy", thanks=True, topic="the data platform", looking_forward=True)
    application.promise(at[13], date(2026, 3, 20))
    application.reply(at[14])
    return application


def walk(employer: Employer) -> Application:
    """``PATH``, likewise."""
    at = MOMENTS
    application = walk_history(employer)
    application.follow_up(at[15])
    application.message(at[16])
    application.reply(at[17])
    application.offer(at[18])
    application.counter_offer(at[19])
    application.offer_revised(at[20])
    application.accept(at[21])
    return application
