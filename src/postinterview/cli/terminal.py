"""What is printed, and how: plain text for a pipe, colours for a terminal, JSON where it is asked for.

Answers go to stdout, diagnostics to stderr. ``rich`` is imported only when colours are drawn.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TextIO

from postinterview.loading import render
from postinterview.loading.diagnostics import Diagnostic
from postinterview.scenario.lines import WIDTH, Line, fit, plain

if TYPE_CHECKING:
    from rich.console import Console

_NARROW, _WIDE = 40, 120
_STYLES = {
    "plain": "",
    "title": "bold",
    "dim": "dim",
    "you": "cyan",
    "employer": "magenta",
    "moved": "green",
    "refused": "yellow",
    "broken": "bold red",
    "opens": "blue",
    "failed": "bold red",
    "ok": "green",
}
_SIGNS = {"->": "\N{RIGHTWARDS ARROW}"}
"""What a terminal may show more nicely, as words of their own."""


class Screen:
    """Prints what a command found. ``as_json``: one JSON document on stdout, and no text beside it."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:  # a name that the terminal can't show is no reason to fail
                reconfigure(errors="backslashreplace")

    @cached_property
    def width(self) -> int:
        """How wide the text is set: the terminal's width, within reason; for a pipe always the same."""
        return _columns() if sys.stdout.isatty() else WIDTH

    @property
    def is_seen(self) -> bool:
        """Whether somebody sees the lines come."""
        return sys.stdout.isatty() and not self.as_json

    def show(self, lines: Iterable[Line]) -> None:
        """Print lines of text on stdout."""
        if self.as_json:
            return
        if sys.stdout.isatty():
            lines = (part for each in lines for part in fit(each, self.width))
        if has_colour(sys.stdout):
            for each in lines:
                self._draw(each)
        else:
            sys.stdout.write(safe(plain(lines)))

    def diagnose(self, diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> None:
        """Print diagnostics on stderr, after what is on stdout already."""
        found = list(diagnostics)
        if self.as_json or not found:
            return
        sys.stdout.flush()
        room = _columns() if sys.stderr.isatty() else 0
        say_aside(render.text(found, sources, colour=has_colour(sys.stderr), width=room))

    def report(self, diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> None:
        """Print diagnostics on stdout, where they are the answer, and were counted already."""
        found = list(diagnostics)
        if self.as_json or not found:
            return
        room = self.width if sys.stdout.isatty() else 0
        drawn = render.drawn(found, sources, colour=has_colour(sys.stdout), width=room)
        sys.stdout.write(f"\n{drawn}\n")

    def complain(self, message: str, help: str = "") -> None:
        """Print an error that is about no line of a file, on stderr."""
        sys.stdout.flush()
        room = _columns() if sys.stderr.isatty() else 0
        said = [render.wrapped(f"error: {message}", "  ", room)]
        if help:
            said += [render.wrapped(f"  = help: {help}", "          ", room)]
        say_aside(safe("".join(f"{each}\n" for each in said)))

    def object(self, message: str, help: str = "") -> None:
        """Print an error that is the answer, and so has its place in the JSON document."""
        if not self.as_json:
            self.complain(message, help)

    def answer(self, data: Mapping[str, Any]) -> None:
        """Print the one JSON document."""
        if self.as_json:
            unicode = "utf" in (sys.stdout.encoding or "").lower()
            sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=not unicode) + "\n")

    def write(self, data: bytes) -> None:
        """Print an answer that is no text of ours, byte for byte."""
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    def _draw(self, each: Line) -> None:
        from rich.text import Text

        text = Text(no_wrap=True, overflow="ignore")
        for piece in each:
            shown = _SIGNS.get(piece.text, piece.text) if self._draws_signs else piece.text
            text.append(safe(shown), style=_STYLES[piece.style])
        self._console.print(text, soft_wrap=True)

    @cached_property
    def _draws_signs(self) -> bool:
        return "utf" in (sys.stdout.encoding or "").lower()

    @cached_property
    def _console(self) -> Console:
        from rich.console import Console

        return Console(
            file=sys.stdout,
            force_terminal=True,
            color_system="standard",
            highlight=False,
            markup=False,
            emoji=False,
        )


def _columns() -> int:
    """How wide the terminal is, within reason."""
    return max(_NARROW, min(_WIDE, shutil.get_terminal_size((WIDTH, 24)).columns))


def say_aside(text: str) -> None:
    """Print on stderr. What can't be said there is lost: the exit code still tells."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        drop(sys.stderr)


def drop(stream: TextIO) -> None:
    """Let go nowhere what the stream still holds: Python flushes once more at its end, and would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def has_colour(stream: TextIO) -> bool:
    """Whether to draw with colours: on a terminal, unless NO_COLOR, or where FORCE_COLOR says so."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def safe(text: str) -> str:
    """The text without what would move a terminal's cursor, or worse."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "\n".join(render.visible(line) for line in text.split("\n"))
