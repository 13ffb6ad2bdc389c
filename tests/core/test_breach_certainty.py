"""A refused act is a breach for certain only if nothing unknown could undo what refuses it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import postinterview as pi
from postinterview.core.judging.refusal import Explanation
from tests.core.helpers import at, packaged

TALK = at("2026-03-02 10:00")
EXPORTED = at("2026-03-20 00:00")
DAY = timedelta(days=1)


def chased_twice(*unknown: str) -> pi.Process:
    process = packaged().start("Acme", "Europe/Zurich")
    if unknown:
        process = process.unknown(*unknown, until=EXPORTED).process
    process = process.record("interview", at=TALK).process
    process = process.record("follow_up", at=TALK + 9 * DAY, channel="email").process
    return process.record("follow_up", at=TALK + 12 * DAY, channel="email").process


def in_doubt(process: pi.Process) -> list[bool]:
    return [placed.doubtful for placed in process.breaches]


def test_what_is_known_all_the_same_is_certain() -> None:
    assert in_doubt(chased_twice()) == [False]
    assert in_doubt(chased_twice("auto_reply", "write_plan")) == [False]


def test_an_event_that_could_undo_each_reason_leaves_it_in_doubt() -> None:
    # A talk in between would have been another round, and a sign of life.
    process = chased_twice("interview", "follow_up")
    assert in_doubt(process)[-1]
    assert process.agenda(at=EXPORTED).of("broken") == ()
    known = process.known("interview", "follow_up").process
    assert in_doubt(known) == [False]
    assert [item.event for item in known.agenda(at=EXPORTED).of("broken")] == ["follow_up"]


def test_the_outcome_says_so() -> None:
    process = chased_twice("interview", "follow_up")
    outcome = process.record("follow_up", at=TALK + 13 * DAY, channel="email")
    assert (outcome.breach, outcome.in_doubt) == (True, True)
    assert "Nobody knows whether it was against the rules." in outcome.text
    certain = chased_twice().record("follow_up", at=TALK + 13 * DAY, channel="email")
    assert (certain.breach, certain.in_doubt) == (True, False)
    assert "It was against the rules." in certain.text


def test_unknown_interviewers_leave_open_only_what_hangs_on_them() -> None:
    thanks: Any = {"thanks": True, "topic": True, "looking_forward": True}
    process = chased_twice()  # nobody said who held the interview
    noted = process.record("thank_you", to="ana", at=TALK + 13 * DAY, **thanks).process
    assert [(placed.name, placed.doubtful) for placed in noted.breaches] == [
        ("follow_up", False),
        ("thank_you", True),
    ]


def test_a_breach_of_a_known_past_is_explained_only_to_who_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """To explain each would cost the square of a history of breaches."""

    def explain(_: Explanation) -> tuple[pi.Reason, ...]:
        raise AssertionError("the breach was explained")

    monkeypatch.setattr(Explanation, "reasons", property(explain))
    process = packaged().start("Acme", "Europe/Zurich")
    met = process.record("interview", at=TALK, interviewers=["ana"]).process
    assert in_doubt(met.record("follow_up", at=TALK + DAY, channel="email").process) == [False]
    somebody = process.record("interview", at=TALK).process
    with pytest.raises(AssertionError, match="was explained"):
        somebody.record("follow_up", at=TALK + DAY, channel="email")
