"""Split the lines of a CSV or JSON Lines file into rows, one at a time. Pure."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from attrs import define, field

from postinterview.audit.short_text import short
from postinterview.audit.sources.rows import (
    LONGEST,
    MOST_NAMES,
    Cell,
    Row,
    cell_of,
    new_row,
    odd_character,
    trimmed,
)
from postinterview.core.values.formatting import say_count

_SEPARATOR = re.compile(r'\ufeff?"?sep=([^"\r\n])"?\s*\Z', re.IGNORECASE).match
_SAID = {
    "field larger": "a cell is too long; does a quotation mark open a text that never ends?",
    "expected after": "something follows a closing quotation mark",
    "unexpected end": "a quotation mark opens a text that the file ends in",
    **dict.fromkeys(("new-line", "newline"), "a line ends in the middle of a cell"),
}
"""The messages of the `csv` parser, by a part of each, in plain words."""


@define
class Lines:
    """Counts lines as they are read, and remembers what is wrong with them.

    ``head``: the first line. ``quoted`` and ``cut``: since they were last reset, there was a quotation mark,
    or a line that is too long.
    """

    source: Iterable[str]
    count: int = 0
    head: str = ""
    quoted: bool = False
    cut: bool = False
    bad: dict[int, str] = field(factory=dict)

    def __iter__(self) -> Iterator[str]:
        for text in self.source:
            self.count += 1
            if self.count == 1:
                self.head = text[:LONGEST]
            self.quoted = self.quoted or '"' in text
            if len(text) >= LONGEST:
                self.cut = True
                self.bad[self.count] = f"the line is longer than {LONGEST} characters"
            elif found := odd_character(text):
                self.bad[self.count] = found
            yield text

    def why_not(self, first: int, last: int) -> str:
        """Return what is wrong with one of these lines. Ask about each line once."""
        if not self.bad:
            return ""
        found = [self.bad.pop(line) for line in sorted(self.bad) if first <= line <= last]
        return found[0] if found else ""


def wide_encoding(head: str) -> str:
    """Return what to write in the map if a text was read as UTF-8 and looks like UTF-16 or UTF-32."""
    if "\0\0" in head:
        return "it looks like UTF-32: add `encoding: utf-32` to the map"
    if head.startswith(("\udcff\udcfe", "\udcfe\udcff")) or "\0" in head:
        return "it looks like UTF-16: add `encoding: utf-16` to the map"
    return ""


def _encoding(head: str, why: str) -> str:
    """Return what to write in the map, going by the first line of a file without a readable header."""
    if not head:
        return "is it the right file?"
    if wide := wide_encoding(head):
        return wide
    if "`encoding`" in why:
        return "add `encoding: windows-1252` to the map, as for many older sheets, or `encoding: utf-16`"
    return "does the map say its `encoding`, `delimiter` and `skip_lines`?"


# --- CSV ------------------------------------------------------------------------------------------


@define
class CsvTable:
    """A CSV file: its header is read first, then its rows.

    ``delimiter``: what the map says, or None. ``skip``: how many lines are above the header. Excel's line
    `sep=;` names the delimiter; it is one of the lines above, and counts if there are others.
    """

    lines: Lines
    delimiter: str | None = None
    skip: int = 0
    header: tuple[str, ...] = ()
    help: str = ""
    _texts: Iterator[str] = field(init=False)
    _reader: Iterator[list[str]] = field(init=False)
    _said: str | None = None

    def __attrs_post_init__(self) -> None:
        texts = iter(self.lines)
        first = next(texts, None)
        separator = None if first is None else _SEPARATOR(first)
        self._said = separator[1] if separator else None
        if separator is None and first is not None and not self.skip:
            texts = chain([first], texts)
        for _ in range(self.skip - 1):
            next(texts, None)
        self._texts = texts
        if csv.field_size_limit() < LONGEST:  # which is one for all readers of a program
            csv.field_size_limit(LONGEST)
        delimiter = self.delimiter or self._said or ","
        self._reader = csv.reader(self._texts, delimiter=delimiter, strict=True)

    @property
    def names(self) -> tuple[str, ...]:
        return self.header

    def read_header(self) -> str:
        """Read the names of the columns, or return why they can't be read, with a hint in ``help``."""
        if self._said and self.delimiter and self._said != self.delimiter:
            self.help = "delete `delimiter` from the map"
            return f"its first line says `sep={self._said}`, and the map `delimiter: {self.delimiter}`"
        texts, why = (tuple(map(trimmed, cells)) for cells in self._reader), ""
        try:
            self.header = next(filter(any, texts), ())
            if any("\0" in name for name in self.header):
                why = "it holds the character U+0000"
        except csv.Error as error:
            why = _said(error)
        why = (self.lines.why_not(1, self.lines.count) or why) if self.header or why else "it is empty"
        if why:
            self.help = _encoding(self.lines.head, why)
        return f"the header can't be read: {why}" if why else ""

    def rows(self) -> Iterator[Row]:
        """Yield every row."""
        width, names = len(self.header), self.header
        while True:
            first = self.lines.count + 1
            self.lines.quoted = self.lines.cut = False
            cells, why = self._next()
            if cells is None and not why:
                return
            why = self.lines.why_not(first, self.lines.count) or why
            if self.lines.quoted and self.lines.cut:
                yield self._rest(first, why)
                return
            if cells is None:
                yield Row(first, {}, why, self.lines.count)
                continue
            texts = [trimmed(cell) for cell in cells]
            if not why and not any(texts):
                yield Row(first, {}, "", self.lines.count, is_blank=True)
                continue
            if not why and len(texts) != width and (len(texts) < width or any(texts[width:])):
                why = f"it has {say_count(len(texts), 'cell')}, and the header {width}"
            found = dict(zip(names, texts, strict=False))
            yield new_row(first, found, why, self.lines.count)

    def _next(self) -> tuple[list[str] | None, str]:
        """Return the cells of the next row, or why it has none; at the end neither."""
        try:
            return next(self._reader, None), ""
        except csv.Error as error:
            self.lines.cut = self.lines.cut or "field larger" in str(error)
            return None, _said(error)

    def _rest(self, first: int, why: str) -> Row:
        """Return the rest of the file as one bad row: it may all lie in a cell whose end was cut off."""
        for _ in self._texts:
            pass
        self.lines.bad.clear()
        why = f"it is unclear where the next row begins, so nothing below is read: {why}"
        return Row(first, {}, why, max(first + 1, self.lines.count))


