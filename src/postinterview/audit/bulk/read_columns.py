"""Columns of a table, of which each distinct cell is read once."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from postinterview.audit.history.cell_meanings import EMPTY, Meanings, MomentReader
from postinterview.audit.history.cell_reading import CellReader
from postinterview.audit.history.row_shapes import Kind

_NOT_READ = pa.scalar(None, pa.int64())


class ReadColumn:
    """A column of a table: for each row the number of its cell, and what the cells mean."""

    def __init__(self, column: pa.ChunkedArray, meanings: Meanings[Any]) -> None:
        coded = _texts_of(column).dictionary_encode()
        self.indices = coded.indices
        self.numbers = integers(coded.indices)
        self.texts: list[str] = coded.dictionary.to_pylist()
        self.meanings = [meanings.of(text) for text in self.texts]

    def cell(self, row: int) -> tuple[str, Any]:
        """Return the text of a row, and what it means."""
        number = self.numbers[row]
        return self.texts[number], self.meanings[number]

    def of_rows(self) -> list[Any]:
        meanings = self.meanings
        return [meanings[number] for number in self.numbers]

    def of_each(self, values: list[Any], kind: pa.DataType) -> pa.Array:
        """Return for each row the value of its cell; ``values``: by the numbers of cells."""
        return pc.take(pa.array(values, kind), self.indices)

    def states(self) -> pa.Array:
        """Return for each row 0 if the cell is empty, 1 if it is not, 2 if it is odd."""
        states = [2 if each is None else int(each is not EMPTY) for each in self.meanings]
        return self.of_each(states, pa.int64())


class MomentColumn:
    """A column of moments: for each row what it means, and whether it is empty.

    There are few days and few times of day, but many moments, so both are read by themselves where they can.
    """

    def __init__(
        self,
        column: pa.ChunkedArray,
        meanings: Meanings[Any],
        reader: MomentReader,
        end: int,
        *,
        in_parts: bool,
    ) -> None:
        self._texts, self._meanings = _texts_of(column), meanings
        found = _in_parts(self._texts, reader, end) if in_parts else pa.nulls(len(self._texts), pa.int64())
        is_left = pc.is_null(found)
        left = ReadColumn(self._texts.filter(is_left), meanings)
        read = left.of_each([each if isinstance(each, int) else None for each in left.meanings], pa.int64())
        empty = left.of_each([each is EMPTY for each in left.meanings], pa.bool_())
        nowhere = pa.repeat(pa.scalar(value=False), len(found))
        self.moments: pa.Array = pc.replace_with_mask(found, is_left, read)
        self._empty: pa.Array = pc.replace_with_mask(nowhere, is_left, empty)

    def cell(self, row: int) -> tuple[str, Any]:
        """Return the text of a row, and what it means."""
        text: str = self._texts[row].as_py()
        return text, self._meanings.of(text)

    def states(self) -> pa.Array:
        """Return for each row 0 if the cell is empty, 1 if it is not, 2 if it is odd."""
        otherwise = pc.if_else(self._empty, pa.scalar(0, pa.int64()), pa.scalar(2, pa.int64()))
        return pc.if_else(pc.is_valid(self.moments), pa.scalar(1, pa.int64()), otherwise)


def column_of(table: pa.Table, column: str, kind: Kind, read: CellReader) -> ReadColumn | MomentColumn:
    """Return a column of a table that holds cells of a kind."""
    if kind != "moment":
        return ReadColumn(table.column(column), read.cells[column])
    in_parts = read.moments.has_parts and not read.can_be_empty
    return MomentColumn(table.column(column), read.cells[column], read.moments, read.end, in_parts=in_parts)


def _in_parts(texts: pa.Array, reader: MomentReader, end: int) -> pa.Array:
    """Return the moments before an end that can be read as a day and a time of day; null for the others."""
    parts = pc.extract_regex(texts, reader.pattern)
    days, clocks = (pc.struct_field(parts, [number]).dictionary_encode() for number in range(2))
    begins = [reader.days.of(text) or (None, None) for text in days.dictionary.to_pylist()]
    passed = [reader.clocks.of(text) or (None, None) for text in clocks.dictionary.to_pylist()]
    in_utc, in_zone = (
        pc.take(pa.array([each[which] for each in begins], pa.int64()), days.indices) for which in (0, 1)
    )
    is_local = pc.take(pa.array([each[1] for each in passed], pa.bool_()), clocks.indices)
    time = pc.take(pa.array([each[0] for each in passed], pa.int64()), clocks.indices)
    found = pc.add(pc.if_else(is_local, in_zone, in_utc), time)
    return pc.if_else(pc.less(found, end), found, _NOT_READ)


def _texts_of(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return a column as texts in one piece, an empty one for each null."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    whole = pc.fill_null(whole.cast(pa.string()), "")
    return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole


def integers(array: pa.Array) -> list[int]:
    """Return whole numbers without nulls as a list, without an Arrow value for each."""
    whole = array.cast(pa.int64())
    return memoryview(whole.buffers()[1]).cast("q")[whole.offset : whole.offset + len(whole)].tolist()
