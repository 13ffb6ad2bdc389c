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
from postinterview.proof.certificates.certificate import write_certificate
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
SMALL = """\
format: 1
title: One follow-up
events:
  interview: {by: employer, opens: round}
  message: {by: employer, gives: reply}
  follow_up: {by: candidate, contact: chase}
  reply: {by: candidate, contact: reply}
credits: {reply: {max: 1, per: application}}
machines:
  application:
    per: application
    start: before
    states: {before: {title: Before the interview}, waiting: {title: Waiting}}
    transitions:
      interviewed: {event: interview, from: any, to: waiting}
      wrote: {event: message, from: any}
      follow_up_once:
        event: follow_up
        from: waiting
        guards:
          one_chase: {at_most: 1, of: chase, since: sign_of_life, per: employer}
          one_follow_up: {at_most: 1, of: follow_up, per: round}
          a_week_apart: {apart: 7 days, from: follow_up, per: employer}
          few_in_two_months: {at_most: 6, of: chase, within: 60 days, per: employer}
          a_week: {not_before: interview + 7 days}
      answer:
        event: reply
        from: any
        guards: {a_message: {spends: reply}, while_it_is_fresh: {not_after: message + 14 days}}
"""
"""Rules that keep every packaged promise, and are proved in a moment."""
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
    *arguments: str | Path,
    stdin: str | bytes = "",
    env: dict[str, str] | None = None,
    cwd: Path = STORIES,
    program: tuple[str | Path, ...] = (PROGRAM,),
) -> Answer:
    """Call the installed command, or another program."""
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    done = subprocess.run(  # noqa: S603 - the command that this environment holds
        [*program, *arguments],
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
    """Of the default rules, or of the small ones; ``rules``: the name of either, or of their copy."""
    if rules == "default":
        return write_certificate(
            prove(load_rulebook()), {"rules/default.yaml": rules, "rules/courtesy.yaml": "courtesy"}
        )
    return write_certificate(
        prove(load_rulebook(text=SMALL, name=rules)), {"rules/courtesy.yaml": "courtesy"}
    )
