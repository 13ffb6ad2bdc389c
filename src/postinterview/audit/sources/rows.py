"""The rows that every kind of file is read as."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Protocol, TypeAlias

from attrs import evolve, frozen

from postinterview.core.values.builders import builder

FILE_KINDS = ("csv", "jsonl", "json", "xlsx", "sqlite", "ics")

LONGEST = 1_000_000
"""The most characters of a line or a cell; a longer one is cut and its row is not read."""

MOST_NAMES = 1_000
"""The most names of columns that are remembered of a file whose rows name their own."""

_BLANKS = "\ufeff\u200b"


class RealDate(str):
    """A cell that its file marks as a date. Its text is ISO 8601, with an hour unless it is midnight."""

    __slots__ = ()


ERRORS = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!")
)
"""What a formula shows that has failed."""

Cell: TypeAlias = str | tuple[str, ...]
"""The text of a cell, trimmed; several texts if JSON holds a list."""


@frozen(weakref_slot=False)
class Row:
    """A row with its cells by column.

    ``line``: its first line in the file, its number in a sheet or in the answer to a query. ``why``: why it
    could not be split into cells; then ``cells`` are what may be sound, and ``until`` is its last line.
    ``is_blank``: it holds nothing at all.
    """

    line: int
    cells: Mapping[str, Cell]
    why: str = ""
    until: int = 0
    is_blank: bool = False


new_row = builder(Row)


class RowSource(Protocol):
    """A file as rows.

    ``header``: its columns if they stand above the rows. ``names``: its columns so far, if each row names its
    own.
    """

    @property
    def header(self) -> tuple[str, ...] | None: ...

    @property
    def names(self) -> Collection[str]: ...

    def rows(self) -> Iterator[Row]:
        """Yield every row, blank ones too."""
        ...


@frozen
class FileSettings:
    """What a map says about its file. ``encoding``: Python's name. None: the file itself decides.

    ``table``: the table of a database, or the list in a JSON object, that holds the rows.
    """

    kind: str | None = None
    encoding: str = "utf-8-sig"
    delimiter: str | None = None
    skip_lines: int = 0
    sheet: str | None = None
    table: str | None = None
    query: str | None = None


def filled_down(rows: Iterable[Row], columns: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows, with the value above in each empty cell of some columns.

    A new value in one of the columns ends those behind it in the list. A row that is blank or can't be read
    ends all of them.
    """
    above: dict[str, Cell] = {}
    for row in rows:
        if row.is_blank or row.why:
            above.clear()
            yield row
            continue
        for number, name in enumerate(columns):
            if cell := row.cells.get(name, ""):
                above = {each: above[each] for each in columns[:number] if each in above}
                above[name] = cell
        yield evolve(row, cells={**row.cells, **above}) if above else row


def trimmed(text: str) -> str:
    bare = text.strip()
    return bare if bare.isascii() else bare.strip(_BLANKS).strip()


def cell_of(value: object) -> Cell | None:
    """Return a value as the cell that it stands for; None if it can't be one."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case str():
            return trimmed(value)
        case int():
            return str(value)
        case float() if isfinite(value):
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime():
            return RealDate(_iso(value))
        case date() | time():
            return RealDate(value.isoformat()) if isinstance(value, date) else value.isoformat("minutes")
        case timedelta():
            return str(value)
        case list():
            texts = [cell_of(each) for each in value if not isinstance(each, list)]
            found = tuple(each for each in texts if isinstance(each, str))
            return found if len(found) == len(value) else None
        case _:
            return None


def _iso(moment: datetime) -> str:
    """Return the moment to the millisecond, which is as exact as a workbook; a day if it is midnight."""
    rounded = moment + timedelta(microseconds=500)
    exact = rounded.replace(microsecond=rounded.microsecond // 1000 * 1000)
    if exact.time() == time(0):
        return exact.date().isoformat()
    return exact.isoformat()


def odd_character(text: str) -> str:
    """Return what in the text is not a character in the file's encoding; empty if nothing is."""
    if text.isascii():
        return ""
    for character in text:
        if "\udc80" <= character <= "\udcff":
            byte = ord(character) - 0xDC00
            return f"the byte 0x{byte:02X} is not a character in the map's `encoding`"
        if character == "\ufffd" or "\ud800" <= character <= "\udfff":
            return "some byte is not a character in the map's `encoding`"
    return ""


def row_of_table(header: tuple[str, ...], line: int, values: tuple[object, ...]) -> Row:
    """Return a row of a sheet or a database; cells outside the header are a fault."""
    cells: dict[str, Cell] = {}
    why = ""
    for number, value in enumerate(values):
        cell = cell_of(value)
        named = number < len(header)
        if cell is None:
            what = "binary data" if isinstance(value, bytes) else "something that can't be a cell"
            why = why or f"its cell {number + 1} holds {what}"
        elif len(cell) > LONGEST:
            why = why or f"its cell {number + 1} is longer than {LONGEST} characters"
        elif named:
            why = why or odd_character(cell if isinstance(cell, str) else "")
            cells[header[number]] = cell
        elif cell:
            why = why or f"it has more cells than the header, which has {len(header)}"
    return Row(line, cells, why, line, is_blank=not why and not any(cells.values()))
