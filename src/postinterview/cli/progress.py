"""Show how far a long run has come: one line on a terminal's stderr, wiped before other output."""

from __future__ import annotations

import sys
import time  # noqa: TID251 - how long the user has waited is no matter of the rules

PATIENCE = 1.0
"""The line appears after so many seconds without output."""
_PACE = 0.1


class Progress:
    """Counts, and shows the count on a terminal after a while. ``quiet``: the answers are seen to come."""

    def __init__(self, noun: str, *, quiet: bool) -> None:
        self._noun = noun
        self._count = 0
        self._width = 0
        self._on = sys.stderr.isatty() and not quiet
        self._next = time.monotonic() + PATIENCE if self._on else 0.0

    def step(self) -> None:
        """Count one more."""
        self._count += 1
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
