"""Lines of styled text, wrapped and set in columns. Pure: `cli.terminal` prints them.

Every report of the package is an iterable of lines. A line is a tuple of pieces, and a piece is a text in one
style. Whether the styles become colours is decided where the lines are printed::

    line(Piece("ok", "ok"), "  story.yaml")    # one line of two pieces
    plain([...])                               # the text without styles

Widths are counted in columns of a terminal: a Chinese character takes two, a combining accent none. Only
`visible` escapes what comes from files; the printer applies it to every piece.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from attrs import frozen

from postinterview.core.values.formatting import DAYS, MONTHS

Style: TypeAlias = Literal[
    "plain",
    "title",
    "dim",
    "you",
    "employer",
    "refused",
    "opens",
    "failed",
    "warned",
    "gutter",
    "related",
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
"""The width of text that is not printed on a terminal, in columns."""

GAP = "\1"
"""Written before a word: two blanks separate it from the word before, and none at the start of a line."""

HIDDEN = re.compile(
    "[\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u200b\\u2028-\\u202e\\u2060\\u2066-\\u2069"
    "\\ud800-\\udfff\\ufdd0-\\ufdef\\ufeff\\ufffe\\uffff]"
)
"""A character that a terminal obeys or does not show: controls, zero-width and bidirectional marks."""

_TAB = "    "
_LEAST = 24  # on a narrower terminal each long word gets a line of its own
_MOMENT = re.compile(rf"(?:{'|'.join(DAYS)}) \d\d? (?:{'|'.join(MONTHS)}) \d{{4}}(?: \d\d:\d\d)?")
_COLUMN = re.compile(r"^ +(?:\d+\. )?|  +")  # a column begins after the indent, or after two blanks
_HELD = "\0"  # stands for a blank at which a line must not be broken


def line(*parts: Piece | str) -> Line:
    """Make a line of pieces and plain texts."""
    return tuple(Piece(part) if isinstance(part, str) else part for part in parts)


def plain(lines: Iterable[Line]) -> str:
    """Return the lines as text without styles, each with its line end and no blanks before it."""
    return "".join("".join(piece.text for piece in each).rstrip() + "\n" for each in lines)


def visible(raw: str) -> str:
    """Return the text on one line and safe for a terminal: hidden characters become ``<U+001B>``."""
    if raw.isascii() and raw.isprintable():
        return raw
    return "".join(visible_character(character) for character in raw)


def visible_character(character: str) -> str:
    """Return one character as `visible` shows it; a tab is four blanks."""
    if character == "\t":
        return _TAB
    if character in "\n\r" or HIDDEN.match(character):
        return f"<U+{ord(character):04X}>"
    return character


def display_width(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    none = sum(unicodedata.category(character) in ("Mn", "Me", "Cf") for character in text)
    return len(text) + wide - none


def line_width(whole: Line) -> int:
    """Return how many columns of a terminal the line takes."""
    return sum(display_width(piece.text) for piece in whole)


def pad(text: str, width: int) -> str:
    """Return the text, filled up with blanks to so many columns."""
    return text + " " * (width - display_width(text))


def column_width(names: Iterable[str], *, most: int = 40) -> int:
    """Return the width of a column of names: that of the widest, but no more than ``most``."""
    return min(max(map(display_width, names), default=0), most)


def columns(rows: Iterable[tuple[Line, Line]], width: int, *, most: int = 40) -> Iterator[Line]:
    """Set two cells a row in columns: the second begins to the right of the longest first cell.

    A first cell wider than ``most`` columns gets lines of its own, so that it never runs into the second.
    """
    found = list(rows)
    widths = [line_width(first) for first, _ in found]
    indent = max((each for each in widths if each <= most), default=0) + 2
    for (first, second), taken in zip(found, widths, strict=True):
        if taken > most:
            yield from _within(first, width)
            yield from hang(line(" " * indent), second, width)
        else:
            yield from hang((*first, Piece(" " * (indent - taken))), second, width)


def _within(cell: Line, width: int) -> Iterator[Line]:
    """Wrap a line that is too wide below its first word, and two columns to the right."""
    if line_width(cell) <= width:
        yield cell
        return
    begin, *rest = cell
    indent = len(begin.text) - len(begin.text.lstrip(" "))
    body = (Piece(begin.text.lstrip(" "), begin.style), *rest)
    yield from hang(line(" " * indent), body, width, indent + 2)


def hang(lead: Line, body: Line, width: int, indent: int | None = None) -> Iterator[Line]:
    """Wrap ``body`` behind ``lead`` to ``width`` columns.

    Every further line is indented by ``indent``, or else begins below the first word of the body.
    """
    taken = line_width(lead)
    indent = taken if indent is None else indent
    current: list[Piece] = list(lead)
    room, used = max(width - taken, _LEAST), 0
    for word in _words(body):
        gap = 2 if word[0].text.startswith(GAP) else 1
        word[0] = Piece(word[0].text.removeprefix(GAP), word[0].style)
        size = line_width(tuple(word))
        if used and used + gap + size > room:
            yield tuple(current)
            current = [Piece(" " * indent)] if indent else []
            room, used = max(width - indent, _LEAST), 0
        if used:
            current.append(Piece(" " * gap))
            used += gap
        current.extend(word)
        used += size
    yield tuple(current)


def fit(whole: Line, width: int) -> Iterator[Line]:
    """Wrap a finished line that is too wide.

    Its further lines begin below the last of its columns that leaves enough room for words.
    """
    if line_width(whole) <= width:
        yield whole
        return
    text = "".join(piece.text for piece in whole)
    stops = [match.end() for match in _COLUMN.finditer(text)]
    at = max((stop for stop in stops if display_width(text[:stop]) <= width * 3 // 5), default=0)
    lead: list[Piece] = []
    body: list[Piece] = []
    for piece in whole:
        head, tail = piece.text[:at], piece.text[at:]
        at -= len(head)
        lead += [Piece(head, piece.style)] if head else []
        body += [Piece(tail, piece.style)] if tail else []
    yield from hang(tuple(lead), tuple(body), width)


def _words(body: Line) -> Iterator[list[Piece]]:
    """Yield the words, each of one or more pieces. A moment such as ``Thu 5 Mar 2026 09:00`` is one word."""
    word: list[Piece] = []
    for piece in body:
        held = _MOMENT.sub(lambda moment: moment.group().replace(" ", _HELD), piece.text)
        for number, text in enumerate(held.split(" ")):
            if number and word:
                yield word
                word = []
            if text:
                word.append(Piece(text.replace(_HELD, " "), piece.style))
    if word:
        yield word
