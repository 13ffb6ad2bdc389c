"""The public holidays of a country or its region, from the package ``holidays`` where it is installed."""

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
    """Whether a day is a public holiday in all of ``country``, a code such as ``CH`` or ``CH-ZH``."""

    country: str

    def __call__(self, day: date) -> bool:
        return day in _holidays_of(self.country)


def public_holidays(country: str) -> PublicHolidays:
    """Return the country's holidays; `MisuseError` where nobody here knows them."""
    _holidays_of(country)
    return PublicHolidays(country)


@cache
def _holidays_of(country: str) -> HolidayBase:
    from postinterview.loading.text_values import Fault
    from postinterview.loading.text_values import country as read_country

    code = read_country(country)
    if isinstance(code, Fault):
        raise MisuseError(code.message, code.help)
    try:
        from holidays import country_holidays
    except ImportError:
        raise MisuseError(
            f"for the public holidays of `{country}` the package `holidays` is needed, and not installed",
            "pip install 'postinterview[holidays]', or list the days as `holidays`",
        ) from None
    try:
        whole, _, region = code.partition("-")
        return country_holidays(whole, subdiv=region or None)
    except NotImplementedError:
        raise MisuseError(
            f"the public holidays of `{country}` are not known",
            "write a country's code such as CH, or CH-ZH for a region, or list the days as `holidays`",
        ) from None
