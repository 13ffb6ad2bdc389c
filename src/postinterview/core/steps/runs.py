"""Fold the pasts that one history may have had, and find the hours that each leaves to an act of a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from attrs import define, evolve

from postinterview.core.answers.verdict import Reason
from postinterview.core.judging.certainty import holds, is_all_known
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.opening_times import opening, opens_from
from postinterview.core.judging.refusal import refusal
from postinterview.core.judging.undoing import ReasonKey, key_of
from postinterview.core.past.events import Event
from postinterview.core.past.pasts import Past, are_twins
from postinterview.core.past.situation import Situation, Snapshot
from postinterview.core.steps.step import placed_in, step
from postinterview.core.steps.step_parts import Step
from postinterview.core.values.moments import LocalCalendar


class Shared(NamedTuple):
    """The things that the pasts of one history share.

    Attributes:
        employer: what the verdicts call the employer.
        latest: the latest moments of the events, by their numbers.
        taken: the steps of all pasts, since many begin in the same way.
        hours: how acts of a day stand, by all that it depends on.
    """

    engine: Engine
    calendar: LocalCalendar
    employer: str
    latest: Mapping[int, datetime]
    taken: dict[tuple[int, int, datetime], Step]
    hours: dict[tuple[object, ...], Hours]

    def step(self, snapshot: Snapshot, event: Event) -> Step:
        """Return the step of an event after a snapshot, taken once."""
        place = id(snapshot), event.number, event.at  # `taken` keeps each snapshot, so no other has its id
        made = self.taken.get(place)
        if made is None:
            told = self.engine, self.calendar, snapshot, event, UTC, self.employer
            made = self.taken[place] = step(*told, is_other=True)
        return made

    def opens(self, snapshot: Snapshot, event: Event, at: datetime) -> datetime | None:
        """Return the first moment from ``at`` on at which an act is allowed after a snapshot."""
        return opens_from(self.engine, self._placed(snapshot, event, at), at)

    def refusal(self, snapshot: Snapshot, event: Event, at: datetime) -> tuple[Reason, ...]:
        """Return what refuses an act at a moment after a snapshot, whatever is unknown there."""
        situation = self._placed(snapshot, event, at)
        reasons = refusal(self.engine, situation, at, UTC).reasons
        if is_all_known(self.engine, situation):
            return reasons
        return tuple(reason for reason in reasons if holds(self.engine, situation, reason))

    def _placed(self, snapshot: Snapshot, event: Event, at: datetime) -> Situation:
        return placed_in(self.engine, self.calendar, snapshot, evolve(event, at=at), self.employer)


class Run:
    """One past, folded.

    Of equal events in a row only as many are folded as guards can count (`UndoRules.most_counted`). The rest
    stand for no more: each has the step of the last that was folded.

    Attributes:
        order: the numbers of its events.
        of_days: its events, but for those without a day.
        order_of_days: the numbers of these.
        before: the snapshots before its events, by their numbers.
        made: their steps.
        end: the snapshot after all of them.
    """

    def __init__(self, shared: Shared, start: Snapshot, past: Past) -> None:
        self._shared, self._past = shared, past
        self.order = tuple(event.number for event in past)
        self.before: dict[int, Snapshot] = {}
        self.made: dict[int, Step] = {}
        self.end = start
        self.of_days = tuple(event for event in past if not event.is_open)
        self.order_of_days = tuple(event.number for event in self.of_days)
        self._place = {number: place for place, number in enumerate(self.order)}
        self._hours: dict[int, Hours] = {}
        self._stands_for: dict[int, int] = {}  # by the events that are not folded, the event that is
        most, alike = shared.engine.undo_rules.most_counted, 0
        twin: Event | None = None
        for event in past:
            if twin is None or event.at != twin.at or not are_twins(event, twin):
                alike = 0
            elif most is not None and alike > most:
                self._stands_for[event.number] = twin.number
                self.before[event.number] = self.before[twin.number]
                self.made[event.number] = self.made[twin.number]
                continue
            twin = event
            self.before[event.number] = self.end
            made = self.made[event.number] = shared.step(self.end, event)
            self.end = made.snapshot
            alike = 0 if made.moves else alike + 1
        self._soonest = list(accumulate((event.earliest for event in past), max))
        last = [shared.latest[event.number] if event.since is not None else event.at for event in past]
        self._last = list(accumulate(reversed(last), min))[::-1]
        latest = [shared.latest[event.number] for event in past]
        self._ends = list(accumulate(reversed(latest), min))[::-1]

    def openings(self) -> Iterator[Past]:
        """Yield this past with an open act at the first moment of its place that allows it."""
        for place, event in enumerate(self._past):
            verdict = self.made[event.number].verdict
            if not event.is_open or verdict is None or verdict.allowed:
                continue
            ends = min([self._shared.latest[event.number], *self._last[place + 1 : place + 2]])
            opens = self._shared.opens(self.before[event.number], event, event.at)
            if opens is not None and opens <= ends:
                later = (evolve(each, at=max(each.at, opens)) for each in self._past[place + 1 :])
                yield (*self._past[:place], evolve(event, at=opens), *later)

    def hours_of(self, event: Event) -> Hours:
        """Return how an act of a day stands at the hours that this order allows.

        The others are as early or as late as they can be. If they are late, those of the same day come before
        the act's first hour all the same, so it is tried as early as it can be, too.
        """
        number = self._stands_for.get(event.number, event.number)
        found = self._hours.get(number)
        if found is not None:
            return found
        place = self._place[number]
        first, last = self._soonest[place], self._last[place]
        soon, late = self._known_by(place, first), self.before[number]
        at = self._past[place].at
        end = self._ends[place]
        asked = id(soon), id(late), number, first, at, last, end
        found = self._shared.hours.get(asked)
        if found is None:
            found = self._shared.hours[asked] = Hours(self._shared, soon, late, event, first, at, last, end)
        self._hours[number] = found
        return found

    def _known_by(self, place: int, moment: datetime) -> Snapshot:
        """Return the snapshot before an event if all before it had happened by a moment."""
        begin = place
        while begin and self._past[begin - 1].at > moment:
            begin -= 1
        snapshot = self.before[self.order[begin]]
        for event in self._past[begin:place]:
            if event.number in self._stands_for:
                continue
            snapshot = self._shared.step(snapshot, evolve(event, at=moment)).snapshot
        return snapshot


@define(eq=False)
class Hours:
    """The hours that one order of a day leaves an act of which only the day is known.

    Attributes:
        soon: the snapshot before it if all before it came as early as they can have.
        late: the snapshot before it if they came as late.
        first: its first hour.
        at: the hour at which it came in the past.
        last: its last hour.
        end: its last hour if what comes behind it and has no day comes as late as it can have.
    """

    _shared: Shared
    soon: Snapshot
    late: Snapshot
    event: Event
    first: datetime
    at: datetime
    last: datetime
    end: datetime

    @cached_property
    def is_open(self) -> bool:
        """Return whether the act is allowed at one of them."""
        opens = self.opening(self.first)
        return opens is not None and opens <= self.last

    def opening(self, at: datetime) -> datetime | None:
        """Return the first moment from ``at`` on at which the act is allowed, also behind the last hour."""
        ways = ((self.soon, max(at, self.first)), (self.late, max(at, self.at)))
        found = (self._shared.opens(snapshot, self.event, since) for snapshot, since in ways)
        return min((opens for opens in found if opens is not None), default=None)

    @cached_property
    def firm(self) -> frozenset[ReasonKey]:
        """The keys of the reasons that refuse it at all of them, if it is not allowed at any."""
        begins = self._shared.refusal(self.soon, self.event, self.first)
        holding = [each for each in begins if each.opens_at is None or each.opens_at > self.last]
        ends = self._shared.refusal(self.late, self.event, self.last)
        return frozenset(map(key_of, holding)) & frozenset(map(key_of, ends))


def have_an_hour(hours: Sequence[Hours]) -> bool:
    """Return whether one hour is allowed in all of some pasts."""
    opens = opening(hours, max(each.first for each in hours))
    return opens is not None and all(opens <= each.end for each in hours)
