"""Estimate how wide a text is drawn, and break it into lines that fit.

A picture is laid out before anybody knows the reader's fonts. The widths are those of wide sans-serif fonts
(Verdana, DejaVu Sans), so text in the usual fonts is narrower than its box, and never wider.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

NORMAL, SMALL = 13.0, 11.0
"""The sizes of text, in pixels."""

_GROUPS = (
    (0.33, " ijl|'.,:;!·"),
    (0.42, 'fIrt()[]/\\-"*J'),
    (0.56, "ckszvxyaeLF?_"),
    (0.82, "wDGHNOQU+=<>~#&→"),
    (1.0, "mMW@%…"),
)
_WIDTHS = {character: width for width, group in _GROUPS for character in group}
_USUAL, _CAPITAL, _BOLD = 0.64, 0.74, 1.13


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = NORMAL, *, bold: bool = False) -> float:
    """Return the width of a line of text in pixels, rather too much than too little."""
    return sum(map(_width, text)) * size * (_BOLD if bold else 1.0)


def wrap(text: str, width: float, size: float = NORMAL, *, bold: bool = False) -> tuple[str, ...]:
    """Break the text at its spaces into lines of at most ``width`` pixels.

    A word that is too long for a line is cut, and ends in ``…``.
    """
    lines: list[str] = []
    current = ""
    for word in text.split():
        longer = f"{current} {word}" if current else word
        if text_width(longer, size, bold=bold) <= width:
            current = longer
            continue
        if current:
            lines.append(current)
        current = _cut(word, width, size, bold=bold)
    return (*lines, current) if current else tuple(lines)


def _cut(word: str, width: float, size: float, *, bold: bool) -> str:
    if text_width(word, size, bold=bold) <= width:
        return word
    while word and text_width(f"{word}…", size, bold=bold) > width:
        word = word[:-1]
    return f"{word}…"


def _width(character: str) -> float:
    known = _WIDTHS.get(character)
    if known is not None:
        return known
    if character.isascii():
        return _CAPITAL if character.isupper() else _USUAL
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    return 1.05