def _said(error: csv.Error) -> str:
    said = str(error)
    return next((plain for part, plain in _SAID.items() if part in said), f"it is not CSV ({said})")


# --- JSON Lines -----------------------------------------------------------------------------------


@define
class JsonObjects:
    """Makes rows of JSON objects. Nested values are columns, too: ``company.name``.

    ``wanted``: the columns of the map; None: all.
    """

    wanted: tuple[str, ...] | None
    names: dict[str, None] = field(factory=dict)

    def row(self, text: str, first: int, last: int = 0) -> Row:
        found = json_object(text)
        if isinstance(found, str):
            return Row(first, {}, found, last or first)
        every = dict(_flat(found)) if self.wanted is None or len(self.names) < MOST_NAMES else {}
        for name in every:
            if len(self.names) < MOST_NAMES:
                self.names[name] = None
        cells: dict[str, Cell] = {}
        odd = ""
        for name in every if self.wanted is None else self.wanted:
            cell = cell_of(_at(found, name))
            if cell is None:
                odd = odd or f"`{short(name)}` holds something that can't be a cell"
            else:
                cells[name] = cell
        return Row(first, cells, odd, last or first)


@define
class JsonLines:
    """A JSON Lines file, with one JSON object a line."""

    lines: Lines
    objects: JsonObjects
    header: None = None

    @property
    def names(self) -> Collection[str]:
        return self.objects.names

    def rows(self) -> Iterator[Row]:
        for text in self.lines:
            line = self.lines.count
            if why := self.lines.why_not(line, line):
                yield Row(line, {}, why, line)
            elif not trimmed(text):
                yield Row(line, {}, "", line, is_blank=True)
            else:
                yield self.objects.row(text.removeprefix("\ufeff").rstrip("\r\n"), line)


def _flat(data: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, None]]:
    """Yield the names of all columns of an object."""
    for name, value in data.items():
        if isinstance(value, dict) and depth < 5:
            yield from _flat(value, f"{before}{name}.", depth + 1)
        else:
            yield f"{before}{name}", None


def json_object(text: str) -> dict[str, Any] | str:
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except _OddError as error:
        return str(error)
    except RecursionError:
        return "it is nested too deep"
    except json.JSONDecodeError as error:
        return f"from its character {error.pos + 1} on it is not JSON"
    except ValueError:  # a number of thousands of digits
        return "it holds a number that is too long"
    return found if isinstance(found, dict) else "it is not a JSON object"


class _OddError(Exception):
    """JSON with a repeated key, or a number that is none."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _OddError(f"it has `{short(name)}` twice")
        found[name] = value
    return found


def _no_number(text: str) -> Any:
    raise _OddError(f"`{text}` is not a number")


def _at(data: Any, name: str) -> Any:
    """Return the value of a column: by its whole name, or along the dots in it."""
    if name in data:
        return data[name]
    head, dot, rest = name.partition(".")
    while dot:
        below = data.get(head)
        if isinstance(below, dict):
            return _at(below, rest)
        more, dot, rest = rest.partition(".")
        head = f"{head}.{more}"
    return None
