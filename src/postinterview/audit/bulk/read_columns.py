"""Columns of a table, of which each distinct cell is read once."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from postinterview.audit.history.cell_meanings import EMPTY, Meanings


class ReadColumn:
    """A column of a table: for each row the number of its cell, and what the cells mean."""

    def __init__(self, column: pa.ChunkedArray, meanings: Meanings[Any]) -> None:
        whole = column.combine_chunks()
        coded = pc.fill_null(whole.cast(pa.string()), "").dictionary_encode()
        if isinstance(coded, pa.ChunkedArray):
            coded = coded.combine_chunks()
        self.indices = coded.indices
        self.numbers = integers(coded.indices)
        self.texts: list[str] = coded.dictionary.to_pylist()
        self.meanings = [meanings.of(text) for text in self.texts]

    def of_rows(self) -> list[Any]:
        meanings = self.meanings
        return [meanings[number] for number in self.numbers]

    def words(self) -> pa.Array:
        return self.indices.cast(pa.int64())

    def states(self) -> pa.Array:
        """Return for each row 0 if the cell is empty, 1 if it is not, 2 if it is odd."""
        states = [2 if each is None else int(each is not EMPTY) for each in self.meanings]
        return pc.take(pa.array(states, pa.int64()), self.indices)


def integers(array: pa.Array) -> list[int]:
    """Return whole numbers without nulls as a list, without an Arrow value for each."""
    whole = array.cast(pa.int64())
    return memoryview(whole.buffers()[1]).cast("q")[whole.offset : whole.offset + len(whole)].tolist()
