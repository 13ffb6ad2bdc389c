"""Read each distinct cell of a column once, by the exact reader.

A file has few days and few times of day, but many moments. So a moment is split into both where its format
lets it be, and each part is read once. On a day on which clocks are changed the whole text is read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
from attrs import define, field

from postinterview.audit.bulk.recording import DAY_LENGTH, ticks
from postinterview.audit.history.date_formats import ISO, Format
from postinterview.audit.history.dates import DatedCell, offset_all_day, read_date
from postinterview.core.moments import EARLIEST, LATEST

V = TypeVar("V")

EMPTY = object()
"""The meaning of a cell that says nothing."""

_NEW = object()
_MOST_KEPT = 30_000
"""The most cells of a column whose meaning is remembered: if there are more, the next table has others."""
_DAY = date(2001, 1, 1)
_UTC, _ELSEWHERE = ZoneInfo("UTC"), ZoneInfo("Etc/GMT-5")


class OddCellError(Exception):
    """A cell says something that the exact path must read. Never leaves this package."""


@define(eq=False)
class Meanings(Generic[V]):
    """The meanings of cells, by their texts. ``read``: raises an OddCellError."""

    read: Callable[[str], V]
    _known: dict[str, V | None] = field(factory=dict)

    def of(self, text: str) -> V | None:
        """Return what a text means; None if it is odd."""
        known: Any = self._known.get(text, _NEW)
        if known is _NEW:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            try:
                known = self.read(text)
            except OddCellError:
                known = None
            self._known[text] = known
        found: V | None = known
        return found


@define(eq=False)
class MomentReader:
    """Reads moments that say their hour, in microseconds since 1970, in one time zone."""

    formats: tuple[Format, ...]
    zone: ZoneInfo
    year: int | None
    _joint: str | None = field(init=False)
    _day_format: str = field(init=False, default="")
    _clock_format: str = field(init=False, default="")
    _days: Meanings[tuple[int, int]] = field(init=False)
    _clocks: Meanings[tuple[int, bool]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._joint = None
        split = [each for each in self.formats if not each.is_one_word]
        # Formats of one word without a colon read no text with a space or a colon in it.
        others_differ = all(":" not in each.text for each in self.formats if each.is_one_word)
        if len(split) == 1 and others_differ:
            parts = split[0].day_and_clock
            if parts is not None:
                self._joint, self._day_format, self._clock_format = " ", parts[0].text, parts[1]
            elif split[0].text == ISO:
                self._joint, self._day_format, self._clock_format = "T", "%Y-%m-%d", "%H:%M"
        self._days = Meanings(self._read_day)
        self._clocks = Meanings(self._read_clock)

    def read(self, text: str) -> int:
        """Return the moment, or raise an OddCellError."""
        if self._joint is not None:
            day, clock = self._parts(text)
            starts = self._days.of(day)
            passed = self._clocks.of(clock)
            if starts is not None and passed is not None:
                return (starts[1] if passed[1] else starts[0]) + passed[0]
        return self._whole(text, self.zone)

    def _whole(self, text: str, zone: ZoneInfo) -> int:
        found = read_date(text, self.formats, zone, None, self.year)
        if not isinstance(found, DatedCell) or not found.clock:
            raise OddCellError
        return ticks(found.at)

    def _read_day(self, text: str) -> tuple[int, int]:
        """Return when the day begins in UTC, and when it does in the zone, if its clocks stay as they are."""
        noon = self._joined(text, time(12).strftime(self._clock_format))
        starts = self._whole(noon, _UTC) - DAY_LENGTH // 2
        day = date.fromordinal(719_163 + starts // DAY_LENGTH)
        offset = offset_all_day(self.zone, day)
        if starts % DAY_LENGTH or offset is None or not EARLIEST.year < day.year < LATEST.year:
            raise OddCellError
        return starts, starts - offset // offset.resolution

    def _read_clock(self, text: str) -> tuple[int, bool]:
        """Return the time that has passed of a day in UTC, and whether it is that of the zone instead."""
        if self._joint == "T" and text[:1] not in ("T", " "):
            raise OddCellError
        begun = (_DAY - date(1970, 1, 1)).days * DAY_LENGTH
        written = self._joined(_DAY.strftime(self._day_format), text)
        passed = self._whole(written, _UTC) - begun
        if not -DAY_LENGTH < passed < 2 * DAY_LENGTH:  # the map says another year
            raise OddCellError
        return passed, self._whole(written, _ELSEWHERE) - begun != passed

    def _parts(self, text: str) -> tuple[str, str]:
        if self._joint == "T":
            return text[:10], text[10:]
        day, _, clock = text.partition(" ")
        return day, clock

    def _joined(self, day: str, clock: str) -> str:
        if self._joint == " ":
            return f"{day} {clock}"
        return f"{day}{clock}" if clock[:1] in ("T", " ") else f"{day}T{clock}"  # the clock of a reference


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
