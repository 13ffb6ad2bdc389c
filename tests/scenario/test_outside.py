"""Steps in a state of which the rules don't speak: refused if asked for, and not judged if they happened."""

from __future__ import annotations

from functools import cache

import pytest

from postinterview import Rulebook, load_rulebook
from postinterview.layout import plain
from postinterview.scenario.playing import Played, play
from postinterview.scenario.scenario_json import played_data
from postinterview.scenario.scenario_text import timeline_lines
from tests.loading.small import small
from tests.scenario.helpers import failures, file_of, linked

INTERVIEW = "{at: 2026-03-02 10:00, event: interview}"


@cache
def rules() -> Rulebook:
    """The small rules, in which everything before an interview is outside."""
    return load_rulebook(
        text=small(
            ("start: waiting", "start: new"),
            ("    states:\n", "    states:\n      new: {outside: true}\n"),
            (
                "    transitions:\n",
                "    transitions:\n      met: {event: interview, from: new, to: waiting}\n",
            ),
        ),
        name="rules.yaml",
    )


def told(*steps: str) -> Played:
    (scenario,) = linked(file_of(*steps), rules()).scenarios
    return play(scenario, rules())


def follow_up(on: str, expect: str) -> str:
    return f"{{at: 2026-{on} 10:00, event: follow_up, expect: {expect}}}"


def test_an_act_before_the_rules_begin_is_refused_and_no_breach_if_it_happened() -> None:
    story = told(follow_up("03-01", "refused"), follow_up("03-01", "outside"), INTERVIEW)
    assert failures(story) == []
    assert [step.result for step in story.steps] == ["refused", "outside", "allowed"]


@pytest.mark.parametrize(
    ("expected", "came"),
    [
        ("breach", "expected a breach, was outside the rules"),
        ("allowed", "expected allowed, was refused"),
    ],
)
def test_outside_is_neither_a_breach_nor_allowed(expected: str, came: str) -> None:
    assert failures(told(follow_up("03-01", expected))) == [came]


def test_where_the_rules_judge_nothing_is_outside() -> None:
    late = follow_up("03-20", "outside")
    early = follow_up("03-03", "outside")
    assert failures(told(INTERVIEW, early)) == ["expected outside the rules, was a breach"]
    assert failures(told(INTERVIEW, late)) == ["expected outside the rules, was allowed"]


def test_reports_say_what_was_outside() -> None:
    story = told(follow_up("03-01", "outside"))
    assert "OUTSIDE  " in plain(timeline_lines(story))
    assert played_data(story)["steps"][0]["result"] == "outside"


def test_a_step_can_be_outside_only_if_some_state_is() -> None:
    found = linked(file_of(follow_up("03-01", "outside")), load_rulebook(text=small())).diagnostics
    assert [each.message for each in found] == ["the rules judge `follow_up` in every state"]
