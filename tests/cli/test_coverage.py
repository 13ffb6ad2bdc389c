"""``test --coverage``: counts, what is missing with its line, stories for it, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.helpers import SMALL, Caller
from tests.scenario.helpers import file_of

TINY = """\
format: 1
title: One follow-up
events: {interview: {by: employer, opens: round}, follow_up: {by: candidate, contact: chase}}
machines:
  application:
    per: application
    start: before
    states: {before: {title: Before the interview}, waiting: {title: Waiting}}
    transitions:
      interviewed: {event: interview, from: any, to: waiting}
      ask: {event: follow_up, from: waiting, guards: {one_chase: {at_most: 1, of: chase, since: interview}}}
"""


@pytest.fixture(autouse=True)
def folder(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "small.yaml").write_text(SMALL, "utf-8")
    text = file_of("{at: 2026-03-02 10:00, event: interview}").replace(
        "scenarios:", "rules: small.yaml\nscenarios:"
    )
    (tmp_path / "story.yaml").write_text(text, "utf-8")
    (tmp_path / "tiny.yaml").write_text(TINY, "utf-8")
    (tmp_path / "tiny-story.yaml").write_text(text.replace("small.yaml", "tiny.yaml"), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_missing_is_named_with_its_line_and_a_story(call: Caller) -> None:
    answer = call("test", "--coverage", "tiny-story.yaml")

    assert (answer.code, answer.err) == (0, "")
    assert "\nCoverage of tiny.yaml: " in answer.out
    line = TINY[: TINY.index("one_chase")].count("\n") + 1
    assert f"\n  tiny.yaml:{line}  guard ask.one_chase never refuses\n" in answer.out
    assert "stories that would show what is missing (`--write DIR` writes them):\n  format: 1\n" in answer.out


def test_less_than_the_minimum_is_a_failure(call: Caller) -> None:
    enough = call("test", "tiny-story.yaml", "--coverage=1")
    assert (enough.code, "under" in enough.out) == (0, False)

    less = call("test", "tiny-story.yaml", "--coverage=90")
    assert less.code == 1
    assert less.out.endswith(" %, under 90 %\n")
    data = json.loads(call("test", "tiny-story.yaml", "--coverage=90", "--format", "json").out)
    assert data["passed"] is False


def test_the_written_stories_make_the_coverage_whole(call: Caller, folder: Path) -> None:
    answer = call("test", "story.yaml", "--coverage", "--write", "found/more")
    written = sorted((folder / "found" / "more").glob("*.yaml"))

    assert answer.out.count("\nwrote ") == len(written) > 10
    assert 'rules: "../../small.yaml"\n' in written[0].read_text("utf-8")
    assert call("test", "story.yaml", "found", "--coverage=100").code == 0


def test_the_document_has_the_counts_and_the_stories(call: Caller) -> None:
    document = json.loads(call("test", "tiny-story.yaml", "--coverage", "--format", "json").out)
    (coverage,) = document["coverage"]

    assert coverage["rules"] == "tiny.yaml"
    assert coverage["counts"]["state"] == {"seen": 2, "all": 2}
    missing = {f"{each['kind']} {each['name']}": each for each in coverage["missing"]}
    found = missing["guard ask.one_chase"]
    assert (found["file"], found["verdict"]) == ("tiny.yaml", "some")
    assert found["scenario"]["steps"][-1]["because"] == ["one_chase"]


PACK = """\
format: 1
extends: ./small.yaml
title: Two weeks
events: {follow_up: {title: ask them}}
classes: {heard: [interview, message]}
machines:
  application:
    transitions:
      follow_up_once:
        guards:
          a_week: {not_before: interview + 14 days}
          once_a_week: {apart: 7 days, from: heard}
          remove: a_week_apart
"""


def test_of_rules_that_extend_others_the_changes_are_told_and_the_rest_is_counted(
    call: Caller, folder: Path
) -> None:
    (folder / "pack.yaml").write_text(PACK, "utf-8")
    early = "{at: 2026-03-09 10:00, event: follow_up, expect: refused}"
    text = file_of("{at: 2026-03-02 10:00, event: interview}", early)
    (folder / "early.yaml").write_text(text.replace("scenarios:", "rules: pack.yaml\nscenarios:"), "utf-8")

    answer = call("test", "--coverage", "early.yaml")
    assert answer.code == 0
    told = answer.out.partition("\nCoverage of pack.yaml: ")[2].splitlines()
    assert told[1:5] == [
        "  1 of 3 changes shown:",
        "    pack.yaml:5  a new class `heard`: not shown: guard follow_up_once.once_a_week never refuses",
        "    pack.yaml:11  `a_week`: not before 14 days instead of 7 days after interview: shown by guard",
        "                  follow_up_once.a_week",
    ]
    assert "    pack.yaml:13  no `a_week_apart` in `follow_up_once`: no step can show it" in told
    assert "  `--all` lists what is missing.\n\nA story that would show what is missing" in answer.out
    assert "once_a_week alone refuses" in answer.out
    assert " is never taken" not in answer.out

    listed = call("test", "--coverage", "--all", "--write", "found", "early.yaml").out
    assert "  pack.yaml:11  guard" not in listed  # it refused
    assert " is never taken\n" in listed
    full = json.loads(call("test", "--coverage", "early.yaml", "found", "--format", "json").out)
    (document,) = full["coverage"]
    assert ["guard follow_up_once.a_week"] in [each["shown_by"] for each in document["changes"]]
    assert [each["text"] for each in document["changes"] if not each["shown_by"]] == [
        "no `a_week_apart` in `follow_up_once`"
    ]
    assert {each["verdict"] for each in document["missing"]} <= {"none"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--all",), "`--all` lists what is missing for `--coverage`"),
        (("--write", "found"), "`--write` writes what is missing for `--coverage`"),
        (("--coverage=all",), "'all' is not a valid float"),
        (("--coverage=101",), "101"),
    ],
)
def test_wrong_usage_is_said(call: Caller, arguments: tuple[str, ...], said: str) -> None:
    answer = call("test", "story.yaml", *arguments)
    assert (answer.code, said in answer.err) == (2, True)


def test_explain_shows_a_story_in_which_a_guard_decides_or_that_it_never_does(
    call: Caller, folder: Path
) -> None:
    answer = call("explain", "a_week", "small.yaml")
    assert (
        "\nA story in which it alone refuses (follow_up_once):\n  format: 1\n  rules: small.yaml\n"
        in answer.out
    )
    data = json.loads(call("explain", "a_week", "small.yaml", "--format", "json").out)
    assert [(each["transition"], each["verdict"]) for each in data["decides"]] == [("follow_up_once", "some")]

    idle = "          idle: {at_most: 2, of: follow_up, per: round}\n          a_week: {"
    (folder / "idle.yaml").write_text(SMALL.replace("          a_week: {", idle), "utf-8")
    said = "It never matters in follow_up_once: what it refuses there is refused without it.\n"
    assert call("explain", "idle", "idle.yaml").out.endswith(said)
