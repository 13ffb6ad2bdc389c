"""The agenda asks about an unknown past that blocks something, and stops once it is answered."""

from __future__ import annotations

from datetime import timedelta

import postinterview as pi
from tests.core.helpers import at, packaged

TALK = at("2026-03-02 10:00")
EXPORTED = at("2026-03-20 00:00")
NOW = at("2026-03-24 10:00")
THEIRS = ("wrote", "auto_reply", "a_no")


def imported(*unknown: str, application: str | None = None, about: str | None = None) -> pi.Process:
    process = packaged().start("Acme", "Europe/Zurich")
    process = process.record("interview", at=TALK, application=application).process
    return process.unknown(*unknown, until=EXPORTED, application=about).process


def asked(process: pi.Process) -> list[str]:
    return [item.text for item in process.agenda(at=NOW).of("tell")]


def test_what_the_employer_may_have_said_is_one_question() -> None:
    (item,) = imported("promise", "message").agenda(at=NOW).of("tell")

    assert item.text == ("say whether there was a date for the answer or a message from Acme since Mon 2 Mar")
    assert item.why == (
        "Without the answer nobody knows whether or when to: follow up with Acme and assume the application "
        "closed."
    )
    assert (item.event, item.due) == (None, EXPORTED)
    assert item.question == pi.Question(
        events=("promise", "message"),
        since=TALK,
        until=EXPORTED,
        application=None,
        blocks=("follow_up", "assume_closed"),
    )
    assert repr(item) == f"<Item tell: {item.text}>"
    assert repr(item.question) == "<Question: promise, message until Fri 20 Mar 2026 00:00>"


def test_many_words_are_called_writing() -> None:
    assert asked(imported(*THEIRS)) == ["say whether Acme has written since Mon 2 Mar"]


def test_the_own_acts_are_a_question_of_their_own() -> None:
    process = imported("message", "follow_up", "promise")
    assert asked(process) == [
        "say whether there was a date for the answer or a message from Acme since Mon 2 Mar",
        "say whether you did since Mon 2 Mar: follow up with Acme",
    ]
    assert asked(imported("complete_profile", "write_plan")) == [
        "say which of these you did since Mon 2 Mar: complete the LinkedIn profile and write the game plan"
    ]


def test_the_calls_that_answer_it_are_data() -> None:
    (item,) = imported("promise").agenda(at=NOW).of("tell")
    assert item.as_json()["question"] == {
        "events": ["promise"],
        "since": "2026-03-02T10:00:00+01:00",
        "until": "2026-03-20T00:00:00+01:00",
        "application": None,
        "blocks": ["follow_up", "assume_closed"],
        "calls": [
            {"call": "record", "events": ["promise"], "late": True, "application": None},
            {"call": "known", "of": ["promise"], "until": "2026-03-20T00:00:00+01:00", "application": None},
        ],
    }
    assert all(
        "question" not in line.as_json() for line in imported("offer").agenda(at=NOW) if line.kind != "tell"
    )


def test_the_answer_ends_the_line() -> None:
    process = imported("promise", "message")
    process = process.record("message", at=at("2026-03-19 15:00"), late=True).process
    (item,) = process.agenda(at=NOW).of("tell")
    assert item.question is not None
    process = process.known(*item.question.events, until=item.question.until).process
    assert asked(process) == []
    assert "follow_up" in [line.event for line in process.agenda(at=NOW).of("coming")]


def test_it_is_due_as_long_as_it_is_open() -> None:
    process = imported("promise", "complete_profile", "write_plan", "courtesy")
    assert process.next_due == min(item.due for item in process.agenda(at=TALK) if item.due is not None)
    assert process.next_due == EXPORTED
    known = packaged().start("Acme", "Europe/Zurich").record("interview", at=TALK).process
    assert known.next_due != EXPORTED


def test_there_is_something_to_do_so_waiting_is_no_advice() -> None:
    process = imported(*THEIRS, "courtesy", "complete_profile", "write_plan")
    assert process.agenda(at=NOW).of("wait") == ()


def test_each_application_is_asked_about_by_itself() -> None:
    process = imported("promise", application="backend", about="backend")
    process = process.record("interview", at=EXPORTED, application="data").process
    process = process.unknown("promise", until=EXPORTED + timedelta(hours=1), application="data").process
    assert asked(process) == [
        "say whether there was a date for the answer from Acme about backend since Mon 2 Mar",
        "say whether there was a date for the answer from Acme about data since Fri 20 Mar",
    ]
    process = process.known("promise", application="backend").process
    assert len(asked(process)) == 1


def test_what_is_over_asks_nothing() -> None:
    process = imported("promise", "message").record("rejection", at=EXPORTED).process
    assert asked(process) == []


def test_what_is_refused_all_the_same_asks_nothing() -> None:
    process = imported("promise").record("follow_up", at=EXPORTED, channel="email").process
    assert [item.question.blocks for item in process.agenda(at=NOW).of("tell") if item.question] == [
        ("assume_closed",)
    ]
