"""What a tracker shows: the right lines, in the order of what matters."""

from __future__ import annotations

from datetime import date

import pytest

import postinterview as pi
from tests.core.helpers import at, default, start
from tests.core.test_peer_traps import SMALL
from tests.core.test_semantics import THANKS, interviewed


def lines(process: pi.Process, when: str) -> list[tuple[str, str]]:
    return [(item.kind, item.text) for item in process.agenda(at=at(when))]


def prepared() -> pi.Process:
    process = interviewed()
    for person in ("ana", "bo"):
        process = process.do("thank_you", at=at("2026-03-02 17:00"), to=person, **THANKS).process
    process = process.do("complete_profile", at=at("2026-03-02 18:00")).process
    process = process.do("write_plan", at=at("2026-03-02 18:00"), acceptance="from 80,000").process
    for person in ("ana", "bo"):
        process = process.do(
            "linkedin_invite", at=at("2026-03-03 12:00"), to=person, personal_note=True
        ).process
    return process


def test_before_anything_happened_there_is_nothing_to_do() -> None:
    assert lines(start(), "2026-03-02 09:00") == []


def test_after_the_interview_come_the_notes_then_the_plan_then_what_is_still_to_come() -> None:
    assert lines(interviewed(), "2026-03-02 12:00") == [
        ("open", "thank ana: 22 h left"),
        ("open", "thank bo: 22 h left"),
        ("open", "complete the LinkedIn profile: 22 h left"),
        ("open", "write the game plan: 22 h left"),
        ("coming", "follow up with acme from Wed 11 Mar"),
        ("coming", "assume the application closed from Wed 1 Apr 11:00"),
        ("blocked", "invite ana on LinkedIn: first complete the LinkedIn profile"),
        ("blocked", "invite bo on LinkedIn: first complete the LinkedIn profile"),
    ]


def test_an_overdue_thank_you_is_the_loudest_line() -> None:
    process = interviewed().record("message", at=at("2026-03-02 11:00")).process
    agenda = process.agenda(at=at("2026-03-05 09:00"))
    assert [item.text.split(":")[0] for item in agenda.of("overdue")] == [
        "thank ana",
        "thank bo",
        "answer acme",
        "complete the LinkedIn profile",
        "write the game plan",
    ]
    assert agenda[0].why.startswith("Within a day")
    assert agenda[0].rule.startswith("rules/default.yaml:")


def test_when_all_is_done_waiting_is_the_advice() -> None:
    kinds = [kind for kind, _ in lines(prepared(), "2026-03-04 09:00")]
    assert kinds == ["wait", "coming", "coming", *["done"] * 6]
    assert lines(prepared(), "2026-03-04 09:00")[0][1] == (
        "nothing to do but wait until Wed 11 Mar: that is the advice"
    )


def test_a_follow_up_is_suggested_and_never_shouted() -> None:
    assert lines(prepared(), "2026-03-11 09:00")[0] == (
        "open",
        "follow up with acme: suggested by Thu 12 Mar 09:00",
    )
    assert lines(prepared(), "2026-03-20 09:00")[0] == (
        "overdue",
        "follow up with acme: suggested by Thu 12 Mar 09:00",
    )


def test_nothing_is_due_before_it_may_be_done() -> None:
    process = prepared().record("message", at=at("2026-03-10 12:00")).process
    process = process.do("reply", at=at("2026-03-10 13:00")).process
    item = next(i for i in process.agenda(at=at("2026-03-10 14:00")) if i.event == "follow_up")
    assert (item.kind, item.opens_at, item.due) == ("coming", at("2026-03-17 12:00"), at("2026-03-17 12:00"))


def test_a_breach_is_broken_and_not_done() -> None:
    process = prepared().record("follow_up", at=at("2026-03-05 09:00"), channel="email").process
    agenda = process.agenda(at=at("2026-03-06 09:00"))
    assert [(i.kind, i.text) for i in agenda if i.event == "follow_up"] == [
        ("broken", "against the rules on Thu 5 Mar 09:00: follow up with acme")
    ]


