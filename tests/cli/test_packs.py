"""`packs` lists packs, a host's among them, with what each changes, what it loosens, and its worst case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import postinterview as pi
from postinterview.files import FOLDER_VARIABLE, packaged, parent_of
from postinterview.loading.merged_values import read_merged
from postinterview.loading.pack_changes import changes
from tests.cli.helpers import Caller

ACME = """\
format: 1
extends: germany
title: Acme
dates: {answer_due: [promised + 2 business days, waited_from + 21 days]}
"""
TIP = """\
events: {tip: {by: candidate, contact: none}}
machines: {application: {transitions: {tipped: {event: tip, from: waiting}}}}
"""
STORY = """\
format: 1
rules: acme
scenarios:
  - name: Three weeks
    timezone: Europe/Berlin
    employer: Acme
    steps:
      - {at: 2026-03-02 10:00, event: interview, with: {interviewers: [ana]}}
      - {at: 2026-03-20 10:00, event: follow_up, with: {channel: email}, expect: refused}
      - {at: 2026-03-23 10:00, event: follow_up, with: {channel: email}}
"""


@pytest.fixture
def folder(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "acme.yaml").write_text(ACME, "utf-8")
    (ours / "acme-two.yaml").write_text("format: 1\nextends: acme\ntitle: Acme two\n", "utf-8")
    (ours / "story.yaml").write_text(STORY, "utf-8")
    return ours


def said(change: str) -> list[str]:
    """What a pack with this change to the packaged rules is said to change."""
    text = f"format: 1\nextends: default\ntitle: T\n{change}\n"
    child = read_merged(text, "t.yaml", parent_of)
    parent = read_merged(child.texts[1].text, child.texts[1].file, parent_of)
    assert child.record is not None
    assert parent.record is not None
    assert child.findings.found == []
    return [str(each) for each in changes(child.record.node, parent.record.node)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("why: Another reason.", []),
        ("dates: {answer_due: [promised + 1 business day, waited_from + 14 days]}",
         ["`answer_due`: 14 days instead of 7 days after waited_from"]),
        ("dates: {answer_due: [waited_from + 7 days]}", ["`answer_due`: without promised + 1 business day"]),
        ("guard_sets: {before_any_nudge: {few_nudges: {at_most: 2}}}",
         ["`few_nudges`: at most 2 instead of 3"]),
        ("guard_sets: {before_any_nudge: {remove: a_week_apart}}",
         ["no `a_week_apart` in `before_any_nudge`"]),
        ("guard_sets: {before_any_nudge: {new: {apart: 1 day, from: reply}}}",
         ["a new guard `new` in `before_any_nudge`"]),
        ("machines: {application: {transitions: {thank: {from: [waiting, followed_up]}}}}",
         ["what `thank` starts from: without offered, negotiating, accepted, assumed_closed"]),
        ("machines: {thanks: {transitions: {thanked: {remove: due}}}}", ["`thanked` is never suggested"]),
        ("events: {remove: complete_profile}\nmachines: {remove: profile}", ["no `complete_profile`"]),
        ("guard_sets: {before_any_nudge: {remove: use}}",
         ["`before_any_nudge` no longer uses the guards of one_at_a_time"]),
        ("guard_sets: {before_any_nudge: {one_follow_up: {per: application}}}",
         ["`one_follow_up` counts per application instead of round"]),
        ("machines: {application: {states: {before_interview: {outside: false}}}}",
         ["whether acts in `before_interview` are left unjudged: false instead of true"]),
        (TIP, ["a new event `tip`"]),
        ("calendar: {country: FR, holidays: [2026-12-24]}",
         ["the holidays of FR are no business days", "no business days: [2026-12-24]"]),
        ("calendar: {weekend: [friday, saturday]}", ["the weekend is [friday, saturday]"]),
    ],
)  # fmt: skip
def test_a_change_is_told_in_a_few_words(change: str, words: list[str]) -> None:
    assert said(change) == words


def test_each_packaged_pack_is_listed_with_what_it_changes_and_its_worst_case(call: Caller) -> None:
    packs = {each["name"]: each for each in json.loads(call("packs", "--format", "json").out)["packs"]}
    assert list(packs) == ["default", *(name for name in packaged() if name != "default")]
    for name, each in packs.items():
        assert bool(each["changes"]) is (each["extends"] is not None) is (name != "default")
        assert list(each["worst_case"]) == ["14 days", "60 days"]
    loosened = {name: [one["promise"] for one in each["loosened"]] for name, each in packs.items()}
    assert {name: each for name, each in loosened.items() if each} == {
        "two-follow-ups": ["one_chase", "one_follow_up"]
    }
    out = call("packs").out
    assert all(f"\n{name}  {each['title']}\n" in f"\n{out}" for name, each in packs.items())


def test_one_pack_is_shown_with_the_place_of_each_change(call: Caller) -> None:
    assert call("packs", "two-follow-ups").out.splitlines()[:5] == [
        "two-follow-ups  After the interview, with two follow-ups  rules/two-follow-ups.yaml",
        "      A second follow-up may come a week or two after the first (tntpersonnel, fortray).",
        "extends default, and changes:",
        "      `before_any_nudge` no longer uses the guards of one_at_a_time    rules/two-follow-ups.yaml:15",
        "      no `one_follow_up` in `before_any_nudge`                         rules/two-follow-ups.yaml:15",
    ]
    answer = call("packs", "germny")
    assert (answer.code, "did you mean `germany`?" in answer.err) == (3, True)
    assert "no pack is called `germny`" in answer.err
    assert "name a file" not in answer.err


def test_a_host_names_its_packs_as_the_packaged_ones_are_named(
    folder: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pi.load_rulebook("acme-two", folder=folder).definition.title == "Acme two"
    text = "format: 1\nextends: acme\ntitle: T\n"
    assert len(pi.load_rulebook(text=text, folder=folder).definition.sources) == 4
    with pytest.raises(pi.UnreadableError, match="no packaged rules are called `acme-two`"):
        pi.load_rulebook("acme-two")

    monkeypatch.setenv(FOLDER_VARIABLE, "ours")
    assert pi.load_rulebook("acme-two").definition.sources[1].name == "ours/acme.yaml"
    assert call("test", "ours/story.yaml").code == 0
    assert call("check", "acme-two", "--no-proof").code == 0
    assert "did you mean `acme`?" in call("check", "acm").err
    names = [each["name"] for each in json.loads(call("packs", "--format", "json").out)["packs"]]
    assert names[-2:] == ["acme", "acme-two"]  # and no story


def test_a_certificate_of_a_hosts_pack_names_its_file(
    folder: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    assert call("prove", "acme-two", "--certificate", "kept.json").code == 0
    monkeypatch.delenv(FOLDER_VARIABLE)
    (Path("ours") / "acme-two.yaml").write_text("format: 1\nextends: ./acme.yaml\ntitle: Acme two\n", "utf-8")
    assert "`ours/acme-two.yaml` has changed" in call("verify", "kept.json").err
    rules = json.loads(Path("kept.json").read_text("utf-8"))["rules"]
    assert [each["file"] for each in rules] == ["ours/acme-two.yaml", "ours/acme.yaml", "germany", "default"]


def test_a_pack_cannot_take_the_name_of_packaged_rules(folder: Path) -> None:
    (folder / "germany.yaml").write_text(ACME.replace("germany", "default"), "utf-8")
    with pytest.raises(pi.UnreadableError, match="has the name of packaged rules"):
        pi.load_rulebook("germany", folder=folder)


def test_an_entry_that_can_not_be_a_pack_is_told_in_one_line_and_the_rest_is_listed(
    folder: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    lone = ACME.replace("germany", "default")
    (folder / "acme.yaml").write_text(lone, "utf-8")
    for name in ("germany", "dot.name"):
        (folder / f"{name}.yaml").write_text(lone, "utf-8")
    (folder / "torn.yaml").write_text("format: 1: 2\n", "utf-8")
    (folder / "slip.yaml").write_text(f"{lone}dtes: {{}}\n", "utf-8")
    (folder / "x.yaml").mkdir()

    answer = call("packs", "--folder", "ours", "--format", "json")
    names = [each["name"] for each in json.loads(answer.out)["packs"]]
    assert set(names) == {*packaged(), "acme", "acme-two"}
    assert answer.code == 3
    assert [each["message"] for each in json.loads(answer.out)["errors"]] == [
        "`ours/dot.name.yaml` has a dot in its name",
        "`ours/germany.yaml` has the name of packaged rules",
        "`ours/x.yaml` is a folder",
        "`ours/slip.yaml` has 1 error",
        "`ours/torn.yaml` has 1 error",
    ]
    assert "see `postinterview packs slip --folder ours`" in answer.out
    monkeypatch.setenv(FOLDER_VARIABLE, "ours")
    assert "`ours/x.yaml` is a folder" in call("check", "x").err
    assert "did you mean" not in call("check", "dot").err
    assert "dot.name" not in call("check", "dot").err


def test_an_empty_name_is_told(call: Caller) -> None:
    answer = call("check", "")
    assert (answer.code, "error: the name of the rules is empty" in answer.err) == (3, True)


def test_the_worst_case_of_a_hosts_pack_is_stored_for_its_bytes_alone(folder: Path, call: Caller) -> None:
    of = ("packs", "acme", "--folder", folder)
    assert (
        f"worst case: not stored; `postinterview packs --folder {folder} --store-bounds` searches it"
        in " ".join(call(*of).out.split())
    )
    assert "worst case: at most 2 in 14 days and 6 in 60 days" in call(*of, "--store-bounds").out
    assert "worst case: at most 2 in 14 days and 6 in 60 days" in call(*of).out
    assert "worst case: at most 2" in call("packs", "acme-two", *of[2:], "--store-bounds").out
    assert "worst case: at most 2" in call(*of).out
    (folder / "acme.yaml").write_text(f"{ACME}# one more line\n", "utf-8")
    assert "worst case: not stored" in call(*of).out
    (folder / "bounds.json").write_text("[]", "utf-8")
    assert "worst case: not stored" in call(*of).out


@pytest.mark.parametrize("name", ["./acme.yaml", "acme.yaml", "ours/acme.yaml"])
def test_a_file_is_no_name_of_a_pack(name: str, call: Caller, folder: Path) -> None:
    answer = call("packs", name)
    assert answer.code == 3
    assert answer.err.splitlines()[0] == f"error: `{name}` is no name of a pack"
    assert f"`postinterview diff default {name}`" in answer.err
