"""The most acts that rules allow, from both sides, and cycles where there is no bound."""

from __future__ import annotations

import json
from datetime import timedelta
from time import process_time  # noqa: TID251 - a prover asks a clock for its limit

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.rules.definitions import APPLICATION, INTERVIEWER
from postinterview.proof.bound import Bound, BoundQuestion
from postinterview.proof.bounder import Bounder
from postinterview.proof.certificates.certificate import read_certificate, verify, write_bounds
from postinterview.proof.certificates.data import CertificateError
from postinterview.proof.promises.promise import Promises
from tests.proof.helpers import PATIENT, ROOT
from tests.proof.test_tally import FEW, most, rules

DAY = timedelta(days=1)
NUDGES = BoundQuestion(within=14 * DAY)

PEOPLE = """
format: 1
title: Notes to people
events:
  interview: {by: employer, opens: round, fields: {interviewers: people}}
  note: {by: candidate, contact: courtesy, to: interviewer}
  invite: {by: candidate, contact: courtesy, to: interviewer}
  letter: {by: candidate, contact: courtesy}
  call: {by: candidate, contact: attempt}
machines:
  line:
    per: application
    start: open
    states: {open: {}, done: {}}
    transitions:
      hear: {event: interview, from: open}
      note: {event: note, from: open, guards: {once: {at_most: 1, of: note, per: [application, interviewer]}}}
      invite: {event: invite, from: open, guards: {once_ever: {at_most: 1, of: invite, per: interviewer}}}
      letter: {event: letter, from: open, to: done}
      call: {event: call, from: open, guards: {twice: {at_most: 2, of: call, per: employer}}}
"""


def bound(rulebook: pi.Rulebook, question: BoundQuestion) -> Bound:
    return Bounder(rulebook, process_time, max_seconds=PATIENT).bound(question)


def counted(found: Bound) -> int:
    """The number of allowed acts in its story that the story is about, with the last one."""
    made = found.story
    assert made is not None
    assert made.verdict.allowed
    assert all(line.became == "allowed" for line in made.lines if line.happening.counts)
    return 1 + sum(line.happening.counts for line in made.lines)


def test_a_window_of_guards_is_met_from_both_sides() -> None:
    found = bound(rules(FEW, FEW), NUDGES)
    assert (found.verdict, found.at_least, found.at_most) == ("bounded", 3, 3)
    assert counted(found) == 3
    assert found.states < 50
    assert found.formula == "3"


def test_a_bound_that_depends_on_people_and_applications_is_a_formula() -> None:
    found = bound(pi.load_rulebook(text=PEOPLE), BoundQuestion(of=("contact",)))
    assert found.formula == "2 + 1 a person + 1 an application + 1 a person and application"
    assert found.is_tight
    assert (found.at_least, found.each_person, found.each_application, found.each_person_and_application) == (
        (2, 1, 1, 1)
    )
    here = bound(pi.load_rulebook(text=PEOPLE), BoundQuestion(of=("contact",), per=APPLICATION))
    assert (here.at_most, here.each_person, here.each_application) == (3, 2, 0)
    assert here.formula == "3 + 2 a person"
    them = bound(pi.load_rulebook(text=PEOPLE), BoundQuestion(of=("contact",), per=INTERVIEWER))
    assert (them.at_most, them.each_person, them.each_application) == (1, 0, 1)


def test_an_event_left_out_is_not_counted() -> None:
    found = bound(
        pi.load_rulebook(text=PEOPLE), BoundQuestion(of=("contact",), but=("note", "letter", "invite"))
    )
    assert found.formula == "2"


def test_silence_counts_since_the_last_word() -> None:
    guarded = rules("two: {at_most: 2, of: call, since: message}")
    assert bound(guarded, BoundQuestion(of=("call",), silence=True)).formula == "2"
    ever = bound(guarded, BoundQuestion(of=("call",)))
    assert ever.verdict == "unbounded"
    assert ever.cycle is not None
    assert "message" in ever.cycle.events


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 9)), min_size=1, max_size=2, unique=True),
    st.integers(1, 12),
)
def test_both_sides_are_what_arithmetic_says(caps: list[tuple[int, int]], duration: int) -> None:
    guards = [f"cap_{i}: {{at_most: {n}, of: call, within: {d} days}}" for i, (n, d) in enumerate(caps)]
    least = most(caps, duration)
    if least > 6:
        return
    found = bound(rules(", ".join(guards)), BoundQuestion(of=("call",), within=duration * DAY))
    assert (found.at_least, found.at_most) == (least, least)
    assert counted(found) == least


