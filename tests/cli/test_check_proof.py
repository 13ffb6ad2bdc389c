"""``check`` with the proof in it: what turned pushy fails, and what is not known is said to be so."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.helpers import ROOT, Caller

DEFAULT = ROOT / "rules" / "default.yaml"
PUSHY = sorted((ROOT / "examples" / "pushy").glob("*.yaml"))


def loosened(folder: Path) -> Path:
    """The packaged rules with a second chase in a silence."""
    text = DEFAULT.read_text(encoding="utf-8")
    guard = "one_chase: {at_most: 1, of: chase, since: sign_of_life, per: employer}"
    path = folder / "mine.yaml"
    path.write_text(text.replace(guard, guard.replace("at_most: 1", "at_most: 2")), encoding="utf-8")
    return path


def test_the_packaged_rules_pass_and_the_promises_they_keep_are_counted(call: Caller) -> None:
    assert call("check").out.endswith("23 promises kept\n")
    assert "promises" not in call("check", "--no-proof").out


def test_rules_that_turned_pushy_fail_at_the_guard_that_was_loosened(call: Caller, tmp_path: Path) -> None:
    path = loosened(tmp_path)
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


def test_of_two_alternatives_the_one_that_let_it_happen_is_named(call: Caller, tmp_path: Path) -> None:
    text = DEFAULT.read_text(encoding="utf-8")
    urgent = """      follow_up_urgent:
        event: follow_up
        from: [waiting, followed_up]
        to: followed_up
        guards:
          one_follow_up: {at_most: 1, of: follow_up, per: round}
          in_a_week: {not_before: interview + 7 days}
"""
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace("      call_in_vain:", f"{urgent}      call_in_vain:"), encoding="utf-8")
    said = call("prove", path).out
    found = json.loads(call("check", path, "--format", "json").out)["diagnostics"]

    assert "`follow_up_urgent` lets it happen; its guards one_follow_up and in_a_week" in said
    assert "`follow_up_once` lets it happen" not in said
    assert {each["code"] for each in found} <= {"PI505", "PI506"}
    assert any("follow_up_urgent" in each["path"] for each in found)


@pytest.mark.parametrize("path", PUSHY, ids=lambda path: path.stem)
def test_every_pushy_pack_fails_the_check(path: Path, call: Caller) -> None:
    answer = call("check", path)

    assert answer.code == 1
    assert "error[PI505]" in answer.out


def test_a_limit_ends_with_unknown_where_nothing_worse_was_found(call: Caller, tmp_path: Path) -> None:
    unknown = call("check", "--max-zones", "1")
    assert (unknown.code, unknown.out[0]) == (4, "?")
    assert "warning[PI506]" in unknown.out
    assert "error" not in unknown.out + unknown.err
    assert call("check", "--max-zones", "1", loosened(tmp_path), tmp_path / "none.yaml").code == 3
    assert call("check", "default", loosened(tmp_path)).code == 1
    assert json.loads(call("check", "--max-zones", "1", "--format", "json").out)["passed"] is False


def test_rules_from_a_pipe_are_proved_too(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = loosened(tmp_path).read_bytes()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=SimpleNamespace(read=lambda *_: data)))
    answer = call("check", "-")

    assert answer.code == 1
    assert "`postinterview prove FILE --write DIR`" in answer.out


def test_rules_with_a_custom_guard_are_proved_for_any_answer_of_it(call: Caller, tmp_path: Path) -> None:
    path = loosened(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("two_attempts: {", "asked: {custom: a_friend}\n          two_attempts: {"))

    assert "error[PI505]" in call("check", path).out
