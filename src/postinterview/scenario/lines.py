"""Lines of text with styles: what the renderers make, and whoever prints them colours or not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from attrs import frozen

from postinterview.core.formatting import DAYS, MONTHS

Style: TypeAlias = Literal[
    "plain",
    "title",
    "dim",
    "you",
    "employer",
    "moved",
    "refused",
    "broken",
    "opens",
    "failed",
    "ok",
]


@frozen
class Piece:
    """A stretch of text in one style."""

    text: str
    style: Style = "plain"


Line: TypeAlias = tuple[Piece, ...]
BLANK: Line = ()
WIDTH = 100
"""How wide text is set where nobody says otherwise."""

_MOMENT = re.compile(rf"(?:{'|'.join(DAYS)}) \d\d? (?:{'|'.join(MONTHS)}) \d{{4}}(?: \d\d:\d\d)?")
_COLUMN = re.compile(r"^ +(?:\d+\. )?|  +")
"""Where a column of text begins: behind the first blanks and a number, and behind two blanks or more."""
_HOLD = "\0"
GAP = "\1"
"""Before a word that stands a little apart from the words before it."""

_LEAST = 24  # however narrow the terminal: below this, words stand alone on their lines


def plain(lines: Iterable[Line]) -> str:
    """The lines as text without styles, each with its line end."""
    return "".join("".join(piece.text for piece in line).rstrip() + "\n" for line in lines)


def line(*parts: Piece | str) -> Line:
    return tuple(Piece(part) if isinstance(part, str) else part for part in parts)


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    none = sum(unicodedata.category(character) in ("Mn", "Me", "Cf") for character in text)
    return len(text) + wide - none


def pad(text: str, width: int) -> str:
    """The text, filled up with blanks to so many columns."""
    return text + " " * (width - columns(text))


def hang(lead: Line, body: Line, width: int) -> Iterator[Line]:
    """``body`` behind ``lead``, its words broken into lines that all begin where the first one does."""
    indent = sum(columns(piece.text) for piece in lead)
    room = max(width - indent, _LEAST)
    current: list[Piece] = list(lead)
    used = 0
    for word in _words(body):
        gap = 2 if word[0].text.startswith(GAP) else 1
        word[0] = Piece(word[0].text.removeprefix(GAP), word[0].style)
        size = sum(columns(piece.text) for piece in word)
        if used and used + gap + size > room:
            yield tuple(current)
            current, used = [Piece(" " * indent)], 0
        if used:
            current.append(Piece(" " * gap))
            used += gap
        current.extend(word)
        used += size
    yield tuple(current)


def fit(whole: Line, width: int) -> Iterator[Line]:
    """The line, broken where it is wider; its parts begin at its last column that leaves room for words."""
    if sum(columns(piece.text) for piece in whole) <= width:
        yield whole
        return
    text = "".join(piece.text for piece in whole)
    stops = [match.end() for match in _COLUMN.finditer(text)]
    at = max((stop for stop in stops if columns(text[:stop]) <= width * 3 // 5), default=0)
    lead: list[Piece] = []
    body: list[Piece] = []
    for piece in whole:
        head, tail = piece.text[:at], piece.text[at:]
        at -= len(head)
        lead += [Piece(head, piece.style)] if head else []
        body += [Piece(tail, piece.style)] if tail else []
    yield from hang(tuple(lead), tuple(body), width)


def _words(body: Line) -> Iterator[list[Piece]]:
    """The words, each of one or more pieces; a moment such as ``Thu 5 Mar 2026 09:00`` is one word."""
    word: list[Piece] = []
    for piece in body:
        held = _MOMENT.sub(lambda moment: moment.group().replace(" ", _HOLD), piece.text)
        for number, text in enumerate(held.split(" ")):
            if number and word:
                yield word
                word = []
            if text:
                word.append(Piece(text.replace(_HOLD, " "), piece.style))
    if word:
        yield word
