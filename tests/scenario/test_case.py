"""A scenario read as a case: what has happened by a moment, and nothing judged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from postinterview.scenario.playing import Case, read_case
from tests.scenario.helpers import DATED, rulebook, scenario_of

REFUSED = "{at: 2026-03-05 09:00, event: follow_up, expect: refused, because: [one_chase], opens_at: never}"
DONE = "{at: 2026-03-06 09:00, event: follow_up}"
LATER = "{at: 2026-03-20 09:00, event: offer}"
DAY = datetime(2026, 3, 15, tzinfo=UTC)


def case_of(*steps: str, until: datetime = DAY) -> Case:
    return read_case(scenario_of(*steps), rulebook(), until)


def names(case: Case) -> list[str]:
    assert case.process is not None
    return [placed.name for placed in case.process.timeline]


def test_steps_after_the_moment_are_left_out_and_counted() -> None:
    case = case_of(DATED, LATER)

    assert names(case) == ["interview"]
    assert [step.number for step in case.left_out] == [2]


def test_a_step_at_the_moment_has_happened() -> None:
    at = datetime(2026, 3, 20, 8, tzinfo=UTC)

    assert names(case_of(DATED, LATER, until=at)) == ["interview", "offer"]
    assert names(case_of(DATED, LATER, until=at - timedelta(microseconds=1))) == ["interview"]


def test_an_act_against_the_rules_has_happened_all_the_same() -> None:
    case = case_of(DATED, DONE)

    assert case.process is not None
    assert [breach.name for breach in case.process.breaches] == ["follow_up"]


def test_an_act_that_is_expected_to_be_refused_was_only_asked_for() -> None:
    assert names(case_of(DATED, REFUSED)) == ["interview"]


def test_what_makes_no_sense_is_a_diagnostic_with_its_line() -> None:
    case = case_of(DATED, "{at: 2026-03-06 09:00, retract: 9}")

    assert case.process is None
    assert [(found.code, found.where.line) for found in case.diagnostics] == [("PI741", 7)]
