"""The output and the exit codes of the commands ``prove`` and ``verify``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from postinterview import load_rulebook
from postinterview.cli.app import run
from tests.proof.helpers import prove_own
from tests.proof.test_values import RULES

PACKS = Path(__file__).parents[2] / "examples" / "pushy"
PUSHY = {"one_chase", "one_follow_up", "a_week_apart", "few_nudges", "few_in_two_months"}
"""What a follow-up breaks that a message or a note lets happen again, for each application by itself."""


@pytest.fixture
def polite(tmp_path: Path) -> Path:
    """A small rule file that keeps every promise."""
    path = tmp_path / "polite" / "mine.yaml"
    path.parent.mkdir()
    path.write_text(RULES, encoding="utf-8")
    return path


def test_prove_of_the_packaged_rules_ends_with_yes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prove"]) == 0
    out = capsys.readouterr().out
    assert "proved: 23 of 23 promises hold on every path" in out
    assert "trusted, as the file tags its events:" in out
    assert "assumed:" in out


def test_prove_in_json_has_one_entry_a_promise(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prove", "--format", "json", str(PACKS / "cadence.yaml")]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["verdict"] == "violated"
    assert data["rules"] == [str(PACKS / "cadence.yaml")]
    assert {tuple(each) for each in data["promises"]} == {
        ("id", "verdict", "seconds", "states", "rests_on", "scenario", "vacuous")
    }
    found = {each["id"]: each["scenario"] for each in data["promises"] if each["verdict"] == "violated"}
    assert set(found) == PUSHY
    assert [step["event"] for step in found["one_chase"]["steps"]] == ["interview", "follow_up", "follow_up"]


def test_prove_shows_the_dated_path_and_the_rule_that_let_it_happen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["prove", str(PACKS / "an-hour-too-little.yaml")]) == 1
    out = capsys.readouterr().out
    assert "3. Tue 10 Mar 2026 08:00  missed_call  (allowed)" in out
    assert "an-hour-too-little.yaml:18: `ring` lets it happen" in out


def test_a_limit_is_unknown_and_never_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prove", "--max-zones", "1"]) == 4
    assert "more than 1 state" in capsys.readouterr().out
    assert run(["prove", "--max-seconds", "1e-9"]) == 4
    assert "unknown: 0 of 23 promises" in capsys.readouterr().out


def test_what_is_written_plays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prove", str(PACKS / "own-reset.yaml"), "--write", str(tmp_path)]) == 1
    written = sorted(tmp_path.glob("*.yaml"))
    assert {path.name for path in written} == {f"own-reset-{each}.yaml" for each in PUSHY}
    for path in written:
        assert run(["run", str(path)]) == 0
    capsys.readouterr()


@pytest.mark.slow
def test_a_certificate_is_verified_until_the_rules_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "proof.json"
    assert run(["prove", "--certificate", str(kept)]) == 0
    assert run(["verify", str(kept)]) == 0
    assert "23 promises" in capsys.readouterr().out
    assert run(["verify", str(kept), str(PACKS / "cadence.yaml")]) == 1
    assert "the certificate is of other rules: `rules/default.yaml`, not `" in capsys.readouterr().err
    kept.write_text(kept.read_text(encoding="utf-8")[:1], encoding="utf-8")
    assert run(["verify", str(kept)]) == 1
    assert "proof.json:1:2: this is no JSON" in capsys.readouterr().err


def test_a_bad_promise_file_is_answered_with_its_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = tmp_path / "ours.yaml"
    ours.write_text("format: 1\ntitle: Ours\npromises: {p: {never: folow_up, more_than: 1}}\n")
    assert run(["prove", "--promises", str(ours)]) == 1
    assert "did you mean `follow_up`?" in capsys.readouterr().err
    ours.write_text("")
    assert run(["prove", "--promises", str(ours)]) == 1
    assert "error[PI001]" in capsys.readouterr().err


def test_promises_of_ones_own_are_added_to_the_packaged_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], polite: Path
) -> None:
    ours = tmp_path / "ours.yaml"
    text = "format: 1\ntitle: Ours\npromises: {no_follow_up: {never: follow_up, more_than: 0}}\n"
    ours.write_text(text)
    assert run(["prove", str(polite), "--promises", str(ours)]) == 1
    assert "violated: 23 of 24 promises" in capsys.readouterr().out


CUSTOM = """
format: 1
title: A program has a say
events:
  interview: {by: employer, opens: round}
  follow_up: {by: candidate}
