"""Find the date that stands in an application: one that a field of an event set, and that nothing ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from postinterview.core.past.cells import Cell
from postinterview.core.past.event_index import kept_in_scope
from postinterview.core.past.placed import Placed
from postinterview.core.past.places import make_key
from postinterview.core.past.situation import Situation, Watch
from postinterview.core.rules.definitions import EventKind
from postinterview.core.values.moments import LocalCalendar

if TYPE_CHECKING:
    from postinterview.core.guards.source import Source


class UnknownPastError(Exception):
    """The moment hangs on something that an imported history leaves open. Never leaves the core."""


class _Standing(NamedTuple):
    """A date as the events of an application leave it.

    Attributes:
        day: the date, if one was set and not ended.
        set_by: the latest event that set one.
        decided: when it was set or ended.
        new_round: when the latest round was opened since.
    """

    day: date | None = None
    set_by: Placed | None = None
    decided: datetime | None = None
    new_round: datetime | None = None


_UNSET = _Standing()


class StandingDate:
    """A date that a field set, while it stands in the act's application.

    It ends with an event that says so; a new round ends it if it is over by then. ``setting``: the stream of
    the events that may set it.
    """

    def __init__(self, name: str, events: Mapping[str, EventKind], watch: Watch) -> None:
        self.name = name
        self._what = ("date", name)  # several moments may ask for one date
        self._ended_by = _names(kind for kind in events.values() if name in kind.ends)
        self._openers = _names(kind for kind in events.values() if kind.opens_round)
        setters = _names(
            kind for kind in events.values() if any(f.sets == name for f in kind.fields.values())
        )
        self._members = setters | self._ended_by
        members = self._members | self._openers
        self._stream = watch.stream(members)
        self.setting = watch.stream(setters)
        self.changed_by = tuple(known for known in events if known in members)
        self.known_by = tuple(known for known in events if known in setters)

    def setter(self, situation: Situation) -> Placed | None:
        """Return the event that set the date which stands."""
        return self._standing(situation).set_by

    def _standing(self, situation: Situation) -> _Standing:
        return self._left_by(situation.snapshot.streams[self._stream], situation.place.application)

    def _left_by(self, cell: Cell | None, application: str | None) -> _Standing:
        """Return the date as the events from a cell on leave it."""
        key = make_key(application)
        return kept_in_scope(cell, self._stream, key, self._what, _UNSET, self._after, self._settles)

    def _settled_by(self, placed: Placed) -> _Standing | None:
        """Return what an event makes of the date, whatever it was; None if that matters."""
        day = self._named_by(placed)
        if day is not None:
            return _Standing(day, placed, placed.at)
        return _Standing(None, None, placed.at) if placed.event.name in self._ended_by else None

    def _settles(self, placed: Placed) -> bool:
        return self._settled_by(placed) is not None

    def _named_by(self, placed: Placed) -> date | None:
        """Return the date that an event sets, or None."""
        found = None
        for name, day in placed.dates:
            if name == self.name:
                found = day
        return found

    def _after(self, before: _Standing, placed: Placed) -> _Standing:
        settled = self._settled_by(placed)
        if settled is not None:
            return settled
        return before._replace(new_round=placed.at) if placed.name in self._openers else before

    def resolve(self, situation: Situation) -> date | None:
        """Return the date that stands, or None.

        Raises:
            UnknownPastError: an event that could have set or ended it is unknown.
        """
        snapshot, application = situation.snapshot, situation.place.application
        cell = snapshot.streams[self._stream]
        if snapshot.unknowns:
            decided = self._standing(situation).decided
            until = situation.unknown_until(self._members, make_key(application))
            if until is not None and (decided is None or decided < until):
                raise UnknownPastError
        return self._known(cell, application, situation.calendar)

    def _known(self, cell: Cell | None, application: str | None, calendar: LocalCalendar) -> date | None:
        """Return the date that stands in an application after the events from a cell on, or None."""
        if cell is None:
            return None
        top = cell.top
        if application is None or top.application is None or top.application == application:
            day = self._named_by(top)
            if day is not None:  # as mostly: the latest event has set it
                return day
        standing, _, _, new_round = self._left_by(cell, application)
        if standing is not None and new_round is not None and calendar.end_of(standing) <= new_round:
            return None
        return standing

    def write(self, source: Source) -> None:
        """Write into a function that ``day`` is the date that stands, or None. The past is known there."""
        source.add(f"cell, day = streams[{self._stream}], None")
        with source.when("cell is not None"):
            source.add("placed = cell.top")
            mostly = (
                f"placed.dates and placed.dates[-1][0] == {self.name!a} and placed.application == application"
            )
            with source.when(mostly):  # the latest event has set it
                source.add("day = placed.dates[-1][1]")
            with source.block("else:"):
                source.add(f"day = {source.bind(self._known, 'day')}(cell, application, {source.calendar})")


def _names(kinds: Iterable[EventKind]) -> frozenset[str]:
    return frozenset(kind.name for kind in kinds)
