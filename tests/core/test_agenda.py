"""What a tracker shows: the right lines, in the order of what matters."""

from __future__ import annotations

from datetime import date

import pytest

import postinterview as pi
from tests.core.helpers import at, default, start
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
        ("coming", "call acme from Wed 11 Mar"),
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
    assert agenda[0].why.startswith("Quickly")
    assert agenda[0].rule.startswith("rules/default.yaml:")


def test_when_all_is_done_waiting_is_the_advice() -> None:
    kinds = [kind for kind, _ in lines(prepared(), "2026-03-04 09:00")]
    assert kinds == ["wait", "coming", "coming", *["done"] * 6]
    assert lines(prepared(), "2026-03-04 09:00")[0][1] == (
        "nothing to do but wait until Wed 11 Mar: that is the advice"
    )


def test_a_follow_up_is_suggested_and_never_shouted() -> None:
    assert lines(prepared(), "2026-03-11 09:00")[0] == ("open", "call acme: suggested by Thu 12 Mar")
    assert lines(prepared(), "2026-03-20 09:00")[0] == ("overdue", "call acme: suggested by Thu 12 Mar")


def test_nothing_is_due_before_it_may_be_done() -> None:
    process = prepared().record("message", at=at("2026-03-10 12:00")).process
    process = process.do("reply", at=at("2026-03-10 13:00")).process
    item = next(i for i in process.agenda(at=at("2026-03-10 14:00")) if i.event == "follow_up")
    assert (item.kind, item.opens_at, item.due) == ("coming", at("2026-03-17 12:00"), at("2026-03-17 12:00"))


def test_a_breach_is_broken_and_not_done() -> None:
    process = prepared().record("follow_up", at=at("2026-03-05 09:00"), channel="email").process
    agenda = process.agenda(at=at("2026-03-06 09:00"))
    assert [(i.kind, i.text) for i in agenda if i.event == "follow_up"] == [
        ("broken", "call acme: done Thu 5 Mar 09:00 against the rules")
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
        "call acme (frontend): 1 chase since the last sign_of_life (follow_up, Thu 12 Mar 2026 10:00), "
        "needs no chase since the last sign_of_life (opens after interview, promise, message, offer, "
        "offer_revised, offer_withdrawn or rejection)"
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
