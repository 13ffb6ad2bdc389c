"""Find the entries of a map that read a row, by the words in its deciding columns."""

from __future__ import annotations

from typing import TypeAlias

from attrs import define, field

from postinterview.audit.history import field_values as v
from postinterview.audit.history import map_model as m
from postinterview.audit.sources.rows import Cell, Row

_MOST = 10_000
"""The most combinations of deciding cells that are remembered."""

Decided: TypeAlias = tuple[tuple[str, ...], tuple[m.MapEntry, ...]]
"""The columns with words that the map does not list, and the entries that apply."""


@define
class DecidingCells:
    """The columns whose words decide which entries of a map read a row.

    ``listed``: for each of them, the words that the map lists.
    """

    map: m.Map
    listed: dict[str, dict[str, str]] = field(factory=dict)
    _known: dict[tuple[Cell, ...], Decided] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        for entry in self.map.entries:
            for column, words in entry.when:
                self.listed.setdefault(column, {}).update(words)

    def of(self, row: Row) -> Decided:
        """Return what the deciding columns say, which is remembered: few combinations of cells occur."""
        get = row.cells.get
        cells = tuple([get(column, "") for column in self.listed])
        found = self._known.get(cells)
        if found is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            found = self._known[cells] = self._anew(cells)
        return found

    def _anew(self, cells: tuple[Cell, ...]) -> Decided:
        said = dict(zip(self.listed, cells, strict=True))
        listed = {column: v.listed_word(cell, self.listed[column]) for column, cell in said.items()}
        unlisted = tuple(
            column
            for column, cell in said.items()
            # A column that lists the empty cell alone asks only whether it is empty.
            if cell != "" and self.listed[column].keys() != {""} and listed[column] is None
        )
        entries = (
            entry
            for entry in self.map.entries
            if all(listed[column] in words for column, words in entry.when)
        )
        return unlisted, tuple(entries)
