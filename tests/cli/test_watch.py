"""``--watch`` on a real terminal: it answers after each way of saving, and Ctrl-C ends it."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import monotonic, sleep  # noqa: TID251 - it waits for a program

import pytest

from postinterview.cli import watch
from tests.cli.helpers import PROGRAM, SMALL, Caller
from tests.scenario.helpers import file_of

STORY = file_of(
    "{at: 2026-03-02 10:00, event: interview}", "{at: 2026-03-10 10:00, event: follow_up}"
).replace("scenarios:", "rules: child.yaml\nscenarios:")
CHILD = "format: 1\nextends: small.yaml\ntitle: Ours\n"
PROMISE = """\
format: 1
title: Ours
promises:
  few: {never: chase, more_than: 3, within: 60 days, per: employer, title: a fourth}
"""
READY = b"Ctrl-C ends"
PATIENCE = 30.0


class Terminal:
    """A program on a terminal, and what it has shown since the last save."""

    def __init__(self, *arguments: str, folder: Path) -> None:
        self._leader, follower = pty.openpty()
        self.shown = b""
        self.process = subprocess.Popen(  # noqa: S603
            [PROGRAM, *arguments],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            cwd=folder,
            env={**os.environ, "TERM": "xterm"},
        )
        os.close(follower)
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with suppress(OSError):  # the other end was closed
            while data := os.read(self._leader, 65536):
                self.shown += data

    def until(self, text: bytes = READY) -> str:
        """Wait for the text, and return all that was shown since the last call."""
        end = monotonic() + PATIENCE
        while text not in self.shown and self.process.poll() is None and monotonic() < end:
            sleep(0.01)
        shown, self.shown = self.shown, b""
        assert text in shown, shown
        return shown.decode()

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=PATIENCE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "story.yaml").write_text(STORY, "utf-8")
    for name, text in (("small.yaml", SMALL), ("child.yaml", CHILD)):
        (tmp_path / "stories" / name).write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def started(folder: Path) -> Iterator[Terminal]:
    terminal = Terminal("test", "stories", "--watch", folder=folder)
    yield terminal
    terminal.process.kill()
    terminal.process.wait()


def replace(file: Path, text: str) -> None:
    """Save as most editors do: write another file, and rename it."""
    new = file.with_suffix(".new")
    new.write_text(text, "utf-8")
    new.replace(file)


def test_a_terminal_shows_the_new_answer_after_each_way_of_saving(started: Terminal, folder: Path) -> None:
    rules, story = folder / "stories" / "small.yaml", folder / "stories" / "story.yaml"
    assert "1 scenario, as expected" in started.until()

    replace(rules, SMALL.replace("interview + 7 days", "interview + 10 days"))
    shown = started.until()
    assert shown.startswith("\x1b[2J\x1b[H")
    assert "a_week, stories/small.yaml:" in shown

    rules.write_text(SMALL.replace("interview + 7 days", "interview + 7 dayz"), "utf-8")
    assert "`7 dayz` is not a duration" in started.until()

    rules.unlink()
    sleep(0.2)
    rules.write_text(SMALL, "utf-8")
    shown = started.until()
    assert ("1 scenario, as expected" in shown, "error" in shown) == (True, False)

    replace(story, STORY.replace("A story", "Another story"))
    assert "Another story" in started.until()
    (folder / "stories" / "later").mkdir()
    replace(folder / "stories" / "later" / "new.yaml", STORY.replace("child.yaml", "../child.yaml"))
    assert "2 scenarios, as expected" in started.until()

    assert started.interrupt() == 130
    assert "Traceback" not in started.until(b"interrupted")


def test_check_shows_faults_at_once_and_then_the_proof(folder: Path) -> None:
    terminal = Terminal("check", "stories/child.yaml", "--watch", folder=folder)
    try:
        terminal.until(b"proving the promises")
        assert "promises kept" in terminal.until()
        replace(folder / "stories" / "small.yaml", SMALL.replace("waiting\n", "waitng\n"))
        shown = terminal.until()
        assert ("unknown state `waitng`" in shown, "proving" in shown) == (True, False)
        assert terminal.interrupt() == 130
    finally:
        terminal.process.kill()
        terminal.process.wait()


def test_promise_files_and_files_that_are_not_there_yet_are_watched(folder: Path) -> None:
    child = folder / "stories" / "child.yaml"
    child.write_text(f"{CHILD}keeps: ./ours.yaml\n", "utf-8")
    ours = folder / "stories" / "ours.yaml"
    terminal = Terminal("check", "stories/child.yaml", "--watch", folder=folder)
    try:
        assert "PI608" in terminal.until()
        ours.write_text(PROMISE, "utf-8")
        assert "PI608" not in terminal.until()
        replace(ours, PROMISE.replace("never: chase", "never: chas"))
        assert "unknown" in terminal.until()
        replace(folder / "stories" / "small.yaml", SMALL.replace("waiting\n", "waitng\n"))
        assert "waitng" in terminal.until()
        assert terminal.interrupt() == 130
    finally:
        terminal.process.kill()
        terminal.process.wait()


def test_a_pipe_is_not_cleared(folder: Path) -> None:
    program = subprocess.Popen(  # noqa: S603
        [PROGRAM, "test", "stories", "--watch"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder
    )
    assert program.stdout is not None
    first = b""
    while READY not in first and (shown := program.stdout.readline()):
        first += shown
    program.send_signal(signal.SIGINT)
    _, said = program.communicate(timeout=PATIENCE)

    assert (program.returncode, said, b"\x1b" in first) == (130, b"interrupted\n", False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("test", ".", "--watch", "--format", "json"), "leave `--format json` out"),
        (("check", "--watch", "--format", "github"), "leave `--format github` out"),
        (("test", "-", "--watch"), "standard input can't be watched"),
    ],
)
def test_what_can_not_be_watched_is_wrong_usage(call: Caller, arguments: tuple[str, ...], said: str) -> None:
    answer = call(*arguments)
    assert (answer.code, said in answer.err) == (2, True)


def test_without_the_package_one_is_told_what_to_install(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "find_spec", lambda _name: None)
    answer = call("test", ".", "--watch")
    assert (answer.code, "pip install 'postinterview[watch]'" in answer.err) == (2, True)


def test_the_package_is_imported_only_for_watching(call: Caller) -> None:
    code = (
        "import sys, postinterview.cli.test_, postinterview.cli.check; sys.exit('watchfiles' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603
