"""Decide which refusals hold in every history that the rows allow.

A history leaves things open: events that it does not keep, fields that are empty, days without hours. The
audit calls an act a breach only if the rules refuse it whatever the answer was. For example, with these rows

    2 March, 10:00  interview
    5 March, 10:00  follow_up
    10 March        message
    10 March        follow_up

the second follow-up is a breach if it came before the message, and fine if it answered the message. The rows
do not say which, so it is undecided. If the third row were a follow-up too, the later of the two would be a
breach in either order.

An act where the rules do not judge (a state that is `outside`) is no breach. So an act that is outside in one
order and refused in another is undecided too.

Two tests decide. First, a reason is dropped if something unknown could undo it: an event that may have
happened, or a field that the row leaves open. Second, once a day has events without hours, the history is
replayed in every order that such days can have had (see `replays`), and a reason stays only if it refuses the
act in all of them. With more than `MOST_ORDERS` orders nothing is certain that depends on one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from attrs import define, evolve, field

from postinterview.audit.history.map_model import EventClaim
from postinterview.audit.history.replays import (
    Chain,
    DayReplayer,
    OrderReplay,
    chains_of,
    count_orders,
    record,
)
from postinterview.core.certainty import refuse
from postinterview.core.definitions import Custom, Hours
from postinterview.core.errors import MisuseError
from postinterview.core.guards import UNKNOWN
from postinterview.core.moments import MICROSECOND, LocalCalendar
from postinterview.core.outcome import Outcome
from postinterview.core.process import Process
from postinterview.core.undoing import ReasonKey, UndoRules, key_of
from postinterview.core.verdict import Reason

MOST_ORDERS = 64
"""The most orders of the days without hours that are replayed at once."""
MOST_STEPS = 10_000
"""The most events that are replayed for one employer on days with several orders."""
OUTSIDE: ReasonKey = ("outside", "", "")
"""The key of what refuses an act where the rules do not judge it, whichever state says so."""


@define
class Certainty:
    """Tells which refusals of one employer's acts are certain.

    ``events``: in the order of time. ``unknown``: the events of which it is unknown whether they happened, by
    application; None: in any. ``start``: makes the process before the first event.
    """

    events: tuple[EventClaim, ...]
    unknown: Mapping[str | None, Collection[str]]
    calendar: LocalCalendar
    rules: UndoRules
    start: Callable[[], Process]
    _days: dict[date, list[EventClaim]] = field(factory=dict)
    _pending: deque[date] = field(init=False)
    _replays: list[OrderReplay] = field(factory=list)
    _refusals: dict[int, frozenset[ReasonKey]] = field(factory=dict)
    _numbers: dict[int, int] = field(init=False)
    _first: dict[str, EventClaim] = field(factory=dict)
    _first_meeting_unknown: dict[str, EventClaim] = field(factory=dict)
    _first_without_hours: date | None = field(init=False)
    _crowded: bool = False
    _before_crowd: list[OrderReplay] = field(factory=list)
    _steps: int = 0

    def __attrs_post_init__(self) -> None:
        for claim in self.events:
            self._days.setdefault(self.calendar.day_of(claim.at), []).append(claim)
        self._pending = deque(self._days)
        self._numbers = {id(claim): number for number, claim in enumerate(self.events)}
        for claim in self.events:
            self._first.setdefault(claim.event, claim)
            is_meeting = claim.event in self.rules.round_openers
            if is_meeting and self.rules.leaves_people_open(claim.event, claim.unsaid):
                self._first_meeting_unknown.setdefault(claim.event, claim)
        without = (day for day, claims in self._days.items() if not all(each.clock for each in claims))
        self._first_without_hours = min(without, default=None)

    def certain(self, reasons: Iterable[Reason], claim: EventClaim, *, outside: bool) -> tuple[Reason, ...]:
        """Return the reasons that hold for certain. Ask about acts in the order of time.

        ``outside``: the act is recorded where the rules do not judge it. Then it must be so for certain too.
        """
        reasons = tuple(reasons)
        found = self._certain(reasons, claim, outside=outside)
        return found if refuse(reasons, found.__contains__) else ()

    def _certain(
        self, reasons: tuple[Reason, ...], claim: EventClaim, *, outside: bool
    ) -> tuple[Reason, ...]:
        day = self.calendar.day_of(claim.at)
        ordered = self._first_without_hours is None or day < self._first_without_hours
        found = tuple(each for each in reasons if not self._can_be_undone(each, claim, ordered=ordered))
        if outside and not any(each.id == "state" for each in found):
            return ()
        if not found or ordered:
            return found
        while self._pending and self._pending[0] <= day:
            self._replay(self._pending.popleft())
        refusals = self._refusals[id(claim)]
        if outside:
            return found if OUTSIDE in refusals and not self._crowded else ()
        if self._crowded:
            unordered = not self._can_be_outside(claim)
            found = tuple(each for each in found if unordered and self.rules.is_unordered(each))
        return tuple(each for each in found if key_of(each) in refusals)

    # --- what is unknown --------------------------------------------------------------------------

    def _can_be_undone(self, reason: Reason, claim: EventClaim, *, ordered: bool) -> bool:
        """Return whether something unknown could undo the reason. ``ordered``: every hour so far is known."""
        unknown = self._unknown_for(reason, claim, ordered=ordered)
        guard = self.rules.guard(reason)
        if isinstance(guard, Hours) and not claim.clock and self._has_hours(guard, claim):
            return True
        if isinstance(guard, Custom) and (unknown or not ordered):
            return True
        if self.rules.may_be_excused(reason, claim.event, claim.unsaid):
            return True
        undoing = self.rules.undoing(reason, self._before(claim, self._first, ordered=ordered) | unknown)
        if reason.has == UNKNOWN or undoing & unknown:
            return True
        return bool(undoing) and undoing <= set(claim.unsaid)

    def _before(self, claim: EventClaim, first: dict[str, EventClaim], *, ordered: bool) -> set[str]:
        """Return the events of which the first one may have been before the act."""
        if ordered:
            number = self._numbers[id(claim)]
            return {name for name, each in first.items() if self._numbers[id(each)] < number}
        day = self.calendar.day_of(claim.at)
        return {name for name, each in first.items() if self.calendar.day_of(each.at) <= day}

    def _unknown_for(self, reason: Reason, claim: EventClaim, *, ordered: bool) -> set[str]:
        """Return the events that may have happened where the reason looks.

        A meeting with unknown people may have been one more with any person.
        """
        within = {*self.unknown}
        if claim.application and self.rules.is_own(reason):
            within &= {None, claim.application}
        found = {name for application in within for name in self.unknown[application]}
        if self.rules.is_personal(reason, claim.event):
            found |= self._before(claim, self._first_meeting_unknown, ordered=ordered)
        return found

    def _has_hours(self, guard: Hours, claim: EventClaim) -> bool:
        """Return whether the guard holds at some time on the act's day."""
        day = self.calendar.day_of(claim.at)
        if day.weekday() not in guard.weekdays:
            return False
        return not guard.business_days_only or self.calendar.is_business_day(day)

    # --- orders -----------------------------------------------------------------------------------

    def _replay(self, day: date) -> None:
        """Replay a day, and remember for each act what refuses it in all orders."""
        claims = self._days[day]
        self._replays = self._replays or [OrderReplay(start := self.start(), start)]
        self._crowded = self._crowded or len(self._replays) > MOST_ORDERS
        before = self._replays
        chains = chains_of(claims)
        orders = count_orders(chains)
        size = orders * len(self._replays) * len(claims)
        if orders > MOST_ORDERS or (orders * len(self._replays) > 1 and self._steps + size > MOST_STEPS):
            self._crowded = True
        self._refusals = {}
        starts, ends = self.calendar.start_of(day), self.calendar.end_of(day) - MICROSECOND
        replayer = DayReplayer(starts, ends, self.rules.most_counted, self._refusals_of, self._note)
        if self._crowded:
            self._before_crowd = self._before_crowd or before
            self._replay_crowded(replayer, chains, tuple(claims))
            return
        self._steps += size if orders * len(self._replays) > 1 else 0
        self._replays = [after for before in self._replays for after in replayer.replay(chains, before)]

    def _replay_crowded(self, replayer: DayReplayer, chains: tuple[Chain, ...], claims: Chain) -> None:
        """Go on with one order of many; an act is certain to come after the others of its chain alone."""
        begin = self._replays[0]
        for chain in chains:
            replayer.replay((chain,), begin)
        self._replays = evolve(replayer, note=lambda *_: None).replay((claims,), begin)

    def _refusals_of(self, claim: EventClaim, outcome: Outcome) -> frozenset[ReasonKey]:
        reasons = outcome.verdict.reasons if outcome.verdict is not None else ()
        firm = [each for each in reasons if not self._can_be_undone(each, claim, ordered=False)]
        if outcome.outside:
            return frozenset({OUTSIDE} if any(each.id == "state" for each in firm) else ())
        return frozenset(map(key_of, firm))

    def _can_be_outside(self, claim: EventClaim) -> bool:
        """Return whether the rules might not judge the act, in some order of the crowded days.

        If no event leads to a state outside the rules, an act that is inside before those days stays inside.
        """
        if not self.rules.is_judged_everywhere(claim.event):
            if self.rules.returns_outside:
                return True
            try:
                return any(record(each.early, claim).outside for each in self._before_crowd)
            except MisuseError:
                return True
        return False

    def _note(self, claim: EventClaim, refusals: frozenset[ReasonKey]) -> None:
        self._refusals[id(claim)] = self._refusals.get(id(claim), refusals) & refusals

    # --- what a kept process can't know -----------------------------------------------------------

    def perhaps_used_later(self) -> dict[tuple[str, str | None], date]:
        """Return the acts that may have come after the event that, as recorded, renewed what they use up.

        By event and application, with their day: the kept process counts them as unknown until its end. A day
        without hours leaves the order open, and it matters until a later day renews it again.
        """
        found: dict[tuple[str, str | None], date] = {}
        for using, renewing, own in self.rules.renewals:
            latest: dict[str | None, date] = {}
            for day, claims in self._days.items():
                latest |= {
                    claim.application if own else None: day for claim in claims if claim.event in renewing
                }
            for key, day in latest.items():
                renewed, without_hour = False, False
                for claim in reversed(self._days[day]):
                    if own and claim.application != key:
                        continue
                    if claim.event in using and (without_hour or (renewed and not claim.clock)):
                        place = claim.event, claim.application
                        found[place] = max(day, found.get(place, day))
                    if claim.event in renewing:
                        renewed, without_hour = True, without_hour or not claim.clock
        return found
