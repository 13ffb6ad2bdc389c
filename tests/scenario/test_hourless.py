"""Steps without an hour: a day of the employer's, whatever the hour was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from postinterview import load_rulebook
from postinterview.core.past.events import Event
from postinterview.describing.steps import ExplainedStep, explain_step, step_data
from postinterview.drawing.story import story
from postinterview.scenario.model import EventStep, UnknownStep
from postinterview.scenario.playing import Played, play, read_case
from postinterview.scenario.scenario_json import case_data, played_data
from tests.scenario.helpers import failures, faults, file_of, linked, rulebook, scenario_of, told

TALK = "{at: 2026-03-02, event: interview, with: {interviewers: [ana], decide_by: 2026-03-10}}"
EARLY = "{at: 2026-03-05, event: follow_up, with: {channel: call}, expect: refused"
CALL = "{at: 2026-03-11, event: follow_up, with: {channel: call}}"
RETRACTED = "{at: 2026-03-05, retract: 2}"


def test_a_step_without_an_hour_is_recorded_with_its_day() -> None:
    played = told(TALK, CALL)
    assert played.passed
    assert played.process is not None
    assert [entry.day for entry in played.process.history if isinstance(entry, Event)] == [
        date(2026, 3, 2),
        date(2026, 3, 11),
    ]
    assert played.ended_at == datetime(2026, 3, 11, 23, tzinfo=UTC) - timedelta(microseconds=1)


def test_an_act_of_a_day_is_refused_if_no_hour_of_it_allows_it() -> None:
    played = told(TALK, EARLY + ", because: [wait_for_the_answer], opens_at: 2026-03-11}", CALL)
    assert played.passed
    assert [step.entry for step in played.steps] == [1, None, 2]
    verdict = played.steps[1].verdict
    assert verdict is not None
    assert "wait_for_the_answer" in {reason.id for reason in verdict.reasons}


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("opens_at: 2026-03-11", []),
        ("opens_at: 2026-03-11 00:00", []),
        ("opens_at: 2026-03-12", ["opens_at: expected Thu 12 Mar 2026, got Wed 11 Mar 2026 00:00"]),
        ("opens_at: never", ["opens_at: expected never, got Wed 11 Mar 2026 00:00"]),
    ],
)
def test_a_day_is_met_by_each_moment_of_it(expected: str, said: list[str]) -> None:
    assert failures(told(TALK, f"{EARLY}, {expected}}}")) == said


def test_the_day_of_an_expectation_is_one_of_the_employers() -> None:
    late = "{at: 2026-03-10 23:30-11:00, event: follow_up, with: {channel: email}, expect: refused"
    process = told(TALK.replace("2026-03-10", "2026-03-11"), f"{late}, opens_at: 2026-03-12}}")
    assert failures(process) == []


def test_what_is_said_of_a_day_may_come_before_or_after_the_hours_of_that_day() -> None:
    message = "{at: 2026-03-09 10:00, event: message}"
    assert faults(TALK, "{at: 2026-03-09, event: message}", message) == ()
    assert faults(TALK, message, "{at: 2026-03-09, event: message}") == ()
    (found,) = faults(TALK, message, "{at: 2026-03-08, event: message}")
    assert (found.code, found.where.line) == ("PI714", 8)
    assert not faults(TALK, message, "{at: 2026-03-08, event: message, late: true}")


@pytest.mark.parametrize(
    ("at", "code"), [("2026-02-30", "PI711"), ("3026-02-01", "PI711"), ("2026-2-1", "PI711")]
)
def test_a_day_that_there_is_not_is_told(at: str, code: str) -> None:
    assert [found.code for found in faults(f"{{at: {at}, event: message}}")] == [code]


def test_a_day_that_the_calendar_of_a_zone_left_out_is_told() -> None:
    """Samoa went to the other side of the date line: there was no Friday."""
    (found,) = faults("{at: 2011-12-30, event: message}", timezone="Pacific/Apia")
    assert (found.code, found.label) == ("PI713", "no such day there")
    assert faults("{at: 2011-12-30, event: message}", timezone="Europe/Zurich") == ()


def test_a_day_of_no_zone_is_told_with_what_to_write() -> None:
    (found,) = faults("{at: 2026-03-02, event: message}", timezone="")
    assert (found.code, found.label) == ("PI712", "a day, but of no place")
    assert found.help == (
        "add `timezone: Europe/Zurich` above the steps, or a time and an offset: `2026-03-02 09:00+01:00`"
    )


def test_what_is_unknown_until_a_day_is_unknown_until_it_is_over() -> None:
    scenario = scenario_of(TALK, "{unknown: message, until: 2026-03-29}")
    step = scenario.steps[1]
    assert isinstance(step, UnknownStep)
    assert step.until == datetime(2026, 3, 29, 22, tzinfo=UTC)  # a day of 23 hours


def test_a_case_takes_a_day_as_begun_and_asks_for_the_whole_day() -> None:
    scenario = scenario_of(TALK, CALL, "{at: 2026-03-11 15:00, event: message}")

    def names(until: date) -> list[str]:
        case = read_case(scenario, rulebook(), until)
        assert case.process is not None
        return [placed.name for placed in case.process.timeline]

    assert names(date(2026, 3, 10)) == ["interview"]
    assert names(datetime(2026, 3, 10, 22, 59, tzinfo=UTC)) == ["interview"]
    assert names(datetime(2026, 3, 10, 23, 0, tzinfo=UTC)) == ["interview", "follow_up"]
    assert names(date(2026, 3, 11)) == ["interview", "follow_up", "message"]


def test_json_shows_days_as_days() -> None:
    scenario = scenario_of(TALK, CALL)
    steps = played_data(play(scenario, rulebook()))["steps"]
    assert [step["at"] for step in steps] == ["2026-03-02", "2026-03-11"]
    explained = explain_step(scenario, scenario.steps[1], rulebook())
    assert isinstance(explained, ExplainedStep)
    assert step_data(explained)["at"] == "2026-03-11"
    asked = case_data(read_case(scenario, rulebook(), date(2026, 3, 12)), date(2026, 3, 12))
    assert asked["at"] == "2026-03-12"
    at = {verdict["event"]: verdict["at"] for verdict in asked["verdicts"]}
    assert at["thank_you"] == "2026-03-12T00:00:00+01:00"


def test_a_step_of_a_day_that_is_expected_to_be_refused_was_only_asked_for() -> None:
    case = read_case(scenario_of(TALK, EARLY + "}"), rulebook(), date(2026, 3, 20))
    assert case.process is not None
    assert [placed.name for placed in case.process.timeline] == ["interview"]


def test_a_picture_has_days_without_hours() -> None:
    drawn = story(told(TALK, EARLY + "}", CALL))
    assert drawn is not None
    (row,) = [row for row in drawn.rows if row.event == "follow_up"]
    assert [mark.kind for mark in row.marks if mark.kind != "due"] == ["refused", "done"]


def test_only_events_have_days_that_are_kept() -> None:
    scenario = scenario_of(TALK, CALL, "{at: 2026-03-12, retract: 2, not_sent: true}")
    assert [step.day for step in scenario.steps] == [date(2026, 3, 2), date(2026, 3, 11), date(2026, 3, 12)]
    assert isinstance(scenario.steps[0], EventStep)
    played = play(scenario, rulebook())
    assert played.process is not None
    assert [placed.name for placed in played.process.timeline] == ["interview"]


def test_a_retraction_of_a_day_waits_for_the_entries_before_it() -> None:
    """Its number counts what the file says before it, which has not all happened at nine."""
    noon, later = "{at: 2026-03-05 12:00, event: message}", "{at: 2026-03-05, event: offer}"
    scenario = scenario_of(TALK, noon, later, RETRACTED)
    morning = read_case(scenario, rulebook(), datetime(2026, 3, 5, 8, tzinfo=UTC))
    evening = read_case(scenario, rulebook(), date(2026, 3, 5))
    assert morning.process is not None
    assert evening.process is not None
    assert [placed.name for placed in morning.process.timeline] == ["interview", "offer"]
    assert [step.number for step in morning.left_out] == [2, 4]
    assert [placed.name for placed in evening.process.timeline] == ["interview", "offer"]


def packaged(*steps: str) -> Played:
    """A story, played under the packaged rules, which have an act only at decent hours."""
    rules = load_rulebook()
    talk = "{at: 2026-03-02, event: interview, with: {interviewers: [ana]}}"
    (scenario,) = linked(file_of(talk, *steps), rules).scenarios
    return play(scenario, rules)


def test_an_allowed_step_of_a_day_closes_when_the_hours_of_the_day_do() -> None:
    assert failures(packaged(CALL.replace("}}", "}, closes_at: 2026-03-11 20:00}"))) == []
