"""Shorten texts from files for messages."""

from __future__ import annotations

from postinterview.layout import visible
from postinterview.loading.diagnostics import MAX_QUOTE


def short(text: str) -> str:
    """Return the text on one line, without anything invisible, and cut after `MAX_QUOTE` characters."""
    return visible(text if len(text) <= MAX_QUOTE else f"{text[: MAX_QUOTE - 1]}…")
