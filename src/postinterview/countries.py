"""The public holidays of a country or its region, from the package ``holidays`` where it is installed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from attrs import frozen

from postinterview.core.values.errors import MisuseError
from postinterview.core.values.suggest import closest, help_for

if TYPE_CHECKING:
    from holidays import HolidayBase

    from postinterview.core.guards import CustomGuard
    from postinterview.core.process import Rulebook
    from postinterview.core.rules.definitions import Definition


@frozen
class PublicHolidays:
    """The public holidays in all of ``country``, a code such as ``CH`` or ``CH-ZH``."""

    country: str

    def __call__(self, day: date) -> bool:
        return day in _holidays_of(self.country)


def public_holidays(country: str) -> PublicHolidays:
    """Return the country's holidays; `MisuseError` where nobody here knows them."""
    _holidays_of(country)
    return PublicHolidays(country)


def with_holidays(definition: Definition, custom: Mapping[str, CustomGuard] | None = None) -> Rulebook:
    """Return the rulebook of a definition, which knows the holidays of countries.

    Raises:
        MisuseError: nobody here knows those of its country, or a function is not among ``custom``.
    """
    from postinterview.core.process import Rulebook

    country = definition.calendar.country
    free = None if country is None else public_holidays(country)
    return Rulebook(definition, custom=custom, is_public_holiday=free, free_days_of=public_holidays)


def known_codes(country: str) -> Collection[str] | None:
    """Return the codes that ``country`` is among, or may stand for; None without the package ``holidays``.

    For an unknown code these are all countries, or for an unknown region all regions of its country.
    """
    try:
        from holidays import country_holidays, list_supported_countries
    except ImportError:
        return None
    whole, _, region = country.partition("-")
    try:
        country_holidays(whole, subdiv=region or None)
    except NotImplementedError:
        countries = list_supported_countries(include_aliases=False)
        return [f"{whole}-{each}" for each in countries.get(whole, ())] if region else list(countries)
    return (country,)


@cache
def _holidays_of(country: str) -> HolidayBase:
    from postinterview.loading.text_values import Fault
    from postinterview.loading.text_values import country as read_country

    code = read_country(country)
    if isinstance(code, Fault):
        raise MisuseError(code.message, code.help)
    known = known_codes(country)
    if known is None:
        raise MisuseError(
            f"for the public holidays of `{country}` the package `holidays` is needed, and not installed",
            "pip install 'postinterview[holidays]', or list the days as `holidays`",
        )
    if country not in known:
        help_ = "write a country's code such as CH, or CH-ZH for a region, or list the days as `holidays`"
        close = help_for(closest(country, known), ())
        raise MisuseError(
            f"the public holidays of `{country}` are not known", f"{close} or {help_}" if close else help_
        )
    from holidays import country_holidays

    whole, _, region = code.partition("-")
    return country_holidays(whole, subdiv=region or None)
