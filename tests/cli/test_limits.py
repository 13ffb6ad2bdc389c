"""Commands take limited memory and time for a file of 1 MB."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from postinterview.scenario import playing
from tests.cli.helpers import STORIES, Caller

MEASURE = """\
import re, sys
from pathlib import Path
from postinterview.cli.app import run
code = run(sys.argv[1:])
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
sys.stderr.write(f"{code} {int(peak[1]) // 1024}")
"""


def peak(*arguments: str | Path) -> int:
    """The most memory that a call takes, in MB. (`getrusage` would count the forked parent, too.)"""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", MEASURE, *arguments], capture_output=True, text=True, check=True, cwd=STORIES
    )
    code, megabytes = done.stderr.split()
    assert code == "0"
    return int(megabytes)


def story(folder: Path, *steps: str, name: str = "story.yaml") -> Path:
    file = folder / name
    lines = "".join(f"  - {step}\n" for step in steps)
    file.write_text(
        f"format: 1\nscenarios:\n- name: Long\n  timezone: UTC\n  steps:\n{lines}", encoding="utf-8"
    )
    return file


on_linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux says its memory so")
MESSAGE = "{at: 2026-03-02 10:00, event: message}"


@on_linux
def test_a_played_scenario_keeps_one_history_and_not_one_a_step(tmp_path: Path) -> None:
    long = story(tmp_path, *[MESSAGE] * 3_000)

    assert peak("run", long) < 100  # with a history a step: 280


@pytest.mark.slow
@on_linux
def test_twenty_thousand_steps_take_less_than_300_megabytes(tmp_path: Path) -> None:
    long = story(tmp_path, *[MESSAGE] * 20_000)

    assert peak("run", "--format", "json", long) < 300


def test_too_many_corrections_of_a_long_history_are_a_diagnostic(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing, "MOST_REFOLDED", 8)
    retract = "{at: 2026-03-02 10:00, retract: 1}"
    corrected = story(
        tmp_path, MESSAGE, MESSAGE, "{at: 2026-03-01 10:00, event: message, late: true}", retract
    )
    assert call("test", corrected).code == 0

    for late in (retract.replace("1}", "2}"), "{at: 2026-03-01 10:00, event: message, late: true}"):
        corrected = story(
            tmp_path, MESSAGE, MESSAGE, "{at: 2026-03-01 10:00, event: message, late: true}", retract, late
        )
        for command in (("test",), ("next", "--at", "2026-03-05 09:00")):
            answer = call(*command, corrected)
            assert answer.code == 1
            assert "error[PI741]: there are too many corrections or days without an hour" in answer.err


def test_the_first_failed_steps_are_explained_and_all_are_counted(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing, "MOST_EXPLAINED", 1)
    asked = "{at: 2026-03-02 10:00, event: follow_up, with: {channel: call}}"
    answer = call("test", story(tmp_path, asked, asked), "--format", "json")

    (scenario,) = json.loads(answer.out)["scenarios"]
    assert [bool(step["guards"]) for step in scenario["failed"]] == [True, False]


def test_an_endless_word_is_cut_in_every_line_that_shows_it(call: Caller, tmp_path: Path) -> None:
    long = story(
        tmp_path, f"{{at: 2026-03-02 10:00, event: interview, with: {{interviewers: [{'a' * 90_000}]}}}}"
    )
    long.write_text(long.read_text(encoding="utf-8").replace("Long", "b" * 90_000), encoding="utf-8")

    for command in ("run", "test"):
        answer = call(command, long)
        assert answer.code == 0
        assert max(map(len, answer.out.splitlines())) < 1_200
