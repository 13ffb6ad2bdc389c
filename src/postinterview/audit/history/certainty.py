"""What stands of a refusal however the unknown turns out: events, fields, and the hours of days without one.

Two histories are played beside the one that is recorded. In both the events of earlier days that have no hour
lie at an end of their day, in the one at its beginning, in the other at its end and in the opposite order. An
act without an hour comes as late as it can in the one, as early in the other. Of its own day only what surely
came before it is there. Guards only gain or lose by time in one direction, so what both refuse is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from attrs import define, field

from postinterview.audit.history.model import EventClaim
from postinterview.core.definitions import Definition, InState
from postinterview.core.guards import UNKNOWN
from postinterview.core.moments import MICROSECOND, LocalCalendar
from postinterview.core.process import Process
from postinterview.core.verdict import Outcome, Reason

_Key = tuple[str, str, str]


def record(process: Process, claim: EventClaim, at: datetime | None = None) -> Outcome:
    """Record what a row claims, at its moment or another one."""
    moment = (claim.at if at is None else at).astimezone(ZoneInfo(claim.zone))
    fields: dict[str, Any] = dict(claim.fields)
    return process.record(claim.event, at=moment, to=claim.to, application=claim.application, **fields)


@define
class Ways:
    """What may lead a machine elsewhere. ``openers``: the events that open rounds."""

    definition: Definition
    openers: frozenset[str] = field(init=False)
    _asked: dict[_Key, str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        kinds, machines = self.definition.events, self.definition.machines
        self.openers = frozenset(name for name, kind in kinds.items() if kind.opens_round)
        self._asked = {
            (guard.id, name, each.id): guard.machine
            for name, machine in machines.items()
            for each in machine.transitions
            for guard in each.guards
            if isinstance(guard, InState)
        }

    def helping(self, reason: Reason, told: set[str]) -> set[str]:
        """What might do away with the reason; of a state, whatever of ``told`` may move its machine."""
        machine = self.machine_of(reason)
        return {*reason.opens_after, *(self._movers(machine, told) if machine else ())}

    def machine_of(self, reason: Reason) -> str:
        """The machine that stands elsewhere, where that is the reason; else nothing."""
        return reason.machine if reason.id == "state" else self._asked.get(_key(reason), "")

    def _movers(self, machine: str, told: set[str]) -> set[str]:
        """Those of the events that can move the machine, wherever such events may lead it."""
        kind = self.definition.machines[machine]
        reached, found = {kind.start}, set[str]()
        moving = [each for each in kind.transitions if each.event in told and each.target is not None]
        while True:
            open_ = [t for t in moving if t.breach_from_any or not reached.isdisjoint(t.sources)]
            leads = {each.target for each in open_ if each.target is not None}
            found |= {each.event for each in open_}
            if leads <= reached:
                return found
            reached |= leads


@define
class Certainty:
    """Looks at the events of one employer in order. ``unknown``: the events that are, by application."""

    events: tuple[EventClaim, ...]
    unknown: dict[str | None, dict[str, None]]
    calendar: LocalCalendar
    ways: Ways
    start: Callable[[], Process]
    _days: dict[date, list[EventClaim]] = field(factory=dict)
    _pending: list[date] = field(init=False)
    _mixed: set[str] = field(factory=set)
    _played: tuple[Process, Process] | None = None

    def __attrs_post_init__(self) -> None:
        for claim in self.events:
            self._days.setdefault(self.calendar.day_of(claim.at), []).append(claim)
        self._pending = list(self._days)
        for day in self._days.values():
            self._mixed |= {claim.event for claim in day if len(day) > 1 and not claim.clock}

    def firm(self, reasons: Iterable[Reason], claim: EventClaim) -> tuple[Reason, ...]:
        """The reasons that stand. Acts are asked about in the order of time."""
        day = self.calendar.day_of(claim.at)
        beside = [
            other for other in self._days[day] if other is not claim and not (other.clock and claim.clock)
        ]
        open_here = self._open_to(claim) | {other.event for other in beside}
        firm = tuple(reason for reason in reasons if self._stands(reason, claim, open_here))
        if not firm or not any(not other.clock for d in self._days if d <= day for other in self._days[d]):
            return firm
        common: set[_Key] | None = None
        for process, at in zip(self._until(day), self._ends(claim, day), strict=True):
            before = [other for other in self._days[day] if other.clock and claim.clock]
            here = process
            for other in before[: before.index(claim) if claim in before else 0]:
                here = record(here, other).process
            verdict = record(here, claim, at).verdict
            found = verdict.reasons if verdict is not None else ()
            keys = {_key(each) for each in found if self._stands(each, claim, open_here)}
            common = keys if common is None else common & keys
        return tuple(reason for reason in firm if _key(reason) in (common or ()))

    def _open_to(self, claim: EventClaim) -> set[str]:
        """What may have happened besides: what is unknown, and a round with people who are not known."""
        found = {name for app, of in self.unknown.items() if app in (None, claim.application) for name in of}
        if any(each.unsaid for each in self.events if each.event in self.ways.openers):
            found |= self.ways.openers
        return found

    def _stands(self, reason: Reason, claim: EventClaim, open_here: set[str]) -> bool:
        told = {each.event for each in self.events} | open_here
        helping = self.ways.helping(reason, told)
        if reason.has == UNKNOWN or helping & open_here:
            return False
        if self.ways.machine_of(reason) and helping & self._mixed:
            return False  # a state hangs on the order of events, not only on how early or late they were
        return not (helping and helping <= set(claim.unsaid))

    def _ends(self, claim: EventClaim, day: date) -> tuple[datetime, datetime]:
        """When the act was at the latest, and at the earliest."""
        if claim.clock:
            return claim.at, claim.at
        return self.calendar.end_of(day) - MICROSECOND, self.calendar.start_of(day)

    def _until(self, day: date) -> tuple[Process, Process]:
        """The two histories up to the day."""
        early, late = self._played or (self.start(), self.start())
        while self._pending and self._pending[0] < day:
            done = self._pending.pop(0)
            clocked = [claim for claim in self._days[done] if claim.clock]
            loose = [claim for claim in self._days[done] if not claim.clock]
            for claim in loose:
                early = record(early, claim, self.calendar.start_of(done)).process
            for claim in clocked:
                early, late = record(early, claim).process, record(late, claim).process
            for claim in reversed(loose):
                late = record(late, claim, self.calendar.end_of(done) - MICROSECOND).process
        self._played = early, late
        return early, late


def _key(reason: Reason) -> _Key:
    return reason.id, reason.machine, reason.transition
