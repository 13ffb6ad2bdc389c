"""The shipped examples go as expected, and together they show every part of the default rules."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from postinterview.scenario.model import EventStep
from postinterview.scenario.playing import PlayedStep
from tests.core.helpers import packaged
from tests.examples.example_coverage import EXAMPLES, ROOT, play_file, scenarios_of, shown


def name_of(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_a_file_has_no_errors_and_at_least_one_scenario(path: Path) -> None:
    scenarios, diagnostics = scenarios_of(path.read_bytes(), path.name, packaged())
    assert diagnostics == ()
    assert scenarios


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_every_scenario_has_a_name_a_why_and_a_time_zone(path: Path) -> None:
    for story in play_file(path):
        scenario = story.scenario
        assert scenario.name
        assert len(scenario.why) > 20, scenario.name
        assert scenario.timezone, scenario.name
        assert "/" in scenario.timezone, scenario.name


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_every_expectation_is_met(path: Path) -> None:
    for story in play_file(path):
        failed = [(step.step.number, step.failures) for step in story.failed_steps]
        assert (story.diagnostics, failed) == ((), []), story.scenario.name
        assert story.passed


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_every_refusal_and_every_breach_says_why(path: Path) -> None:
    for story in play_file(path):
        for played in story.steps:
            if isinstance(played.step, EventStep) and played.result in ("refused", "breach"):
                verdict = played.verdict
                assert verdict is not None
                named = {each.value for each in played.step.expectations if each.key == "because"}
                assert named == {reason.id for reason in verdict.reasons}, (story.scenario.name, played.step)


def test_there_are_at_least_ten_files_and_no_two_scenarios_have_one_name() -> None:
    names = [story.scenario.name for path in EXAMPLES for story in play_file(path)]
    assert len(EXAMPLES) >= 10
    assert sorted(names) == sorted(set(names))


def test_they_play_on_every_continent() -> None:
    zones = {story.scenario.timezone or "" for path in EXAMPLES for story in play_file(path)}
    assert {zone.split("/")[0] for zone in zones} >= {
        "Africa",
        "America",
        "Asia",
        "Australia",
        "Europe",
        "Pacific",
    }


# --- all of the rules is shown --------------------------------------------------------------------


def test_every_act_is_allowed_at_least_once() -> None:
    assert {kind.name for kind in packaged().acts} - shown().allowed == set()


def test_every_guard_holds_once_and_fails_once() -> None:
    guards = {
        (machine.name, rule.id, guard.id)
        for machine in packaged().definition.machines.values()
        for rule in machine.transitions
        for guard in rule.guards
    }
    assert guards - shown().held == set()
    assert guards - shown().failed == set()


def test_every_rule_is_taken() -> None:
    rules = {
        (machine.name, rule.id)
        for machine in packaged().definition.machines.values()
        for rule in machine.transitions
    }
    assert rules - shown().taken == set()


def test_every_state_is_reached() -> None:
    states = {
        (machine.name, state)
        for machine in packaged().definition.machines.values()
        for state in machine.states
        if state != machine.start
    }
    assert states - shown().reached == set()


# --- the cadence of a tracker ---------------------------------------------------------------------


def cadence() -> tuple[PlayedStep, ...]:
    """The 20 contacts of `examples/pushy-cadence.yaml`, without the interview before them."""
    (story,) = play_file(ROOT / "examples" / "pushy-cadence.yaml")
    interview, *contacts = story.steps
    assert isinstance(interview.step, EventStep)
    assert interview.step.event == "interview"
    return tuple(contacts)


def test_a_nudge_every_third_day_for_60_days_makes_20_contacts_with_the_thank_you() -> None:
    events = [played.step.event for played in cadence() if isinstance(played.step, EventStep)]
    assert events == ["thank_you"] + ["follow_up"] * 19
    moments = [played.at for played in cadence()]
    assert all(moments)
    days = [(at - moments[1]) // timedelta(days=1) for at in moments[1:] if at and moments[1]]
    assert days == [3 * number for number in range(19)]
    assert days[-1] + 3 < 60


def test_of_its_20_contacts_the_thank_you_and_one_follow_up_are_allowed() -> None:
    allowed = [
        played.step.event
        for played in cadence()
        if isinstance(played.step, EventStep) and played.result == "allowed"
    ]
    assert allowed == ["thank_you", "follow_up"]


def test_each_of_its_18_refusals_says_why_and_when_it_would_open() -> None:
    refused = [played.step for played in cadence() if played.result == "refused"]
    assert len(refused) == 18
    for step in refused:
        assert isinstance(step, EventStep)
        assert {"because", "opens_at"} <= {each.key for each in step.expectations}
