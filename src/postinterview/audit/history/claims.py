"""A row by a map: what each entry makes of it. Pure. Whatever a row says is read, or said not to be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from attrs import define, evolve, field, frozen

from postinterview.audit.history.dates import Moment, read_date
from postinterview.audit.history.field_values import Carrying, in_one, shown
from postinterview.audit.history.linking_entries import fold
from postinterview.audit.history.map_hints import listing, meaning
from postinterview.audit.history.model import (
    BadRow,
    Cell,
    Entry,
    EventClaim,
    FromColumn,
    Map,
    ReadingOf,
    Row,
    UnknownClaim,
)
from postinterview.audit.history.undo_rules import UndoRules
from postinterview.core.errors import TimeError
from postinterview.core.formatting import say_day, say_moment
from postinterview.core.moments import MICROSECOND, local_calendar, zone_called
from postinterview.core.names import is_name
from postinterview.core.suggest import ticked


@frozen
class _Place:
    """Whose row it is."""

    employer: str
    application: str | None
    zone: ZoneInfo


_LONGEST_KEY = 100
_COUNT = re.compile(r"[0-9]{1,9}(\.0)?\Z").match


@define
class Reader:
    """Reads rows by a map.

    ``as_of``: what is dated later has not happened yet. ``helpful``: it looks for the words that may be
    meant, which takes longer than all the rest.
    """

    map: Map
    as_of: date | datetime
    helpful: bool = True
    rules: UndoRules = field(init=False)
    carrying: Carrying = field(init=False)
    listed: dict[str, dict[str, str]] = field(factory=dict)
    _zones: dict[str, ZoneInfo | None] = field(factory=dict)
    _untils: dict[str, datetime] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.rules = UndoRules(self.map.rulebook.definition)
        self.carrying = Carrying(self.map)
        for entry in self.map.entries:
            for column, words in entry.when:
                self.listed.setdefault(column, {}).update(words)

    def until(self, zone: ZoneInfo) -> datetime:
        """The moment that the history reaches to, in UTC: of a day, its end there."""
        if isinstance(self.as_of, datetime):
            return self.as_of.astimezone(UTC)
        found = self._untils.get(zone.key)
        if found is None:
            calendar = local_calendar(zone.key, frozenset(), frozenset(), None)
            found = self._untils[zone.key] = calendar.end_of(self.as_of)
        return found

    def read(self, row: Row | BadRow) -> list[ReadingOf]:
        """Everything that a row says; at least one reading, whatever it holds."""
        if self.map.empty:
            row = evolve(row, cells={name: self._told(cell) for name, cell in row.cells.items()})
        if isinstance(row, BadRow):
            return [self._broken(row)]
        found = [*self._unlisted(row), *self._entries(row)]
        if found:
            return found
        said = ticked(f"{c}: {shown(row.cells.get(c, ''))}" for c in self.listed)
        help = "add an entry that reads it; `nothing: true` where it says nothing"
        return [self._unread(row, f"no entry reads it ({said})" if said else "no entry reads it", help)]

    def _told(self, cell: Cell) -> Cell:
        """The cell without the words that mean nothing by the map."""
        if isinstance(cell, tuple):
            return tuple(each for each in cell if fold(each) not in self.map.empty)
        return "" if fold(cell) in self.map.empty else cell

    # --- what can't be read -----------------------------------------------------------------------

    def _broken(self, row: BadRow) -> ReadingOf:
        employer = in_one(row.cells.get(self.map.employer, ""))
        several = row.until != row.line
        whose = employer if is_name(employer) and not several else None
        claim = UnknownClaim(row.line, self.map.anything, whose, surely=False)
        why = f"lines {row.line} to {row.until}: {row.why}" if several else row.why
        help = (
            f"unless another row names {ticked([whose])}, it may be anybody's"
            if whose
            else "it may be anybody's"
        )
        return ReadingOf("unread", row.line, why, f"mend it; {help}", employer=whose or "", claim=claim)

    def _unread(self, row: Row, why: str, help: str = "", column: str = "") -> ReadingOf:
        place = self._place(row)
        if isinstance(place, str):
            claim = UnknownClaim(row.line, self.map.anything, self._employer(row))
            why = why if place in why else f"{why}; {place}"
        else:
            claim = UnknownClaim(
                row.line, self.map.anything, place.employer, place.application, place.zone.key
            )
        claim = self._swallowing(row, column) or claim
        return ReadingOf(
            "unread", row.line, why, help, employer=claim.employer or "", column=column, claim=claim
        )

    def _swallowing(self, row: Row, column: str) -> UnknownClaim | None:
        """A cell that can't be read and goes over several lines may have rows of others in it."""
        if "\n" not in in_one(row.cells.get(column, "")).replace("\r", "\n"):
            return None
        return UnknownClaim(row.line, self.map.anything, None)

    def _unlisted(self, row: Row) -> Iterator[ReadingOf]:
        """The cells that decide, with words that the map does not list."""
        for column, words in self.listed.items():
            cell = row.cells.get(column, "")
            if not self._is_listed(cell, words):
                help = listing(column, cell, words.values()) if self.helpful else ""
                yield self._unread(row, f"`{shown(cell)}` is listed nowhere", help, column)

    def _is_listed(self, cell: Cell, words: Mapping[str, str]) -> bool:
        return cell == "" or (isinstance(cell, str) and fold(cell) in words)

    # --- what can be ------------------------------------------------------------------------------

    def _entries(self, row: Row) -> Iterator[ReadingOf]:
        place: _Place | str | None = None
        for entry in self.map.entries:
            if not self._applies(entry, row):
                continue
            if entry.event is None:
                yield ReadingOf("nothing", row.line, entry=entry.id)
                continue
            if entry.at is not None and not entry.when and not row.cells.get(entry.at):
                yield ReadingOf("nothing", row.line, entry=entry.id)
                continue
            if entry.count is not None and self._none(row.cells.get(entry.count, "")):
                yield ReadingOf("nothing", row.line, entry=entry.id)
                continue
            place = self._place(row) if place is None else place
            if isinstance(place, str):
                claim = UnknownClaim(row.line, (entry.event,), self._employer(row))
                yield ReadingOf(
                    "unread", row.line, place, "", entry.id, claim.employer or "", entry.event, claim=claim
                )
                continue
            yield from self._entry(entry, row, place)

    def _applies(self, entry: Entry, row: Row) -> bool:
        for column, words in entry.when:
            cell = row.cells.get(column, "")
            if not isinstance(cell, str) or fold(cell) not in words:
                return False
        return True

    def _none(self, cell: Cell) -> bool:
        return cell == "" or (isinstance(cell, str) and _COUNT(cell) is not None and not int(float(cell)))

    def _entry(self, entry: Entry, row: Row, place: _Place) -> Iterator[ReadingOf]:
        event = entry.event or ""
        if entry.count is not None:
            cell = row.cells.get(entry.count, "")
            many = isinstance(cell, str) and _COUNT(cell) is not None
            why = f"{cell} of them, without a date" if many else f"`{shown(cell)}` is no number of them"
            yield self._unknown(entry, row, place, why, entry.count)
            return
        moment = self._moment(entry, row, place)
        if isinstance(moment, str):
            yield self._unknown(entry, row, place, moment, entry.at or "")
            return
        until = self.until(place.zone)
        if moment.at >= until:
            day, last = (each.astimezone(place.zone).date() for each in (moment.at, until - MICROSECOND))
            if day == last and not moment.clock:  # the map's hour is no reason to leave it out
                why = f"{say_day(day)} is the day of the export, and the row has no hour"
                yield self._unknown(entry, row, place, why, entry.at or "")
                return
            why = f"{say_day(day)} is after the day of the export"
            if day == last:
                why = f"{say_moment(moment.at.astimezone(place.zone))} is after the hour of the export"
            yield ReadingOf("planned", row.line, why, "", entry.id, place.employer, event, entry.at or "")
            return
        fields, unsaid, why = self.carrying.fields(entry, row)
        yield from self._odd_fields(entry, row, unsaid, place)
        people = self.carrying.people(entry, row)
        if why or not people:
            yield self._unknown(entry, row, place, why or "nobody says to whom", "")
            return
        for to in people:
            claim = EventClaim(
                row.line,
                entry.id,
                entry.rank,
                place.employer,
                place.application,
                place.zone.key,
                event,
                moment.at,
                to,
                fields,
                unsaid,
                moment.clock,
            )
            yield ReadingOf("event", row.line, "", "", entry.id, place.employer, event, claim=claim)

    def _unknown(self, entry: Entry, row: Row, place: _Place, why: str, column: str) -> ReadingOf:
        event = entry.event or ""
        claim = self._swallowing(row, column) or UnknownClaim(
            row.line, (event,), place.employer, place.application, place.zone.key
        )
        return ReadingOf("unknown", row.line, why, "", entry.id, place.employer, event, column, claim)

    # --- whose, when ------------------------------------------------------------------------------

    def _employer(self, row: Row) -> str | None:
        cell = row.cells.get(self.map.employer, "")
        return cell if is_name(cell) and isinstance(cell, str) else None

    def _place(self, row: Row) -> _Place | str:
        employer = self._employer(row)
        if employer is None:
            cell = row.cells.get(self.map.employer, "")
            return f"`{shown(cell)}` names no employer" if cell else f"`{self.map.employer}` is empty"
        application: str | None = None
        if self.map.application is not None:
            cell = row.cells.get(self.map.application, "")
            if cell and not is_name(cell):
                return f"`{shown(cell)}` names no application"
            application = in_one(cell) or None
        zone = self.map.timezone
        if zone is None:
            cell = row.cells.get(self.map.timezone_column or "", "")
            zone = self._zone(in_one(cell))
            if zone is None:
                return f"`{shown(cell)}` is not a time zone" if cell else "the time zone is empty"
        return _Place(employer, application, zone)

    def _zone(self, key: str) -> ZoneInfo | None:
        if len(key) > _LONGEST_KEY:
            return None
        if key not in self._zones:
            if len(self._zones) > 1_000:
                self._zones.clear()
            try:
                self._zones[key] = zone_called(key)
            except TimeError:
                self._zones[key] = None
        return self._zones[key]

    def _moment(self, entry: Entry, row: Row, place: _Place) -> Moment | str:
        if entry.at is None:
            return "the history has no date of it"
        cell = row.cells.get(entry.at, "")
        if not isinstance(cell, str) or not cell:
            return "the cell holds a list" if cell else "the date is empty"
        clock = self.map.time if entry.time is None else entry.time
        return read_date(cell, self.map.formats, place.zone, clock, self.carrying.year(row))

    def _odd_fields(
        self, entry: Entry, row: Row, unsaid: tuple[str, ...], place: _Place
    ) -> Iterator[ReadingOf]:
        """The cells that hold something, and not what the event carries there."""
        for name in unsaid:
            origin = entry.carried[name]
            cell = row.cells.get(origin.column, "") if isinstance(origin, FromColumn) else ""
            if isinstance(origin, FromColumn) and cell:
                why = f"`{shown(cell)}` can't be the `{name}` of `{entry.event}`"
                help = meaning(name, cell, origin.words) if self.helpful and origin.words else ""
                yield ReadingOf(
                    "unread", row.line, why, help, entry.id, place.employer, entry.event or "", origin.column
                )
