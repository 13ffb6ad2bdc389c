"""Columns that hold the same values, in the same order, in every database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from postinterview.stores.ticks import moment, ticks

BY_CHARACTER = {"postgresql": "C"}
"""The collation under which texts sort by their characters, where that is not the database's own."""


class KeyField(models.CharField):
    """A text that sorts by its characters, as in every other store."""

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().db_parameters(connection)
        return found | {"collation": BY_CHARACTER.get(connection.vendor)}


class MomentField(models.Field):
    """A moment to the microsecond: an aware ``datetime`` in Python, microseconds since 1970 in the database.

    A ``DateTimeField`` would depend on ``USE_TZ`` and ``TIME_ZONE``, and lose an hour where clocks go back.
    """

    description = "Moment"

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def from_db_value(self, value: object, *_: object) -> datetime | None:
        return moment(value)

    def get_prep_value(self, value: Any) -> Any:
        return ticks(value) if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> Any:
        return datetime.fromisoformat(value) if isinstance(value, str) else value

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value.isoformat())
