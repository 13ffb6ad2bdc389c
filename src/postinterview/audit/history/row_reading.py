"""Read the rows of a history by its map: what each entry makes of each row.

Nothing is guessed and no row is dropped: whatever a row says becomes an event, a planned event, an unknown
event, nothing, or an unread row, and each of these is counted. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from attrs import define, evolve, field

from postinterview.audit.history import field_values as v
from postinterview.audit.history import map_model as m
from postinterview.audit.history.dates import DatedCell
from postinterview.audit.history.deciding_cells import DecidingCells
from postinterview.audit.history.row_places import Place, PlaceReader
from postinterview.audit.sources.rows import Cell, Row
from postinterview.core.judging.undoing import UndoRules
from postinterview.core.values.formatting import say_day, say_moment
from postinterview.core.values.moments import MICROSECOND, local_calendar
from postinterview.core.values.suggest import ticked

_MOST_UNDATED = 4
"""The most events of a row without dates that are taken to have happened; of more it is unknown."""


@define
class RowReader:
    """Reads rows by a map.

    ``as_of``: events dated later have not happened yet. ``with_hints``: look for words that may be meant,
    which takes longer than everything else.
    """

    map: m.Map
    as_of: date | datetime
    with_hints: bool = True
    rules: UndoRules = field(init=False)
    fields: v.RowFieldReader = field(init=False)
    places: PlaceReader = field(init=False)
    deciding: DecidingCells = field(init=False)
    _ends: dict[str, datetime] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.rules = UndoRules(self.map.rulebook.definition)
        self.fields = v.RowFieldReader(self.map)
        self.places = PlaceReader(self.map)
        self.deciding = DecidingCells(self.map)

    def end(self, zone: ZoneInfo) -> datetime:
        """Return the moment until which the history reaches, in UTC; of a day, its end in the zone."""
        if isinstance(self.as_of, datetime):
            return self.as_of.astimezone(UTC)
        if zone.key not in self._ends:
            calendar = local_calendar(zone.key, frozenset(), frozenset(), None)
            self._ends[zone.key] = calendar.end_of(self.as_of)
        return self._ends[zone.key]

    def last_day(self, zone: ZoneInfo) -> datetime:
        """Return when the day of the export begins in the zone, in UTC; of a moment, the moment."""
        if isinstance(self.as_of, datetime):
            return self.as_of.astimezone(UTC)
        return local_calendar(zone.key, frozenset(), frozenset(), None).start_of(self.as_of)

    def employer(self, row: Row) -> str | None:
        """Return the employer that a row is about, as its claims name it; None: it may be any."""
        row = self._emptied(row)
        return self._broken_employer(row) if row.why else self.places.employer(row)

    def read(self, row: Row) -> list[m.Reading]:
        """Return all that a row says, which is at least one reading."""
        row = self._emptied(row)
        if row.why:
            return [self._broken(row)]
        unlisted, entries = self.deciding.of(row)
        found = [*self._unlisted(row, unlisted), *self._entries(row, entries)]
        if found:
            return found
        said = ticked(f"{column}: {v.shown(row.cells.get(column, ''))}" for column in self.deciding.listed)
        help = "add an entry that reads it; `nothing: true` if it says nothing"
        return [self._unread(row, f"no entry reads it ({said})" if said else "no entry reads it", help)]

    def _emptied(self, row: Row) -> Row:
        """Return the row without the words that mean nothing by the map."""
        if not self.map.empty:
            return row
        return evolve(row, cells={name: self._without_empty(cell) for name, cell in row.cells.items()})

    def _without_empty(self, cell: Cell) -> Cell:
        """Return the cell without the words that mean nothing by the map."""
        if isinstance(cell, tuple):
            return tuple(each for each in cell if v.normal_word(each) not in self.map.empty)
        return "" if v.normal_word(cell) in self.map.empty else cell

    # --- rows that can't be read ------------------------------------------------------------------

    def _broken(self, row: Row) -> m.Reading:
        several = row.until != row.line
        whose = self._broken_employer(row)
        claim = m.UnknownClaim(row.line, self.map.anything, whose, surely=False)
        why = f"lines {row.line} to {row.until}: {row.why}" if several else row.why
        help = "correct it; it may be about any employer"
        if whose:
            help = f"correct it; unless another row names {ticked([whose])}, it may be about any employer"
        return m.new_noted("unread", row, why, claim, help=help, employer=whose or "")

    def _broken_employer(self, row: Row) -> str | None:
        employer = v.in_one(row.cells.get(self.map.employer, ""))
        return employer if v.can_name(employer) and row.until == row.line else None

    def _unread(self, row: Row, why: str, help: str = "", column: str = "") -> m.Reading:
        place = self.places.of(row)
        if isinstance(place, str):
            claim = m.UnknownClaim(row.line, self.map.anything, self.places.employer(row))
            why = why if place in why else f"{why}; {place}"
        else:
            claim = m.UnknownClaim(row.line, self.map.anything, *place.keys)
        claim = self._swallowing(row, column) or claim
        return m.new_noted("unread", row, why, claim, help=help, employer=claim.employer or "", column=column)

    def _swallowing(self, row: Row, column: str) -> m.UnknownClaim | None:
        """Return a claim about any employer if a bad cell of several lines may contain whole rows."""
        if "\n" not in v.in_one(row.cells.get(column, "")).replace("\r", "\n"):
            return None
        return m.UnknownClaim(row.line, self.map.anything, None)

    def _unlisted(self, row: Row, columns: tuple[str, ...]) -> Iterator[m.Reading]:
        """Yield the cells of deciding columns with words that the map does not list."""
        for column in columns:
            cell = row.cells.get(column, "")
            words = self.deciding.listed[column].values()
            help = v.hint_at_entry(column, cell, words) if self.with_hints else ""
            yield self._unread(row, f"the map has no entry for `{v.shown(cell)}`", help, column)

    # --- rows that can be read --------------------------------------------------------------------

    def _entries(self, row: Row, entries: tuple[m.MapEntry, ...]) -> Iterator[m.Reading]:
        place: Place | str | None = None
        for entry in entries:
            if self._says_nothing(entry, row):
                yield m.new_reading("nothing")
                continue
            place = self.places.of(row) if place is None else place
            if isinstance(place, Place):
                yield from self._entry(entry, row, place)
                continue
            event = entry.event or ""
            claim = m.UnknownClaim(row.line, (event,), self.places.employer(row))
            help = self.places.merged(row)
            yield m.new_noted(
                "unread", row, place, claim, help=help, employer=claim.employer or "", event=event
            )

    def _says_nothing(self, entry: m.MapEntry, row: Row) -> bool:
        if entry.event is None:
            return True
        dateless = not any(row.cells.get(column) for column in entry.at)
        if entry.count is None:
            return bool(entry.at) and not entry.when and dateless
        return dateless and self.fields.count(entry, row) in (0, None)

    def _entry(self, entry: m.MapEntry, row: Row, place: Place) -> Iterator[m.Reading]:
        dates = self.fields.dates(entry, row)
        if entry.count is not None:
            count = self.fields.count(entry, row)
            if not dates:
                if isinstance(count, int):
                    why = f"{count} of them, without a date"
                    yield from self._undated(entry, row, place, why, entry.count, count)
                else:
                    yield self._unknown(entry, row, place, f"`{count}` is not a number", entry.count)
                return
            yield from self._before_the_last(entry, row, place, count, dates[0][1])
            if count == 0:
                return
        if not dates:
            why = "the date is empty" if entry.at else "the history has no date for it"
            yield from self._undated(entry, row, place, why, ", ".join(entry.at))
        for column, written in dates:
            dated = self.fields.date(written, entry, row, place.zone)
            if isinstance(dated, str):
                yield self._unknown(entry, row, place, dated, column)
            else:
                yield from self._dated(entry, row, place, dated, column)

    def _before_the_last(
        self, entry: m.MapEntry, row: Row, place: Place, count: int | str | None, last: str
    ) -> Iterator[m.Reading]:
        """Yield what a number of events and the date of the last one leave open: the events before it."""
        dated = self.fields.date(last, entry, row, place.zone)
        until = None if isinstance(dated, str) or count == 0 else min(dated.at, self.end(place.zone))
        if isinstance(count, int) and count > 1:
            why = f"{count - 1} before the last, without {'a date' if count == 2 else 'dates'}"
            yield from self._undated(entry, row, place, why, entry.count or "", count - 1, until)
            return
        why = f"`{count}` is not a number" if isinstance(count, str) else ""
        if count is None:
            why = "how many there were before the last is not said"
        elif count == 0:
            why = f"0 of them, and the last on {v.shown(last)}"
        if why:
            yield self._unknown(entry, row, place, why, entry.count or "", until)

    def _dated(
        self, entry: m.MapEntry, row: Row, place: Place, dated: DatedCell, column: str
    ) -> Iterator[m.Reading]:
        event = entry.event or ""
        end = self.end(place.zone)
        if dated.at >= end:
            day, last = (each.astimezone(place.zone).date() for each in (dated.at, end - MICROSECOND))
            if day == last and not dated.clock:  # it may have happened before the hour that the map assumes
                why = f"{say_day(day)} is the day of the export, and the row has no hour"
                yield self._unknown(entry, row, place, why, column)
                return
            why = f"{say_day(day)} is after the day of the export"
            if day == last:
                why = f"{say_moment(dated.at.astimezone(place.zone))} is after the hour of the export"
            yield m.new_noted("planned", row, why, employer=place.employer, event=event, column=column)
            return
        claims = self._claims(entry, row, place, dated)
        yield from (
            m.new_reading("event", each) if isinstance(each, m.EventClaim) else each for each in claims
        )

    def _undated(
        self,
        entry: m.MapEntry,
        row: Row,
        place: Place,
        why: str,
        column: str,
        count: int = 1,
        until: datetime | None = None,
    ) -> Iterator[m.Reading]:
        """Yield an event of which nobody knows when it was, ``count`` times; it was before ``until``."""
        if count > _MOST_UNDATED:
            yield self._unknown(entry, row, place, why, column, until)
            return
        by = DatedCell((until or self.end(place.zone)) - MICROSECOND, clock=False)
        for each in self._claims(entry, row, place, by, undated=True):
            if isinstance(each, m.Reading):
                yield each
                continue
            said = {"employer": place.employer, "event": each.event, "to": each.to, "column": column}
            yield m.new_noted("event", row, why, each, noted="undated", **said)
            yield from (m.new_reading("event", each) for _ in range(count - 1))

    def _claims(
        self, entry: m.MapEntry, row: Row, place: Place, dated: DatedCell, *, undated: bool = False
    ) -> Iterator[m.EventClaim | m.Reading]:
        """Yield the events, one for each person, and what is wrong with the cells of their fields."""
        carried, unsaid, why = self.fields.carried(entry, row, dated, place.zone, undated=undated)
        yield from self._odd_fields(entry, row, unsaid, place.employer)
        people = self.fields.people(entry, row)
        if why or not people:
            yield self._unknown(entry, row, place, why or "the row does not name the person", "")
            return
        for to in people:
            said = (*place.keys, entry.event or "", dated.at, to, carried, unsaid, dated.clock, undated)
            yield m.new_claim(row.line, entry.rank, *said)

    def _unknown(
        self,
        entry: m.MapEntry,
        row: Row,
        place: Place,
        why: str,
        column: str,
        until: datetime | None = None,
    ) -> m.Reading:
        event = entry.event or ""
        claim = m.UnknownClaim(row.line, (event,), *place.keys, until=until)
        claim = self._swallowing(row, column) or claim
        return m.new_noted("unknown", row, why, claim, employer=place.employer, event=event, column=column)

    def _odd_fields(
        self, entry: m.MapEntry, row: Row, unsaid: tuple[str, ...], whose: str
    ) -> Iterator[m.Reading]:
        """Yield the cells that hold something other than the field takes."""
        for name in unsaid:
            origin, event = entry.carried[name], entry.event or ""
            cell = row.cells.get(origin.column, "") if isinstance(origin, m.FromColumn) else ""
            if isinstance(origin, m.FromColumn) and cell:
                why = f"`{v.shown(cell)}` can't be the `{name}` of `{event}`"
                help = v.hint_at_value(name, cell, origin.words) if self.with_hints and origin.words else ""
                if self.map.rulebook.definition.events[event].fields[name].type == "date":
                    help = (
                        "write a date in one of the map's `formats`, and none that was over before the event"
                    )
                yield m.new_noted(
                    "unread", row, why, help=help, employer=whose, event=event, column=origin.column
                )
