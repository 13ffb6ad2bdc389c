"""``prove --compare``: what it prints, writes, and ends with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.helpers import ROOT, Caller


@pytest.fixture
def looser(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The packaged rules with a day less between a message and a chase."""
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")
    path = Path("looser.yaml")
    path.write_text(text.replace("apart: 7 days, from: exchange", "apart: 6 days, from: exchange"))
    return path


def test_rules_that_allow_nothing_new_end_with_yes(call: Caller, looser: Path) -> None:
    answer = call("prove", "--compare", looser, "default")

    assert answer.code == 0
    assert answer.out.count("\nnone  ") == 15
    assert answer.out.endswith("none: the new rules allow no act that the old ones refused\n")


def test_a_loosened_rule_is_shown_with_its_story_and_the_old_reason(call: Caller, looser: Path) -> None:
    answer = call("prove", "--compare", "default", looser)

    assert answer.code == 1
    assert "(allowed, and refused by the old rules)" in answer.out
    assert "`let_them_speak`: 6 days " in answer.out
    assert answer.out.endswith("some: 2 of 15 acts are newly allowed\n")


def test_what_is_written_plays_in_either_rulebook(call: Caller, looser: Path, tmp_path: Path) -> None:
    folder = tmp_path / "stories"
    assert call("prove", "--compare", "default", looser, "--write", folder).code == 1
    acts, whose = ("follow_up", "missed_call"), ("allowed", "refused")

    written = sorted(path.name for path in folder.iterdir())
    assert written == [f"looser-{act}-{which}.yaml" for act in acts for which in whose]
    assert call("test", folder).code == 0
    assert "because: [let_them_speak]" in (folder / "looser-follow_up-refused.yaml").read_text(
        encoding="utf-8"
    )


def test_in_json_every_act_has_its_verdict_story_and_reasons(call: Caller, looser: Path) -> None:
    answer = call("prove", "--compare", "default", looser, "--format", "json")
    data = json.loads(answer.out)

    assert (answer.code, data["verdict"], data["new"]) == (1, "some", [str(looser)])
    acts = {each["act"]: each for each in data["acts"]}
    assert {act for act, each in acts.items() if each["verdict"] == "some"} == {"follow_up", "missed_call"}
    assert [step["event"] for step in acts["missed_call"]["scenario"]["steps"]] == [
        "interview",
        "scheduled",
        "missed_call",
    ]
    assert [reason["id"] for reason in acts["missed_call"]["refused_by_old"]] == ["let_them_speak"]
    assert acts["reply"]["scenario"] is None


def test_a_limit_a_missing_file_and_other_files_beside_it_end_as_everywhere(
    call: Caller, looser: Path
) -> None:
    assert call("prove", "--compare", "default", looser, "--max-seconds", "0.000001").code == 4
    assert call("prove", "--compare", "default", "nowhere.yaml").code == 3
    assert call("prove", "--compare", "default", looser, "default").code == 2
    looser.write_text("format: 1\n", encoding="utf-8")
    assert call("prove", "--compare", "default", looser).code == 1


def test_a_faulty_file_is_reported_as_prove_reports_it_without_a_verdict(
    call: Caller, tmp_path: Path
) -> None:
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("format: 1\ntitle: Nothing yet\n", encoding="utf-8")
    compared = call("prove", "--compare", "default", faulty, "--format", "json")
    proved = json.loads(call("prove", faulty, "--format", "json").out)

    assert (compared.code, compared.err) == (1, "")
    assert json.loads(compared.out) == {
        "version": 1,
        "passed": False,
        "diagnostics": proved["diagnostics"],
        "errors": [],
    }
