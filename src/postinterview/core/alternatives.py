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
from typing import Protocol, TypeVar

from attrs import define

from postinterview.core.decide import opens_from
from postinterview.core.engine import Engine
from postinterview.core.moments import later
from postinterview.core.opening_times import closing
from postinterview.core.placing import situate
from postinterview.core.situation import Situation, Snapshot
from postinterview.core.step import after


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


def grouped(engine: Engine, lines: Iterable[LineT]) -> list[list[LineT]]:
    """Return the lines in groups, of each of which the rules allow one. The order stays as it is."""
    groups: list[list[LineT]] = []
    found: list[tuple[list[Act], list[LineT]]] = []
    for line in lines:
        situation, at = line.situation, line.opens_at
        group = [line]
        if at is not None and engine.closes_others_for[situation.kind.name] and situation.place.application:
            act = Act(engine, situation, at.astimezone(UTC))
            for acts, known in found:
                if all(_are_alternatives(act, other) for other in acts):
                    acts.append(act)
                    known.append(line)
                    break
            else:
                found.append(([act], group))
                groups.append(group)
        else:
            groups.append(group)
    return groups


def _are_alternatives(one: Act, other: Act) -> bool:
    mine, theirs = one.situation, other.situation
    return (
        mine.kind is theirs.kind
        and mine.place.person == theirs.place.person
        and mine.place.application != theirs.place.application
        and one.closes(other)
        and other.closes(one)
    )
