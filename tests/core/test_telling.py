"""The agenda asks about an unknown past that blocks something, and stops once it is answered."""

from __future__ import annotations

from datetime import datetime, timedelta

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
        anywhere=True,
    )
    assert repr(item) == f"<Item tell: {item.text}>"
    assert repr(item.question) == "<Question: promise, message until Fri 20 Mar 2026 00:00>"


def test_many_words_are_called_writing() -> None:
    assert asked(imported(*THEIRS)) == ["say whether Acme has written since Mon 2 Mar"]


def test_the_own_acts_are_a_question_of_their_own() -> None:
    process = imported("message", "follow_up", "promise")
    assert asked(process) == [
        "say whether there was a date for the answer or a message from Acme since Mon 2 Mar",
        "say whether you followed up with Acme since Mon 2 Mar",
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
        "applications": [],
        "undated": [],
        "anywhere": True,
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


def in_two_applications() -> pi.Process:
    process = imported("promise", application="backend", about="backend")
    process = process.record("interview", at=EXPORTED, application="data").process
    return process.unknown("promise", until=EXPORTED + timedelta(hours=1), application="data").process


def test_applications_of_which_the_same_is_asked_are_one_question() -> None:
    process = in_two_applications()
    (item,) = process.agenda(at=NOW).of("tell")
    assert item.text == (
        "say whether there was a date for the answer from Acme about backend or data since Mon 2 Mar"
    )
    assert (item.application, item.applications, item.due) == (None, ("backend", "data"), EXPORTED)
    assert item.question is not None
    calls = item.question.as_json()["calls"]
    assert [(call["call"], call["application"]) for call in calls] == [
        ("record", "backend"),
        ("known", "backend"),
        ("record", "data"),
        ("known", "data"),
    ]
    for call in calls:
        if call["call"] == "known":
            until = datetime.fromisoformat(call["until"])
            process = process.known(*call["of"], until=until, application=call["application"]).process
    assert asked(process) == []


def test_applications_of_which_something_else_is_asked_are_one_question() -> None:
    process = in_two_applications().known("promise", application="data").process
    process = process.unknown("message", until=EXPORTED, application="data").process
    assert asked(process) == [
        (
            "say whether there was a date for the answer or a message from Acme about backend or data "
            "since Mon 2 Mar"
        )
    ]


def test_a_question_about_any_application_is_about_each() -> None:
    process = imported("promise", application="data")
    process = process.unknown("message", until=EXPORTED, application="data").process
    (item,) = process.agenda(at=NOW).of("tell")
    assert item.text == ("say whether there was a date for the answer or a message from Acme since Mon 2 Mar")
    assert item.question is not None
    assert (item.question.application, item.question.applications) == (None, ("data",))
    assert [call["application"] for call in item.question.as_json()["calls"]] == [None, None]
    process = process.known(*item.question.events, until=item.question.until).process
    assert asked(process) == []


def test_a_question_can_be_snoozed() -> None:
    process = imported("promise")
    (item,) = process.agenda(at=NOW).of("tell")
    snooze = item.snooze(until=NOW + timedelta(days=7))
    agenda = process.agenda(at=NOW, snoozes=[snooze])
    assert agenda.of("tell") == ()
    (later,) = (each for each in agenda.of("snoozed") if each.question)
    assert (later.id, later.due) == (item.id, NOW + timedelta(days=7))
    assert later.text == f"{item.text}: snoozed until Tue 31 Mar 10:00"
    assert agenda.of("wait") == ()
    assert process.agenda(at=NOW + timedelta(days=7), snoozes=[snooze]).of("tell") == (
        process.agenda(at=NOW + timedelta(days=7)).of("tell")
    )
    longer = process.unknown("promise", until=NOW).process  # the question has become another one
    assert longer.agenda(at=NOW, snoozes=[snooze]).of("tell") != ()


# --- what was once, and nobody knows when ---------------------------------------------------------


def without_date(*applications: str) -> pi.Process:
    process = packaged().start("Acme", "Europe/Zurich")
    for name in applications:
        process = process.record("interview", at=EXPORTED, application=name, undated=True).process
    return process


def test_what_blocks_because_it_has_no_date_is_asked_about() -> None:
    process = without_date("main")
    (item,) = process.agenda(at=NOW, of=["follow_up"]).of("tell")
    assert item.text == "say when the interview with Acme was (by Fri 20 Mar)"
    assert item.question is not None
    assert item.question.as_json()["calls"] == [{"call": "dated", "number": 1}]
    assert repr(item.question) == "<Question: when was interview until Fri 20 Mar 2026 00:00>"
    assert process.next_due_of(["follow_up"]) == EXPORTED
    known = process.dated(1, at=TALK).process
    assert known.agenda(at=NOW).of("tell") == ()
    assert known.may("follow_up", at=NOW, channel="email").allowed


def test_several_without_a_date_are_one_question() -> None:
    (item,) = without_date("a", "b").agenda(at=NOW, of=["follow_up"]).of("tell")
    assert item.text == "say when each interview with Acme about a and b was (by Fri 20 Mar)"
    assert item.question is not None
    assert item.question.undated == (1, 2)


def test_all_dates_of_an_application_are_one_question() -> None:
    process = without_date("main").record("rejection", at=EXPORTED, undated=True).process
    (item,) = process.agenda(at=NOW, of=["follow_up"]).of("tell")
    assert (
        item.text
        == "say when the interview with Acme was and when the rejection from Acme was (by Fri 20 Mar)"
    )
    assert item.question is not None
    assert item.question.as_json()["calls"] == [{"call": "dated", "number": n} for n in (1, 2)]


def test_nobody_is_asked_when_it_was_if_that_changes_nothing() -> None:
    process = without_date("main").record("rejection", at=EXPORTED).process
    assert [item.question.blocks for item in process.agenda(at=NOW).of("tell") if item.question] == []


def test_what_is_unknown_of_an_application_that_nobody_heard_of_is_asked() -> None:
    process = packaged().start("Acme", "Europe/Zurich")
    process = process.record("interview", at=TALK, application="talked").process
    process = process.unknown("interview", until=EXPORTED, application="role").process
    for item in process.agenda(at=NOW, of=["follow_up"]).of("tell"):
        assert item.question is not None
        assert item.question.blocks == ("follow_up",)
    lines = [item.text for item in process.agenda(at=NOW, of=["follow_up"]).of("tell")]
    assert lines == ["say whether there was an interview from Acme about role before Fri 20 Mar"]
    assert process.next_due_of(["follow_up"]) is not None


def test_a_refusal_names_the_question_before_anything_else() -> None:
    verdict = imported("promise", "message").may("follow_up", at=NOW, channel="email")
    assert verdict.opens_after[0] == "known"
    what = "whether there was a date for the answer or a message from Acme"
    assert verdict.opens_after_titles[0] == what
    assert f" Say {what}. Or first, at least: " in verdict.text


def test_a_refusal_that_time_ends_says_that_an_answer_may_end_it_earlier() -> None:
    process = packaged().start("Acme", "Europe/Zurich")
    process = process.record("interview", at=EXPORTED, application="talked").process
    process = process.unknown("follow_up", until=EXPORTED, application="saved").process
    later = EXPORTED + timedelta(days=10, hours=10)
    verdict = process.may("follow_up", at=later, application="talked", channel="email")
    assert verdict.opens_at == at("2026-05-19 01:00")
    assert verdict.opens_after == ("known",)
    assert verdict.text.endswith(" Say whether you followed up with Acme: it may open earlier.")
    assert [item.kind for item in process.agenda(at=later, of=["follow_up"])] == ["tell", "coming"]
    known = process.known("follow_up", application="saved").process
    assert known.may("follow_up", at=later, application="talked", channel="email").allowed


def test_what_is_over_asks_nothing() -> None:
    process = imported("promise", "message").record("rejection", at=EXPORTED).process
    assert asked(process) == []


def test_what_is_refused_all_the_same_asks_nothing() -> None:
    process = imported("promise").record("follow_up", at=EXPORTED, channel="email").process
    assert [item.question.blocks for item in process.agenda(at=NOW).of("tell") if item.question] == [
        ("assume_closed",)
    ]
