"""Where a promise is broken, ``prove`` says what keeps it in the packaged rules, and what is here instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from postinterview.core.rules.definitions import Origin
from postinterview.proof.explain import written_at
from tests.cli.helpers import ROOT, Caller

DEFAULT = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")
ONE_CHASE = "one_chase: {at_most: 1, of: chase, since: sign_of_life, per: employer}"


@pytest.fixture(autouse=True)
def folder(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(call: Caller, text: str, promise: str) -> list[str]:
    """What stands below the story that breaks the promise, for rules in a file of one's own."""
    Path("mine.yaml").write_text(text, encoding="utf-8")
    answer = call("prove", "mine.yaml")
    assert (answer.code, answer.err) == (1, "")
    _, _, after = answer.out.partition(f"FAIL  {promise} ")
    below = after.partition("(allowed)\n           mine.yaml")[2].split("\n")
    return [f"mine.yaml{below[0]}", *(line.strip() for line in below[1:] if line.startswith("           "))]


def line_of(text: str, written: str) -> int:
    return text[: text.index(written)].count("\n") + 1


@pytest.mark.slow
def test_a_guard_that_was_loosened_is_shown_beside_the_packaged_one(call: Caller) -> None:
    text = DEFAULT.replace(ONE_CHASE, ONE_CHASE.replace("at_most: 1", "at_most: 2"))
    packaged, line = ONE_CHASE.removeprefix("one_chase: "), line_of(text, "one_chase:")
    rule = line_of(text, "follow_up_once:")

    said = told(call, text, "one_chase")
    assert said[0] == (
        f"mine.yaml:{rule}: `follow_up_once` lets it happen; its guards one_chase, one_follow_up, "
        "answer_first, task_first, wait_for_the_answer, no_talk_ahead, a_week_apart, few_nudges, "
        "few_in_two_months, decent_hours and let_them_speak were all satisfied; none of them is strict enough"
    )
    assert (
        f"= help: in the packaged rules this rests on one_chase, {packaged}; "
        f"here line {line} says {packaged.replace('at_most: 1', 'at_most: 2')}"
    ) in said


def test_a_guard_that_is_gone_is_shown_with_where_it_stands_in_the_packaged_rules(call: Caller) -> None:
    text = DEFAULT.replace("    use: one_at_a_time\n    one_follow_up", "    one_follow_up")
    packaged, line = ONE_CHASE.removeprefix("one_chase: "), line_of(DEFAULT, "one_chase:")

    assert (
        f"= help: in the packaged rules this rests on one_chase, {packaged} (rules/default.yaml:{line}); "
        "here `follow_up_once` has no such guard"
    ) in told(call, text, "one_chase")


RULES = """\
format: 1
title: Mine
events:
  {event}: {{by: candidate, starts: application}}
machines:
  application:
    per: application
    start: open
    states: {{open: }}
    transitions:
      ask:
        event: {event}
        from: open
{guards}"""


def test_a_rule_with_one_guard_or_none_is_told_so(call: Caller) -> None:
    assert told(call, RULES.format(event="nudge", guards=""), "one_chase")[:1] == [
        "mine.yaml:11: `ask` lets it happen; it has no guards"
    ]
    two = "        guards: {two: {at_most: 2, of: chase}}\n"
    assert told(call, RULES.format(event="nudge", guards=two), "one_chase")[:1] == [
        "mine.yaml:11: `ask` lets it happen; its only guard, two, was satisfied, and is not strict enough"
    ]
    assert told(call, RULES.format(event="follow_up", guards=two), "one_chase")[1].endswith(
        "; here `ask` has no such guard"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("once: {at_most: 1, of: chase}  # so\n", "{at_most: 1, of: chase}"),
        ("once: {at_most: 1,\n       of: [call, mail]}\nnext: {a: b}\n", "{at_most: 1, of: [call, mail]}"),
        ("once: {at_most: 1}, next: {at_most: 2}\n", "{at_most: 1}"),
        ("once:\n  at_most: 1\n", ""),
        ("once: {at_most: 1\n", ""),
        ("once: &one {at_most: 1}\n", ""),
    ],
)
def test_a_definition_is_quoted_as_it_is_written_in_braces(text: str, written: str) -> None:
    assert written_at(Origin("f", 2, 3), {"f": f"# above\n  {text}"}) == written
    assert written_at(Origin("g", 2, 3), {"f": text}) == ""
