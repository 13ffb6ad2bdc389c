"""Ctrl-C at any moment ends the command with 130 and one line, and never with a traceback."""

from __future__ import annotations

import os
import pty
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import sleep  # noqa: TID251 - the moment of the signal is what varies

import pytest

from postinterview.cli import COMMANDS
from tests.cli.helpers import CLEAN, MAP, STORIES
from tests.strategies.scale import IS_LONG

START = """\
import os, signal, sys
set_handler, told = signal.signal, [int(sys.argv.pop(1))]
def tell(*arguments):
    set_handler(*arguments)
    while told: os.close(told.pop())
signal.signal = tell
from postinterview_command import main
main()
"""
"""Runs the command line, and closes a pipe at the moment from which on interrupts are handled."""

CALLS: dict[str, tuple[str, ...]] = {
    "run": ("run", str(STORIES)),
    "test": ("test", str(STORIES), "--format", "json"),
    "check": ("check",),
    "next": ("next", str(STORIES / "too-soon.yaml"), "--at", "2026-03-05 09:00"),
    "prove": ("prove", "--explain"),
    "verify": ("verify", "missing.json"),
    "migrate": ("migrate", "--check", "--store", "missing.db"),
    "audit": ("audit", "clean.csv", "--map", "map.yaml", "--save", "kept.db"),
    "calendar": ("calendar", "missing.ics", "--map", "missing.yaml", "--at", "2026-03-05 09:00"),
    "bound": ("bound",),
    "show": ("show",),
    "packs": ("packs",),
    "schema": ("schema",),
    "draw": ("draw", "--format", "html"),
    "diff": ("diff", "default", "essentials"),
    "init": ("init", "ours"),
    "explain": ("explain",),
    "serve": ("serve", "--check", "--port", "0", "--store", "kept.db"),
    "tokens": ("tokens", "--store", "kept.db"),
    "recipients": ("recipients", "--store", "kept.db"),
    "confirm": ("confirm", "--store", "kept.db"),
    "mcp": ("mcp", "--check", "--store", "kept.db"),
}


class Started:
    """A command whose stdout is a terminal. From the moment it is there, it handles interrupts."""

    def __init__(self, arguments: tuple[str, ...], folder: Path, *, read: bool = True) -> None:
        ready, told = os.pipe()
        self._leader, follower = pty.openpty()
        self.shown = b""
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", START, str(told), *arguments],
            pass_fds=(told,),
            stdout=follower,
            stderr=subprocess.PIPE,
            cwd=folder,
        )
        os.close(told)
        os.close(follower)
        if read:
            Thread(target=self._read, daemon=True).start()
        os.read(ready, 1)
        os.close(ready)

    def interrupt(self) -> tuple[int, str]:
        """Interrupt it, and answer with its exit code and what it said on stderr."""
        self.process.send_signal(signal.SIGINT)
        _, err = self.process.communicate(timeout=60)
        os.close(self._leader)
        return self.process.returncode, err.decode()

    def _read(self) -> None:
        with suppress(OSError):  # the other end was closed
            while data := os.read(self._leader, 65536):
                self.shown += data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "clean.csv").write_text(CLEAN, encoding="utf-8")
    return tmp_path


def check(arguments: tuple[str, ...], delay: float, folder: Path) -> None:
    started = Started(arguments, folder)
    sleep(delay)
    code, err = started.interrupt()
    assert "Traceback" not in err
    assert b"Traceback" not in started.shown
    if code == 130:
        assert err.split("\n")[-2:] == ["interrupted", ""]
        assert err.count("\n") <= 2  # an error line may have been there already
    else:  # it had ended by then
        assert code in (0, 1, 3)
        assert "interrupted" not in err


@pytest.mark.parametrize("delay", [0.0, 0.1])
def test_an_interruption_soon_after_the_start_is_quiet(delay: float, folder: Path) -> None:
    check(CALLS["run"], delay, folder)


@pytest.mark.slow
def test_an_interruption_is_quiet_while_nobody_reads_the_output(folder: Path) -> None:
    started = Started(("explain", "--format", "json"), folder, read=False)
    sleep(1)
    assert started.process.poll() is None  # the terminal's buffer is full

    assert started.interrupt() == (130, "interrupted\n")


def test_an_exception_that_nobody_can_catch_is_quiet_too() -> None:
    code = """\
import os, signal
class Late:
    def __del__(self): os.kill(os.getpid(), signal.SIGINT); sum(range(1000)); print("went on")
import postinterview.cli
def run(interrupted):
    late = Late()
    del late
    return 0
postinterview.cli.main = run
from postinterview_command import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")


def test_an_interruption_that_a_library_logs_is_quiet_too(tmp_path: Path) -> None:
    code = """\
import os, signal, sys
from sqlalchemy.engine.default import DefaultDialect
def close(self, connection): os.kill(os.getpid(), signal.SIGINT); sum(range(1000))
DefaultDialect.do_close = close
from postinterview_command import main
main()
"""
    command = [sys.executable, "-c", code, *CALLS["tokens"]]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603

    assert (done.returncode, done.stderr) == (130, "interrupted\n")


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_at_any_moment_an_interruption_is_quiet(name: str, folder: Path) -> None:
    moments = random.Random(name)  # noqa: S311 - the same moments each time
    for _ in range(10 if IS_LONG else 5):
        check(CALLS[name], moments.uniform(0, 1.2), folder)
