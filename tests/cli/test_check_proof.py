"""``check`` with the proof in it: what turned pushy fails, and what is not known is said to be so."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.helpers import ROOT, SMALL, Caller

DEFAULT = ROOT / "rules" / "default.yaml"
PUSHY = sorted((ROOT / "examples" / "pushy").glob("*.yaml"))


ONE_CHASE = "one_chase: {at_most: 1, of: chase, since: sign_of_life, per: employer}"


def loosened(text: str, *more: tuple[str, str]) -> Path:
    """Rules with a second chase in a silence, in the folder that the test is in."""
    for old, new in ((ONE_CHASE, ONE_CHASE.replace("at_most: 1", "at_most: 2")), *more):
        assert old in text
        text = text.replace(old, new)
    path = Path("mine.yaml")
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def folder(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_packaged_rules_pass_and_the_promises_they_keep_are_counted(call: Caller) -> None:
    assert call("check").out.endswith("23 promises kept\n")
    assert "promises" not in call("check", "--no-proof").out


def test_rules_that_turned_pushy_fail_at_the_guard_that_was_loosened(call: Caller) -> None:
    path = loosened(DEFAULT.read_text(encoding="utf-8"))
    answer = call("check", path)
    data = json.loads(call("check", path, "--format", "json").out)

    assert answer.code == 1
    lines = path.read_text(encoding="utf-8").splitlines()
    broken = {each["message"].split("`")[3]: each for each in data["diagnostics"]}
    assert set(broken) == {"one_chase", "no_attempt_after_a_chase"}
    for each in broken.values():
        assert each["code"] == "PI505"
        assert lines[each["line"] - 1].strip().startswith("one_chase: {at_most: 2")
        assert each["notes"][-1].endswith("(allowed)")
        assert "--write DIR" in each["help"]
    told = data["files"][0]["proof"]
    assert told["verdict"] == "violated"
    assert {each["id"] for each in told["not_proved"]} == set(broken)
    assert [len(each["scenario"]["steps"]) for each in told["not_proved"]] == [
        len(broken[each["id"]]["notes"]) for each in told["not_proved"]
    ]
    assert call("check", path, "--no-proof").code == 0


def test_of_two_alternatives_the_one_that_let_it_happen_is_named(call: Caller) -> None:
    urgent = """      follow_up_urgent:
        event: follow_up
        from: waiting
        guards:
          one_follow_up: {at_most: 1, of: follow_up, per: round}
          in_six_days: {not_before: interview + 6 days}
"""
    Path("mine.yaml").write_text(SMALL.replace("      answer:", f"{urgent}      answer:"), encoding="utf-8")
    said = call("prove", "mine.yaml").out
    found = json.loads(call("check", "mine.yaml", "--format", "json").out)["diagnostics"]

    assert "`follow_up_urgent` lets it happen; its guards one_follow_up and in_six_days" in said
    assert "`follow_up_once` lets it happen" not in said
    errors = [each for each in found if each["severity"] == "error"]
    assert {each["code"] for each in errors} == {"PI505"}
    assert all("follow_up_urgent" in each["path"] for each in errors)


@pytest.mark.parametrize("path", PUSHY, ids=lambda path: path.stem)
def test_every_pushy_pack_fails_the_check(path: Path, call: Caller) -> None:
    answer = call("check", path)

    assert answer.code == 1
    assert "error[PI505]" in answer.out


@pytest.mark.slow
def test_a_limit_ends_with_unknown_where_nothing_worse_was_found(call: Caller) -> None:
    path = loosened(SMALL, ("one_follow_up: {at_most: 1", "one_follow_up: {at_most: 2"))
    unknown = call("check", "--max-zones", "1")
    assert (unknown.code, unknown.out[0]) == (4, "?")
    assert "warning[PI506]" in unknown.out
    assert "error" not in unknown.out + unknown.err
    assert call("check", "--max-zones", "1", path, "none.yaml").code == 3
    assert call("check", "default", path).code == 1
    assert json.loads(call("check", "--max-zones", "1", "--format", "json").out)["passed"] is False


def test_rules_from_a_pipe_are_proved_too(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    data = loosened(SMALL, ("one_follow_up: {at_most: 1", "one_follow_up: {at_most: 2")).read_bytes()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=SimpleNamespace(read=lambda *_: data)))
    answer = call("check", "-")

    assert answer.code == 1
    assert "`postinterview prove FILE --write DIR`" in answer.out


def test_rules_with_a_custom_guard_are_proved_for_any_answer_of_it(call: Caller) -> None:
    path = loosened(
        SMALL, ("one_follow_up: {at_most: 1, of: follow_up, per: round}", "asked: {custom: a_friend}")
    )

    assert "error[PI505]" in call("check", path).out
