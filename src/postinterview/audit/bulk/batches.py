"""Audit record batches of Arrow: the rows of some employers, as an engine for tables hands them out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, evolve

from postinterview.audit.bulk.column_rows import ColumnReader
from postinterview.audit.history.audit_findings import LIMIT
from postinterview.audit.history.auditing import PartRun, checked_as_of
from postinterview.audit.history.columns import check_columns
from postinterview.audit.history.map_model import Map
from postinterview.audit.history.parts import Part, PartFindings
from postinterview.audit.history.row_reading import RowReader
from postinterview.audit.history.row_shapes import columns_of
from postinterview.audit.short_text import short
from postinterview.audit.sources.rows import Cell, Row, cell_of, new_row, trimmed
from postinterview.core.values.errors import MisuseError

LINE, WHY, MORE = "(line)", "(why it is broken)", "(its further lines)"
"""Columns of `batch_of` beside those of the map: no map names a column so."""
COUNTED = "(row)"
"""The column with the numbers of rows that come without."""


def audit_batch(
    rows: pa.RecordBatch | pa.Table | Iterable[pa.RecordBatch],
    by: Map,
    *,
    as_of: date | datetime | None = None,
    line: str | None = None,
    name: str = "",
    limit: int = LIMIT,
) -> Part:
    """Audit the rows of some employers. All rows of an employer must be among them.

    Args:
        rows: a record batch, a table, or several batches with the same columns.
        by: the map.
        as_of: the day or the moment of the export; by default the map's `as_of`.
        line: the column with the number of the row in the whole history, by which findings name it; by
            default rows are counted from 1.
        name: the name of the history in findings.
        limit: how many findings of each kind are kept. All are counted.

    Raises:
        MisuseError: there is no `as_of`, an argument can't be used, the batches differ in their columns,
            ``line`` is no column of whole numbers, or the map fills cells down, which needs the rows in the
            order of the file.
    """
    until = checked_as_of(by, as_of, limit)
    _check_whole_rows(by)
    found = PartFindings(limit, is_whole=False)
    table, numbers = _table(rows, by, line)
    reader = _column_reader(by, until)
    if reader is not None and not check_columns(by, tuple(table.schema.names), name):
        clean = reader.clean(table, numbers, WHY)
        found.counts.update(clean.counts)
        for employer in clean.employers:
            found.names.add(employer)
        table = clean.rest
    run = PartRun(by, until, name or "<rows>", found, judges_all=reader is not None)
    return run.part(BatchRows(table, by, numbers))


@lru_cache(maxsize=4)
def _column_reader(by: Map, as_of: date | datetime) -> ColumnReader | None:
    """Return the reader of tables by a map; it remembers what it read. None: rows are read one by one."""
    kinds = columns_of(by)
    if kinds is None or by.timezone is None:
        return None
    return ColumnReader(by, as_of, kinds, by.timezone)


def _table(
    rows: pa.RecordBatch | pa.Table | Iterable[pa.RecordBatch], by: Map, line: str | None
) -> tuple[pa.Table, str]:
    """Return the rows as one table, and its column with the number of each row."""
    if not isinstance(rows, pa.Table):
        batches = list(_checked([rows] if isinstance(rows, pa.RecordBatch) else rows))
        tables = [pa.Table.from_batches([each]) for each in batches]
        if not tables:  # an empty part of what an engine split
            names = [*by.columns, *([] if line is None else [line])]
            tables = [pa.schema([(name, pa.string()) for name in names]).empty_table()]
        try:
            rows = pa.concat_tables(tables, promote_options="default")
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise MisuseError(f"the batches differ in their columns: {error}", "give all the same") from None
    if line is None:
        return rows.append_column(COUNTED, pa.array(range(1, len(rows) + 1), pa.int64())), COUNTED
    if line not in rows.schema.names:
        known = ", ".join(f"`{short(name)}`" for name in rows.schema.names)
        raise MisuseError(f"the rows have no column `{short(line)}`", f"name one of {known}")
    try:
        numbers = rows.column(line).cast(pa.int64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        numbers = None
    if numbers is None or numbers.null_count:
        message = f"the column `{short(line)}` does not number all rows"
        raise MisuseError(message, "name one with a whole number in each row, or leave `line` out")
    return rows.set_column(rows.schema.get_field_index(line), line, numbers), line


def employers(rows: pa.RecordBatch | pa.Table, by: Map) -> pa.Array:
    """Return the employer of each row, as the map reads it: the key to group rows by.

    It is null where a row names no employer. These rows may be in any group.
    """
    _check_whole_rows(by)
    reader = RowReader(by, date.max, with_hints=False)
    column = rows.column(by.employer)
    if WHY in rows.schema.names or not (
        pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    ):
        return pa.array([reader.employer(row) for row in BatchRows(rows, by, None).rows()], pa.string())
    coded = column.dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    cells = (new_row(1, {by.employer: trimmed(text or "")}, "", 1) for text in coded.dictionary.to_pylist())
    return pc.take(pa.array([reader.employer(row) for row in cells], pa.string()), coded.indices)


def _check_whole_rows(by: Map) -> None:
    """Raise a MisuseError if a row of the map means something only among the rows around it."""
    if by.fill_down:
        message = "the map has `fill_down`, which needs all rows in the order of the file"
        raise MisuseError(message, "fill the cells before you split the rows, and delete `fill_down`")


@define
class BatchRows:
    """Record batches as a source of rows."""

    batches: pa.RecordBatch | pa.Table | Iterable[pa.RecordBatch]
    by: Map
    line: str | None

    @property
    def header(self) -> tuple[str, ...] | None:
        batches = self.batches
        if not isinstance(batches, pa.RecordBatch | pa.Table):
            batches = self.batches = tuple(_checked(batches))
            return tuple(batches[0].schema.names) if batches else tuple(self.by.columns)
        return tuple(batches.schema.names)

    @property
    def names(self) -> Collection[str]:
        return self.header or ()

    def rows(self) -> Iterator[Row]:
        """Yield every row. A value that no cell can hold makes its row a bad one."""
        number = 0
        for batch in _batches(self.batches):
            names = batch.schema.names
            known = [name for name in self.by.columns if name in names]
            others = [name for name in names if name not in known and name != self.line]
            columns = [batch.column(name).to_pylist() for name in known]
            lines = None if self.line is None else batch.column(self.line).to_pylist()
            broken = None if WHY not in names else (batch.column(WHY), batch.column(MORE))
            for place, values in enumerate(zip(*columns, strict=True)):
                number += 1
                row = _row(number if lines is None else int(lines[place]), known, values)
                if broken is not None and (why := broken[0][place].as_py()):
                    yield evolve(row, why=why, until=row.line + broken[1][place].as_py())
                    continue
                if (
                    self.line != LINE and not row.why and not any(row.cells.values())
                ):  # it may have a note, and is not blank then
                    notes = (cell_of(batch.column(name)[place].as_py()) for name in others)
                    row = evolve(row, is_blank=all(cell == "" for cell in notes))
                yield row


def batch_of(rows: Iterable[Row], by: Map) -> pa.RecordBatch:
    """Return rows of a text as a record batch, as `audit_batch` takes them with ``line=LINE``.

    Rows that could not be split into cells are in it, too. Blank ones are left out.
    """
    rows = [row for row in rows if not row.is_blank]
    cells: dict[str, list[Any]] = {name: [_text(row, name) for row in rows] for name in by.columns}
    columns = {name: pa.array(values, pa.string()) for name, values in cells.items()}
    columns |= {LINE: pa.array([row.line for row in rows], pa.int64())}
    columns |= {WHY: pa.array([row.why for row in rows], pa.string())}
    columns |= {MORE: pa.array([max(0, row.until - row.line) for row in rows], pa.int64())}
    return pa.RecordBatch.from_pydict(columns)


def _text(row: Row, name: str) -> Cell | None:
    """Return a cell as Arrow can hold it: one of a broken row may have bytes that are no text."""
    cell = row.cells.get(name)
    if not row.why or not isinstance(cell, str):
        return cell
    try:
        cell.encode()
    except UnicodeEncodeError:
        return ""
    return cell


def _batches(rows: pa.RecordBatch | pa.Table | Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
    if isinstance(rows, pa.RecordBatch):
        return (rows,)
    return rows.to_batches() if isinstance(rows, pa.Table) else rows


def _checked(batches: object) -> Iterator[pa.RecordBatch]:
    if not isinstance(batches, Iterable):
        raise MisuseError(f"`{short(repr(batches))}` is no record batch", "give one, a table, or several")
    for each in batches:
        if not isinstance(each, pa.RecordBatch):
            raise MisuseError(f"`{short(repr(each))}` is no record batch", "give one, a table, or several")
        yield each


def _row(line: int, names: list[str], values: tuple[object, ...]) -> Row:
    cells: dict[str, Cell] = {}
    why = ""
    for name, value in zip(names, values, strict=True):
        cell = cell_of(value)
        if cell is None:
            why = why or f"`{short(name)}` holds something that can't be a cell"
        else:
            cells[name] = cell
    return new_row(line, cells, why, line)
