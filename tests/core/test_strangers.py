"""Acts to people who never interviewed lie before the first round."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from tests.core.helpers import at, ids
from tests.core.test_small_rules import begin

START = at("2026-03-02 10:00")
HOUR = timedelta(hours=1)

RULES = begin(
    """
  talk: {by: employer, opens: round, fields: {people: people}}
  thank: {by: candidate, contact: courtesy, to: interviewer}
  invite: {by: candidate, contact: courtesy, to: interviewer}
""",
    """
  application:
    per: application
    start: here
    states: {here: {}}
    transitions:
      talked: {event: talk, from: here}
      thanked: {event: thank, from: here, guards: {one: {at_most: 1, of: thank, per: [round, interviewer]}}}
      invited: {event: invite, from: here, guards: {one_ever: {at_most: 1, of: invite, per: interviewer}}}
""",
)


def talk(process: pi.Process, *people: str, application: str = "main") -> pi.Process:
    return process.record("talk", at=START, people=people, application=application).process


def test_what_was_sent_before_the_person_interviewed_leaves_their_round_free() -> None:
    process = talk(RULES, "bo")
    for event in ("thank", "invite"):
        process = process.record(event, at=START, to="ana").process
    assert [(placed.round, placed.breach) for placed in process.timeline[1:]] == [(0, True), (0, True)]
    process = talk(process, "ana")
    assert process.may("thank", at=START, to="ana")
    assert ids(process.may("invite", at=START, to="ana")) == ["one_ever"]


def test_a_thank_you_of_the_default_rules_is_free_again_in_the_first_round_with_the_person() -> None:
    process = pi.load_rulebook().start("acme", "Europe/Zurich")
    process = process.record("interview", at=START, interviewers=["bo"]).process
    process = process.record("thank_you", at=START + HOUR, to="ana").process
    moment = START + timedelta(days=2)
    process = process.record("interview", at=moment, interviewers=["ana"]).process
    said = {"thanks": True, "topic": "data", "looking_forward": True}
    assert process.may("thank_you", at=moment + timedelta(days=1), to="ana", **said)  # type: ignore[arg-type]


def test_only_a_round_with_the_person_helps() -> None:
    process = talk(talk(RULES, "ana"), "bo")
    process = process.do("thank", at=START, to="ana").process
    assert process.timeline[-1].round == 1
    talked = talk(process, "bo", "cy")
    assert ids(talked.may("thank", at=START, to="ana")) == ["one"]
    assert talk(process, "ana").may("thank", at=START, to="ana")


@given(st.lists(st.tuples(st.sampled_from(["talk", "thank"]), st.sampled_from("ab"), st.sampled_from("xy"))))
def test_one_thank_you_is_allowed_in_each_latest_round_of_a_person(steps: list[tuple[str, str, str]]) -> None:
    process, thanked = RULES, dict[tuple[str, str], bool]()
    for event, person, application in steps:
        if event == "talk":
            process, thanked[application, person] = talk(process, person, application=application), False
            continue
        free = thanked.get((application, person)) is False
        outcome = process.record("thank", at=START, to=person, application=application)
        assert outcome.breach is not free
        process = outcome.process
        if (application, person) in thanked:
            thanked[application, person] = True
