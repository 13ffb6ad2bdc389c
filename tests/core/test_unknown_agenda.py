"""What nobody knows is held against nobody: no accusation, and no hurry."""

from __future__ import annotations

from datetime import timedelta

import pytest

import postinterview as pi
from tests.core.helpers import at, default

TALK = at("2026-03-02 10:00")
KNOWN_FROM = at("2026-03-10 00:00")
LATER = at("2026-03-21 10:00")


def imported(*unknown: str) -> pi.Process:
    process = default().start("Acme", "Europe/Zurich")
    if unknown:
        process = process.unknown(*unknown, until=KNOWN_FROM).process
    return process.record("interview", at=TALK, interviewers=["ana"]).process


def lines(process: pi.Process, event: str) -> list[tuple[str, bool]]:
    return [(item.kind, item.due is not None) for item in process.agenda(at=LATER) if item.event == event]


def test_an_act_refused_only_by_what_is_unknown_is_no_line_against_the_rules() -> None:
    outcome = imported("message").record("follow_up", at=at("2026-03-12 09:00"), channel="call")

    assert outcome.verdict is not None
    assert [reason.has for reason in outcome.verdict.reasons] == ["unknown"]
    assert outcome.breach
    assert [placed.doubtful for placed in outcome.process.breaches] == [True]
    assert lines(outcome.process, "follow_up") == [("done", False)]


def test_one_reason_that_is_known_is_enough() -> None:
    outcome = imported("message").record("follow_up", at=at("2026-03-05 09:00"), channel="call")

    assert [placed.doubtful for placed in outcome.process.breaches] == [False]
    assert [item.kind for item in outcome.process.agenda(at=LATER) if item.event == "follow_up"] == ["broken"]


@pytest.mark.parametrize("event", ["complete_profile", "write_plan"])
def test_nobody_is_told_to_hurry_with_what_may_have_been_done(event: str) -> None:
    assert lines(imported(), event) == [("overdue", True)]
    assert lines(imported(event), event) == [("open", False)]


def test_the_next_due_moment_leaves_out_what_may_have_been_done() -> None:
    assert imported().next_due == TALK + timedelta(days=1)
    unknown = imported("complete_profile", "write_plan", "thank_you")
    assert unknown.next_due == min(item.due for item in unknown.agenda(at=TALK) if item.due is not None)
    assert unknown.next_due != imported().next_due


def test_what_comes_after_the_unknown_past_is_due_as_ever() -> None:
    process = default().start("Acme", "Europe/Zurich").unknown("accept", "write_plan", until=TALK).process
    process = process.record("interview", at=TALK, interviewers=["ana"]).process
    assert lines(process, "write_plan") == [("overdue", True)]
    before = default().start("Acme", "Europe/Zurich")
    before = before.unknown("write_plan", until=TALK + timedelta(microseconds=1)).process
    before = before.record("interview", at=TALK, interviewers=["ana"]).process
    assert lines(before, "write_plan") == [("open", False)]
