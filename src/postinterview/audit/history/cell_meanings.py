"""Read each distinct cell of a column once, by the reader of rows.

A file has few days and few times of day, but many moments. So a moment is split into both where its format
lets it be, and each part is read once. On a day on which clocks are changed the whole text is read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from attrs import define, field

from postinterview.audit.clean.recording import DAY_LENGTH, ticks
from postinterview.audit.history.date_formats import ISO, Format
from postinterview.audit.history.dates import DatedCell, offset_all_day, read_date
from postinterview.core.values.moments import EARLIEST, LATEST

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
    """The meanings of cells, by their texts. ``read``: raises an OddCellError. ``known``: what was read."""

    read: Callable[[str], V]
    known: dict[str, V | None] = field(factory=dict)

    def of(self, text: str) -> V | None:
        """Return what a text means; None if it is odd."""
        known: Any = self.known.get(text, _NEW)
        if known is _NEW:
            if len(self.known) >= _MOST_KEPT:
                self.known.clear()
            try:
                known = self.read(text)
            except OddCellError:
                known = None
            self.known[text] = known
        found: V | None = known
        return found


@define(eq=False)
class MomentReader:
    """Reads moments that say their hour, in microseconds since 1970, in one time zone.

    ``days``: of the text of a day, when it begins by UTC and by the zone. ``clocks``: of the text of a time
    of day, how much of the day has passed, and whether of that of the zone.
    """

    formats: tuple[Format, ...]
    zone: ZoneInfo
    year: int | None
    _joint: str | None = field(init=False)
    _day_format: str = field(init=False, default="")
    _clock_format: str = field(init=False, default="")
    days: Meanings[tuple[int, int]] = field(init=False)
    clocks: Meanings[tuple[int, bool]] = field(init=False)

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
        self.days = Meanings(self._read_day)
        self.clocks = Meanings(self._read_clock)

    @property
    def has_parts(self) -> bool:
        """Return whether most texts are a day and a time of day."""
        return self._joint is not None

    @property
    def pattern(self) -> str:
        """The pattern of a text that has both parts, as Arrow writes patterns."""
        return "^(?P<day>.{10})(?P<clock>.+)$" if self._joint == "T" else "^(?P<day>[^ ]*) (?P<clock>.*)$"

    def read(self, text: str) -> int:
        """Return the moment, or raise an OddCellError."""
        if self._joint is not None:
            day, clock = self._parts(text)
            starts = self.days.of(day)
            passed = self.clocks.of(clock)
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
