"""Look at the first rows of a history: its settings, its columns, and what their cells have in common."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any

from attrs import define, evolve, field, frozen

from postinterview.audit.history.date_formats import Format, read_format
from postinterview.audit.history.dates import day_by
from postinterview.audit.history.field_values import in_one
from postinterview.audit.sources.opening import HistorySource, open_rows
from postinterview.audit.sources.rows import Cell, FileSettings, RealDate, RowSource
from postinterview.files import UnreadableError
from postinterview.loading.text_values import Fault

MOST_ROWS = 5_000
"""The most rows that are looked at."""

MOST_TRIED = 200
"""The most cells of a column that are tried as dates."""

MOST_WORDS = 60
"""The most different words of a column that may decide what a row says."""

_DAYS = (
    "%d.%m.%Y", "%d.%m.%y", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%Y/%m/%d", "%d-%m-%Y",
    "%m-%d-%Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%a, %d %b %Y",
    "%d. %B %Y",
)  # fmt: skip
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", ", %H:%M", " %H:%M %Z", " %I:%M:%S %p")
FORMATS: tuple[Format, ...] = tuple(
    found
    for text in (
        "iso",
        *(day + clock for clock in _CLOCKS for day in _DAYS),
        "unix",
        "unix ms",
        "excel",
        "%d-%b",
        "%b %d",
    )
    if not isinstance(found := read_format(text), Fault)
)
_TEXTS = tuple(form.text for form in FORMATS)
_SIGNS = (None, ";", "\t", "|")
_BETWEEN = (";", "\n", "|", "&", ",")
"""The signs that may separate several dates in one cell."""
_LEAST = 0.6
"""The share of a column's cells that must be dates for it to be a column of dates."""


