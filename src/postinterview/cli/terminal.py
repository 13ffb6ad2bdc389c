"""Print lines: plain text to a pipe, colours to a terminal, or one JSON document.

Answers go to stdout, diagnostics to stderr. `rich` is imported only when colours are drawn.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import time  # noqa: TID251 - how long the user has waited is no matter of the rules
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TextIO

from postinterview.cli.document import Document
from postinterview.layout import BLANK, WIDTH, Line, Piece, Style, fit, hang, line, plain, visible
from postinterview.loading import render
from postinterview.loading.diagnostics import Diagnostic

if TYPE_CHECKING:
    from rich.console import Console

_NARROW, _WIDE = 40, 120
_MOST = 1_000
_ENDLESS = re.compile(rf"(\S{{{_MOST}}})\S+")
_COLOURS: dict[Style, str] = {
    "plain": "",
    "title": "bold",
    "dim": "dim",
    "you": "cyan",
    "employer": "magenta",
    "refused": "yellow",
    "opens": "blue",
    "failed": "bold red",
    "warned": "bold yellow",
    "gutter": "bold blue",
    "related": "bold cyan",
    "ok": "green",
}
_SIGNS = {"->": "\N{RIGHTWARDS ARROW}"}
"""Words that a terminal with Unicode shows more nicely."""

PATIENCE = 1.0
"""The line appears after so many seconds without output."""
_PACE = 0.1


class Screen:
    """Prints what a command found: text, or one JSON document on stdout and nothing on stderr."""

    def __init__(self) -> None:
        self.format = "text"
        self.document = Document()
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:  # escape what the terminal can't show
                reconfigure(errors="backslashreplace")

    def choose(self, chosen: str) -> None:
        """Set the format that ``--format`` names."""
        self.format = chosen
        self.document.shown = self.as_json

    @property
    def as_json(self) -> bool:
        return self.format == "json"

    @cached_property
    def width(self) -> int:
        """Return the width to set text for stdout: the terminal's, within reason, or `WIDTH` for a pipe."""
        return _terminal_width(sys.stdout) or WIDTH

    @property
    def is_seen(self) -> bool:
        """Return whether a person sees the lines appear, so that no progress has to be shown."""
        return sys.stdout.isatty() and not self.as_json

    def show(self, lines: Iterable[Line]) -> None:
        """Print lines of text on stdout."""
        if self.format not in ("json", "github"):
            _print(lines, sys.stdout)

    def diagnose(self, diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> None:
        """Print diagnostics on stderr, after what is on stdout already."""
        found = list(diagnostics)
        if self.as_json or not found:
            return
        lines = render.lines(found, sources, _terminal_width(sys.stderr))
        print_aside([*lines, BLANK, line(render.summary(found))])

    def report(self, diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> None:
        """Print diagnostics on stdout if they are the answer, without the count."""
        found = list(diagnostics)
        if self.format == "github":
            self.write("".join(f"{each}\n" for each in render.github_annotations(found)).encode())
            return
        if self.as_json or not found:
            return
        _print([BLANK, *render.lines(found, sources, _terminal_width(sys.stdout))], sys.stdout)

    def notice(self, title: str, file: str, line: int, message: str) -> None:
        """Write an annotation of what is no finding, if annotations are asked for."""
        if self.format == "github":
            self.write(f"{render.github_notice(title, file, line, message)}\n".encode())

    def complain(self, message: str, help: str = "") -> None:
        """Print an error that is about no line of a file, on stderr or among the document's errors."""
        if self.as_json:
            self.document.errors.append({"message": message, "help": help})
            return
        width = _terminal_width(sys.stderr) or sys.maxsize
        lines = [*hang(line(Piece("error", "failed")), line(f": {message}"), width, 2)]
        if help:
            lines += hang(line("  = help:", " "), line(help), width)
        print_aside(lines)

    def answer(self, data: Mapping[str, Any]) -> None:
        """Add to the JSON document."""
        self.document.add(**data)

    def write(self, data: bytes) -> None:
        """Print bytes as they are, such as a calendar."""
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


class Progress:
    """Counts, and shows the count on a terminal after a while.

    ``quiet``: set it when the answers themselves appear on the terminal.
    """

    def __init__(self, noun: str, *, quiet: bool) -> None:
        self._noun = noun
        self._count = 0
        self._width = 0
        self._on = sys.stderr.isatty() and not quiet
        self._next = time.monotonic() + PATIENCE if self._on else 0.0

    def step(self, more: int = 1) -> None:
        """Count one more, or so many more."""
        self._count += more
        if self._on and time.monotonic() >= self._next:
            text = f"{self._count} {self._noun} ..."
            sys.stderr.write(f"\r{text.ljust(self._width)}")
            sys.stderr.flush()
            self._width = len(text)
            self._next = time.monotonic() + _PACE

    def clear(self) -> None:
        """Wipe the line, so that something else can be printed."""
        if self._width:
            sys.stderr.write(f"\r{' ' * self._width}\r")
            sys.stderr.flush()
            self._width = 0


def _print(lines: Iterable[Line], stream: TextIO) -> None:
    """Print lines: wrapped for a terminal, with colours if it has them, and nothing hidden in them."""
    if width := _terminal_width(stream):
        lines = (part for each in lines for part in fit(each, width))
    safe = (tuple(Piece(_safe(piece.text), piece.style) for piece in each) for each in lines)
    if not has_colour(stream):
        stream.writelines(plain([each]) for each in safe)
        return
    from rich.text import Text

    console = _console(stream)
    signs = _SIGNS if "utf" in (stream.encoding or "").lower() else {}
    for each in safe:
        text = Text(no_wrap=True, overflow="ignore")
        for piece in each:
            text.append(signs.get(piece.text, piece.text), style=_COLOURS[piece.style])
        console.print(text, soft_wrap=True)


def _safe(text: str) -> str:
    """Return the text without hidden characters, and with endless words cut."""
    return visible(_ENDLESS.sub(r"\1...", text) if len(text) > _MOST else text)


def print_aside(lines: Iterable[Line]) -> None:
    """Print lines on stderr. What can't be printed there is lost: the exit code still tells."""
    sys.stdout.flush()
    try:
        _print(lines, sys.stderr)
        sys.stderr.flush()
    except OSError:
        drop(sys.stderr)


@lru_cache(maxsize=2)
def _console(stream: TextIO) -> Console:
    from rich.console import Console

    return Console(file=stream, force_terminal=True, color_system="standard")


def _terminal_width(stream: TextIO) -> int:
    """Return how wide the terminal is, within reason; 0 for a stream that is none."""
    if not stream.isatty():
        return 0
    return max(_NARROW, min(_WIDE, shutil.get_terminal_size((WIDTH, 24)).columns))


def drop(stream: TextIO) -> None:
    """Discard what the stream still holds: Python would flush it again at its end, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def has_colour(stream: TextIO) -> bool:
    """Return whether to use colours: on a terminal, unless NO_COLOR is set, or if FORCE_COLOR is."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"
