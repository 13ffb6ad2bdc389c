"""What stands of a refusal however the unknown turns out: events, fields, and the hours of days without one.

Histories are played beside the one that is recorded: one for each order that the events of days without hours
can have had, and each of them twice. In the one such events come as early as their order lets them, in the
other as late. An act without an hour comes as late as it can in the one, as early in the other. Guards only
gain or lose by time in one direction, so what is refused in all of them is refused. Of events that are alike
in all but their rows it is no matter which came first. Where there are too many orders, nothing is certain
that hangs on one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice, takewhile
from typing import Any
from zoneinfo import ZoneInfo

from attrs import define, field

from postinterview.audit.history.model import EventClaim
from postinterview.audit.history.undo_rules import Key, Ways, key_of
from postinterview.core.definitions import Custom, Hours
from postinterview.core.errors import MisuseError
from postinterview.core.guards import UNKNOWN
from postinterview.core.moments import MICROSECOND, LocalCalendar
from postinterview.core.process import Process
from postinterview.core.verdict import Outcome, Reason

MOST_ORDERS = 64
"""So many orders of the days without hours are played through."""
MOST_STEPS = 20_000
"""So many events are played in all, for one employer."""


def record(process: Process, claim: EventClaim, at: datetime | None = None) -> Outcome:
    """Record what a row claims, at its moment or another one."""
    moment = (claim.at if at is None else at).astimezone(ZoneInfo(claim.zone))
    fields: dict[str, Any] = dict(claim.fields)
    return process.record(claim.event, at=moment, to=claim.to, application=claim.application, **fields)


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
    _played: list[tuple[Process, Process]] = field(factory=list)
    _told: set[str] = field(init=False)
    _strangers: bool = field(init=False)
    _loose_since: date | None = field(init=False)
    _ordered_day: tuple[date, list[tuple[EventClaim, ...]]] | None = None
    _crowded: bool = False
    _steps: int = 0

    def __attrs_post_init__(self) -> None:
        for claim in self.events:
            self._days.setdefault(self.calendar.day_of(claim.at), []).append(claim)
        self._pending = list(self._days)
        self._told = {each.event for each in self.events}
        self._strangers = any(each.unsaid for each in self.events if each.event in self.ways.openers)
        self._loose_since = min(
            (day for day, of in self._days.items() if not all(c.clock for c in of)), default=None
        )

    def firm(self, reasons: Iterable[Reason], claim: EventClaim) -> tuple[Reason, ...]:
        """The reasons that stand. Acts are asked about in the order of time."""
        day = self.calendar.day_of(claim.at)
        loose = self._loose_since is not None and self._loose_since <= day
        firm = tuple(reason for reason in reasons if self._stands(reason, claim, loose))
        if not firm or not loose:
            return firm
        played, befores = self._until(day), self._befores(claim, day)
        if len(played) * len(befores) > MOST_ORDERS:
            self._crowded = True
        if self._crowded:
            firm = tuple(reason for reason in firm if self.ways.is_unordered(reason))
            earlier = takewhile(lambda each: each is not claim, self._days[day])
            surely = tuple(each for each in earlier if _ordered(each, claim))
            played, befores = played[:1], [surely]
        if not firm or not self._can_play(len(played) * sum(len(before) + 1 for before in befores)):
            return ()
        for early, late in played:
            for before in befores:
                found = {*self._refusing(early, late, before, claim, day)}
                firm = tuple(reason for reason in firm if key_of(reason) in found)
                if not firm:
                    return ()
        return firm

    def _open_to(self, reason: Reason, claim: EventClaim) -> set[str]:
        """What may have happened besides: what is unknown, and a round with people who are not known."""
        within = (
            {None, claim.application} if claim.application and self.ways.is_own(reason) else {*self.unknown}
        )
        found = {name for app, of in self.unknown.items() if app in within for name in of}
        if self._strangers:
            found |= self.ways.openers
        return found

    def _stands(self, reason: Reason, claim: EventClaim, loose: bool) -> bool:
        open_here = self._open_to(reason, claim)
        guard = self.ways.guard(reason)
        if isinstance(guard, Hours) and not claim.clock and self._has_hours(guard, claim):
            return False
        if isinstance(guard, Custom) and (loose or open_here):
            return False
        helping = self.ways.helping(reason, {*self._told, *open_here})
        if reason.has == UNKNOWN or helping & open_here:
            return False
        return not (helping and helping <= set(claim.unsaid))

    def _has_hours(self, guard: Hours, claim: EventClaim) -> bool:
        """Whether there is a time on the act's day at which the guard would hold."""
        day = self.calendar.day_of(claim.at)
        if day.weekday() not in guard.weekdays:
            return False
        return not guard.business_days_only or self.calendar.is_business_day(day)

    def spent_perhaps(self) -> dict[tuple[str, str | None], date]:
        """What may have come after that which, as it is recorded, gave it back; and on which day.

        A day without hours leaves that open, and it matters until it is given back on a later day.
        """
        found: dict[tuple[str, str | None], date] = {}
        for of, since, own in self.ways.freeing:
            latest: dict[str | None, date] = {}
            for day, claims in self._days.items():
                latest |= {
                    claim.application if own else None: day for claim in claims if claim.event in since
                }
            for key, day in latest.items():
                freed, loose = False, False
                for claim in reversed(self._days[day]):
                    if own and claim.application != key:
                        continue
                    if claim.event in of and (loose or (freed and not claim.clock)):
                        place = claim.event, claim.application
                        found[place] = max(day, found.get(place, day))
                    if claim.event in since:
                        freed, loose = True, loose or not claim.clock
        return found

    # --- orders -----------------------------------------------------------------------------------

    def _orders(self, day: date) -> list[tuple[EventClaim, ...]]:
        """The orders that the day's events can have had; one more than there may be, where there are more."""
        if self._ordered_day is not None and self._ordered_day[0] == day:
            return self._ordered_day[1]
        found = self._orders_of(self._days[day])
        self._ordered_day = day, found
        return found

    def _orders_of(self, claims: list[EventClaim]) -> list[tuple[EventClaim, ...]]:
        chains: list[list[EventClaim]] = []
        for claim in claims:
            chain = next((chain for chain in chains if _ordered(chain[-1], claim)), None)
            if chain is None:
                chains.append([claim])
            else:
                chain.append(claim)
        if len(chains) > 1 and len(claims) > MOST_ORDERS:
            return [tuple(claims)] * (MOST_ORDERS + 1)
        return list(islice(_merged(tuple(map(tuple, chains))), MOST_ORDERS + 1))

    def _befores(self, claim: EventClaim, day: date) -> list[tuple[EventClaim, ...]]:
        """What of its day can have come before the act, in each order."""
        orders = self._orders(day)
        if len(orders) > MOST_ORDERS:
            return orders
        found: list[tuple[EventClaim, ...]] = []
        for order in orders:
            before = order[: next(place for place, each in enumerate(order) if each is claim)]
            if before not in found:
                found.append(before)
        return found

    def _can_play(self, size: int) -> bool:
        if self._steps + 2 * size > MOST_STEPS:
            return False
        self._steps += 2 * size
        return True

    def _until(self, day: date) -> list[tuple[Process, Process]]:
        """The histories up to the day, each early and late."""
        if not self._played:
            self._played = [(self.start(), self.start())]
        while self._pending and self._pending[0] < day:
            done = self._pending.pop(0)
            orders = self._orders(done)
            many = len(orders) * len(self._played)
            if many > MOST_ORDERS or (many > 1 and not self._can_play(many * len(self._days[done]))):
                self._crowded = True
                orders, self._played = orders[:1], self._played[:1]
            starts, ends = self.calendar.start_of(done), self.calendar.end_of(done) - MICROSECOND
            self._played = [
                (_play(early, _earliest(order, starts)), _play(late, _latest(order, ends)))
                for early, late in self._played
                for order in orders
            ]
        return self._played

    def _refusing(
        self, early: Process, late: Process, before: tuple[EventClaim, ...], claim: EventClaim, day: date
    ) -> set[Key]:
        """What refuses the act after what came before on its day, as late and as early as it can be."""
        starts, ends = self.calendar.start_of(day), self.calendar.end_of(day) - MICROSECOND
        if claim.clock:
            first = last = claim.at
        else:
            first = max((each.at for each in before if each.clock), default=starts)
            after = [each for each in self._days[day] if each.clock and not any(each is b for b in before)]
            last = min((each.at for each in after), default=ends)
        common: set[Key] | None = None
        for process, moments, at in (
            (early, _earliest(before, starts), last),
            (late, _latest(before, first), first),
        ):
            found: set[Key] = set()
            try:
                verdict = record(_play(process, moments), claim, at).verdict
            except MisuseError:
                return found
            if verdict is not None:
                found = {key_of(each) for each in verdict.reasons if self._stands(each, claim, loose=True)}
            common = found if common is None else common & found
        return common or set()