machines:
  application:
    per: application
    start: waiting
    states: {waiting: }
    transitions:
      interviewed: {event: interview, from: waiting}
      follow_up: {event: follow_up, from: waiting, guards: {in_the_mood: {custom: mood}, LIMIT}}
"""


@pytest.mark.parametrize(
    ("limit", "code", "said"),
    [
        ("once: {at_most: 1, of: chase, since: sign_of_life, per: employer}", 1, "one_follow_up"),
        ("once: {at_most: 1, of: chase, per: employer}", 0, "proved: 23 of 23"),
    ],
)
def test_custom_guards_may_hold_or_not_so_their_functions_need_not_be_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], limit: str, code: int, said: str
) -> None:
    rules = tmp_path / "custom.yaml"
    rules.write_text(CUSTOM.replace("LIMIT", limit), encoding="utf-8")
    certificate = tmp_path / "custom.json"
    assert run(["prove", str(rules), "--certificate", str(certificate)]) == code
    assert said in capsys.readouterr().out
    if not code:
        assert run(["verify", str(certificate), str(rules)]) == 0
    assert run(["prove", "--compare", str(rules), str(rules)]) == 0


RINGING = RULES.replace("at_most: 1, of: contact", "at_most: 2, of: attempt")
"""Two calls, whenever."""


def test_stories_of_two_files_with_one_name_are_numbered_and_none_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packs = [tmp_path / folder / "mine.yaml" for folder in ("one", "other")]
    for pack in packs:
        pack.parent.mkdir()
        pack.write_text(RINGING, encoding="utf-8")
    stories = tmp_path / "stories"
    for _ in range(2):  # a second time, the same files are written anew
        assert run(["prove", *map(str, packs), "--write", str(stories)]) == 1

    written = {path.name: path.read_text(encoding="utf-8") for path in stories.iterdir()}
    broken = ("attempts_apart.yaml", "no_attempt_after_a_chase.yaml")
    assert set(written) == {f"{name}-{each}" for name in ("mine", "mine-2") for each in broken}
    assert 'rules: "../one/mine.yaml"' in written["mine-attempts_apart.yaml"]
    assert 'rules: "../other/mine.yaml"' in written["mine-2-attempts_apart.yaml"]
    capsys.readouterr()


def test_a_story_with_any_number_of_people_names_each_of_them_once() -> None:
    proof = prove_own(load_rulebook(), "never: thank_you, more_than: 104", "thank_you")
    story = proof.results[0].violation

    assert story is not None
    thanked = [line.happening.to for line in story.lines if line.happening.to is not None]
    assert len(thanked) == len(set(thanked)) == 104
    assert thanked[:11] == ["bo", "cleo", "dan", "eva", "finn", "gil", "hana", "ivo", "jo", "kim", "bo2"]


@pytest.mark.parametrize("seconds", ["nan", "inf", "-inf", "-1", "0"])
@pytest.mark.parametrize("command", ["prove", "check"])
def test_a_time_limit_that_is_no_number_above_zero_is_misuse(
    command: str, seconds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, f"--max-seconds={seconds}"]) == 2
    assert f"{seconds} is not a number of seconds above 0" in capsys.readouterr().err


@pytest.mark.parametrize("length", [30, 60])
def test_an_id_of_any_length_stands_apart_from_what_is_said_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], polite: Path, length: int
) -> None:
    ours, name = tmp_path / "ours.yaml", "n" * length
    ours.write_text(f"format: 1\ntitle: Ours\npromises: {{{name}: {{never: follow_up, more_than: 0}}}}\n")

    run(["prove", str(polite), "--promises", str(ours)])

    room = max(24, min(length, 40))
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith(f"FAIL  {name:<{room}}  broken: see below (") for line in lines)
    assert any(line.startswith(f"ok    {'one_chase':<{room}}  holds on every path") for line in lines)


@pytest.mark.parametrize("before", [None, "an old one\n"])
def test_a_certificate_is_written_whole_or_not_at_all(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    polite: Path,
    before: str | None,
) -> None:
    kept = tmp_path / "kept" / "proof.json"
    kept.parent.mkdir()
    if before is not None:
        kept.write_text(before, encoding="utf-8")

    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("os.fsync", fail)
        assert run(["prove", str(polite), "--certificate", str(kept)]) == 3
    assert "proof.json` can't be written\n  = help: No space left on device" in capsys.readouterr().err
    assert [path.read_text(encoding="utf-8") for path in kept.parent.iterdir()] == (
        [before] if before else []
    )

    assert run(["prove", str(polite), "--certificate", str(kept)]) == 0
    assert run(["verify", str(kept), str(polite)]) == 0
    assert list(kept.parent.iterdir()) == [kept]
