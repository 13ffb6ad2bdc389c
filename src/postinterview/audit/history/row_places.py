"""Find out which employer, application and time zone a row is about."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo

from attrs import define, frozen

from postinterview.audit.history import field_values as v
from postinterview.audit.history import map_model as m
from postinterview.audit.sources.rows import Row
from postinterview.core.values.builders import builder
from postinterview.core.values.errors import TimeError
from postinterview.core.values.moments import check_zone

_LONGEST_KEY = 100


@frozen(weakref_slot=False)
class Place:
    """The employer and application that a row is about."""

    employer: str
    application: str | None
    zone: ZoneInfo

    @property
    def keys(self) -> tuple[str, str | None, str]:
        return self.employer, self.application, self.zone.key


_new_place = builder(Place)


@define
class PlaceReader:
    """Reads the places of rows by a map."""

    map: m.Map

    def employer(self, row: Row) -> str | None:
        """Return the employer that the row names; None if it names none."""
        cell = row.cells.get(self.map.employer, "")
        word = v.listed_word(cell, self.map.employers) if self.map.employers else None
        cell = cell if word is None else self.map.employers[word]
        return cell if isinstance(cell, str) and v.can_name(cell) else None

    def merged(self, row: Row) -> str:
        """Return what to write in the map if the cell with the employer was merged with the one above."""
        name = self.map.employer
        if row.cells.get(name) or name in self.map.fill_down:
            return ""
        return f"if the cell is merged with the one above, add `fill_down: [{v.shown(name)}]` to the map"

    def of(self, row: Row) -> Place | str:
        """Return the row's employer, application and time zone, or why they can't be told."""
        employer = self.employer(row)
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
        return _new_place(employer, application, zone)


@lru_cache(maxsize=1_000)
def _zone(key: str) -> ZoneInfo | None:
    try:
        return check_zone(key)
    except TimeError:
        return None
