"""One table of exit codes for all commands: 1 for what a file says, 3 for a file that can't be read."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.helpers import PROGRAM, RULES, STORIES, Caller, start

PUSHY = Path(__file__).parents[2] / "examples" / "pushy" / "cadence.yaml"
SAVED = Path(__file__).parent / "saved"
AT = ("--at", "2026-03-05 09:00")

TABLE: dict[str, tuple[int, str]] = {
    "check default": (0, ""),
    "check sound.yaml": (0, ""),
    "check story.yaml": (0, ""),
    "run story.yaml": (0, ""),
    "test story.yaml": (0, ""),
    "prove default": (0, ""),
    "check faulty.yaml": (1, ""),
    "check bad-story.yaml": (1, ""),
    "run bad-story.yaml": (1, ""),
    "test bad-story.yaml": (1, ""),
    "test of-faulty.yaml": (1, ""),
    "test failing.yaml": (1, ""),
    "next bad-story.yaml --at 2026-03-05T09:00Z": (1, ""),
    "next story.yaml --at 2026-03-05T09:00Z --rules faulty.yaml": (1, ""),
    "prove faulty.yaml": (1, ""),
    "prove story.yaml": (1, ""),
    "prove default faulty.yaml": (1, ""),
    "prove pushy.yaml": (1, ""),
    "prove promises.yaml": (1, ""),
    "prove --promises promises.yaml": (0, ""),
    "prove --promises faulty.yaml": (1, ""),
    "verify faulty.yaml": (1, ""),
    "verify faulty.yaml faulty.yaml": (1, ""),
    "migrate --check unchanged.json --rules talks.yaml": (0, ""),
    "migrate carried-over.json --rules talks.yaml": (0, ""),
    "migrate --check refused.json --rules talks.yaml": (1, ""),
    "migrate --check damaged.json --rules talks.yaml": (1, ""),
    "migrate --check story.yaml": (1, ""),
    "migrate --check unchanged.json --rules faulty.yaml": (1, ""),
    "migrate --check nothing": (1, ""),
    "migrate": (2, "PATH"),
    "migrate -": (2, "--check"),
    "migrate --check missing.json": (3, "missing.json"),
    "migrate --check unchanged.json --rules missing.yaml": (3, "missing.yaml"),
    "audit --graph cycle.csv": (1, ""),
    "audit --graph line.csv": (0, ""),
    "audit --graph sound.yaml": (1, ""),
    "audit --graph missing.csv": (3, "missing.csv"),
    "check --nonsense": (2, "--nonsense"),
    "explain PI999": (2, "PI999"),
    "check missing.yaml": (3, "missing.yaml"),
    "run missing.yaml": (3, "missing.yaml"),
    "test missing.yaml": (3, "missing.yaml"),
    "next missing.yaml --at 2026-03-05T09:00Z": (3, "missing.yaml"),
    "prove missing.yaml": (3, "missing.yaml"),
    "prove faulty.yaml missing.yaml": (3, "missing.yaml"),
    "prove --promises missing.yaml": (3, "missing.yaml"),
    "verify missing.json": (3, "missing.json"),
    "prove --max-seconds 1e-9": (4, ""),
    "prove --max-zones 1": (4, ""),
}
"""What each call ends with, and what stderr names with ``--format json``; else it is empty."""


@pytest.fixture(autouse=True)
def folder(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(RULES / "broken.yaml", tmp_path / "faulty.yaml")
    shutil.copy(STORIES / "too-soon.yaml", tmp_path / "story.yaml")
    shutil.copy(STORIES / "failing.yaml", tmp_path / "failing.yaml")
    shutil.copy(PUSHY, tmp_path / "pushy.yaml")
    shutil.copy(PUSHY.parents[2] / "rules" / "default.yaml", tmp_path / "sound.yaml")
    for name in ("talks.yaml", "unchanged.json", "carried-over.json", "refused.json", "damaged.json"):
        shutil.copy(SAVED / name, tmp_path / name)
    (tmp_path / "nothing").mkdir()
    (tmp_path / "promises.yaml").write_text(
        "format: 1\ntitle: Ours\npromises: {one_more: {never: follow_up, more_than: 1, per: round}}\n",
        encoding="utf-8",
    )
    (tmp_path / "line.csv").write_text("from,to\nwaiting,asked\n", encoding="utf-8")
    (tmp_path / "cycle.csv").write_text("from,to\nwaiting,waiting\n", encoding="utf-8")
    step = "scenarios: [{name: One, steps: [{at: 2026-03-02T10:00Z, event: %s}]}]\n"
    (tmp_path / "bad-story.yaml").write_text("format: 1\n" + step % "mesage", encoding="utf-8")
    (tmp_path / "of-faulty.yaml").write_text(
        "format: 1\nrules: faulty.yaml\n" + step % "message", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("arguments", TABLE)
def test_a_call_ends_with_its_code_and_with_json_says_everything_in_the_document(
    arguments: str, call: Caller
) -> None:
    code, named = TABLE[arguments]
    answer = call(*arguments.split())
    assert answer.code == code
    assert answer.out + answer.err

    answer = call(*arguments.split(), "--format", "json")
    assert answer.code == code
    assert (named in answer.err) if named else not answer.err
    if code in (0, 1, 4):
        assert json.loads(answer.out)


def test_faulty_rules_are_told_by_prove_as_check_tells_them(call: Caller) -> None:
    checked = json.loads(call("check", "faulty.yaml", "--format", "json").out)
    proved = json.loads(call("prove", "faulty.yaml", "--format", "json").out)

    assert proved == {
        "verdict": None,
        "rules": ["faulty.yaml"],
        "promises": [],
        "trusted": {},
        "milder": [],
        "diagnostics": checked["diagnostics"],
    }
    both = json.loads(call("prove", "default", "faulty.yaml", "--format", "json").out)
    assert both["verdict"] is None
    assert [each["verdict"] for each in both["files"]] == ["proved", None]
    assert both["files"][1] == proved


@pytest.mark.parametrize(
    ("arguments", "code"), [("check missing.yaml", 3), ("chek", 2), ("prove missing.yaml", 3)]
)
def test_the_code_is_the_same_where_nobody_can_be_told_why(arguments: str, code: int, folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(  # noqa: S603 - the command that this environment holds
            [PROGRAM, *arguments.split()], stderr=full, stdout=subprocess.PIPE, check=False, cwd=folder
        )
    assert (done.returncode, done.stdout) == (code, b"")


def test_an_answer_that_can_not_be_written_ends_with_3(folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(  # noqa: S603 - the command that this environment holds
            [PROGRAM, "explain"], stdout=full, stderr=subprocess.PIPE, check=False, cwd=folder
        )
    assert done.returncode == 3
    assert done.stderr == b"error: the answer can't be written: No space left on device\n"


def test_the_codes_are_told_by_the_help() -> None:
    told = " ".join(start("--help").out.split())

    assert (
        "Exit codes: 0 yes; 1 no: something is wrong with what a file says, went not as expected, or "
        "breaks a promise; 2 wrong usage; 3 a file can't be read, or the answer not be written; "
        "4 unknown: a limit was hit." in told
    )
