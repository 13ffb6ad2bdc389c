"""The command line in this process, and the installed command in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest
from attrs import frozen

from postinterview import load_rulebook, prove
from postinterview.cli.app import run
from postinterview.proof.certificate import write_certificate
from tests.audit.small import ENTRIES, HEAD, NEVER

ROOT = Path(__file__).parents[2]
STORIES = ROOT / "tests" / "scenario" / "stories"
RULES = ROOT / "tests" / "scenario" / "rules"
SAVED = ROOT / "tests" / "cli" / "saved"
GOOD = ("unchanged", "goes-on", "carried-over", "judged-anew")
"""The saved processes that can go on under the rules beside them."""
MAP = (
    f"{HEAD}\nread:{ENTRIES}\nunknown: [linkedin_invite, invite_accepted, complete_profile, write_plan]\n"
    f"never: [{NEVER}]\n"
)
CLEAN = "Company,What,Date,Who\nAcme,talk,2026-03-02 10:00,ana\nAcme,nudge,2026-03-09 10:00,\n"
"""A map, and a history in which nothing is against the rules."""
OURS = "format: 1\ntitle: Ours\npromises: {calls: {never: attempt, within: 1 hour, of: attempt}}\n"
PROGRAM = Path(sys.executable).with_name("postinterview")


@frozen
class Answer:
    """What a call ended with, and what it said where."""

    code: int
    out: str
    err: str


class Caller:
    """Calls commands in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Answer:
        self._capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        said = self._capsys.readouterr()
        return Answer(code, said.out, said.err)


def start(
    *arguments: str | Path, stdin: str | bytes = "", env: dict[str, str] | None = None, cwd: Path = STORIES
) -> Answer:
    """Call the installed command."""
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    done = subprocess.run(  # noqa: S603 - the command that this environment holds
        [PROGRAM, *arguments],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        check=False,
        cwd=cwd,
        env=plain | (env or {}),
        timeout=60,
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


@lru_cache
def certificate(rules: str) -> str:
    """Of the default rules, and so of every copy of them; ``rules``: what it says they are called."""
    files = {"rules/default.yaml": rules, "rules/courtesy.yaml": "courtesy"}
    return write_certificate(prove(load_rulebook()), files)
