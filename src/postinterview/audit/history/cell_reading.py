"""Read the cells of a map's columns and the shapes of its rows, each distinct one once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from postinterview.audit.clean.recording import ticks
from postinterview.audit.history.cell_meanings import EMPTY, Meanings, MomentReader, OddCellError
from postinterview.audit.history.dates import read_day
from postinterview.audit.history.field_values import can_name, normal_word
from postinterview.audit.history.map_model import FromColumn, Map
from postinterview.audit.history.row_reading import RowReader
from postinterview.audit.history.row_shapes import Kind, RowForm, form_of
from postinterview.audit.sources.rows import Cell, new_row, trimmed
from postinterview.core.rules.definitions import FieldKind
from postinterview.core.steps.event_input import FIELD_TYPES

_MOST_FORMS = 50_000
_PEOPLE = FieldKind(name="people", type="people", origin=None)  # type: ignore[arg-type]

_Names: TypeAlias = dict[str | None, tuple[str, ...]]
"""The people in a cell, by what separates them; None: nothing does."""


class CellReader:
    """Reads cells and shapes by a map that has the time zone ``zone`` and the ``kinds`` of columns.

    ``cells``: the meanings of the cells of each column but that of the employer. ``employers``: the employers
    by their cells. ``moments``: reads the cells with moments. ``end``: the moment until which the history
    reaches. ``can_be_empty``: a text that looks like a date may mean an empty cell.
    """

    def __init__(self, by: Map, as_of: date | datetime, kinds: Mapping[str, Kind], zone: ZoneInfo) -> None:
        self._by = by
        self._kinds = kinds
        self._reader = RowReader(by, as_of, with_hints=False)
        self.moments = MomentReader(by.formats, zone, by.year)
        self._forms: dict[tuple[object, ...], RowForm | None] = {}
        self.end = ticks(self._reader.end(zone))
        self.cells: dict[str, Meanings[Any]] = {
            column: Meanings(partial(self._read_cell, column, kind)) for column, kind in kinds.items()
        }
        self.employers: Meanings[str] = Meanings(self._read_employer)
        self.can_be_empty = any(any(map(str.isdigit, word)) for word in by.empty)

    def form(self, shape: tuple[object, ...], cells: Mapping[str, Cell]) -> RowForm | None:
        """Return what the rows of a shape say; None: they are read one by one.

        ``shape``: of each column its word, or whether its cell is empty. ``cells``: those of one such row.
        """
        if shape not in self._forms:
            if len(self._forms) > _MOST_FORMS:
                return None
            row = new_row(1, {**cells, self._by.employer: "Acme"}, "", 1)  # each row has its own
            form = form_of(self._reader, row, self._kinds)
            return self._forms.setdefault(shape, form)  # another thread may have read it, too
        return self._forms[shape]

    def _read_employer(self, text: str) -> str:
        name = self._reader.employer(new_row(1, {self._by.employer: trimmed(text)}, "", 1))
        if name is None:
            raise OddCellError
        return name

    def _read_cell(self, column: str, kind: Kind, text: str) -> Any:
        """Return what a cell means, `EMPTY` if it is empty; raise an OddCellError if it is odd."""
        text = trimmed(text)
        if kind == "word":
            return text
        if not text or normal_word(text) in self._by.empty:
            return EMPTY
        match kind:
            case "moment":
                found = self.moments.read(text)
                if found >= self.end:  # it is planned
                    raise OddCellError
                return found
            case "day":
                day = read_day(text, self._by.formats, self._by.year)
                if isinstance(day, str) or FIELD_TYPES["date"].read(day) is None:
                    raise OddCellError
                return day.toordinal()
            case "name":
                return self._read_names(column, text)
            case _:
                if FIELD_TYPES["text"].read(text) is None:
                    raise OddCellError
                return text

    def _read_names(self, column: str, text: str) -> _Names:
        if column == self._by.application and not can_name(text):
            raise OddCellError
        found: _Names = {None: (text,)}
        row = new_row(1, {column: text}, "", 1)
        for entry in self._by.entries:
            for origin in (entry.to, *entry.carried.values()):
                if isinstance(origin, FromColumn) and origin.column == column:
                    names = self._reader.fields.from_cell(origin, _PEOPLE, row)
                    if not isinstance(names, tuple):
                        raise OddCellError
                    found[origin.split] = names
        return found
