"""``check`` says everything on standard output, and a warning is no reason to fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.helpers import ROOT, Answer, Caller

AT_ONCE = """\
format: 1
title: At once
events:
  message: {by: employer}
  call: {by: candidate, contact: chase}
machines:
  application:
    per: application
    start: open
    states: {open: }
    transitions:
      ring:
        event: call
        from: open
        guards:
          one_chase: {at_most: 1, of: chase, since: message, per: employer}
"""


def test_a_warning_is_said_and_the_file_is_sound_all_the_same(call: Caller, tmp_path: Path) -> None:
    file = tmp_path / "at-once.yaml"
    file.write_text(AT_ONCE, encoding="utf-8")

    assert call("check", file, "--no-proof") == Answer(
        0,
        f"""\
ok    {file}  2 events, 1 machine, 1 state, 1 transition, 1 guard, 1 warning
at any hour: `call`; no promise speaks of hours, and no `hours` guard is there

warning[PI504]: nothing says how long `call` waits
  --> {file}:12:7   machines.application.transitions.ring
   |
12 |       ring:
   |       ^^^^ no guard on it asks for the time
   |
 5 |   call: {{by: candidate, contact: chase}}
   |   ---- an act of `contact: chase`, which is the default
   = help: add a guard such as `be_patient: {{not_before: message + 7 days}}`
   = more: `postinterview explain PI504`
""",
        "",
    )
    data = json.loads(call("check", file, "--no-proof", "--format", "json").out)
    assert (data["passed"], data["files"][0]["passed"]) == (True, True)
    assert [each["severity"] for each in data["diagnostics"]] == ["warning"]


def test_what_is_sound_and_what_is_not_stand_apart(call: Caller, tmp_path: Path) -> None:
    sound, faulty = tmp_path / "sound.yaml", tmp_path / "faulty.yaml"
    sound.write_text(
        AT_ONCE.replace("per: employer}\n", "per: employer}\n          wait: {not_before: message}\n")
    )
    faulty.write_text(AT_ONCE.replace("start: open", "start: opne"), encoding="utf-8")
    answer = call("check", faulty, sound, faulty, "--no-proof")

    assert (answer.code, answer.err) == (1, "")
    assert [line.split("  ")[0] for line in answer.out.splitlines() if "yaml  " in line] == [
        "FAIL",
        "ok",
        "FAIL",
    ]
    assert (
        f"PI203`\n\nok    {sound}  2 events, 1 machine, 1 state, 1 transition, 2 guards\nat any" in answer.out
    )
    assert "guard is there\n\nFAIL" in answer.out


def test_a_map_of_statuses_is_held_against_the_rules_that_it_names(call: Caller, tmp_path: Path) -> None:
    board = tmp_path / "board.yaml"
    board.write_text("format: 1\nstatuses:\n  Applied: none\n  Talk: interview\n", encoding="utf-8")
    assert call("check", board) == Answer(0, f"ok    {board}  2 statuses\n", "")
    board.write_text("format: 1\nrules: with-application\nstatuses: {Applied: aplied}\n", encoding="utf-8")
    data = json.loads(call("check", board, "--format", "json").out)
    assert [(each["code"], each["line"], each["help"]) for each in data["diagnostics"]] == [
        ("PI1102", 3, "did you mean `applied`?")
    ]
    board.write_text("format: 1\nrules: gone.yaml\nstatuses: {Applied: none}\n", encoding="utf-8")
    assert "there is no file" in call("check", board).out


def test_who_names_no_file_is_told_what_was_not_checked(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.yaml").write_text("machines: [", encoding="utf-8")
    answer = call("check", "--no-proof")
    assert answer.code == 0
    assert answer.err == "note: no file is named, so `rules.yaml` here was not checked\n"
    assert call("check", "--no-proof", ROOT / "rules" / "default.yaml").err == ""
