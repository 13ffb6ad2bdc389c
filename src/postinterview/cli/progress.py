"""How far a long run has come: one line on a terminal's stderr, gone when there is something to print."""

from __future__ import annotations

import sys
import time  # noqa: TID251 - how long the user has waited is the one time that is not an argument

PATIENCE = 1.0
"""After so many seconds of silence the line appears."""
_PACE = 0.1


class Progress:
    """Counts; on a terminal, and after a while, it shows.

    ``quiet``: the answers are seen to come, so there is no need.
    """

    def __init__(self, what: str, *, quiet: bool) -> None:
        self._what = what
        self._count = 0
        self._shown = 0
        self._on = sys.stderr.isatty() and not quiet
        self._next = time.monotonic() + PATIENCE if self._on else 0.0

    def step(self) -> None:
        """One more is done."""
        self._count += 1
        if self._on and time.monotonic() >= self._next:
            line = f"{self._count} {self._what} ..."
            sys.stderr.write(f"\r{line.ljust(self._shown)}")
            sys.stderr.flush()
            self._shown = len(line)
            self._next = time.monotonic() + _PACE

    def clear(self) -> None:
        """Wipe the line, so that something else can be printed."""
        if self._shown:
            sys.stderr.write(f"\r{' ' * self._shown}\r")
            sys.stderr.flush()
            self._shown = 0
