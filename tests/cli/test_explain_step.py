"""`explain STORY --step N` plays a story up to a step, and shows each guard with its values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.helpers import Caller

ROOT = Path(__file__).parents[2]
QUOTED = str(ROOT / "examples/quoted-date.yaml")

TWO = """\
format: 1
rules: default
scenarios:
  - name: One
    timezone: Europe/Zurich
    steps:
      - {at: 2026-03-02 10:00, event: interview, with: {interviewers: [ana]}}
      - {at: 2026-03-05 09:00, event: follow_up, with: {channel: call}, expect: refused}
  - name: Two
    timezone: Europe/Zurich
    steps:
      - {at: 2026-03-02 10:00, event: interview, with: {interviewers: [ana]}}
      - {at: 2026-03-03 10:00, event: thank_you, to: ana, with: {topic: trains}, expect: refused}
      - {at: 2026-03-04 10:00, retract: 1}
"""


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("two.yaml").write_text(TWO, encoding="utf-8")
    return "two.yaml"


def test_a_refused_step_shows_each_guard_with_its_values(call: Caller, two: str) -> None:
    said = call("explain", two, "--step", "2").out
    assert said.startswith(
        "Step 2 of One  two.yaml:8\n"
        "  follow_up (channel: call), Thu 5 Mar 2026 09:00: refused\n"
        "  Allowed from Mon 9 Mar 2026 10:00.\n"
        '  The application is "Waiting for the decision" before.\n'
    )
    assert "  holds   one_follow_up  rules/default.yaml:" in said
    assert (
        "          has    interview on Mon 2 Mar 2026 10:00\n"
        "          needs  Mon 9 Mar 2026 10:00 or later (`answer_due`)\n"
        "          opens  Mon 9 Mar 2026 10:00\n"
    ) in said


OTHER = """\
format: 1
title: Other rules
events:
  interview: {by: employer, opens: round, fields: {interviewers: {type: people, optional: true}}}
  thank_you: {by: candidate, contact: courtesy, to: interviewer, fields: {topic: text}}
machines:
  application:
    per: application
    start: waiting
    states: {waiting: }
    transitions: {thank: {event: thank_you, from: waiting}, met: {event: interview, from: any}}
"""


def test_other_rules_need_to_know_the_names_of_the_one_story(call: Caller, two: str) -> None:
    Path("other.yaml").write_text(OTHER, encoding="utf-8")
    for scenario in ("2", "Two"):
        told = call("explain", two, "--scenario", scenario, "--step", "2", "other.yaml")
        assert (told.code, told.err) == (0, "")
        assert told.out.startswith("Step 2 of Two  two.yaml:13\n")
    assert call("explain", two, "--step", ":13", "other.yaml").code == 0
    for asked in (("--step", "2"), ("--step", ":8"), ("--step", "1", "--scenario", "One")):
        refused = call("explain", two, *asked, "other.yaml")
        assert refused.code == 1
        assert "the rules `other` have no event of this name" in refused.err
        assert "two.yaml:8" in refused.err
    assert call("next", two, "--at", "2026-03-03 09:00", "--scenario", "2", "--rules", "other.yaml").code == 0


def test_a_fact_is_recorded(call: Caller, two: str) -> None:
    said = call("explain", two, "--step", "1").out
    assert (
        "Mon 2 Mar 2026 10:00: recorded\n  A fact is recorded and never refused: no guard is asked.\n" in said
    )


def test_a_file_where_a_name_is_wanted_is_refused_with_what_to_type(call: Caller, two: str) -> None:
    alone = call("explain", two)
    assert alone.code == 2
    assert "add `--step 2`" in alone.err
    behind = call("explain", "follow_up", two, "--step", "2")
    assert behind.code == 2
    assert f"postinterview explain {two} --step 2" in behind.err


def test_the_document_says_which_guards_hold_and_what_they_ask(call: Caller) -> None:
    told = json.loads(call("explain", QUOTED, "--step", "2", "--format", "json").out)
    assert told["result"] == "refused"
    assert told["states"] == {"application": "waiting", "position": "open"}
    refusing = [each for each in told["guards"] if not each["holds"]]
    assert [each["id"] for each in refusing] == ["wait_for_the_answer"]
    assert refusing[0]["opens_at"] == "2026-01-22T00:00:00-05:00"
    assert all(each["sentence"].endswith(".") and each["has"] for each in told["guards"])
    assert {(each["machine"], each["transition"]) for each in told["guards"]} == {
        ("application", "follow_up_once"),
        ("position", "follow_up_while_open"),
    }


@pytest.mark.parametrize(
    ("arguments", "title"),
    [
        (["--step", "2"], "Step 2 of One  two.yaml:8"),
        (["--step", "2", "--scenario", "Two"], "Step 2 of Two  two.yaml:13"),
        (["--step", "2", "--scenario", "2"], "Step 2 of Two  two.yaml:13"),
        (["--step", ":13"], "Step 2 of Two  two.yaml:13"),
        (["--step", "two.yaml:8:9"], "Step 2 of One  two.yaml:8"),
        (["--step", ":7", "--scenario", "One"], "Step 1 of One  two.yaml:7"),
        (["--step", "3", "--scenario", "Two"], "Step 3 of Two  two.yaml:14"),
    ],
)
def test_a_step_is_chosen_by_its_number_or_its_line(
    call: Caller, two: str, arguments: list[str], title: str
) -> None:
    assert call("explain", two, *arguments).out.splitlines()[0] == title


def test_facts_and_corrections_say_that_no_guard_is_asked(call: Caller, two: str) -> None:
    assert (
        "  A fact is recorded and never refused: no guard is asked.\n"
        in call("explain", two, "--step", "1").out
    )
    said = call("explain", two, "--step", "3", "--scenario", "Two").out
    assert said.endswith("  A correction of the history: no guard is asked.\n")


def test_a_step_can_be_explained_under_other_rules(call: Caller, two: str) -> None:
    assert "  Allowed from Wed 1 Apr 2026 11:00.\n" in call("explain", two, "academia", "--step", "2").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--step", "9"], "`One` has steps 1 to 2"),
        (["--step", "0"], "`One` has steps 1 to 2"),
        (["--step", "9" * 5000], "write a number such as 3"),
        (["--step", "²"], "write a number such as 3"),
        (["--step", "two"], "write a number such as 3, or a line such as :9, not `two`"),
        (["--step", ":2"], "no step is at line 2; the first is at line 7"),
        (["--step", "2", "--scenario", "Thre"], "no scenario is called `Thre`"),
        (["--scenario", "Two"], "add `--step`"),
    ],
)
def test_what_is_no_step_is_said(call: Caller, two: str, arguments: list[str], said: str) -> None:
    answer = call("explain", two, *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in " ".join(answer.err.split())


def test_a_story_that_cannot_be_played_is_an_error_with_its_line(call: Caller, two: str) -> None:
    Path(two).write_text(TWO.replace("retract: 1", "retract: 7"), encoding="utf-8")
    answer = call("explain", two, "--step", "3", "--scenario", "Two")
    assert answer.code == 1
    assert "two.yaml:14" in answer.err


def test_a_step_without_a_story_is_refused(call: Caller) -> None:
    assert "name the scenario file" in call("explain", "--step", "2").err
    assert call("explain", "missing.yaml", "--step", "2").code == 3
