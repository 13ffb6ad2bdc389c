"""When an entry starts: at the first chance to act, and there it stays while nothing about it changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property

from postinterview.core.due import due_rules, resolve
from postinterview.core.events import lies_in
from postinterview.core.moments import FIRST
from postinterview.core.opening_times import chance, closing, instances_of, opening
from postinterview.core.process import Process
from postinterview.core.situation import Situation, Snapshot
from postinterview.core.step import situate, step

A_SECOND = timedelta(seconds=1)


class Past:
    """A process as it stood after each of its events, so that an entry starts where it did then."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._engine = process.rulebook.engine
        self._timeline = process.timeline

    @cached_property
    def _snapshots(self) -> list[Snapshot]:
        now = self._process._snapshot  # noqa: SLF001 - what is unknown now was unknown then
        start = Snapshot(streams=self._engine.start.streams, unknowns=now.unknowns)
        found = [start]
        for placed in self._timeline:
            found.append(step(self._engine, self._process.calendar, found[-1], placed.event).snapshot)
        return found[1:]

    def start(self, situation: Situation, wanted: datetime) -> tuple[datetime, datetime] | None:
        """The first whole second from ``wanted`` on at which the act is or was allowed, and when it closes.

        Where the latest event leaves alone when the act is due and when it may be done, the entry stays where
        it was before, even where that is over. From the latest event on, the act is allowed at its start if
        nothing else happens.
        """
        last = len(self._timeline) - 1
        since = self._timeline[last].at if self._timeline else FIRST
        starts = self._chance(situation, wanted, since)
        if starts is None or last < 0 or starts >= wanted >= since:
            return None if starts is None else (starts, closing(self._engine, situation, starts))
        earlier = [situation]  # the latest first
        while len(earlier) <= last:
            before = self._before(earlier[-1], last - len(earlier))
            if before is None:
                break
            earlier.append(before)
        for number in range(last - len(earlier) + 1, last):
            then = self._chance(earlier[last - number], wanted, self._timeline[number].at)
            if then is not None and then < self._timeline[number + 1].at:
                return then, closing(self._engine, earlier[last - number], then)
        return starts, closing(self._engine, situation, starts)

    def _before(self, situation: Situation, number: int) -> Situation | None:
        """How it stood after event ``number``, before the next; None where that one changed it."""
        event = self._timeline[number + 1]
        application, _, to = situation.place
        calendar, kind = self._process.calendar, situation.kind
        before = situate(self._engine, calendar, self._snapshots[number], kind, application, to, None)
        rules, rules_then = due_rules(self._engine, situation), due_rules(self._engine, before)
        if before.unknown_person or not rules or not rules_then or rules[0][2] != rules_then[0][2]:
            return None
        is_done = event.name == kind.name and lies_in(event, rules[0][2])
        if is_done or resolve(situation, rules) != resolve(before, rules_then):
            return None
        return before if self._stretch(situation, event.at) == self._stretch(before, event.at) else None

    def _stretch(self, situation: Situation, at: datetime) -> tuple[datetime, datetime] | None:
        opens = opening(instances_of(self._engine, situation), situation, at)
        return None if opens is None else (opens, closing(self._engine, situation, opens))

    def _chance(self, situation: Situation, wanted: datetime, since: datetime) -> datetime | None:
        """The chance to act as a whole second, since calendars know no parts of one: not before it opens."""
        found = chance(self._engine, situation, wanted, since)
        while found is not None:
            whole = found.replace(microsecond=0)
            whole += A_SECOND if whole < found else timedelta(0)
            if closing(self._engine, situation, whole) > whole:
                return whole
            found = chance(self._engine, situation, whole, since)  # it closes within that second
            if found is not None and found < whole:
                return None
        return None
