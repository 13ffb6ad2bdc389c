"""Find the employers of a table whose histories are clean, reading its rows as columns.

Each distinct cell is read once, and so is each shape of rows (see `row_shapes`); everything else is done with
numbers. An employer with a row that is in any way odd is left to the exact path, with all its rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from postinterview.audit.bulk.read_columns import ReadColumn, integers
from postinterview.audit.clean.clean_histories import CleanHistories
from postinterview.audit.clean.known_steps import Told
from postinterview.audit.clean.recording import Days
from postinterview.audit.history.cell_meanings import EMPTY
from postinterview.audit.history.cell_reading import CellReader
from postinterview.audit.history.map_model import Map
from postinterview.audit.history.row_shapes import EventForm, Kind, People, RowForm
from postinterview.audit.sources.rows import Cell, trimmed

MOST = 5_000
"""The most events with one employer that are judged here."""
_MOST_SHAPES = 2**60
_MOST_TOLD = 50_000


@frozen
class Clean:
    """The clean employers of a table, and what their rows come to. ``rest``: the rows of all others."""

    employers: tuple[str, ...]
    counts: dict[str, int]
    rest: pa.Table


_Events = list[tuple[int, int, int, int, EventForm]]
"""The events of one employer: each with its moment, the number of its row, its place in it, and its index."""


class ColumnReader:
    """Reads tables by a map that has the time zone ``zone`` and the ``kinds`` of columns (`columns_of`)."""

    def __init__(self, by: Map, as_of: date | datetime, kinds: Mapping[str, Kind], zone: ZoneInfo) -> None:
        self._by = by
        self._kinds = kinds
        self._read = CellReader(by, as_of, kinds, zone)
        self._histories = CleanHistories(by.rulebook, by.unknown)
        self._days = Days(by.rulebook.calendar_of(zone.key))
        self._told: dict[tuple[object, ...], Told] = {}

    # --- rows -------------------------------------------------------------------------------------

    def clean(self, table: pa.Table, line: str, broken: str) -> Clean:
        """Find the clean employers of a table.

        ``line``: the column with the numbers of rows. ``broken``: that which says why one is broken, if any.
        """
        if not all(_is_text(table.schema.field(name).type) for name in self._by.columns):
            return Clean((), {}, table)
        read = {column: ReadColumn(table.column(column), self._read.cells[column]) for column in self._kinds}
        employers = ReadColumn(table.column(self._by.employer), self._read.employers)
        forms = self._forms_of(read, len(employers.numbers))
        names = employers.of_rows()
        odd = set() if broken not in table.schema.names else self._torn(table, broken)
        nothing: Counter[str | None] = Counter()
        found = self._events(names, forms, table.column(line).to_pylist(), read, odd, nothing)
        cells = {
            column: each.of_rows() for column, each in read.items() if self._kinds[column] in ("name", "day")
        }
        counts: Counter[str] = Counter()
        clean: set[str | None] = set()
        named: list[str] = []
        for name, events in found.items():
            told = None if name in odd else self._history(events, cells)
            if told is not None and self._histories.is_clean(told, self._read.end, self._days):
                clean.add(name)
                counts["nothing"] += nothing[name]
                counts["events"] += len(told)
                counts["processes"] += bool(told)
                named += (name,) if told else ()
        counts["readings"] = counts["events"] + counts["nothing"]
        counts["recorded"] = counts["events"]
        rest = table
        if clean:
            rest = table.filter(pa.array([name not in clean for name in names], pa.bool_()))
            counts["rows"] = len(table) - len(rest)
        return Clean(tuple(named), dict(counts), rest)

    def _events(
        self,
        names: Sequence[str | None],
        forms: Sequence[RowForm | None],
        lines: Sequence[int],
        read: Mapping[str, ReadColumn],
        odd: set[str | None],
        nothing: Counter[str | None],
    ) -> dict[str, _Events]:
        """Return the events of each employer, in the order of rows.

        The employers of odd rows are added to ``odd``, and how often a row says nothing to ``nothing``.
        """
        moments = {column: each.of_rows() for column, each in read.items() if self._kinds[column] == "moment"}
        found: dict[str, _Events] = {}
        for row, (name, form) in enumerate(zip(names, forms, strict=True)):
            if form is None or name is None:
                odd.add(name)
                continue
            events = found.get(name)
            if events is None:
                events = found[name] = []
            only = form.only
            if only is not None:
                events.append((moments[only.column][row], lines[row], 0, row, only))
                continue
            nothing[name] += form.nothing
            for place, event in enumerate(form.events):
                events.append((moments[event.column][row], lines[row], place, row, event))
        return found

    def _torn(self, table: pa.Table, broken: str) -> set[str | None]:
        """Return the employers that broken rows name."""
        torn = table.filter(pc.not_equal(table.column(broken), ""))
        return {trimmed(each or "") for each in torn.column(self._by.employer).to_pylist()}

    def _forms_of(self, read: Mapping[str, ReadColumn], rows: int) -> list[RowForm | None]:
        """Return what each row says, by its shape; None: it is odd."""
        kinds = self._kinds
        keys: Any = pa.repeat(pa.scalar(0, pa.int64()), rows)
        shapes = 1
        for column, each in read.items():
            states = each.words() if kinds[column] == "word" else each.states()
            shapes *= max(len(each.texts), 3)
            if shapes > _MOST_SHAPES:
                return [None] * rows
            keys = pc.add(pc.multiply(keys, max(len(each.texts), 3)), states)
        coded = keys.dictionary_encode()
        numbers = integers(coded.indices)
        first: dict[int, int] = {}
        for row, number in enumerate(numbers):
            if number not in first:
                first[number] = row
        made = [self._form(first[number], read) for number in range(len(coded.dictionary))]
        return [made[number] for number in numbers]

    def _form(self, row: int, read: Mapping[str, ReadColumn]) -> RowForm | None:
        """Return what the rows of the shape of this one say."""
        key: list[object] = []
        cells: dict[str, Cell] = {}
        for column, each in read.items():
            number = each.numbers[row]
            meaning = each.meanings[number]
            if meaning is None:
                return None
            cells[column] = trimmed(each.texts[number])
            key.append(meaning if self._kinds[column] == "word" else meaning is EMPTY)
        return self._read.form(tuple(key), cells)

    # --- histories --------------------------------------------------------------------------------

    def _history(
        self, events: _Events, cells: Mapping[str, list[Any]]
    ) -> list[tuple[Told, tuple[int, ...]]] | None:
        """Return the events of an employer in order; None: the exact path judges them."""
        if len(events) > MOST:
            return None
        events.sort()  # no two forms are compared: each event of a row has its own place
        people: dict[str, int] = {}
        applications: dict[str, int] = {}
        found: list[tuple[Told, tuple[int, ...]]] = []
        is_apart = False
        for at, _, _, row, form in events:
            given = (at, *[cells[column][row] for column in form.days]) if form.days else (at,)
            if form.plain is not None:
                is_apart = True
                found.append((form.plain, given))
                continue
            application: int | None = None
            if form.has_application:
                name = cells[self._by.application or ""][row][None][0]
                application = applications.setdefault(name, len(applications))
            else:
                is_apart = True
            named: list[tuple[int, ...]] = [
                tuple([people.setdefault(each, len(people)) for each in cells[who.column][row][who.split]])
                for who in form.people
            ]
            for to in (None,) if form.to is None else cells[form.to.column][row][form.to.split]:
                whom = None if to is None else people.setdefault(to, len(people))
                found.append((self._event(form, application, whom, named), given))
        return None if applications and is_apart else found

    def _event(
        self, form: EventForm, application: int | None, to: int | None, named: list[tuple[int, ...]]
    ) -> Told:
        """Return the event that a row tells, the same object for all that are equal."""
        key = (id(form), application, to, *named)
        told = self._told.get(key)
        if told is None:
            if len(self._told) >= _MOST_TOLD:
                self._told.clear()
            told = self._told[key] = _told(form, application, to, named)
        return told


def _told(form: EventForm, application: int | None, to: int | None, named: list[tuple[int, ...]]) -> Told:
    left = iter(named)
    fields = tuple((name, next(left) if isinstance(value, People) else value) for name, value in form.fields)
    return Told(form.name, application, to, fields)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind))
