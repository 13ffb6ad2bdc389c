"""Failed steps are grouped by the guard that made them fail, and consequences are told from causes."""

from __future__ import annotations

from functools import cache

import pytest

from postinterview import Rulebook, load_rulebook
from postinterview.files import read_packaged
from postinterview.layout import plain
from postinterview.scenario.causes import FailureGroup, failed_steps, group_by_cause, group_lines
from postinterview.scenario.consequences import find_consequences
from postinterview.scenario.linking import link_to_others
from postinterview.scenario.parsing import read
from postinterview.scenario.playing import Played, play
from tests.scenario.helpers import INTERVIEW, file_of

AFTER_A_WEEK = "{at: 2026-03-09 10:00, event: follow_up, with: {channel: email}"
"""A follow-up one week after the interview, so that ten days refuse it."""


@cache
def with_ten_days() -> Rulebook:
    text = read_packaged("default")[1].decode()
    changed = text.replace("waited_from + 7 days", "waited_from + 10 days")
    assert changed != text
    return load_rulebook(text=changed, name="ten.yaml")


def played(*steps: str, file: str = "story.yaml") -> Played:
    linked = link_to_others(read(file_of(*steps), file), with_ten_days().definition)
    assert (linked.diagnostics, linked.unplayable) == ((), ())
    return find_consequences(play(linked.scenarios[0], with_ten_days()))


def groups_of(*stories: Played) -> list[FailureGroup]:
    return group_by_cause(each for story in stories for each in failed_steps(story))


def told(group: FailureGroup) -> tuple[str, int, int]:
    return group.cause.name, len(group.failed), len(group.scenarios)


def test_steps_that_rest_on_a_refused_act_are_consequences() -> None:
    story = played(
        INTERVIEW,
        AFTER_A_WEEK + ", state: {application: followed_up}}",
        "{at: 2026-03-20 10:00, event: follow_up, with: {channel: email}, expect: refused, "
        "because: [one_chase, one_follow_up]}",
    )

    assert [step.step.number for step in story.failed_steps] == [2, 3]
    assert story.consequences == {3}
    assert [told(group) for group in groups_of(story)] == [("wait_for_the_answer", 1, 1)]


def test_a_step_that_would_fail_all_the_same_is_a_cause() -> None:
    story = played(INTERVIEW, AFTER_A_WEEK + "}", AFTER_A_WEEK + ", expect: refused, because: [hold_on]}")

    assert [step.step.number for step in story.failed_steps] == [2, 3]
    assert story.consequences == frozenset()


def test_an_act_that_is_allowed_against_the_story_is_not_in_the_history_of_later_steps() -> None:
    monday = "{at: 2026-03-16 10:00, event: follow_up, with: {channel: email}"
    story = played(
        INTERVIEW, monday + ", expect: refused}", monday + "}", "{at: 2026-03-17 10:00, event: message}"
    )

    assert [step.step.number for step in story.failed_steps] == [2, 3]
    assert story.consequences == {3}


def test_a_correction_of_an_entry_that_was_refused_does_not_stop_the_story_by_itself() -> None:
    story = played(
        INTERVIEW,
        AFTER_A_WEEK + "}",
        "{retract: 2, at: 2026-03-10 10:00, not_sent: true, state: {application: waiting}}",
        "{at: 2026-03-11 10:00, event: message}",
    )

    assert (story.diagnostics, story.passed) == ((), False)
    assert [step.step.number for step in story.failed_steps] == [2]


def test_a_misuse_of_the_story_itself_stays() -> None:
    story = played(INTERVIEW, AFTER_A_WEEK + "}", "{retract: 7, at: 2026-03-10 10:00}")

    assert [each.code for each in story.diagnostics] == ["PI741"]


def test_a_group_has_the_guard_of_most_steps() -> None:
    early = played(INTERVIEW, "{at: 2026-03-09 07:00, event: follow_up, with: {channel: call}}")
    later = played(INTERVIEW, AFTER_A_WEEK + "}", file="other.yaml")
    groups = groups_of(early, later)

    assert [told(group) for group in groups] == [("wait_for_the_answer", 2, 2)]
    text = plain(group_lines(groups[0]))
    assert text.startswith("wait_for_the_answer, ten.yaml:216: 2 steps of 2 scenarios failed\n")
    assert text.count("    FAIL  ") == 2  # the first step is shown whole: decent_hours refuses it, too
    assert text.endswith("also  other.yaml:7:9 step 2 of A story\n")


REFUSED = "event: follow_up, with: {channel: email}, expect: refused"


@pytest.mark.parametrize(
    ("step", "cause"),
    [
        (f"{{at: 2026-03-12 10:00, {REFUSED}, because: wait_for_the_answer}}", "wait_for_the_answer"),
        (f"{{at: 2026-03-10 10:00, {REFUSED}, because: one_chase}}", "wait_for_the_answer"),
        (f"{{at: 2026-03-10 10:00, {REFUSED}, opens_at: 2026-03-11 10:00}}", "wait_for_the_answer"),
        (f"{{at: 2026-03-12 10:00, {REFUSED}, because: gone}}", "gone"),
        ("{at: 2026-03-12 10:00, event: reply}", "reply_to_a_message"),
        ("{at: 2026-03-12 10:00, event: withdraw, closes_at: 2026-05-01 10:00}", "withdraw"),
        ("{at: 2026-03-10 10:00, event: message, expect: unexpected}", "message"),
        ("{at: 2026-03-10 10:00, event: message, state: {plan: ready}}", "state of plan"),
        ("{at: 2026-03-10 10:00, event: message, state: {no_such: ready}}", "state of no_such"),
    ],
)
def test_every_failure_has_a_cause(step: str, cause: str) -> None:
    assert [each.cause.name for each in groups_of(played(INTERVIEW, step))] == [cause]


def test_every_failed_step_is_in_exactly_one_group() -> None:
    stories = [
        played(INTERVIEW, AFTER_A_WEEK + "}", "{at: 2026-03-10 08:00, event: message, expect: unexpected}"),
        played(INTERVIEW, "{at: 2026-03-09 07:00, event: follow_up, with: {channel: call}}"),
    ]
    failed = [each for story in stories for each in failed_steps(story)]
    grouped = [each for group in group_by_cause(failed) for each in group.failed]

    assert sorted(map(id, grouped)) == sorted(map(id, failed))


def test_only_scenarios_that_name_what_other_rules_lack_can_not_be_played() -> None:
    text = (
        file_of(INTERVIEW)
        + "  - name: Another\n    timezone: UTC\n    steps:\n"
        + (
            "      - {at: 2026-03-02 10:00, event: talk, with: {who: bob}}\n"
            "      - {at: 2026-03-02 10:00, event: message, with: {mood: glad}}\n"
        )
    )
    linked = link_to_others(read(text, "story.yaml"), with_ten_days().definition)

    assert ([each.name for each in linked.scenarios], linked.diagnostics) == (["A story"], ())
    assert [each.name for each in linked.unplayable] == ["Another"]
    assert [each.message for each in linked.unplayable[0].diagnostics] == [
        "unknown event `talk`",
        "unknown field `mood`",
    ]
