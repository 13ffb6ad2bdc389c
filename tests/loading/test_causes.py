"""Each change that a guard of the extended file rests on is found, and no other."""

from __future__ import annotations

import pytest

from postinterview.files import named_parent_of
from postinterview.loading.causes import Causes
from postinterview.rulebooks import load_text
from tests.linting.rules import pack

RULE = ("machines", "application", "transitions", "follow_up_once")
OTHER = "  thanks: {transitions: {thanked: {due: interview + 2 days}}}\n"


def causes(values: str) -> Causes:
    loaded = load_text("mine.yaml", pack(f"{values}\nmachines:\n{OTHER}"), finder=named_parent_of)
    assert loaded.causes is not None
    return loaded.causes


@pytest.mark.parametrize(
    ("guard", "values", "path", "steps"),
    [
        ("wait_for_the_answer",
         "guard_sets: {before_any_nudge: {wait_for_the_answer: {not_before: interview}}}",
         "guard_sets.before_any_nudge.wait_for_the_answer.not_before", 0),
        ("one_chase", "guard_sets: {before_any_nudge: {remove: use}}", "guard_sets.before_any_nudge.use", 0),
        ("wait_for_the_answer", "dates: {answer_due: waited_from + 14 days}", "dates.answer_due", 1),
        ("wait_for_the_answer", "classes: {waited_from: [interview]}", "classes.waited_from", 2),
        ("wait_for_the_answer", "calendar: {country: CH}", "calendar.country", 2),
        ("wait_for_the_answer", "events: {interview: {fields: {decide_by: {remove: sets}}}}",
         "events.interview.fields.decide_by.sets", 2),
        ("one_follow_up", "events: {interview: {remove: opens}}", "events.interview.opens", 1),
        ("one_chase", "events: {follow_up: {contact: courtesy}}", "events.follow_up.contact", 1),
        ("decent_hours", "events: {follow_up: {fields: {channel: [email]}}}",
         "events.follow_up.fields.channel", 1),
    ],
)  # fmt: skip
def test_what_a_guard_rests_on_is_found_with_the_steps_to_it(
    guard: str, values: str, path: str, steps: int
) -> None:
    (found,) = causes(values).of([(*RULE, "guards", guard)])
    assert (found.path, found.steps, found.where.file, found.where.line) == (path, steps, "mine.yaml", 4)


@pytest.mark.parametrize(
    ("guard", "values"),
    [
        ("one_follow_up", "dates: {answer_due: waited_from + 14 days}"),
        ("wait_for_the_answer", "events: {follow_up: {fields: {channel: [email]}}}"),
        ("wait_for_the_answer", "credits: {reply: {max: 4}}"),
        ("a_week_apart", "calendar: {country: CH}"),
    ],
)
def test_what_a_guard_does_not_rest_on_is_no_cause(guard: str, values: str) -> None:
    assert causes(values).of([(*RULE, "guards", guard)]) == []


def test_new_events_of_a_story_and_what_hears_them_are_found() -> None:
    tip = "events: {tip: {by: candidate, contact: none}, hint: {by: candidate, contact: none}}"
    assert [each.path for each in causes(tip).of_events(["interview", "tip"])] == ["events.tip"]


@pytest.mark.parametrize(
    ("old", "new", "advice"),
    [
        ("[promised + 1 business day, waited_from + 7 days]", "waited_from + 14 days",
         "[promised + 1 business day, waited_from + 14 days]"),
        ("[promised + 1 business day, waited_from + 7 days]", "[interview + 9 days]",
         "[promised + 1 business day, waited_from + 7 days, interview + 9 days]"),
    ],
)  # fmt: skip
def test_what_a_list_has_lost_is_written_again_beside_what_is_new(old: str, new: str, advice: str) -> None:
    (found,) = causes(f"dates: {{answer_due: {new}}}").of([("dates", "answer_due")])
    assert found.change.old == old
    assert found.advice.startswith(f"write `answer_due: {advice}`; rules/default.yaml:")
