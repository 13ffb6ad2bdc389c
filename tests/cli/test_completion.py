"""Shells complete commands, options and files, as click's protocol asks for it."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from functools import partial

import pytest

from postinterview.cli import COMMANDS
from tests.cli.helpers import PROGRAM, STORIES, Caller

VARIABLE = "_POSTINTERVIEW_COMPLETE"


def completed(call: Caller, monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    """Return the answer to the shell for the last of the words, as lines of kind and text."""
    line = shlex.join(["postinterview", *words[:-1]]) + f" {words[-1]}"
    for name, value in {VARIABLE: "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words))}.items():
        monkeypatch.setenv(name, value)
    answer = call()
    assert (answer.code, answer.err) == (0, "")
    return answer.out.splitlines()


def test_commands_options_choices_rules_and_files_are_completed(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = partial(completed, call, monkeypatch)
    assert ask("") == [f"plain,{name}" for name in COMMANDS]
    assert ask("ve") == ["plain,verify"]
    assert "plain,--format" in ask("run", "--")
    assert ask("next", "--format", "") == ["plain,text", "plain,json", "plain,ics"]
    assert ask("check", "def") == ["plain,default"]
    assert ask("check", "mine") == ["file,mine"]
    assert ask("run", "sto") == ["file,sto"]
    assert ask("explain", "PI20")[0] == "plain,PI201"
    assert ask("explain", "one_cha") == ["plain,one_chase"]
    assert ask("explain", "position.o") == ["plain,position.open", "plain,position.on_hold"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_asks_for_completions(
    shell: str, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"{VARIABLE}={shell}_source postinterview" in call("--help").out
    monkeypatch.setenv(VARIABLE, f"{shell}_source")
    answer = call()

    assert (answer.code, answer.err) == (0, "")
    assert f"{VARIABLE}={shell}_complete" in answer.out


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes_after_the_line_that_the_help_shows() -> None:
    script = f"""\
PATH={shlex.quote(str(PROGRAM.parent))}:$PATH
eval "$({VARIABLE}=bash_source postinterview)"
compopt() {{ :; }}  # it works only while a key is handled
COMP_WORDS=(postinterview migr) COMP_CWORD=1
$(complete -p postinterview | sed 's/.*-F \\([^ ]*\\) .*/\\1/') postinterview
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(  # noqa: S603
        ["bash", "-c", script],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
        cwd=STORIES,
    )

    assert (done.stdout, done.stderr) == ("migrate\n", "")
