"""`keeps` names promise files in the rules: every proof holds them to these, too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import postinterview as pi
from postinterview.judging import load_promises
from tests.cli.helpers import Caller

OURS = """\
format: 1
title: Ours
promises:
  no_thanks: {never: thank_you, more_than: 0, title: a thank-you at all}
"""
KEPT = OURS.replace("thank_you, more_than: 0", "linkedin_invite, more_than: 1, per: interviewer")
PARENT = "format: 1\nextends: default\ntitle: Ours\nkeeps: ./promises/ours.yaml\n"


@pytest.fixture(autouse=True)
def files(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {
        "team/promises/ours.yaml": OURS,
        "team/parent.yaml": PARENT,
        "child.yaml": "format: 1\nextends: team/parent.yaml\ntitle: Child\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)


def test_a_promise_that_the_rules_keep_is_inherited_and_read_from_where_it_is_named(call: Caller) -> None:
    for rules in ("team/parent.yaml", "child.yaml"):
        promises = load_promises(pi.load_rulebook(rules)).promises
        assert promises[-1].origin.file == "team/promises/ours.yaml"
    answer = call("check", "child.yaml")
    assert answer.code == 1
    assert "`thank_you` can break the promise `no_thanks`: a thank-you at all" in answer.out
    assert "4 |   no_thanks: {never: thank_you" in answer.out


def test_what_is_wrong_with_the_promise_file_is_told(call: Caller) -> None:
    Path("team/promises/ours.yaml").write_text(OURS.replace("thank_you,", "thank_yo,"), "utf-8")
    for command in ("check", "prove"):
        answer = call(command, "child.yaml")
        assert answer.code == 1
        assert "team/promises/ours.yaml:4:22" in answer.out + answer.err
    Path("team/promises/ours.yaml").unlink()
    assert "error[PI608]: there is no file `team/promises/ours.yaml`" in call("check", "child.yaml").out


@pytest.mark.slow
def test_a_certificate_is_checked_from_any_folder(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("team/promises/ours.yaml").write_text(KEPT, "utf-8")
    Path("mine.yaml").write_text(KEPT.replace("no_thanks", "one_invitation"), "utf-8")
    words = ("--promises", "mine.yaml", "--certificate", "kept.json")
    assert call("prove", "child.yaml", *words).code == 0
    assert [each["file"] for each in json.loads(Path("kept.json").read_text("utf-8"))["promises"]] == [
        "courtesy",
        "team/promises/ours.yaml",
        "./mine.yaml",
    ]
    monkeypatch.chdir(tmp_path / "team")
    assert call("verify", "../kept.json").code == 0
    Path("promises/ours.yaml").write_text(OURS, "utf-8")
    assert "promises/ours.yaml` has changed" in call("verify", "../kept.json").err


def test_rules_given_as_text_keep_packaged_promises_only() -> None:
    text = "format: 1\nextends: default\ntitle: T\nkeeps: {}\n"
    named = pi.load_rulebook(text=text.replace("{}", "courtesy-two-follow-ups")).definition.keeps
    assert [each.file for each in named] == ["rules/courtesy-two-follow-ups.yaml"]
    with pytest.raises(pi.RulesError) as caught:
        pi.load_rulebook(text=text.replace("{}", "./team/promises/ours.yaml"))
    assert [each.code for each in caught.value.diagnostics] == ["PI608"]


def test_a_child_is_held_to_the_promises_of_its_parent_beside_its_own() -> None:
    Path("more.yaml").write_text(KEPT.replace("no_thanks", "one_invitation"), "utf-8")
    Path("child.yaml").write_text(
        "format: 1\nextends: team/parent.yaml\ntitle: Child\nkeeps: [./more.yaml]\n", "utf-8"
    )
    kept = pi.load_rulebook("child.yaml").definition.keeps
    assert [each.file for each in kept] == ["team/promises/ours.yaml", "more.yaml"]
    Path("child.yaml").write_text(
        "format: 1\nextends: team/parent.yaml\ntitle: Child\nremove: [keeps]\n", "utf-8"
    )
    with pytest.raises(pi.RulesError) as caught:
        pi.load_rulebook("child.yaml")
    assert [each.code for each in caught.value.diagnostics] == ["PI610"]


def test_an_inherited_promise_can_be_loosened_and_one_of_ones_own_can_not(call: Caller) -> None:
    loosens = "loosens: {no_thanks: {why: We are thanked for thanks.}}\n"
    Path("child.yaml").write_text(f"format: 1\nextends: team/parent.yaml\ntitle: Child\n{loosens}", "utf-8")
    answer = call("check", "child.yaml")
    assert (answer.code, "loosened: `no_thanks`" in answer.out) == (0, True)
    assert "PI607" not in answer.out
    assert call("prove", "child.yaml", "--certificate", "kept.json").code == 0
    assert call("verify", "kept.json").code == 0
    Path("team/parent.yaml").write_text(f"{PARENT}{loosens}", "utf-8")
    assert "error[PI606]: unknown promise `no_thanks`" in call("check", "team/parent.yaml", "--no-proof").out
