"""Tell of which employers the claims are clean, so that no process has to be folded to judge them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from postinterview.audit.clean.clean_histories import CleanHistories, can_be_known, can_excuse
from postinterview.audit.clean.known_steps import DAY, Told
from postinterview.audit.clean.recording import Days, ticks
from postinterview.audit.history.map_model import EventClaim, RowClaim
from postinterview.audit.history.row_reading import RowReader

_MOST_TOLD = 50_000
_A_TEXT = "a text"
"""Stands for any text that no guard compares."""


class CleanClaims:
    """Tells of which employers the claims are clean (see `clean_histories`): `Judged` would find nothing."""

    @classmethod
    def of(cls, reader: RowReader) -> CleanClaims | None:
        """Return what tells it under the rules of a map; None: a guard may look at names and texts."""
        return cls(reader) if can_be_known(reader.map.rulebook) else None

    def __init__(self, reader: RowReader) -> None:
        rulebook = reader.map.rulebook
        self._reader = reader
        self._histories = CleanHistories(rulebook, reader.map.unknown)
        self._told: dict[object, Told] = {}
        self._zones: dict[str, tuple[Days, int]] = {}
        self._fields = {
            name: tuple(
                (each, kind.type == "text" and not can_excuse(rulebook, name, each))
                for each, kind in kinds.fields.items()
            )
            for name, kinds in rulebook.definition.events.items()
        }

    def are_clean(self, claims: Sequence[RowClaim]) -> bool:
        """Return whether the claims of one employer, in order, are clean; False: `Judged` tells."""
        zone = claims[0].zone
        history = None if zone is None else self._history(claims, zone)
        if history is None or zone is None:
            return False
        if zone not in self._zones:
            days = Days(self._reader.map.rulebook.calendar_of(zone))
            self._zones[zone] = days, ticks(self._reader.end(ZoneInfo(zone)))
        days, end = self._zones[zone]
        return self._histories.is_clean(history, end, days)

    def _history(self, claims: Sequence[RowClaim], zone: str) -> list[tuple[Told, tuple[int, ...]]] | None:
        """Return the events as known steps have them; None: something is left open."""
        people: dict[str, int] = {}
        applications: dict[str, int] = {}
        is_apart = False
        found: list[tuple[Told, tuple[int, ...]]] = []
        for claim in claims:
            if type(claim) is not EventClaim or not claim.clock or claim.undated or claim.zone != zone:
                return None
            name, fields = claim.event, claim.fields
            application = to = None
            if claim.application is None:
                is_apart = True
            else:
                application = applications.setdefault(claim.application, len(applications))
            if claim.to is not None:
                to = people.setdefault(claim.to, len(people))
            given, said = [ticks(claim.at)], list[object]()
            for each, is_text in self._fields[name]:
                value: object = fields.get(each)
                if isinstance(value, tuple):
                    value = tuple([people.setdefault(person, len(people)) for person in value])
                elif isinstance(value, date):
                    given.append(value.toordinal())
                    value = DAY
                elif is_text and isinstance(value, str) and value.strip():
                    value = _A_TEXT
                said.append(value)
            found.append((self._event(name, application, to, tuple(said)), tuple(given)))
        return None if applications and is_apart else found

    def _event(self, name: str, application: int | None, to: int | None, values: tuple[object, ...]) -> Told:
        """Return an event with the values of its fields, the same object for all that are equal."""
        key = (name, application, to, values)
        told = self._told.get(key)
        if told is None:
            if len(self._told) >= _MOST_TOLD:
                self._told.clear()
            each = zip((field for field, _ in self._fields[name]), values, strict=True)
            fields = tuple((field, value) for field, value in each if value is not None)
            told = self._told[key] = Told(name, application, to, fields)
        return told
