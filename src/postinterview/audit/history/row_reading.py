"""Read the rows of a history by its map: what each entry makes of each row.

Nothing is guessed and no row is dropped: whatever a row says becomes an event, a planned event, an unknown
event, nothing, or an unread row, and each of these is counted. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from attrs import define, evolve, field, frozen

from postinterview.audit.history import field_values as v
from postinterview.audit.history import map_model as m
from postinterview.audit.history.audit_findings import Finding
from postinterview.audit.history.dates import DatedCell
from postinterview.audit.sources.rows import Cell, Row
from postinterview.core.errors import TimeError
from postinterview.core.formatting import say_day, say_moment
from postinterview.core.moments import MICROSECOND, check_zone, local_calendar
from postinterview.core.suggest import ticked
from postinterview.core.undoing import UndoRules

_LONGEST_KEY = 100


@frozen
class _Place:
    """The employer and application that a row is about."""

    employer: str
    application: str | None
    zone: ZoneInfo

    @property
    def keys(self) -> tuple[str, str | None, str]:
        return self.employer, self.application, self.zone.key


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
    listed: dict[str, dict[str, str]] = field(factory=dict)
    _ends: dict[str, datetime] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.rules = UndoRules(self.map.rulebook.definition)
        self.fields = v.RowFieldReader(self.map)
        for entry in self.map.entries:
            for column, words in entry.when:
                self.listed.setdefault(column, {}).update(words)

    def end(self, zone: ZoneInfo) -> datetime:
        """Return the moment until which the history reaches, in UTC; of a day, its end in the zone."""
        if isinstance(self.as_of, datetime):
            return self.as_of.astimezone(UTC)
        if zone.key not in self._ends:
            calendar = local_calendar(zone.key, frozenset(), frozenset(), None)
            self._ends[zone.key] = calendar.end_of(self.as_of)
        return self._ends[zone.key]

    def read(self, row: Row) -> list[m.Reading]:
        """Return all that a row says, which is at least one reading."""
        if self.map.empty:
            row = evolve(row, cells={name: self._without_empty(cell) for name, cell in row.cells.items()})
        if row.why:
            return [self._broken(row)]
        found = [*self._unlisted(row), *self._entries(row)]
        if found:
            return found
        said = ticked(f"{column}: {v.shown(row.cells.get(column, ''))}" for column in self.listed)
        help = "add an entry that reads it; `nothing: true` if it says nothing"
        return [self._unread(row, f"no entry reads it ({said})" if said else "no entry reads it", help)]

    def _without_empty(self, cell: Cell) -> Cell:
        """Return the cell without the words that mean nothing by the map."""
        if isinstance(cell, tuple):
            return tuple(each for each in cell if v.normal_word(each) not in self.map.empty)
        return "" if v.normal_word(cell) in self.map.empty else cell

    # --- rows that can't be read ------------------------------------------------------------------

    def _broken(self, row: Row) -> m.Reading:
        employer = v.in_one(row.cells.get(self.map.employer, ""))
        several = row.until != row.line
        whose = employer if v.can_name(employer) and not several else None
        claim = m.UnknownClaim(row.line, self.map.anything, whose, surely=False)
        why = f"lines {row.line} to {row.until}: {row.why}" if several else row.why
        help = "correct it; it may be about any employer"
        if whose:
            help = f"correct it; unless another row names {ticked([whose])}, it may be about any employer"
        return _noted("unread", row, why, claim, help=help, employer=whose or "")

    def _unread(self, row: Row, why: str, help: str = "", column: str = "") -> m.Reading:
        place = self._place(row)
        if isinstance(place, str):
            claim = m.UnknownClaim(row.line, self.map.anything, self._employer(row))
            why = why if place in why else f"{why}; {place}"
        else:
            claim = m.UnknownClaim(row.line, self.map.anything, *place.keys)
        claim = self._swallowing(row, column) or claim
        return _noted("unread", row, why, claim, help=help, employer=claim.employer or "", column=column)

    def _swallowing(self, row: Row, column: str) -> m.UnknownClaim | None:
        """Return a claim about any employer if a bad cell of several lines may contain whole rows."""
        if "\n" not in v.in_one(row.cells.get(column, "")).replace("\r", "\n"):
            return None
        return m.UnknownClaim(row.line, self.map.anything, None)

    def _unlisted(self, row: Row) -> Iterator[m.Reading]:
        """Yield the cells of deciding columns with words that the map does not list."""
        for column, words in self.listed.items():
            cell = row.cells.get(column, "")
            asks_for_words = words.keys() != {""}  # otherwise only whether the cell is empty
            if cell != "" and asks_for_words and v.listed_word(cell, words) is None:
                help = v.hint_at_entry(column, cell, words.values()) if self.with_hints else ""
                yield self._unread(row, f"the map has no entry for `{v.shown(cell)}`", help, column)

    # --- rows that can be read --------------------------------------------------------------------

    def _entries(self, row: Row) -> Iterator[m.Reading]:
        place: _Place | str | None = None
        for entry in self.map.entries:
            if not self._applies(entry, row):
                continue
            if self._says_nothing(entry, row):
                yield m.Reading("nothing")
                continue
            place = self._place(row) if place is None else place
            if isinstance(place, _Place):
                yield from self._entry(entry, row, place)
                continue
            event = entry.event or ""
            claim = m.UnknownClaim(row.line, (event,), self._employer(row))
            help = self._merged(row)
            yield _noted("unread", row, place, claim, help=help, employer=claim.employer or "", event=event)

    def _applies(self, entry: m.MapEntry, row: Row) -> bool:
        cells = ((column, row.cells.get(column, ""), words) for column, words in entry.when)
        return all(v.listed_word(cell, self.listed[column]) in words for column, cell, words in cells)

    def _says_nothing(self, entry: m.MapEntry, row: Row) -> bool:
        if entry.event is None:
            return True
        dateless = not any(row.cells.get(column) for column in entry.at)
        if entry.count is None:
            return bool(entry.at) and not entry.when and dateless
        return dateless and self.fields.count(entry, row) in (0, None)

    def _entry(self, entry: m.MapEntry, row: Row, place: _Place) -> Iterator[m.Reading]:
        dates = self.fields.dates(entry, row)
        if entry.count is not None:
            count = self.fields.count(entry, row)
            if not dates:
                odd = isinstance(count, str)
                why = f"`{count}` is not a number" if odd else f"{count} of them, without a date"
                yield self._unknown(entry, row, place, why, entry.count)
                return
            yield from self._before_the_last(entry, row, place, count, dates[0][1])
            if count == 0:
                return
        if not dates:
            why = "the date is empty" if entry.at else "the history has no date for it"
            yield self._unknown(entry, row, place, why, ", ".join(entry.at))
        for column, written in dates:
            dated = self.fields.date(written, entry, row, place.zone)
            if isinstance(dated, str):
                yield self._unknown(entry, row, place, dated, column)
            else:
                yield from self._dated(entry, row, place, dated, column)

    def _before_the_last(
        self, entry: m.MapEntry, row: Row, place: _Place, count: int | str | None, last: str
    ) -> Iterator[m.Reading]:
        """Yield what a number of events and the date of the last one leave open: the events before it."""
        dated = self.fields.date(last, entry, row, place.zone)
        until = None if isinstance(dated, str) or count == 0 else min(dated.at, self.end(place.zone))
        why = f"`{count}` is not a number" if isinstance(count, str) else ""
        if count is None:
            why = "how many there were before the last is not said"
        elif count == 0:
            why = f"0 of them, and the last on {v.shown(last)}"
        elif isinstance(count, int) and count > 1:
            why = f"{count - 1} before the last, without {'a date' if count == 2 else 'dates'}"
        if why:
            yield self._unknown(entry, row, place, why, entry.count or "", until)

    def _dated(
        self, entry: m.MapEntry, row: Row, place: _Place, dated: DatedCell, column: str
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
            yield _noted("planned", row, why, employer=place.employer, event=event, column=column)
            return
        carried, unsaid, why = self.fields.carried(entry, row, dated, place.zone)
        yield from self._odd_fields(entry, row, unsaid, place.employer)
        people = self.fields.people(entry, row)
        if why or not people:
            yield self._unknown(entry, row, place, why or "the row does not name the person", "")
            return
        for to in people:
            said = (*place.keys, event, dated.at, to, carried, unsaid, dated.clock)
            yield m.Reading("event", m.EventClaim(row.line, entry.rank, *said))

    def _unknown(
        self,
        entry: m.MapEntry,
        row: Row,
        place: _Place,
        why: str,
        column: str,
        until: datetime | None = None,
    ) -> m.Reading:
        event = entry.event or ""
        claim = m.UnknownClaim(row.line, (event,), *place.keys, until=until)
        claim = self._swallowing(row, column) or claim
        return _noted("unknown", row, why, claim, employer=place.employer, event=event, column=column)

    # --- employer, application, date --------------------------------------------------------------

    def _employer(self, row: Row) -> str | None:
        cell = row.cells.get(self.map.employer, "")
        word = v.listed_word(cell, self.map.employers) if self.map.employers else None
        cell = cell if word is None else self.map.employers[word]
        return cell if isinstance(cell, str) and v.can_name(cell) else None

    def _merged(self, row: Row) -> str:
        """Return what to write in the map if the cell with the employer was merged with the one above."""
        name = self.map.employer
        if row.cells.get(name) or name in self.map.fill_down:
            return ""
        return f"if the cell is merged with the one above, add `fill_down: [{v.shown(name)}]` to the map"

    def _place(self, row: Row) -> _Place | str:
        """Return the row's employer, application and time zone, or why they can't be told."""
        employer = self._employer(row)
        if employer is None:
            cell = row.cells.get(self.map.employer, "")
            return f"`{v.shown(cell)}` can't name an employer" if cell else f"`{self.map.employer}` is empty"
        application: str | None = None
        if self.map.application is not None:
            cell = row.cells.get(self.map.application, "")
            if cell and not v.can_name(cell):
                return f"`{v.shown(cell)}` can't name an application"
            application = v.in_one(cell) or None
        zone = self.map.timezone
        if zone is None:
            cell = row.cells.get(self.map.timezone_column or "", "")
            zone = _zone(v.in_one(cell)) if len(cell) <= _LONGEST_KEY else None
            if zone is None:
                return f"`{v.shown(cell)}` is not a time zone" if cell else "the time zone is empty"
        return _Place(employer, application, zone)

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
                yield _noted("unread", row, why, help=help, employer=whose, event=event, column=origin.column)


@lru_cache(maxsize=1_000)
def _zone(key: str) -> ZoneInfo | None:
    try:
        return check_zone(key)
    except TimeError:
        return None


def _noted(
    kind: Literal["planned", "unknown", "unread"],
    row: Row,
    why: str,
    claim: m.UnknownClaim | None = None,
    **said: Any,
) -> m.Reading:
    """Return a reading that is a finding, too."""
    return m.Reading(kind, claim, Finding(kind=kind, line=row.line, message=why, **said))
