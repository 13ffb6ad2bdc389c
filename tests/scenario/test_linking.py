"""Scenario files read and linked: names are looked up before anything is played."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postinterview.scenario import parsing
from postinterview.scenario.linking import link
from postinterview.scenario.model import EventStep
from postinterview.scenario.parsing import read
from postinterview.scenario.playing import play
from tests.loading.small import definition_of, small
from tests.scenario.helpers import DATED, INTERVIEW, STORIES, faults, file_of, linked, rulebook

STORY = (STORIES / "two-applications.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("step", "code", "help"),
    [
        ("{at: 2026-03-02 10:00, event: messsage}", "PI721", "did you mean `message`?"),
        ("{at: 2026-03-02 10:00, event: message, state: {plans: none}}", "PI723", "did you mean `plan`?"),
        ("{at: 2026-03-02 10:00, event: message, state: {plan: redy}}", "PI724", "did you mean `ready`?"),
        (
            "{at: 2026-03-02 10:00, event: follow_up, expect: refused, because: [one-chase]}",
            "PI725",
            "did you mean `one_chase`?",
        ),
        (
            "{at: 2026-03-02 10:00, event: promise, with: {dates: 2026-03-10}}",
            "PI726",
            "did you mean `date`?",
        ),
        ("{unknown: contacts, until: 2026-03-01 00:00}", "PI722", "did you mean `contact`?"),
    ],
)
def test_a_misspelt_name_is_a_diagnostic_with_its_line_and_the_right_name(
    step: str, code: str, help: str
) -> None:
    found = faults(DATED, step)[0]

    assert (found.code, found.where.line, found.help) == (code, 7, help)


def test_nothing_of_a_file_with_a_fault_is_played() -> None:
    assert linked(file_of(DATED, "{at: 2026-03-05 09:00, event: folow_up}")).scenarios == ()


def test_a_missing_time_zone_is_one_finding_not_one_a_step() -> None:
    assert [found.code for found in faults(INTERVIEW, INTERVIEW, timezone="")] == ["PI712"]


def test_a_wrong_time_zone_is_one_finding_too() -> None:
    assert [found.code for found in faults(INTERVIEW, timezone="Zurich")] == ["PI707"]


def test_steps_at_one_moment_are_in_order() -> None:
    assert faults(INTERVIEW, "{at: 2026-03-02 10:00, event: message}") == ()


def test_order_is_that_of_the_instants_in_whatever_zone_they_are_written() -> None:
    assert faults("{at: 2026-03-02 10:00, event: message}", "{at: 2026-03-02T09:30Z, event: reply}") == ()
    early = faults("{at: 2026-03-02 10:00, event: message}", "{at: 2026-03-02T08:30Z, event: reply}")
    assert [found.code for found in early] == ["PI714"]


def test_what_is_told_late_may_be_out_of_order() -> None:
    assert faults(INTERVIEW, "{at: 2026-03-01 10:00, event: message, late: true}") == ()


def test_a_step_told_late_does_not_make_those_after_it_late() -> None:
    late = "{at: 2026-03-09 10:00, event: message, late: true}"

    assert faults(INTERVIEW, late, "{at: 2026-03-03 10:00, event: message}") == ()


@pytest.mark.parametrize("family", ["yaml", "pure"])
def test_both_parsers_read_the_same(family: str) -> None:
    definition = rulebook().definition
    reading = read(STORY, "story.yaml", pure=family == "pure")

    assert link(reading, definition).scenarios == linked(STORY).scenarios


def test_a_name_that_is_taken_twice_in_a_list_is_reported() -> None:
    step = "{at: 2026-03-05 09:00, event: follow_up, expect: refused, because: [one_chase, one_chase]}"

    assert [found.code for found in faults(DATED, step)] == ["PI121"]


@given(st.data())
def test_no_slip_of_the_pen_in_a_story_raises(data: st.DataObject) -> None:
    where = data.draw(st.integers(0, len(STORY) - 1))
    length = data.draw(st.integers(0, 12))
    put = data.draw(st.text(st.sampled_from("abz019 :-{}[],'\"#&*!|>?%@`\n\t\\~é"), max_size=4))
    text = STORY[:where] + put + STORY[where + length :]

    for scenario in linked(text).scenarios:
        play(scenario, rulebook())


def test_an_unknown_country_is_found_before_the_story_is_played() -> None:
    text = STORY.replace("    steps:", "    country: DE-BAY\n    steps:", 1)
    found = link(read(text, "story.yaml"), rulebook().definition, lambda _: ["DE-BE", "DE-BY"])

    assert found.scenarios == ()
    assert [(each.code, each.path) for each in found.diagnostics] == [("PI221", "scenarios[0].country")]


def test_the_systems_time_zones_are_listed_once_however_many_are_misspelt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def listed() -> set[str]:
        asked.append("all")
        return {"Europe/Zurich"}

    monkeypatch.setattr(parsing, "available_timezones", listed)
    parsing.all_zones.cache_clear()
    each = "  - {name: n, timezone: europe/zurich, steps: []}\n"
    found = linked(f"format: 1\nrules: default\nscenarios:\n{each * 5}").diagnostics
    parsing.all_zones.cache_clear()

    assert [each.help for each in found if each.code == "PI707"] == ["did you mean `Europe/Zurich`?"] * 5
    assert asked == ["all"]


@pytest.mark.parametrize("nothing", ["null", "~"])
@pytest.mark.parametrize("kind", ["text", "bool", "number", "date", "people", "[a, b]"])
def test_null_leaves_out_an_optional_field_of_any_type(kind: str, nothing: str) -> None:
    event = "{by: employer, opens: round"
    definition = definition_of(small((event, f"{event}, fields: {{said: {{type: {kind}, optional: true}}}}")))
    story = file_of(f"{{at: 2026-03-02 10:00, event: interview, with: {{said: {nothing}}}}}")
    (scenario,) = link(read(story, "story.yaml"), definition).scenarios

    (step,) = scenario.steps
    assert isinstance(step, EventStep)
    assert step.fields == {}