def _ordered(one: EventClaim, other: EventClaim) -> bool:
    """Whether of two events on one day it is known, or no matter, which came first."""
    if one.clock or other.clock:
        return one.clock and other.clock
    return (one.event, one.to, one.application, one.fields, one.unsaid) == (
        other.event,
        other.to,
        other.application,
        other.fields,
        other.unsaid,
    )


def _merged(chains: tuple[tuple[EventClaim, ...], ...]) -> Iterator[tuple[EventClaim, ...]]:
    """Every order of all the events that keeps the order of each chain."""
    if not chains:
        yield ()
    for number, (first, *others) in enumerate(chains):
        rest = (tuple(others),) if others else ()
        for order in _merged((*chains[:number], *rest, *chains[number + 1 :])):
            yield (first, *order)


_Moments = list[tuple[EventClaim, datetime]]


def _earliest(order: Iterable[EventClaim], at: datetime) -> _Moments:
    found: _Moments = []
    for claim in order:
        at = claim.at if claim.clock else at
        found.append((claim, at))
    return found


def _latest(order: tuple[EventClaim, ...], at: datetime) -> _Moments:
    return _earliest(reversed(order), at)[::-1]


def _play(process: Process, moments: _Moments) -> Process:
    for claim, at in moments:
        try:
            process = record(process, claim, at).process
        except MisuseError:  # in this order the core can't take it
            continue
    return process
