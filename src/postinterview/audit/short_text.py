"""Shorten texts from files for messages."""

from __future__ import annotations

from postinterview.layout import visible

LONGEST = 60
"""How many characters of a text from a file a message shows."""


def short(text: str) -> str:
    """Return the text on one line, without anything invisible, and cut after `LONGEST` characters."""
    return visible(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")
