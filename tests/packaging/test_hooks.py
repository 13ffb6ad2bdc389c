"""The hooks for pre-commit: installed by it from a repository, they refuse a commit and let one through."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from postinterview.cli import COMMANDS
from postinterview.loading import nodes
from postinterview.loading.diagnostics import Findings
from postinterview.loading.source_text import Mapping, Sequence, in_one_line

ROOT = Path(__file__).resolve().parents[2]
HOOKS = ROOT / ".pre-commit-hooks.yaml"
CONFIG = ROOT / "examples" / "ci" / "pre-commit-config.yaml"

PACK = "format: 1\nextends: default\ntitle: Mine\n"
SLIP = f"{PACK}dates: {{answer_due: [promised + 1 business day, waited_from + 70 days]}}\n"
PUSHY = f"{PACK}guard_sets: {{one_at_a_time: {{one_chase: {{at_most: 2}}}}}}\n"
STORY = """\
format: 1
rules: ../rules/mine.yaml
scenarios:
  - name: A week
    timezone: Europe/Zurich
    steps:
      - {at: 2026-03-02 10:00, event: interview}
      - at: 2026-03-05 12:00
        event: follow_up
        with: {channel: email}
        expect: refused
        because: wait_for_the_answer
"""


def hooks() -> dict[str, dict[str, str]]:
    """Each hook by its id."""
    read = nodes.read(HOOKS.read_bytes(), HOOKS.name, Findings())
    assert isinstance(read, Sequence)
    mappings = (each for each in read.items if isinstance(each, Mapping))
    found = [{key.text: in_one_line(value) for key, value in each.entries} for each in mappings]
    return {each["id"]: each for each in found}


def test_each_hook_calls_a_command_that_there_is() -> None:
    assert set(hooks()) == {"postinterview-check", "postinterview-test"}
    for each in hooks().values():
        program, command = each["entry"].split()
        assert (program, command in COMMANDS, each["language"]) == ("postinterview", True, "python")


def test_the_configuration_that_is_shown_names_hooks_that_there_are() -> None:
    named = re.findall(r"- id: (\S+)", CONFIG.read_text(encoding="utf-8"))
    assert named == list(hooks())


GIT = shutil.which("git") or "git"


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        [GIT, *who, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


@pytest.mark.slow
def test_pre_commit_installs_the_hooks_and_stops_a_bad_commit(tmp_path: Path) -> None:
    package, mine = tmp_path / "package", tmp_path / "mine"
    built = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for folder in ("src", "rules"):
        shutil.copytree(ROOT / folder, package / folder, ignore=built)
    for each in (name for name in ROOT.iterdir() if name.is_file()):
        if each.name != ".git":  # a file in a worktree; with a copy of it, commits would go to its branch
            shutil.copy(each, package)
    git(package, "init", "-q")
    git(package, "add", ".")
    git(package, "commit", "-qm", "package")

    config = CONFIG.read_text(encoding="utf-8").replace(
        "https://example.com/postinterview.git", package.as_uri()
    )
    config = config.replace("v0.1.0", git(package, "rev-parse", "HEAD"))
    (mine / "rules").mkdir(parents=True)
    (mine / "scenarios").mkdir()
    (mine / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    (mine / "scenarios" / "patience.yaml").write_text(STORY, encoding="utf-8")
    git(mine, "init", "-q")

    def commit(rules: str) -> tuple[int, str]:
        """Run what `git commit` would, on a changed rule file."""
        (mine / "rules" / "mine.yaml").write_text(rules, encoding="utf-8")
        git(mine, "add", ".")
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--color", "never"],
            cwd=mine,
            env={**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache")},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        return done.returncode, done.stdout + done.stderr

    code, said = commit(PACK)
    assert code == 0, said
    assert len(re.findall(r"\.\.Passed$", said, re.MULTILINE)) == 2

    code, said = commit(PUSHY)
    assert code == 1
    assert "error[PI505]" in said
    assert "rules/mine.yaml:4" in said

    hasty = f"{PACK}dates: {{answer_due: [promised + 1 business day, waited_from + 2 days]}}\n"
    code, said = commit(hasty)
    assert code == 1
    assert re.search(r"play scenarios\.+Failed", said), said

    code, said = commit(SLIP)  # a warning stops nobody
    assert code == 0, said
