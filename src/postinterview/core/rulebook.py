"""A rulebook: a definition, compiled and ready to start processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, NoReturn, TypeAlias

from attrs.exceptions import FrozenInstanceError

from postinterview.core.definitions import Definition, EventKind
from postinterview.core.engine import Engine
from postinterview.core.errors import MisuseError
from postinterview.core.event_input import event_called, fields_from_json
from postinterview.core.guards import CustomGuard
from postinterview.core.moments import local_calendar, zone_called
from postinterview.core.names import check_name
from postinterview.core.process import Process

FreeDays: TypeAlias = Callable[[date], bool]
"""Whether a day is a public holiday."""


class Rulebook:
    """The compiled, immutable content of one or more rule files.

    Attributes:
        definition: what the files say.
        acts: the events that the candidate does, in the order of the file.
    """

    __slots__ = ("_free_days_of", "_is_public_holiday", "acts", "definition", "engine")

    definition: Definition
    acts: tuple[EventKind, ...]
    engine: Engine
    _is_public_holiday: FreeDays | None
    _free_days_of: Callable[[str], FreeDays] | None

    def __init__(
        self,
        definition: Definition,
        *,
        custom: Mapping[str, CustomGuard] | None = None,
        is_public_holiday: FreeDays | None = None,
        free_days_of: Callable[[str], FreeDays] | None = None,
    ) -> None:
        keep = partial(object.__setattr__, self)
        keep("definition", definition)
        keep("acts", tuple(kind for kind in definition.events.values() if kind.is_act))
        keep("_is_public_holiday", is_public_holiday)
        keep("_free_days_of", free_days_of)
        keep("engine", Engine(definition, dict(custom or {})))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError

    @property
    def name(self) -> str:
        return self.definition.name

    def start(
        self, employer: str, timezone: str, *, holidays: Iterable[date] = (), country: str | None = None
    ) -> Process:
        """A process in which nothing has happened yet.

        Args:
            employer: the host's name or key for the employer; shown in the agenda.
            timezone: the employer's IANA zone, such as ``Europe/Zurich``.
            holidays: the employer's free days, besides those of the rulebook.
            country: the employer's, whose public holidays are free as well, such as ``CH`` or ``CH-ZH``.

        Raises:
            MisuseError: no employer that can be written down, holidays that are no dates, or a country whose
                holidays nobody here knows.
            TimeError: there is no such time zone.
        """
        check_name(employer, f"{employer!r} is no name of an employer", 'give a text such as employer="acme"')
        zone = zone_called(timezone).key
        days = self.definition.calendar
        free = days.holidays if holidays == () else days.holidays | _read_holidays(holidays)
        there = None if country is None else self._free_days(country)
        calendar = local_calendar(zone, days.weekend, free, self._is_public_holiday, country, there)
        return Process(self, employer, calendar, (), self.engine.start)

    def _free_days(self, country: object) -> FreeDays:
        if not isinstance(country, str):
            raise MisuseError(f"`{country!r}` is no country", 'give its code as a text such as country="CH"')
        if self._free_days_of is None:
            message = f"this rulebook can't look up the public holidays of `{country}`"
            raise MisuseError(message, "make it with load_rulebook, or list the days: holidays=[...]")
        return self._free_days_of(country)

    def restore(self, saved: str | bytes) -> Process:
        """The process that `Process.to_json` wrote, folded anew under these rules.

        Raises:
            SavedError: it is damaged, cut off or unknown; with the place.
            RulesChangedError: these rules judge it otherwise than those that it was saved under.
        """
        from postinterview.saving import restore

        return restore(self, saved)

    def fields_from_json(self, event: str, fields: Mapping[str, object]) -> dict[str, Any]:
        """The fields of an event as they came in JSON, with dates for the texts that are to be dates.

        Raises:
            UnknownNameError: there is no such event.
            FieldError: a field is unknown, or a text is no date where the rules want one.
        """
        return fields_from_json(event_called(self.definition, event), fields)

    def __repr__(self) -> str:
        return f"<Rulebook {self.definition.name}: {self.definition.title}>"

    def __eq__(self, other: object) -> bool:
        """Whether the same rules are compiled with the same functions."""
        if not isinstance(other, Rulebook):
            return NotImplemented
        return self is other or (
            self.definition == other.definition
            and self.engine.custom == other.engine.custom
            and self._is_public_holiday == other._is_public_holiday
        )

    def __hash__(self) -> int:
        return hash((self.definition.name, self.definition.sources))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as what it was compiled from; functions by their names, as pickle does."""
        given = (self.definition, self.engine.custom, self._is_public_holiday, self._free_days_of)
        return _compiled, given

    def __copy__(self) -> Rulebook:
        return self

    def __deepcopy__(self, memo: object) -> Rulebook:
        return self


def _compiled(
    definition: Definition,
    custom: Mapping[str, CustomGuard],
    is_public_holiday: FreeDays | None,
    free_days_of: Callable[[str], FreeDays] | None,
) -> Rulebook:
    return Rulebook(definition, custom=custom, is_public_holiday=is_public_holiday, free_days_of=free_days_of)


def _read_holidays(given: Iterable[object]) -> frozenset[date]:
    help_ = "give dates, such as [date(2026, 4, 6)]"
    try:
        days = tuple(given)
    except TypeError:
        raise MisuseError(f"holidays can't be {given!r}", help_) from None
    free: set[date] = set()
    for day in days:
        if not isinstance(day, date) or isinstance(day, datetime):
            raise MisuseError(f"{day!r} is no holiday", help_)
        free.add(day)
    return frozenset(free)
