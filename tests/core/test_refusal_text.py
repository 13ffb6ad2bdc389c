"""The text of a refusal says what the act still needs, by titles, and promises no more than is certain."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import postinterview as pi
from postinterview.core.answers.verdict import distinct
from postinterview.core.rules.definitions import EventKind, EventSet, Origin
from postinterview.core.rules.rule_text import none_of, so_many
from tests.core.helpers import at, default, ids

TALK = at("2026-03-02 10:00")
EVENING = at("2026-03-02 18:00")


def interviewed() -> pi.Process:
    process = default().start(employer="Acme", timezone="Europe/Zurich")
    return process.record("interview", at=TALK, interviewers=["ana"], decide_by=date(2026, 3, 10)).process


def test_all_the_fields_that_an_act_lacks_are_asked_for() -> None:
    said = interviewed().may("thank_you", to="ana", at=EVENING).text
    assert said.endswith(". It needs the fields `thanks`, `topic` and `looking_forward`.")
    said = interviewed().may("thank_you", to="ana", at=EVENING, thanks=True, looking_forward=True).text
    assert said.endswith(". It needs the field `topic`.")


def test_what_comes_first_is_called_by_its_title_and_is_not_said_to_be_enough() -> None:
    verdict = interviewed().may("linkedin_invite", to="ana", at=EVENING, personal_note="hello")
    assert ids(verdict) == ["a_day_later", "profile_complete"]
    assert verdict.text.endswith(". First, at least: complete the LinkedIn profile.")
    said = interviewed().may("linkedin_invite", to="ana", at=EVENING).text
    assert said.endswith(
        ". First, at least: complete the LinkedIn profile. It needs the field `personal_note`."
    )


def test_a_date_is_said_with_who_named_it() -> None:
    reason = interviewed().may("follow_up", at=EVENING, channel="call").reasons[0]
    assert reason.has == "Acme named Tue 10 Mar 2026 (`promised`)"


def test_a_question_about_an_earlier_moment_is_not_told_to_record_late() -> None:
    process, early = interviewed(), at("2026-03-01 10:00")
    for ask in (
        lambda: process.may("follow_up", at=early),
        lambda: process.agenda(at=early),
        lambda: process.verdicts(at=early),
        lambda: process.allowed(at=early),
    ):
        with pytest.raises(pi.TimeError) as caught:
            ask()
        assert caught.value.help == "ask about a moment at or after it"
    with pytest.raises(pi.TimeError, match="`late` set to true"):
        process.record("message", at=early)


@pytest.mark.parametrize("ask", [pi.Process.may, pi.Process.do])
@pytest.mark.parametrize("moment", [EVENING, at("2026-03-01 10:00")])
def test_that_an_event_is_a_fact_is_said_before_its_fields_are_asked_for(ask: object, moment: object) -> None:
    assert callable(ask)
    with pytest.raises(pi.MisuseError, match="`interview` is a fact"):
        ask(interviewed(), "interview", at=moment)


def said_of(act: str, guard: str, *history: tuple[str, str]) -> str:
    """What the packaged rules of now say of a guard, after an interview and these events."""
    process = pi.load_rulebook().start("Acme", "Europe/Zurich")
    process = process.record("interview", at=TALK, interviewers=["ana"]).process
    for name, moment in history:
        fields = {"date": date(2026, 3, 20)} if name in ("promise", "scheduled") else {}
        process = process.record(name, at=at(moment), **fields).process  # type: ignore[arg-type]
    given = {"thank_you": {"to": "ana"}}.get(act, {})
    reasons = process.may(act, at=at("2026-03-16 12:00"), **given).reasons
    return next(reason.text for reason in reasons if reason.id == guard)


@pytest.mark.parametrize(
    ("act", "guard", "history", "text"),
    [
        (
            "follow_up",
            "answer_first",
            [("question", "2026-03-03 09:00")],
            (
                "question on Tue 3 Mar 2026 09:00, and no answer to a question since; "
                "needed: an answer to a question in this application"
            ),
        ),
        (
            "thank_you",
            "quiet_after_a_no",
            [("rejection", "2026-03-03 09:00"), ("accept", "2026-03-03 10:00")],
            (
                "rejection on Tue 3 Mar 2026 09:00, and no interview, offer or revised offer since; "
                "needed: an interview, offer or revised offer in this application"
            ),
        ),
        (
            "follow_up",
            "let_them_speak",
            [("scheduled", "2026-03-12 12:00")],
            (
                "4 days since the date for the next talk, said on Thu 12 Mar 2026 12:00; "
                "needed: 7 days since the last exchange, so Thu 19 Mar 2026 12:00 or later"
            ),
        ),
        (
            "missed_call",
            "two_attempts",
            [("missed_call", "2026-03-10 09:00"), ("missed_call", "2026-03-11 09:00")],
            (
                "2 attempts since the last sign of life, the latest on Wed 11 Mar 2026 09:00; "
                "needed: fewer than 2 attempts since the last sign of life"
            ),
        ),
        (
            "rejection_reply",
            "one_rejection_reply",
            [("rejection", "2026-03-03 09:00"), ("rejection_reply", "2026-03-03 10:00")],
            (
                "1 rejection reply in this application since the last no, on Tue 3 Mar 2026 10:00; "
                "needed: no rejection reply in this application since the last no"
            ),
        ),
        ("reply", "reply_to_a_message", [], "nothing to answer yet; needed: a word from Acme"),
        (
            "reply",
            "while_it_is_fresh",
            [],
            ("no question in this application since the last answer to a question; needed: a question"),
        ),
    ],
)
def test_a_stranger_can_read_what_a_guard_of_the_packaged_rules_says(
    act: str, guard: str, history: list[tuple[str, str]], text: str
) -> None:
    assert said_of(act, guard, *history) == text


def test_a_class_is_called_by_its_title() -> None:
    reasons = pi.load_rulebook().start("Acme", "UTC").record("interview", at=TALK).process.may(
        "reply", at=EVENING
    ).reasons  # fmt: skip
    assert "no word from them yet; needed: less than 14 days since the last word from them" in {
        reason.text for reason in reasons
    }


def test_a_guard_that_two_alternatives_share_is_said_once() -> None:
    verdict = (
        pi.load_rulebook().start("Acme", "UTC").record("interview", at=TALK).process.may("reply", at=EVENING)
    )
    credit, fresh = "reply_to_a_message", "while_it_is_fresh"
    assert ids(verdict) == [credit, fresh, credit, fresh]
    assert [reason.id for reason in distinct(verdict.reasons)] == [credit, fresh, fresh]
    assert verdict.text.count("Nothing to answer yet") == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("follow_up", "2 follow-ups"),
        ("reply", "2 replies"),
        ("essay", "2 essays"),
        ("search", "2 searches"),
        ("sign_of_life", "2 signs of life"),
    ],
)
def test_only_an_id_in_words_is_put_in_the_plural(name: str, said: str) -> None:
    kind = EventKind(name=name, by="candidate", contact="chase", sign_of_life=False, origin=Origin("", 1, 1))
    assert so_many(EventSet(name, frozenset({name})), {name: kind}, "2") == said
    titled = EventSet("wrote", frozenset({name}), "a word from them")
    assert so_many(titled, {name: kind}, "2") == "word from them 2 times"


def test_there_is_never_no_no() -> None:
    assert [none_of("no"), none_of("offer"), none_of("notice")] == ["never a no", "no offer", "no notice"]


ENDS = [
    [],
    ["offer"],
    ["offer", "accept"],
    ["offer", "decline"],
    ["rejection"],
    ["withdraw"],
]


@pytest.mark.parametrize("events", ENDS)
def test_events_that_come_first_end_the_refusal_by_state_unless_more_than_one_must_come(
    events: list[str],
) -> None:
    process = interviewed()
    for day, name in enumerate(events, 3):
        process = process.record(name, at=at(f"2026-03-0{day} 10:00")).process
    now, told = at("2026-03-09 10:00"), 0
    for verdict in process.verdicts(at=now):
        longer = "More than one event must come first." in verdict.text
        for reason in (each for each in verdict.reasons if each.id == "state"):
            for name in reason.opens_after:
                fields: dict[str, Any] = {"interviewers": ["ana"]} if name == "interview" else {}
                after = process.record(name, at=now, **fields).process
                left = after.may(verdict.event, at=now, to=verdict.to).reasons
                still = any((each.id, each.machine) == ("state", reason.machine) for each in left)
                assert still == longer, (verdict.event, name)
                told += 1
    assert told
