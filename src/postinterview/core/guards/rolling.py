"""Kernel of a rolling window: how many of these events in the last so many days."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from itertools import takewhile

from postinterview.core.answers.verdict import UNKNOWN
from postinterview.core.guards.check import Surroundings, Window, say_in_zone
from postinterview.core.guards.count import CountCheck, where_counted
from postinterview.core.guards.source import Source
from postinterview.core.past.cells import Cell
from postinterview.core.past.event_index import events_since, in_scope
from postinterview.core.past.events import say_on, say_when
from postinterview.core.past.placed import Placed
from postinterview.core.past.places import Key
from postinterview.core.past.situation import Situation
from postinterview.core.rules.definitions import AtMost, EventKind, Scope
from postinterview.core.rules.rule_text import none_of, noun, nouns, so_many
from postinterview.core.values.formatting import say_duration
from postinterview.core.values.moments import BEGINNING, FOREVER, later


class RollingCountCheck(CountCheck):
    """Kernel: fewer than a limit in the last ``within``. Time alone opens it.

    An event counts until so long after it, and no longer at that moment. Only the latest ``limit`` events
    matter: the guard opens when the first of these leaves the window. Two at most in 14 days::

        events on the 1st, 3rd and 9th      opens on the 17th, 14 days after the 3rd
    """

    def __init__(
        self, guard: AtMost, within: timedelta, scope: Scope, kind: EventKind, around: Surroundings
    ) -> None:
        super().__init__(guard, scope, kind, around)
        self._within = within
        self.shuts_others = False  # it does so for a time

    def window(self, situation: Situation, at: datetime) -> Window | None:
        return (self._opening(situation), FOREVER)

    def write(self, source: Source) -> None:
        stream, opening = self._stream, source.bind(self._known_opening, "opening")
        source.add(f"cell = streams[{stream}]")
        with source.when(f"cell is not None{source.and_since('cell.top.at', self._within)}"):
            source.holds_from(f"{opening}(cell, {source.key(self._scope)})")

    def _opening(self, situation: Situation) -> datetime:
        """Return the moment from which on fewer than the limit count, if nothing else happens.

        Whatever lies in an unknown past, a window's length after it the guard holds.
        """
        key = self._key(situation.place)
        opens = self._known_opening(situation.snapshot.streams[self._stream], key)
        until = None
        if situation.snapshot.unknowns:
            until = situation.unknown_until(self.guard.of.members, key)
        return opens if until is None else max(opens, later(until, self._within))

    def _known_opening(self, cell: Cell | None, key: Key) -> datetime:
        """Return the same of the events that are recorded, from a cell on."""
        found = events_since(cell, self._stream, key, None, self._limit)
        return later(found[-1].at, self._within) if len(found) == self._limit else BEGINNING

    def counted(self, situation: Situation, at: datetime) -> list[Placed]:
        stream = self._stream
        found = in_scope(situation.snapshot.streams[stream], stream, self._key(situation.place))
        return list(takewhile(lambda placed: at - placed.at < self._within, found))

    def explain(self, situation: Situation, at: datetime, zone: tzinfo | None) -> tuple[str, str]:
        found, opens = self.counted(situation, at), self._opening(situation)
        counted, where = nouns(self.guard.of, self._events), where_counted(self._scope, situation.place)
        time = say_duration(self._within)
        needs = f"{self._less_often(counted)}{where} in {time}"
        if opens > at:
            needs += f", so {say_in_zone(opens, zone, situation)} or later"
            if len(found) < self._limit:
                return UNKNOWN, needs
        where += f" in the last {time}"
        if not found:
            return f"{none_of(counted)}{where}", needs
        latest, number = found[0], len(found)
        on = say_on(latest.event, zone)
        if number == 1:
            named = noun(self._events[latest.name])
            return f"1 {counted}{where}{', ' if named == counted else f': {named} '}{on}", needs
        if 1 < self._limit <= number:
            first = say_when(found[self._limit - 1].event, zone)
            on = (
                f"oldest of them on {first}"
                if number == self._limit
                else f"latest {self._limit} since {first}"
            )
        else:
            on = f"latest {on}"
        return f"{so_many(self.guard.of, self._events, str(number))}{where}, the {on}", needs
