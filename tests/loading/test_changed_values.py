"""A guard tells the changed values that it only names, with the lines that change them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import postinterview as pi
from postinterview.files import DEFAULT, packaged
from postinterview.loading.guard_equality import content

_HEAD = "format: 1\nextends: {parent}\ntitle: Ours\n"


def _rules(change: str, folder: Path | None = None, parent: str = "default") -> pi.Rulebook:
    return pi.load_rulebook(text=_HEAD.format(parent=parent) + change, name="ours.yaml", folder=folder)


def _told(rulebook: pi.Rulebook, id: str, act: str = "follow_up") -> set[str]:
    return {
        str(each)
        for machine in rulebook.definition.machines.values()
        for rule in machine.transitions
        if rule.event == act
        for guard in rule.guards
        if guard.id == id
        for each in guard.changes
    }


@pytest.mark.parametrize(
    ("change", "act", "guard", "value"),
    [
        ("dates:\n  answer_due: waited_from + 9 days\n", "follow_up", "wait_for_the_answer", "answer_due"),
        ("dates:\n  answer_due: waited_from + 9 days\n", "follow_up", "not_too_late", "answer_due"),
        ("classes:\n  waited_from: interview\n", "follow_up", "wait_for_the_answer", "waited_from"),
        ("classes:\n  nudge: follow_up\n", "missed_call", "few_nudges", "nudge"),
        ("credits:\n  reply: {max: 1}\n", "reply", "reply_to_a_message", "reply.max"),
        ("credits:\n  reply:\n    per: employer\n", "reply", "reply_to_a_message", "reply.per"),
        ("events: {counter_offer: {contact: courtesy}}\n", "follow_up", "one_chase", "counter_offer.contact"),
        ("events:\n  message: {sign_of_life: false}\n", "follow_up", "one_chase", "message.sign_of_life"),
        ("events:\n  assignment: {remove: opens}\n", "follow_up", "one_follow_up", "assignment.opens"),
        ("events:\n  message: {opens: round}\n", "follow_up", "one_follow_up", "message.opens"),
        ("events:\n  on_hold: {gives: task}\n", "hand_in", "task_given", "on_hold.gives"),
        ("events: {follow_up: {fields: {channel: [email]}}}\n", "follow_up", "decent_hours",
         "follow_up.fields.channel"),
        ("calendar:\n  country: DE\n", "follow_up", "wait_for_the_answer", "calendar.country"),
        ("calendar:\n  weekend: [sunday]\n", "follow_up", "decent_hours", "calendar.weekend"),
    ],
)  # fmt: skip
def test_a_guard_names_the_line_that_changes_what_it_names(
    change: str, act: str, guard: str, value: str
) -> None:
    line = 3 + change.count("\n")  # the last
    assert _told(_rules(change), guard, act) == {f"`{value}` in ours.yaml:{line}"}


@pytest.mark.parametrize(
    "change",
    [
        "",
        "why: Another reason.\n",
        "dates:\n  answer_due: [promised + 1 business day, waited_from + 7 days]\n",
        "events:\n  message: {title: a note}\n",
        "dates:\n  hold_over: on_hold + 20 days\n",
    ],
)
def test_a_guard_names_no_line_that_changes_nothing_of_it(change: str) -> None:
    assert _told(_rules(change), "wait_for_the_answer") == set()


def test_a_guard_that_the_file_writes_itself_needs_no_other_line() -> None:
    change = "dates: {answer_due: waited_from + 9 days}\nguard_sets:\n  before_any_nudge:\n"
    own = _rules(change + "    wait_for_the_answer: {not_before: answer_due + 1 day}\n")
    assert _told(own, "wait_for_the_answer") == set()
    assert _told(own, "not_too_late") == {"`answer_due` in ours.yaml:4"}


def test_the_nearest_of_several_files_is_named(tmp_path: Path) -> None:
    theirs = _HEAD.format(parent="default")
    theirs += "dates: {answer_due: waited_from + 9 days}\nclasses: {nudge: follow_up}\n"
    (tmp_path / "theirs.yaml").write_text(theirs)
    below = _rules("dates: {answer_due: waited_from + 8 days}\n", tmp_path, "theirs")
    assert _told(below, "wait_for_the_answer") == {"`answer_due` in ours.yaml:4"}
    (told,) = _told(below, "few_nudges", "missed_call")
    assert told.endswith("theirs.yaml:5")


def test_whole_sections_may_go(tmp_path: Path) -> None:
    theirs = _HEAD.format(parent="default") + "calendar: {country: DE}\n"
    (tmp_path / "theirs.yaml").write_text(theirs)
    assert _told(_rules("remove: calendar\n", tmp_path, "theirs"), "wait_for_the_answer") == {
        "`calendar` in ours.yaml:4"
    }


def test_the_nearest_changes_are_told_and_three_at_most() -> None:
    many = "dates: {answer_due: waited_from + 9 days, last_word: {latest_of: [answer_due, wrote]}}\n"
    many += "classes: {wrote: [message, promise, offer], waited_from: interview}\n"
    many += "events: {promise: {fields: {date: {sets: hold}}}}\n"
    rulebook = _rules(many)
    (guard,) = {
        guard
        for rule in rulebook.definition.machines["position"].transitions
        for guard in rule.guards
        if rule.id == "follow_up_while_open"
    }
    assert [each.name for each in guard.changes] == ["last_word", "wrote", "answer_due"]


def test_a_reason_in_doubt_names_the_line_too() -> None:
    rulebook = _rules("dates:\n  answer_due: waited_from + 9 days\n")
    process = rulebook.start("Acme", "UTC").record("interview", at=date(2026, 3, 2)).process
    verdict = process.may("follow_up", at=datetime(2026, 3, 11, 12, tzinfo=UTC), channel="email")
    (reason,) = {each for each in verdict.reasons if each.id == "wait_for_the_answer"}
    assert reason.has == "unknown"  # it hangs on the hour of the interview
    assert reason.where.endswith(", `answer_due` in ours.yaml:5")


@pytest.mark.parametrize("pack", sorted({*packaged()} - {DEFAULT}))
def test_a_packaged_guard_that_means_something_else_in_a_pack_says_why(pack: str) -> None:
    default, ours = pi.load_rulebook().definition, pi.load_rulebook(pack).definition
    for name, machine in ours.machines.items():
        meant = {
            (rule.id, guard.id): content(guard, default.machines[name].scope)
            for rule in (default.machines[name].transitions if name in default.machines else ())
            for guard in rule.guards
        }
        for rule in machine.transitions:
            for guard in rule.guards:
                before = meant.get((rule.id, guard.id))
                is_theirs = before is not None and guard.origin.file == "rules/default.yaml"
                if is_theirs and before != content(guard, machine.scope):
                    assert guard.changes, (rule.id, guard.id)
