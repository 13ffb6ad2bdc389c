"""Define the types of times in bodies: a moment, or a day whose hour nobody knows."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypeAlias

from pydantic import AwareDatetime, Discriminator, Tag

from postinterview.core.values.moments import is_day, read_day


def _kind_of(said: Any) -> str:
    """Return ``day`` or ``moment``; pydantic alone takes a date for its midnight."""
    if isinstance(said, str):
        return "moment" if read_day(said) is None and not said.isdecimal() else "day"
    return "day" if is_day(said) else "moment"


When: TypeAlias = Annotated[
    Annotated[date, Tag("day")] | Annotated[AwareDatetime, Tag("moment")], Discriminator(_kind_of)
]
"""A moment with its offset, or a day of the employer's."""
