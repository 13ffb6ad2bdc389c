"""Read the rows of a history by their shape, without the reader of single rows.

Most rows differ in their names, dates and texts alone (see `row_shapes`). What such a row says is put
together from the form of its shape and the meanings of its cells. Every other row is left to `RowReader`,
which also reads the first row of each shape. So nothing has a second meaning here.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen

from postinterview.audit.clean.recording import EPOCH, Days
from postinterview.audit.history.cell_meanings import EMPTY
from postinterview.audit.history.cell_reading import CellReader
from postinterview.audit.history.map_model import EventClaim, Map, new_claim
from postinterview.audit.history.row_shapes import EventForm, columns_of
from postinterview.audit.sources.rows import Row
from postinterview.core.past.events import Value


@frozen
class ShapedRow:
    """The statements of a row: the events that it claims, and how many entries it says nothing by."""

    claims: list[EventClaim]
    nothing: int


class ShapedRows:
    """Reads rows of a map with the time zone ``zone``, if their shape and their cells are as usual."""

    @classmethod
    def of(cls, by: Map, as_of: date | datetime) -> ShapedRows | None:
        """Return the reader of a map; None: its rows are read one by one."""
        kinds = columns_of(by)
        if kinds is None or by.timezone is None:
            return None
        return cls(by, CellReader(by, as_of, kinds, by.timezone), by.timezone)

    def __init__(self, by: Map, read: CellReader, zone: ZoneInfo) -> None:
        self._by = by
        self._read = read
        self._zone = zone.key
        self._application = by.application or ""
        self._days = Days(by.rulebook.calendar_of(zone.key))
        kinds = columns_of(by) or {}
        cells = read.cells
        self._columns = [
            (name, kind == "word", cells[name].known.get, cells[name].of) for name, kind in kinds.items()
        ]

    def read(self, row: Row) -> ShapedRow | None:
        """Return what a row says; None: it has to be read by itself."""
        if row.why:
            return None
        get = row.cells.get
        said: dict[str, Any] = {}
        shape: list[object] = []
        for column, is_word, known, meaning_of in self._columns:
            cell = get(column, "")
            if type(cell) is not str:
                return None
            meaning = known(cell)
            if meaning is None:
                meaning = meaning_of(cell)
                if meaning is None:
                    return None
            said[column] = meaning
            shape.append(meaning if is_word else meaning is EMPTY)
        form = self._read.form(tuple(shape), row.cells)
        whose = get(self._by.employer, "")
        employer = self._read.employers.of(whose) if type(whose) is str else None
        if form is None or employer is None:
            return None
        claims: list[EventClaim] = []
        for each in form.events:
            if not self._add(claims, each, row.line, employer, said):
                return None
        return ShapedRow(claims, form.nothing)

    def _add(
        self, claims: list[EventClaim], form: EventForm, line: int, employer: str, said: dict[str, Any]
    ) -> bool:
        """Add the events of one entry, one for each person; False: a day of theirs was over before."""
        moment = said[form.column]
        for column in form.days:
            if said[column] < self._days.day_of(moment):
                return False
        at = EPOCH + timedelta(microseconds=moment)
        application = said[self._application][None][0] if form.has_application else None
        fields = form.carried
        if form.varying:
            fields = {
                **fields,
                **{name: _value(said[place.column], place.split) for name, place in form.varying},
            }
        people: tuple[str | None, ...] = (None,) if form.to is None else said[form.to.column][form.to.split]
        for to in people:
            here = (line, form.rank, employer, application, self._zone, form.name, at, to)
            claims.append(new_claim(*here, fields, form.unsaid))
        return True


def _value(meaning: Any, split: str | None) -> Value:
    """Return the value of a field: of people, a day or a text."""
    if isinstance(meaning, int):
        return date.fromordinal(meaning)
    found: Value = meaning[split] if isinstance(meaning, dict) else meaning
    return found
