"""The public holidays of a rulebook's country, from the package ``holidays`` where it is installed."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from attrs import frozen

from postinterview.core.errors import MisuseError

if TYPE_CHECKING:
    from holidays import HolidayBase


@frozen
class PublicHolidays:
    """Whether a day is a public holiday in all of ``country``, a code such as ``CH``."""

    country: str

    def __call__(self, day: date) -> bool:
        return day in _holidays_of(self.country)


def public_holidays(country: str) -> PublicHolidays:
    """Return the country's holidays; `MisuseError` where nobody here knows them."""
    _holidays_of(country)
    return PublicHolidays(country)


@cache
def _holidays_of(country: str) -> HolidayBase:
    try:
        from holidays import country_holidays
    except ImportError:
        raise MisuseError(
            f"the rules leave out the public holidays of `{country}`, and `holidays` is not installed",
            "pip install 'postinterview[holidays]', or list the days under `holidays:` in the calendar",
        ) from None
    try:
        return country_holidays(country)
    except NotImplementedError:
        raise MisuseError(
            f"the public holidays of `{country}` are not known",
            "write a country's code of two letters such as CH, or list the days under `holidays:`",
        ) from None
