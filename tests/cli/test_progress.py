"""Progress: on a terminal, after a while, and gone when it is over."""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import pytest

from postinterview.cli import terminal
from tests.cli.helpers import STORIES, Caller


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def watched(
    monkeypatch: pytest.MonkeyPatch, seconds: Iterable[float], stream: io.StringIO | None = None
) -> io.StringIO:
    """A stderr to look at, and a clock that shows these seconds in turn."""
    shown = Terminal() if stream is None else stream
    clock = iter(seconds)
    monkeypatch.setattr("sys.stderr", shown)
    monkeypatch.setattr("postinterview.cli.terminal.time.monotonic", lambda: next(clock))
    return shown


def test_nothing_is_shown_within_the_first_second(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = watched(monkeypatch, [0.0, terminal.PATIENCE - 0.01])
    line = terminal.Progress("steps played", quiet=False)
    line.step()
    line.clear()

    assert shown.getvalue() == ""


def test_after_that_one_line_counts_and_is_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    # A moment at the start, one for each step, and one more where the line is drawn.
    shown = watched(monkeypatch, [0.0, 0.5, 1.5, 1.5, 1.51, 2.5, 2.5])
    line = terminal.Progress("steps played", quiet=False)
    for _ in range(4):
        line.step()
    line.clear()

    blank = " " * len("4 steps played ...")
    assert shown.getvalue() == f"\r2 steps played ...\r4 steps played ...\r{blank}\r"


@pytest.mark.parametrize(("stream", "quiet"), [(io.StringIO(), False), (Terminal(), True)])
def test_nothing_is_shown_where_stderr_is_no_terminal_or_answers_are_seen(
    stream: io.StringIO, quiet: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = watched(monkeypatch, count(step=10.0), stream)
    terminal.Progress("steps played", quiet=quiet).step()

    assert shown.getvalue() == ""


def test_a_long_run_into_a_pipe_shows_how_far_it_has_come(
    call: Caller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for number in range(3):
        (tmp_path / f"{number}.yaml").write_bytes((STORIES / "too-soon.yaml").read_bytes())
    shown = watched(monkeypatch, count(step=2.0))
    call("test", tmp_path)

    assert "8 steps played ..." in shown.getvalue()
    assert shown.getvalue().endswith(" \r")
