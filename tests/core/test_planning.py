"""Hosts plan by day, and for the acts that they have a button for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from tests.core.helpers import at, packaged
from tests.laws.twins import told
from tests.strategies.runs import Case, cases
from tests.strategies.scale import tried

TALK = at("2026-03-02 10:00")
DAY = timedelta(days=1)
THANKS: dict[str, Any] = {"thanks": True, "topic": True, "looking_forward": True}


def waiting(**fields: Any) -> pi.Process:
    process = packaged().start("Acme", "Europe/Zurich")
    return process.record("interview", at=TALK, interviewers=["ana"], **fields).process


# --- by day -----------------------------------------------------------------------------------------


def test_a_day_is_allowed_from_its_first_moment_that_is() -> None:
    verdict = waiting().may_on(date(2026, 3, 10), "follow_up", channel="call")
    assert (verdict.allowed, verdict.at, verdict.opens_at) == (True, at("2026-03-10 08:00"), verdict.at)
    assert verdict.closes_at == at("2026-03-10 20:00")
    by_mail = waiting().may_on(date(2026, 3, 9), "follow_up", channel="email")
    assert (by_mail.allowed, by_mail.at) == (True, at("2026-03-09 10:00"))


def test_a_day_without_such_a_moment_says_when_it_opens() -> None:
    verdict = waiting().may_on(date(2026, 3, 8), "follow_up", channel="call")
    assert (verdict.allowed, verdict.at) == (False, at("2026-03-08 00:00"))
    assert verdict.opens_at == at("2026-03-09 10:00")


def test_a_day_is_refused_by_no_guard_that_only_its_hour_would_offend() -> None:
    verdict = waiting(decide_by=date(2026, 3, 10)).may_on(date(2026, 3, 5), "follow_up", channel="call")
    assert (verdict.at, verdict.opens_at) == (at("2026-03-05 08:00"), at("2026-03-11 08:00"))
    assert [reason.id for reason in verdict.reasons] == ["wait_for_the_answer"]


def test_the_verdicts_on_a_day_are_those_on_each_act() -> None:
    process, day = waiting(), date(2026, 3, 10)
    for verdict in process.verdicts_on(day):
        alone = process.may_on(day, verdict.event, to=verdict.to, application=verdict.application)
        needs_fields = {reason.id for reason in alone.reasons} - {reason.id for reason in verdict.reasons}
        assert (verdict.allowed, verdict.at) == (alone.allowed, alone.at) or needs_fields
    allowed = {verdict.event: verdict.at for verdict in process.verdicts_on(day) if verdict.allowed}
    assert allowed["follow_up"] == at("2026-03-10 08:00")
    with pytest.raises(pi.TimeError, match="before the latest event"):
        process.verdicts_on(date(2026, 3, 1))


def test_the_plan_for_a_day_accuses_nobody_of_the_hour_that_nobody_knows() -> None:
    """A call of the day was at some hour, and not at midnight, when the day begins."""
    process = waiting().record("follow_up", at=date(2026, 3, 10), channel="call").process
    first = process.first_moment_on(date(2026, 3, 10))
    assert first == at("2026-03-10 08:00")
    items = {item.event: item for item in process.agenda(at=first)}
    assert (items["follow_up"].kind, items["follow_up"].text) == (
        "done",
        "follow up with Acme: done Tue 10 Mar",
    )
    later = process.may_on(date(2026, 3, 10), "missed_call")
    assert [reason.has for reason in later.reasons if reason.id == "one_follow_up"] == [
        "1 follow-up in this round, on Tue 10 Mar 2026"
    ]
    assert not any(
        "-" in reason.has.split(" since ")[0] for reason in later.reasons if " since " in reason.has
    )
    assert process.first_moment_on(date(2026, 3, 11)) == at("2026-03-11 00:00")
    with pytest.raises(pi.TimeError, match="before the latest event"):
        process.first_moment_on(date(2026, 3, 1))


def test_days_of_two_zones_are_planned_too() -> None:
    """Cut short by the moment of the question, they come in another order, and so have other rounds."""
    process = packaged().start("Acme", "America/Los_Angeles")
    process = process.record("interview", at=date(2026, 3, 10), interviewers=["ana"]).process
    process = process.change(at=at("2026-03-10 09:00"), timezone="Asia/Tokyo").process
    process = process.record("interview", at=date(2026, 3, 10), late=True, interviewers=["bo"]).process
    verdicts = process.verdicts_on(date(2026, 3, 10))
    assert {(each.event, each.to) for each in verdicts} >= {("thank_you", "ana"), ("thank_you", "bo")}


def test_of_the_day_of_the_latest_event_the_rest_is_left() -> None:
    verdict = waiting().may_on(TALK.date(), "thank_you", to="ana", **THANKS)
    assert (verdict.allowed, verdict.at) == (True, TALK)
    with pytest.raises(pi.TimeError, match="before the latest event"):
        waiting().may_on(date(2026, 3, 1), "follow_up")


@pytest.mark.parametrize("day", [TALK, "2026-03-10", 10])
def test_a_day_is_a_date(day: object) -> None:
    with pytest.raises(pi.MisuseError, match="is no day"):
        waiting().may_on(day, "follow_up")  # type: ignore[arg-type]


def test_a_fact_is_asked_of_no_day() -> None:
    with pytest.raises(pi.MisuseError, match="is a fact"):
        waiting().may_on(date(2026, 3, 10), "offer")


@tried(40, 2000)
@given(cases(questions=1, most=8), st.integers(0, 9))
def test_a_day_is_allowed_exactly_if_a_moment_of_it_is(case: Case, days: int) -> None:
    twins = told(case)
    process, question = twins.process, case.run.questions[0]
    latest = process.timeline[-1].at if process.timeline else question.at
    day = process.calendar.day_of(latest) + days * DAY
    verdict = process.may_on(
        day, question.event, to=question.to, application=question.application, **question.fields
    )
    starts = (
        max(process.calendar.start_of(day), latest) if process.timeline else process.calendar.start_of(day)
    )
    first = process.may(
        question.event, at=starts, to=question.to, application=question.application, **question.fields
    )
    opens = first.opens_at
    assert verdict.allowed == (opens is not None and opens < process.calendar.end_of(day))
    assert starts <= verdict.at < process.calendar.end_of(day)
    assert verdict.at == opens if verdict.allowed else len(verdict.reasons) <= len(first.reasons)
    same = process.may(
        question.event, at=verdict.at, to=question.to, application=question.application, **question.fields
    )
    assert (same.allowed, same.reasons) == (verdict.allowed, verdict.reasons)


# --- by act -----------------------------------------------------------------------------------------


def test_an_agenda_of_some_acts_speaks_of_no_others() -> None:
    process, now = waiting(), at("2026-03-12 09:00")
    process = process.record("thank_you", to="bob", at=at("2026-03-11 09:00"), thanks=True).process
    everything = process.agenda(at=now)
    for acts in (["follow_up"], ["thank_you", "follow_up"], ["write_plan"]):
        some = process.agenda(at=now, of=acts)
        assert some.items == tuple(item for item in everything if item.event in acts)
    assert process.agenda(at=now, of="follow_up") == process.agenda(at=now, of=["follow_up"])
    assert {item.kind for item in process.agenda(at=now, of=["thank_you"])} == {"overdue", "broken"}


def test_without_a_button_for_the_rest_waiting_is_the_advice() -> None:
    early = waiting().agenda(at=TALK + DAY, of=["follow_up"])
    assert [item.kind for item in early] == ["wait", "coming"]


def test_the_next_due_moment_of_some_acts() -> None:
    process = waiting()
    for acts in (["follow_up"], ["thank_you"], ["follow_up", "write_plan"]):
        dues = [item.due for item in process.agenda(at=TALK, of=acts) if item.due is not None]
        assert process.next_due_of(acts) == min(dues)
    assert process.next_due_of(None) == process.next_due
    assert process.next_due_of([]) is None


@pytest.mark.parametrize("ask", ["agenda", "next_due_of"])
@pytest.mark.parametrize(("acts", "error"), [(["folow_up"], "unknown event"), (["offer"], "is a fact")])
def test_only_acts_can_be_named(ask: str, acts: list[str], error: str) -> None:
    process = waiting()
    with pytest.raises(pi.MisuseError, match=error):
        process.next_due_of(acts) if ask == "next_due_of" else process.agenda(at=TALK, of=acts)


def test_two_applications_have_one_line_for_the_one_follow_up() -> None:
    process = packaged().start("Acme", "Europe/Zurich")
    for number, application in enumerate(("backend", "data")):
        process = process.record("interview", at=TALK + number * DAY, application=application).process
    now = at("2026-03-12 09:00")
    (item,) = [item for item in process.agenda(at=now, of=["follow_up"]) if item.event]
    assert item.applications == ("backend", "data")
    done = process.do("follow_up", at=now, application="data", channel="email").process
    assert [item.kind for item in done.agenda(at=now, of=["follow_up"])].count("done") == 1


# --- keys of hosts ----------------------------------------------------------------------------------


def test_whole_numbers_are_taken_as_their_text() -> None:
    process = packaged().start("Acme", "Europe/Zurich")
    process = process.record("interview", at=TALK, application=7, interviewers=[31, "32"]).process
    outcome = process.do("thank_you", at=TALK + DAY, to=31, application=7, **THANKS)
    assert outcome.event is not None
    assert (outcome.event.to, outcome.event.application) == ("31", "7")
    after = outcome.process
    assert after.state("application", application=7) == "waiting"
    assert after.state("thanks", application="7", to=31) == after.state("thanks", application=7, to="31")
    assert not after.may("thank_you", at=TALK + 3 * DAY, to=31, application="7", **THANKS)
    assert after.unknown("message", until=TALK, application=7).process.history[-1].application == "7"  # type: ignore[union-attr]
    assert after.known("message", application=7).process.history[-1].application == "7"  # type: ignore[union-attr]
    one = packaged().start("Acme", "Europe/Zurich").record("interview", at=TALK, interviewers=5).process
    assert one.timeline[0].people == ("5",)
    assert packaged().restore(after.to_json()) == after


@pytest.mark.parametrize("key", [True, 1.5, b"7", ""])
def test_nothing_else_is_a_key(key: Any) -> None:
    with pytest.raises(pi.MisuseError):
        packaged().start("Acme", "Europe/Zurich").record("interview", at=TALK, application=key)
    with pytest.raises(pi.MisuseError):
        waiting().may("thank_you", to=key, at=TALK)


# --- what is said -----------------------------------------------------------------------------------


def test_what_must_come_first_is_told_by_its_title() -> None:
    verdict = waiting().may("linkedin_invite", to="ana", at=TALK + 2 * DAY, personal_note=True)
    assert verdict.opens_after == ("complete_profile",)
    assert verdict.opens_after_titles == ("complete the LinkedIn profile",)
    assert verdict.as_json()["opens_after_titles"] == ["complete the LinkedIn profile"]
    bare = waiting().may("linkedin_invite", to="ana", at=TALK + 2 * DAY)
    assert bare.opens_after_titles == ("complete the LinkedIn profile", "personal_note")


# --- interviewers nobody knows ------------------------------------------------------------------------


@pytest.mark.parametrize("unsaid", [{}, {"interviewers": None}])
def test_who_was_met_may_be_unknown(unsaid: dict[str, Any]) -> None:
    process = packaged().start("Acme", "Europe/Zurich").record("interview", at=TALK, **unsaid).process
    outcome = process.record("thank_you", to="ana", at=TALK + DAY, **THANKS)
    assert outcome.verdict is not None
    assert {reason.has for reason in outcome.verdict.reasons} == {"unknown"}
    assert [placed.doubtful for placed in outcome.process.breaches] == [True]
    assert process.agenda(at=TALK + DAY, of=["thank_you"]).of("overdue") == ()
    first = process.do("follow_up", at=TALK + 8 * DAY, channel="email").process
    second = first.record("follow_up", at=TALK + 12 * DAY, channel="email")
    assert [placed.doubtful for placed in second.process.breaches] == [False]


def test_nobody_is_not_the_same_as_unknown() -> None:
    process = packaged().start("Acme", "Europe/Zurich").record("interview", at=TALK, interviewers=()).process
    verdict = process.may("thank_you", to="ana", at=TALK + DAY, **THANKS)
    assert [reason.has for reason in verdict.reasons] == ["ana has not interviewed you here"]
