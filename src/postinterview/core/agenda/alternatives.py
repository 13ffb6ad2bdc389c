"""Find the acts of which the rules allow one: the same act about several applications.

Two acts are alternatives if doing either of them leaves the other refused, whatever time passes, until
something else happens. The engine is asked: it does the one, and then looks for an opening of the other::

    follow up about a      and then: follow up about b?   refused: one chase until they speak
    follow up about b      and then: follow up about a?   refused
    thank ana for a        and then: thank ana for b?     allowed a day later, so both are wanted;
                                                          but not if it is too late by then
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from attrs import define

from postinterview.core.judging.decide import refusing
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.opening_times import closing, opens_from
from postinterview.core.past.situation import Situation, Snapshot
from postinterview.core.steps.placing import situate
from postinterview.core.steps.step import after
from postinterview.core.values.moments import later


class Line(Protocol):
    """A line of the agenda, and when its act may be done; None if that is never, or if it is done."""

    @property
    def situation(self) -> Situation: ...

    @property
    def opens_at(self) -> datetime | None: ...


LineT = TypeVar("LineT", bound=Line)


@define(eq=False)
class Act:
    """An act in its place, and a moment (UTC) at which it is allowed."""

    engine: Engine
    situation: Situation
    at: datetime

    @cached_property
    def is_shut(self) -> bool:
        """Return whether the same act in any other application closes this one, whenever that is.

        It does if a guard counts both, on each transition of an instance that only this application moves.
        """
        for listener in self.engine.listeners[self.situation.kind.name]:
            *_, leaving = listener.current(self.situation)
            if listener.scope.application and leaving and all(each.shuts_others for each in leaving):
                # Only a custom guard may refuse the act at the moment at which it was to open.
                is_custom = self.situation.kind.name in self.engine.asks_custom
                return not is_custom or refusing(self.engine, self.situation, self.at) is None
        return False

    @cached_property
    def _closing(self) -> datetime:
        return closing(self.engine, self.situation, self.at)

    @cached_property
    def _after(self) -> Snapshot | None:
        return after(self.engine, self.situation, self.at)

    def closes(self, other: Act) -> bool:
        """Return whether the other act is never allowed once this one is done, if nothing else happens."""
        reach = self.engine.closes_others_for[self.situation.kind.name]
        if reach != timedelta.max and other._closing > later(self.at, reach):
            return False  # it only waits
        if self._after is None:
            return False
        kind, (application, _, to) = other.situation.kind, other.situation.place
        calendar, employer = other.situation.calendar, other.situation.employer
        left = situate(self.engine, calendar, self._after, kind, application, to, None, employer)
        return opens_from(self.engine, left, self.at) is None


@define(eq=False)
class _Group(Generic[LineT]):
    """Lines of which the rules allow one. ``are_shut``: each act but the last closes all of the others."""

    acts: list[Act]
    lines: list[LineT]
    applications: set[str | None]
    are_shut: bool

    def takes(self, act: Act) -> bool:
        """Return whether the act is an alternative to each act of the group."""
        if act.situation.place.application in self.applications:
            return False
        # The engine needs not be asked about each pair of a thousand, nor about an act that is alone.
        self.are_shut = self.are_shut and self.acts[-1].is_shut
        if self.are_shut and act.is_shut:
            return True
        return all(act.closes(other) and other.closes(act) for other in self.acts)

    def add(self, act: Act, line: LineT) -> None:
        self.acts.append(act)
        self.lines.append(line)
        self.applications.add(act.situation.place.application)


def grouped(engine: Engine, lines: Iterable[LineT]) -> list[list[LineT]]:
    """Return the lines in groups, of each of which the rules allow one. The order stays as it is."""
    found: list[list[LineT]] = []
    groups: dict[tuple[str, str | None], list[_Group[LineT]]] = {}
    for line in lines:
        situation, at = line.situation, None
        if situation.place.application and engine.closes_others_for[situation.kind.name]:
            at = line.opens_at
        if at is None:
            found.append([line])
            continue
        act = Act(engine, situation, at.astimezone(UTC))
        alike = groups.setdefault((situation.kind.name, situation.place.person), [])
        group = next((each for each in alike if each.takes(act)), None)
        if group is None:
            group = _Group([], [], set(), True)
            alike.append(group)
            found.append(group.lines)
        group.add(act, line)
    return found
