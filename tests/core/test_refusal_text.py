"""The text of a refusal says what the act still needs, by titles, and promises no more than is certain."""

from __future__ import annotations

from datetime import date

import pytest

import postinterview as pi
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
    assert verdict.text.endswith(". First: complete the LinkedIn profile.")
    said = interviewed().may("linkedin_invite", to="ana", at=EVENING).text
    assert said.endswith(". First: complete the LinkedIn profile. It needs the field `personal_note`.")


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
    with pytest.raises(pi.TimeError, match="late=True"):
        process.record("message", at=early)


@pytest.mark.parametrize("ask", [pi.Process.may, pi.Process.do])
@pytest.mark.parametrize("moment", [EVENING, at("2026-03-01 10:00")])
def test_that_an_event_is_a_fact_is_said_before_its_fields_are_asked_for(ask: object, moment: object) -> None:
    assert callable(ask)
    with pytest.raises(pi.MisuseError, match="`interview` is a fact"):
        ask(interviewed(), "interview", at=moment)