# --- no bound -----------------------------------------------------------------------------------


def test_the_shortest_cycle_shows_that_there_is_no_bound() -> None:
    found = bound(rules("apart_3: {apart: 3 days, from: call}"), BoundQuestion(of=("call",)))
    assert (found.verdict, found.at_most) == ("unbounded", None)
    assert found.cycle is not None
    assert found.cycle.events == ("call",)
    assert counted(found) >= 4


def test_inside_a_window_a_turn_must_take_no_time() -> None:
    apart = rules("apart_3: {apart: 3 days, from: call}")
    assert bound(apart, BoundQuestion(of=("call",), within=14 * DAY)).at_most == 5
    reset = rules("one: {at_most: 1, of: call, since: message}")
    found = bound(reset, BoundQuestion(of=("call",), within=14 * DAY))
    assert found.verdict == "unbounded"
    assert found.cycle is not None
    made = found.cycle.replay
    moments = {line.happening.at for line in made.lines[found.cycle.begins :]}
    assert len(moments) == 1
    assert sorted(set(found.cycle.events)) == ["call", "message"]


@pytest.mark.parametrize("name", ["cadence", "ten-then-fourteen"])
def test_a_cadence_without_a_limit_has_no_bound_in_silence(name: str) -> None:
    rulebook = pi.load_rulebook(ROOT / "examples" / "pushy" / f"{name}.yaml")
    found = bound(rulebook, BoundQuestion(of=("contact",), silence=True))
    assert found.cycle is not None
    assert found.cycle.events == ("follow_up",)


# --- certificates -------------------------------------------------------------------------------


def certificate() -> tuple[pi.Rulebook, str]:
    rulebook = pi.load_rulebook(text=PEOPLE)
    found = bound(rulebook, BoundQuestion(of=("contact",), within=14 * DAY))
    assert found.verdict == "bounded"
    return rulebook, write_bounds(rulebook.definition, [found])


def refusal(rulebook: pi.Rulebook, data: object) -> str:
    with pytest.raises(CertificateError) as caught:
        verify(rulebook.definition, Promises(()), read_certificate(json.dumps(data)))
    return caught.value.message


def test_a_certificate_of_a_bound_is_checked_again() -> None:
    rulebook, text = certificate()
    assert verify(rulebook.definition, Promises(()), read_certificate(text)) > 4


def test_a_certificate_of_a_bound_that_was_tampered_with_is_refused() -> None:
    rulebook, text = certificate()
    for number in range(len(json.loads(text)["bounds"][0]["terms"])):
        data = json.loads(text)
        term = data["bounds"][0]["terms"][number]
        term["at_most"] -= 1
        assert "is not proved" in refusal(rulebook, data)
        data = json.loads(text)
        data["bounds"][0]["terms"][number]["states"].pop()
        assert "is not proved" in refusal(rulebook, data)
        data = json.loads(text)
        del data["bounds"][0]["terms"][number]
        assert "counts other events" in refusal(rulebook, data)
    data = json.loads(text)
    data["bounds"][0]["within"] *= 20
    data["bounds"][0]["but"] = ["letter"]
    assert "counts other events" in refusal(rulebook, data)
    data = json.loads(text)
    for term in data["bounds"][0]["terms"]:
        term["scope"] = ["interviewer"]
    assert "per interviewer" in refusal(rulebook, data)


def test_only_what_is_bounded_has_a_certificate() -> None:
    rulebook = rules("apart_3: {apart: 3 days, from: call}")
    with pytest.raises(CertificateError, match="unbounded"):
        write_bounds(rulebook.definition, [bound(rulebook, BoundQuestion(of=("call",)))])