def test_the_other_applications_chase_blocks_with_the_reason() -> None:
    process = start()
    for name in ("backend", "frontend"):
        process = process.record(
            "interview", at=at("2026-03-02 10:00"), application=name, interviewers=["ana"]
        ).process
    moment = at("2026-03-12 10:00")
    process = process.do("follow_up", at=moment, application="backend", channel="call").process
    item = next(
        i
        for i in process.agenda(at=at("2026-03-12 11:00"))
        if i.event == "follow_up" and i.application == "frontend"
    )
    assert item.kind == "blocked"
    assert item.text == (
        "follow up with acme (frontend): follow up with acme (backend) was on Thu 12 Mar 10:00; "
        "wait until acme speaks"
    )


def test_a_person_is_invited_once_whichever_application_is_asked() -> None:
    process = start()
    for name in ("backend", "frontend"):
        process = process.record(
            "interview", at=at("2026-03-02 10:00"), application=name, interviewers=["ana"]
        ).process
    process = process.do("complete_profile", at=at("2026-03-02 11:00")).process
    agenda = process.agenda(at=at("2026-03-04 09:00"))
    assert [i.application for i in agenda if i.event == "linkedin_invite"] == ["backend"]
    assert [i.application for i in agenda if i.event == "thank_you"] == ["backend", "frontend"]


@pytest.mark.parametrize("end", ["decline", "withdraw"])
def test_once_it_is_over_nothing_is_left_to_prepare(end: str) -> None:
    process = interviewed().record("offer", at=at("2026-03-03 10:00")).process
    process = process.do(end, at=at("2026-03-04 10:00")).process
    assert {item.kind for item in process.agenda(at=at("2026-03-06 09:00"))} <= {"done"}


def test_a_no_asks_for_a_kind_answer_and_then_for_nothing() -> None:
    process = prepared().record("rejection", at=at("2026-03-05 10:00")).process
    assert lines(process, "2026-03-05 12:00")[0] == ("open", "answer the no kindly: 46 h left")
    process = process.do("rejection_reply", at=at("2026-03-05 13:00")).process
    assert {kind for kind, _ in lines(process, "2026-03-06 12:00")} == {"done"}


def test_an_offer_is_decided_by_its_date_or_within_a_week() -> None:
    offered = prepared().record("offer", at=at("2026-03-05 10:00"), answer_by=date(2026, 3, 9)).process
    due = {i.event: i.due for i in offered.agenda(at=at("2026-03-05 11:00"))}
    assert due["accept"] == due["decline"] == at("2026-03-10 00:00")
    offered = prepared().record("offer", at=at("2026-03-05 10:00")).process
    due = {i.event: i.due for i in offered.agenda(at=at("2026-03-05 11:00"))}
    assert due["accept"] == at("2026-03-12 10:00")


def test_what_is_unknown_blocks_and_says_so() -> None:
    process = start().record("interview", at=at("2026-02-02 10:00"), interviewers=[]).process
    process = process.unknown("chase", until=at("2026-03-01 00:00")).process
    item = next(i for i in process.agenda(at=at("2026-03-05 11:00")) if i.event == "follow_up")
    assert item.kind == "blocked"
    assert [reason.has for reason in item.reasons] == ["unknown", "unknown"]


def test_every_item_says_itself_in_plain_types() -> None:
    item = interviewed().agenda(at=at("2026-03-02 12:00"))[0]
    assert item.as_json() == {
        "kind": "open",
        "text": "thank ana: 22 h left",
        "event": "thank_you",
        "application": "main",
        "applications": ["main"],
        "to": "ana",
        "at": None,
        "due": "2026-03-03T10:00:00+01:00",
        "opens_at": "2026-03-02T12:00:00+01:00",
        "closes_at": None,
        "reasons": [],
        "why": item.why,
        "rule": item.rule,
    }
    assert default().definition.machines["thanks"].transitions[0].origin.line == int(item.rule.split(":")[1])


# --- what people read ----------------------------------------------------------------------------


def nudged_before_a_second_round(limit: str) -> pi.Process:
    """A nudge that its limit may refuse now, due again since the second round."""
    text = SMALL.replace("events:\n", "events:\n  message: {by: employer}\n")
    text = text.replace("transitions:\n", "transitions:\n      hear: {event: message, from: any}\n")
    text = text.replace("per: round}", f"{limit}}}").replace(
        "        to: nudged\n", "        to: nudged\n        due: interview + 1 day\n"
    )
    process = pi.load_rulebook(text=text).start("acme", "Europe/Zurich")
    process = process.record("interview", at=at("2026-03-02 10:00"), interviewers=[]).process
    process = process.do("nudge", at=at("2026-03-02 11:00")).process
    return process.record("interview", at=at("2026-03-04 10:00"), interviewers=[]).process