@define
class Column:
    """What the cells of a column have in common.

    ``filled``: how many are not empty. ``real``: how many the file itself marks as dates. ``words``: how
    often each text occurs. ``read_by``: by the formats that read them, how many of the ``tried`` dates.
    ``splits``: what separates several dates in a cell, and in how many cells it does.
    """

    name: str
    filled: int = 0
    real: int = 0
    words: Counter[str] = field(factory=Counter)
    read_by: Counter[frozenset[str]] = field(factory=Counter)
    tried: int = 0
    splits: Counter[str] = field(factory=Counter)

    def add(self, cell: Cell) -> None:
        text = in_one(cell)
        if not text:
            return
        self.filled += 1
        self.real += isinstance(cell, RealDate)
        if len(self.words) <= MOST_ROWS:
            self.words[text] += 1
        if isinstance(cell, RealDate) or self.tried >= MOST_TRIED:
            return
        for each in cell if isinstance(cell, tuple) else self._dates_in(text):
            self.tried += 1
            if len(each) < 60 and any(map(str.isdigit, each)):
                self.read_by[_formats_of(each)] += 1

    def _dates_in(self, text: str) -> list[str]:
        """Return the dates in a cell that holds several, and note what separates them; else the text."""
        if len(text) < 300 and not _formats_of(text):
            for sign in _BETWEEN:
                parts = [each.strip() for each in text.split(sign) if each.strip()]
                if len(parts) > 1 and all(map(_formats_of, parts)):
                    self.splits[sign] += 1
                    return parts
        return [text]

    @property
    def split(self) -> str | None:
        """Return the sign that separates several dates in a cell; None: a cell has one."""
        return max(self.splits, key=lambda sign: self.splits[sign]) if self.splits else None

    def fits(self, form: str) -> int:
        """Return how many of the tried cells a format reads."""
        return sum(count for forms, count in self.read_by.items() if form in forms)

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats that read nearly all cells, the best first; none if this is no column of dates."""
        best = max(map(self.fits, _TEXTS))
        if not best or best < _LEAST * self.tried:
            return ()
        return tuple(each for each in _TEXTS if self.fits(each) == best)

    @property
    def ways(self) -> tuple[str, ...]:
        """The formats that together read the dates of a column in which none reads nearly all."""
        left = self.read_by - Counter({frozenset[str](): self.tried})
        if self.formats or not left or left.total() < _LEAST * self.tried:
            return ()
        found: list[str] = []
        while left:
            often = Counter(each for forms, count in left.items() for each in (*forms,) * count)
            found.append(max(_TEXTS, key=lambda each: often[each]))
            left = Counter({forms: count for forms, count in left.items() if found[-1] not in forms})
        return tuple(found)

    @property
    def has_dates(self) -> bool:
        return self.filled > 0 and bool(self.real >= _LEAST * self.filled or self.formats or self.ways)

    @property
    def counts(self) -> bool:
        """Return whether every cell is a small number."""
        return self.filled > 0 and all(
            word.removesuffix(".0").isdigit() and len(word) < 5 for word in self.words
        )


def _formats_of(text: str) -> frozenset[str]:
    return frozenset(each.text for each in FORMATS if _is_likely(day_by(text, each)))


def _is_likely(day: date | None) -> bool:
    """Return whether somebody looked for work then: small numbers are no dates of 1970."""
    return day is not None and 1995 <= day.year <= 2099


@frozen
class Seen:
    """A history as it was looked at. ``why``: by setting why it was chosen."""

    name: str
    settings: FileSettings
    why: dict[str, str]
    columns: tuple[Column, ...]
    rows: int


def look(source: HistorySource | Iterable[str], name: str) -> Seen:
    """Look at a history, and find the settings under which its header and rows can be read.

    Raises an UnreadableError if there are none.
    """
    data = _rereadable(source)
    settings, why = FileSettings(), dict[str, str]()
    if odd := _undecodable(data, settings, name):
        settings = evolve(settings, encoding="utf-16" if "UTF-16" in odd else "cp1252")
        why["encoding"] = "the file is not written in UTF-8"
    if _width(data, settings, name) < 2:
        tried = [evolve(settings, skip_lines=skip, delimiter=sign) for skip in range(3) for sign in _SIGNS]
        best = max(tried, key=lambda each: _width(data, each, name))
        if (width := _width(data, best, name)) > 1:
            settings = best
            if best.skip_lines:
                why["skip_lines"] = f"the line below is the first with {width} cells"
            if best.delimiter:
                why["delimiter"] = "with commas each line would be one cell"
    with _opened(data, settings, name) as (rows, shown):
        return _seen(rows, shown, settings, why)


def _undecodable(source: Any, settings: FileSettings, name: str) -> str:
    """Return what is said of bytes that are not in the encoding, if there are any."""
    try:
        with _opened(source, settings, name) as (rows, _):
            whys = (row.why for row in islice(rows.rows(), MOST_ROWS))
            return next((why for why in whys if "`encoding`" in why), "")
    except UnreadableError as error:
        if "`encoding`" in error.message or "UTF-16" in error.help:
            return str(error)
        raise


def _width(source: Any, settings: FileSettings, name: str) -> int:
    """Return how many columns the header names under some settings; 2 if rows name their own."""
    try:
        with _opened(source, settings, name) as (rows, _):
            return 2 if rows.header is None else sum(map(bool, rows.header))
    except UnreadableError:
        return 0


def _rereadable(source: Any) -> Any:
    if hasattr(source, "read"):
        seekable = getattr(source, "seekable", bool)()
        return source if seekable else io.BytesIO(source.read())
    return source if isinstance(source, str) or hasattr(source, "__fspath__") else list(source)


def _opened(source: Any, settings: FileSettings, name: str) -> Any:
    if hasattr(source, "read"):
        source.seek(0)
    return open_rows(source, settings, name)


def _seen(rows: RowSource, shown: str, settings: FileSettings, why: dict[str, str]) -> Seen:
    columns = {each: Column(each) for each in rows.header or ()}
    count = 0
    for row in islice(rows.rows(), MOST_ROWS):
        count += not row.is_blank
        for column, cell in row.cells.items():
            columns.setdefault(column, Column(column)).add(cell)
    return Seen(shown, settings, why, tuple(columns.values()), count)
