"""Find the employers of a table whose histories are clean, reading its rows as columns.

Each distinct cell is read once, and so is each shape of rows (see `row_shapes`); everything else is done with
numbers. An employer with a row that is in any way odd is left to the exact path, with all its rows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen

from postinterview.audit.bulk.read_columns import MomentColumn, ReadColumn, column_of, integers
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
        read = {column: column_of(table, column, kind, self._read) for column, kind in self._kinds.items()}
        employers = ReadColumn(table.column(self._by.employer), self._read.employers)
        groups: dict[str, int] = {}
        numbers = [
            None if each is None else groups.setdefault(each, len(groups)) for each in employers.meanings
        ]
        group_of = employers.of_each(numbers, pa.int64())
        shape_of, forms = self._forms_of(read, len(table))
        is_clean = [True] * len(groups)
        is_odd = pc.take(pa.array([each is None for each in forms], pa.bool_()), shape_of)
        odd = pc.drop_null(pc.unique(group_of.filter(is_odd))).to_pylist()
        torn = set() if broken not in table.schema.names else self._torn(table, broken)
        for group in (*odd, *(groups[name] for name in torn if name in groups)):
            is_clean[group] = False
        sound = _marked(is_clean, group_of)
        nothing: Counter[int] = Counter()
        events = self._events(read, forms, shape_of, group_of, table.column(line), sound, nothing)
        counts: Counter[str] = Counter()
        told = self._judged(events, forms, shape_of, read, is_clean)
        for group in groups.values():
            if is_clean[group]:
                counts["nothing"] += nothing[group]
                counts["events"] += told[group]
                counts["processes"] += bool(told[group])
        counts["readings"] = counts["events"] + counts["nothing"]
        counts["recorded"] = counts["events"]
        rest = table.filter(pc.invert(_marked(is_clean, group_of)))
        counts["rows"] = len(table) - len(rest)
        named = tuple(name for name, group in groups.items() if is_clean[group] and told[group])
        return Clean(named, dict(counts), rest)

    def _events(
        self,
        read: Mapping[str, ReadColumn | MomentColumn],
        forms: Sequence[RowForm | None],
        shape_of: pa.Array,
        group_of: pa.Array,
        lines: pa.ChunkedArray,
        sound: pa.Array,
        nothing: Counter[int],
    ) -> pa.Table:
        """Return the events of sound rows by employer and time, each with its row and its place in it.

        How often the rows of an employer say nothing is added to ``nothing``. No Python object is made for an
        event: many that live long are what the garbage collector looks at again and again.
        """
        only = [None if each is None or each.only is None else each.only.column for each in forms]
        at_once = pc.and_(sound, pc.take(pa.array([each is not None for each in only], pa.bool_()), shape_of))
        others, places = list[int](), list[int]()
        columns = list[str]()
        several = pc.indices_nonzero(pc.and_(sound, pc.invert(at_once)))
        about = (integers(pc.take(numbers, several)) for numbers in (shape_of, group_of))
        for row, shape, group in zip(integers(several), *about, strict=True):
            form = forms[shape]
            assert form is not None  # noqa: S101 - the row is sound
            nothing[group] += form.nothing
            for place, event in enumerate(form.events):
                others.append(row)
                places.append(place)
                columns.append(event.column)
        rows = pa.concat_arrays([pc.indices_nonzero(at_once).cast(pa.int64()), pa.array(others, pa.int64())])
        place_of = pa.concat_arrays([_zeros(len(rows) - len(others)), pa.array(places, pa.int64())])
        column_of = pa.concat_arrays(
            [pc.take(pa.array(only, pa.string()), pc.take(shape_of, rows.slice(0, len(rows) - len(others)))),
             pa.array(columns, pa.string())]
        )  # fmt: skip
        at = pa.nulls(len(rows), pa.int64())
        for column, each in read.items():
            if isinstance(each, MomentColumn):
                at = pc.if_else(pc.equal(column_of, column), pc.take(each.moments, rows), at)
        keys = {"group": pc.take(group_of, rows), "at": at, "line": pc.take(lines, rows), "place": place_of}
        found = pa.table(keys | {"row": rows})
        return found.take(pc.sort_indices(found, sort_keys=[(key, "ascending") for key in keys]))

    def _judged(
        self,
        events: pa.Table,
        forms: Sequence[RowForm | None],
        shape_of: pa.Array,
        read: Mapping[str, ReadColumn | MomentColumn],
        is_clean: list[bool],
    ) -> Counter[int]:
        """Return how many events each employer has, and mark those that are not clean."""
        cells = {
            column: each.of_rows()
            for column, each in read.items()
            if isinstance(each, ReadColumn) and self._kinds[column] in ("name", "day")
        }
        tells = [() if each is None else each.events for each in forms]
        groups, moments, places, rows = (
            integers(events.column(name).combine_chunks()) for name in ("group", "at", "place", "row")
        )
        shapes = integers(pc.take(shape_of, events.column("row").combine_chunks()))
        told: Counter[int] = Counter()
        begin = 0
        while begin < len(groups):
            group = groups[begin]
            end = bisect_right(groups, group, begin)
            history = None
            if end - begin <= MOST:
                here = slice(begin, end)
                history = self._history(
                    [
                        (at, row, tells[shape][place])
                        for at, row, shape, place in zip(
                            moments[here], rows[here], shapes[here], places[here], strict=True
                        )
                    ],
                    cells,
                )
            if history is None or not self._histories.is_clean(history, self._read.end, self._days):
                is_clean[group] = False
            else:
                told[group] = len(history)
            begin = end
        return told

    def _torn(self, table: pa.Table, broken: str) -> set[str | None]:
        """Return the employers that broken rows name."""
        torn = table.filter(pc.not_equal(table.column(broken), ""))
        return {trimmed(each or "") for each in torn.column(self._by.employer).to_pylist()}

    def _forms_of(
        self, read: Mapping[str, ReadColumn | MomentColumn], rows: int
    ) -> tuple[pa.Array, list[RowForm | None]]:
        """Return the number of each row's shape, and what rows of each shape say; None: they are odd."""
        keys: Any = _zeros(rows)
        shapes = 1
        for column, each in read.items():
            states, count = each.states(), 3
            if self._kinds[column] == "word" and isinstance(each, ReadColumn):
                states, count = each.indices.cast(pa.int64()), max(len(each.texts), 1)
            shapes *= count
            if shapes > _MOST_SHAPES:
                return _zeros(rows), [None]
            keys = pc.add(pc.multiply(keys, count), states)
        coded = keys.dictionary_encode()
        first: dict[int, int] = {}
        for row, number in enumerate(integers(coded.indices)):
            if number not in first:
                first[number] = row
        made = [self._form(first[number], read) for number in range(len(coded.dictionary))]
        return coded.indices.cast(pa.int64()), made

    def _form(self, row: int, read: Mapping[str, ReadColumn | MomentColumn]) -> RowForm | None:
        """Return what the rows of the shape of this one say."""
        key: list[object] = []
        cells: dict[str, Cell] = {}
        for column, each in read.items():
            text, meaning = each.cell(row)
            if meaning is None:
                return None
            cells[column] = trimmed(text)
            key.append(meaning if self._kinds[column] == "word" else meaning is EMPTY)
        return self._read.form(tuple(key), cells)

    # --- histories --------------------------------------------------------------------------------

    def _history(
        self, events: Iterable[tuple[int, int, EventForm]], cells: Mapping[str, list[Any]]
    ) -> list[tuple[Told, tuple[int, ...]]] | None:
        """Return the events of an employer; None: some name an application and others do not.

        ``events``: in order, each with its moment and its row.
        """
        people: dict[str, int] = {}
        applications: dict[str, int] = {}
        found: list[tuple[Told, tuple[int, ...]]] = []
        is_apart = False
        for at, row, form in events:
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


def _marked(marks: list[bool], numbers: pa.Array) -> pa.Array:
    """Return for each number whether it is marked; a null is not."""
    return pc.fill_null(pc.take(pa.array(marks, pa.bool_()), numbers), fill_value=False)


def _zeros(count: int) -> pa.Array:
    return pa.repeat(pa.scalar(0, pa.int64()), count)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind))