def test_what_was_done_in_another_round_is_said_with_its_day() -> None:
    process = nudged_before_a_second_round("per: application, since: message")
    assert lines(process, "2026-03-04 12:00") == [
        ("wait", "nothing to do but wait for the employer: that is the advice"),
        ("blocked", "nudge: done already on Mon 2 Mar 11:00; wait for message"),
    ]


def test_what_was_done_once_for_ever_leaves_the_agenda() -> None:
    process = nudged_before_a_second_round("per: application")
    assert process.may("nudge", at=at("2026-03-04 12:00")).opens_after == ()
    assert [kind for kind, _ in lines(process, "2026-03-04 12:00")] == ["wait"]


def test_a_call_that_nobody_took_reads_as_a_sentence_when_it_broke_the_rules() -> None:
    process = interviewed().record("missed_call", at=at("2026-03-05 09:00")).process
    assert [i.text for i in process.agenda(at=at("2026-03-06 09:00")).of("broken")] == [
        "against the rules on Thu 5 Mar 09:00: a call to acme that nobody took"
    ]


def test_what_is_just_due_is_just_overdue_and_not_by_0_minutes() -> None:
    def thank(when: str) -> tuple[str, str]:
        return lines(interviewed(), when)[0]

    assert thank("2026-03-03 09:58:59") == ("open", "thank ana: 1 min left")
    assert thank("2026-03-03 09:59:30") == ("open", "thank ana: due now")
    assert thank("2026-03-03 10:00") == ("overdue", "thank ana: just overdue")
    assert thank("2026-03-03 10:59:59") == ("overdue", "thank ana: just overdue")
    assert thank("2026-03-03 11:00") == ("overdue", "thank ana: 1 h overdue")


def test_what_concerns_the_employer_is_named_without_an_application() -> None:
    process = (
        start().record("interview", at=at("2026-03-02 10:00"), application="be", interviewers=["ana"]).process
    )
    assert ("blocked", "invite ana on LinkedIn (be): first complete the LinkedIn profile") in lines(
        process, "2026-03-02 12:00"
    )


# --- a counter-offer answers the offer -----------------------------------------------------------


def countered() -> pi.Process:
    process = prepared().record("offer", at=at("2026-03-05 10:00"), answer_by=date(2026, 3, 8)).process
    return process.do("counter_offer", at=at("2026-03-06 10:00")).process


def pressing(process: pi.Process, when: str) -> list[tuple[str, str]]:
    return [line for line in lines(process, when) if line[0] != "done"]


def test_after_a_counter_offer_nothing_is_due_and_waiting_is_the_advice() -> None:
    assert pressing(countered(), "2026-03-12 10:00") == [
        ("wait", "nothing to do but wait for the employer: that is the advice")
    ]


def test_a_message_after_the_counter_offer_wants_an_answer_again() -> None:
    process = countered().record("message", at=at("2026-03-07 10:00")).process
    assert pressing(process, "2026-03-07 11:00") == [("open", "answer acme: 23 h left")]


def test_a_revised_offer_after_the_counter_offer_wants_a_decision_again() -> None:
    process = (
        countered().record("offer_revised", at=at("2026-03-07 10:00"), answer_by=date(2026, 3, 9)).process
    )
    assert pressing(process, "2026-03-07 11:00") == [
        ("open", "answer acme: 23 h left"),
        ("open", "accept the offer: 2 days 13 h left"),
        ("open", "decline the offer: 2 days 13 h left"),
    ]


def test_while_they_think_about_the_counter_offer_the_offer_can_be_taken_or_left() -> None:
    for act, state in (("accept", "accepted"), ("decline", "declined")):
        assert countered().do(act, at=at("2026-03-07 10:00")).process.state("application") == state


def test_a_kind_of_line_that_there_is_not_is_misuse() -> None:
    with pytest.raises(pi.UnknownNameError, match="unknown kind of item `due`"):
        start().agenda(at=at("2026-03-07 10:00")).of("due")  # type: ignore[arg-type]
