"""Packs are short, keep every promise, have stories, and are listed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

import postinterview as pi
from postinterview.cli.app import run
from postinterview.files import DEFAULT, packaged, read_packaged
from tests.strategies.scale import one_in

ROOT = Path(__file__).parents[2]
PACKS = [name for name in packaged() if name != DEFAULT]
LOOSENED = {"two-follow-ups": ["one_chase", "one_follow_up"]}


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_is_short_has_a_version_and_says_what_it_is_for(name: str) -> None:
    text = read_packaged(name)[1].decode("utf-8")
    assert len(text.splitlines()) <= 40
    assert text.startswith("# ")
    rulebook = pi.load_rulebook(name)
    assert rulebook.definition.version == "1"
    assert rulebook.definition.title != pi.load_rulebook().definition.title
    assert [source.name for source in rulebook.definition.sources] == [
        f"rules/{name}.yaml",
        "rules/default.yaml",
    ]


@pytest.mark.parametrize("name", one_in(4, [(name,) for name in PACKS]))
def test_a_pack_keeps_every_promise_that_it_does_not_loosen(name: str) -> None:
    proof = pi.prove(pi.load_rulebook(name), max_seconds=30)
    broken = [result.id for result in proof.results if result.verdict != "proved"]
    assert broken == LOOSENED.get(name, []) == [each.name for each in proof.loosened]
    assert proof


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_has_stories_that_go_as_told(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    story = ROOT / "examples" / "packs" / f"{name}.yaml"
    assert f"\nrules: {name}\n" in story.read_text(encoding="utf-8")
    assert run(["test", str(story)]) == 0, capsys.readouterr().out


def test_every_pack_is_in_the_table_of_packs() -> None:
    page = (ROOT / "docs" / "rules" / "packs.md").read_text(encoding="utf-8")
    assert [name for name in PACKS if f"\n| `{name}` | " not in page] == []


def test_nobody_applies_to_one_employer_without_end() -> None:
    bound = pi.bound(pi.load_rulebook("with-application"), of="applied", within=timedelta(days=30))
    assert (bound.at_least, bound.at_most, bound.each_application) == (5, 5, 0)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("promise: {remove: fields}", "PI507"),
        ("promise: {fields: {date: {remove: sets}}}", "PI507"),
        ("promise: {fields: {remove: date, day: {type: date, sets: hold}}}", "PI507"),
        ("promise: {fields: {next_one: {type: date, optional: true, sets: promised}}}", "PI507"),
        ("interview: {fields: {remove: decide_by, by_when: {type: text, optional: true}}}", "PI507"),
        ("scheduled: {fields: {next_one: {type: date, optional: true, sets: promised}}}", "PI508"),
        ("debrief: {by: candidate, contact: courtesy}", "PI508"),
    ],
)
def test_a_date_that_is_lost_and_an_act_of_another_pack_are_named(
    change: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ""
    if change.startswith("debrief"):
        more = "machines: {application: {transitions: {tell: {event: debrief, from: waiting}}}}\n"
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        f"format: 1\nextends: default\ntitle: Mine\nevents: {{{change}}}\n{more}", encoding="utf-8"
    )
    run(["check", "--no-proof", str(mine)])
    assert f"[{code}]" in capsys.readouterr().out


def test_who_extends_a_file_vouches_for_its_events_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parent = "events: {tip: {by: candidate, contact: courtesy}}\ntrust: {tip: It helps them.}\n"
    parent += "machines: {application: {transitions: {tip: {event: tip, from: waiting}}}}\n"
    (tmp_path / "parent.yaml").write_text(f"format: 1\nextends: default\ntitle: P\n{parent}", "utf-8")
    (tmp_path / "child.yaml").write_text("format: 1\nextends: ./parent.yaml\ntitle: C\n", "utf-8")
    run(["check", "--no-proof", str(tmp_path / "parent.yaml")])
    assert "PI508" not in capsys.readouterr().out
    run(["check", "--no-proof", str(tmp_path / "child.yaml")])
    assert "PI508" in capsys.readouterr().out


def test_rules_given_as_text_make_no_file_be_read(tmp_path: Path) -> None:
    (tmp_path / "parent.yaml").write_text("format: 1\nsecret: yes\n", "utf-8")
    with pytest.raises(pi.RulesError) as caught:
        pi.load_rulebook(text=f"format: 1\nextends: {tmp_path}/parent.yaml\ntitle: T\n")
    assert [each.code for each in caught.value.diagnostics] == ["PI601"]
    assert "secret" not in str(caught.value)
    assert pi.load_rulebook(text="format: 1\nextends: germany\ntitle: T\n").definition.title == "T"


def test_files_are_found_by_their_place_and_not_by_their_shown_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = tmp_path / "other" / "team"
    team.mkdir(parents=True)
    (tmp_path / "rules").mkdir()
    monkeypatch.chdir(tmp_path)
    Path("rules/default.yaml").write_text("format: 1\nextends: default\ntitle: Mine\n", "utf-8")
    assert pi.load_rulebook("rules/default.yaml").definition.title == "Mine"
    Path("other/base.yaml").write_text("format: 1\nextends: default\ntitle: Right\n", "utf-8")
    Path("base.yaml").write_text("format: 1\nextends: default\ntitle: Wrong\n", "utf-8")
    (team / "child.yaml").write_text("format: 1\nextends: ../base.yaml\n", "utf-8")
    Path("link").symlink_to(team)
    assert pi.load_rulebook("link/child.yaml").definition.title == "Right"
