"""Compile a definition into the rules that processes go by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any, NoReturn, Self, TypeAlias

from attrs import evolve
from attrs.exceptions import FrozenInstanceError

from postinterview.core.guards import CustomGuard
from postinterview.core.judging.engine import Engine
from postinterview.core.past.event_order import standing
from postinterview.core.past.events import Change, Entry
from postinterview.core.rules.definitions import Definition, EventKind
from postinterview.core.steps.event_input import event_called, fields_from_json
from postinterview.core.values.builders import CopiedAsItself
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.moments import LocalCalendar, is_day, local_calendar

FreeDays: TypeAlias = Callable[[date], bool]
"""A function that tells whether a day is a public holiday."""


class CompiledRules(CopiedAsItself):
    """The compiled, immutable content of one or more rule files; see `Rulebook`.

    Attributes:
        definition: what the files say.
        acts: the events that the candidate does, in the order of the file.
        engine: what the step needs of it.
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

    @property
    def name(self) -> str:
        """The name of the rule file, without its folder and ending."""
        return self.definition.name

    def fields_from_json(self, event: str, fields: Mapping[str, object]) -> dict[str, Any]:
        """Return the fields of an event as they came in JSON, with dates for the texts that are to be dates.

        Raises:
            UnknownNameError: there is no such event.
            FieldError: a field is unknown, or a text is no date where the rules want one.
        """
        return fields_from_json(event_called(self.definition, event), fields)

    def calendar_of(
        self, timezone: str, holidays: Iterable[date] = (), country: str | None = None
    ) -> LocalCalendar:
        """Return the days of a place under these rules.

        Raises:
            MisuseError: holidays that are no dates, or a country whose holidays nobody here knows.
            TimeError: there is no such time zone.
        """
        days = self.definition.calendar
        free = days.holidays if holidays == () else days.holidays | _read_holidays(holidays)
        there = None if country is None else self._free_days(country)
        return local_calendar(timezone, days.weekend, free, self._is_public_holiday, country, there)

    def changed(
        self, employer: str, calendar: LocalCalendar, history: Iterable[Entry]
    ) -> tuple[str, LocalCalendar]:
        """Return the employer's name and calendar after all changes of a history that stand.

        Raises:
            MisuseError: one of them names a country whose holidays nobody here knows.
            TimeError: one of them names no time zone.
        """
        changes = [each for each in standing(history) if isinstance(each, Change)]
        for each in sorted(changes, key=lambda change: (change.at, change.number)):
            employer = employer if each.employer is None else each.employer
            place = (each.timezone or calendar.zone.key, each.country or calendar.country)
            if place != (calendar.zone.key, calendar.country):
                there = self.calendar_of(place[0], calendar.holidays, place[1])
                calendar = evolve(there, before=(each.at, calendar))
        return employer, calendar

    def calendar_like(self, calendar: LocalCalendar, holidays: frozenset[date]) -> LocalCalendar:
        """Return the days of the same place, with these holidays of its own, under these rules.

        Raises:
            MisuseError: a country whose holidays nobody here knows.
        """
        found = self.calendar_of(calendar.zone.key, holidays, calendar.country)
        if calendar.before is None:
            return found
        since, earlier = calendar.before
        return evolve(found, before=(since, self.calendar_like(earlier, holidays)))

    def _free_days(self, country: object) -> FreeDays:
        if not isinstance(country, str):
            raise MisuseError(f"`{country!r}` is no country", 'give its code as a text such as "CH"')
        if self._free_days_of is None:
            message = f"this rulebook can't look up the public holidays of `{country}`"
            raise MisuseError(message, "make it with load_rulebook, or list the days: holidays=[...]")
        return self._free_days_of(country)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError

    def __repr__(self) -> str:
        return f"<Rulebook {self.definition.name}: {self.definition.title}>"

    def answering(self, custom: Mapping[str, CustomGuard], definition: Definition | None = None) -> Self:
        """Return the rulebook, or that of a definition, with other custom functions and the same holidays."""
        free, of_country = self._is_public_holiday, self._free_days_of
        made = self.definition if definition is None else definition
        return type(self)(made, custom=custom, is_public_holiday=free, free_days_of=of_country)

    def __eq__(self, other: object) -> bool:
        """Return whether the same rules are compiled with the same functions."""
        if not isinstance(other, CompiledRules):
            return NotImplemented
        return self is other or (
            self.definition == other.definition
            and self.engine.custom == other.engine.custom
            and self._is_public_holiday == other._is_public_holiday
        )

    def __hash__(self) -> int:
        return hash((self.definition.name, self.definition.sources))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what it was compiled from; functions by their names, as pickle does."""
        given = (self.definition, self.engine.custom, self._is_public_holiday, self._free_days_of)
        return _compiled, (type(self), *given)


def _compiled(
    cls: type[CompiledRules],
    definition: Definition,
    custom: Mapping[str, CustomGuard],
    is_public_holiday: FreeDays | None,
    free_days_of: Callable[[str], FreeDays] | None,
) -> CompiledRules:
    return cls(definition, custom=custom, is_public_holiday=is_public_holiday, free_days_of=free_days_of)


def _read_holidays(given: Iterable[object]) -> frozenset[date]:
    help_ = "give dates, such as [date(2026, 4, 6)]"
    try:
        days = tuple(given)
    except TypeError:
        raise MisuseError(f"holidays can't be {given!r}", help_) from None
    free: set[date] = set()
    for day in days:
        if not is_day(day):
            raise MisuseError(f"{day!r} is no holiday", help_)
        free.add(day)
    return frozenset(free)
