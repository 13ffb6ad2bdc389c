"""Fold a history: a step for each event, in the order in which they happened.

If some events are undated, the history may have been one of several pasts (see `pasts`). Each of them is
folded, and the snapshot of the past as it is recorded holds those of the others. From then on, each step is a
step in all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import accumulate
from typing import NamedTuple

from attrs import evolve

from postinterview.core.decide import decide, opens_from, permission
from postinterview.core.engine import Engine
from postinterview.core.event_order import in_order, standing
from postinterview.core.events import Entry, Event
from postinterview.core.gaps import gaps_of
from postinterview.core.moments import LocalCalendar
from postinterview.core.pasts import Past, possible_pasts
from postinterview.core.placing import THE_EMPLOYER
from postinterview.core.refusal import refusal
from postinterview.core.situation import Situation, Snapshot
from postinterview.core.step import act, fact, placed_in, step
from postinterview.core.step_parts import Step
from postinterview.core.undoing import ReasonKey, key_of
from postinterview.core.verdict import Reason, Verdict, in_doubt


def fold(
    engine: Engine, calendar: LocalCalendar, history: Iterable[Entry], before: int | None = None
) -> Snapshot:
    """Return the snapshot of a whole history, from its first entry; or ``before`` the event of an entry."""
    snapshot, events = begin(engine, history)
    if before is not None:
        events = events[: [each.number for each in events].index(before)]
    for made in steps_from(engine, calendar, snapshot, events):
        snapshot = made.snapshot
    return snapshot


def begin(engine: Engine, history: Iterable[Entry]) -> tuple[Snapshot, Past]:
    """Return the snapshot in which nothing has happened, and the events of a history in their order.

    What is unknown of the history is unknown from the beginning.
    """
    entries = tuple(history)
    unknowns = gaps_of(standing(entries), engine.roundless)
    return Snapshot(streams=engine.start.streams, unknowns=unknowns), tuple(in_order(entries))


def steps(
    engine: Engine, calendar: LocalCalendar, folded: Snapshot, zone: tzinfo | None = UTC
) -> Iterator[Step]:
    """Yield the steps that led to a snapshot, in order; what is unknown at its end is unknown in each."""
    start = Snapshot(streams=engine.start.streams, unknowns=folded.unknowns)
    return steps_from(engine, calendar, start, tuple(placed.event for placed in folded.timeline), zone)


def steps_from(
    engine: Engine,
    calendar: LocalCalendar,
    start: Snapshot,
    events: Past,
    zone: tzinfo | None = UTC,
    employer: str = THE_EMPLOYER,
) -> Iterator[Step]:
    """Yield the steps of events in order, each judged in all the pasts that they may have had.

    ``employer``: what the verdicts call the employer.
    """
    if any(event.undated for event in events):
        yield from _in_all_pasts(engine, calendar, start, events, zone, employer)
        return
    snapshot = start
    for event in events:
        made = step(engine, calendar, snapshot, event, zone, employer)
        snapshot = made.snapshot
        yield made


def _in_all_pasts(
    engine: Engine,
    calendar: LocalCalendar,
    start: Snapshot,
    events: Past,
    zone: tzinfo | None,
    employer: str,
) -> Iterator[Step]:
    """Yield the steps of the events, the undated ones at their latest moment, each judged in all pasts."""
    pasts, are_all = possible_pasts(events)
    shared = _Shared(engine, calendar, employer, {event.number: event.at for event in events}, {}, {})
    runs = [_Run(shared, start, past) for past in pasts]
    opened = {past: None for run in runs for past in run.openings()}
    runs += [_Run(shared, start, past) for past in opened]
    has_days = any(event.since is not None for event in events)
    all_runs = [_Run(shared, start, events), *runs] if has_days else runs
    snapshot = start
    for event in events:
        others = [run.made[event.number] for run in runs]
        if not event.undated:
            snapshot = evolve(snapshot, others=tuple(run.before[event.number] for run in runs))
        situation = placed_in(engine, calendar, snapshot, event, employer)
        if not situation.kind.is_act:
            made = fact(engine, situation, event, others)
        else:
            verdict, choices = decide(engine, situation, event.at, zone)
            firm: Collection[Reason] | None = None
            if event.since is not None:
                verdict, firm = _on_its_day(engine, situation, verdict, all_runs, event)
            elif event.undated:
                verdict = _at_some_time(verdict, others)
            if not are_all:
                known = verdict.reasons if firm is None else firm
                firm = [reason for reason in known if engine.undo_rules.is_unordered(reason)]
            made = act(engine, situation, event, verdict, choices, others, firm)
        ends = tuple(run.end for run in runs) if event is events[-1] else ()
        snapshot = evolve(made.snapshot, others=())
        yield evolve(made, snapshot=evolve(snapshot, others=ends))


class _Shared(NamedTuple):
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
    hours: dict[tuple[object, ...], _Hours]

    def step(self, snapshot: Snapshot, event: Event) -> Step:
        """Return the step of an event after a snapshot, taken once."""
        place = id(snapshot), event.number, event.at  # `taken` keeps each snapshot, so no other has its id
        made = self.taken.get(place)
        if made is None:
            made = self.taken[place] = step(self.engine, self.calendar, snapshot, event, UTC, self.employer)
        return made


class _Run:
    """One past, folded.

    Attributes:
        order: the numbers of its events.
        before: the snapshots before its events, by their numbers.
        made: their steps.
        end: the snapshot after all of them.
    """

    def __init__(self, shared: _Shared, start: Snapshot, past: Past) -> None:
        self._shared, self._past = shared, past
        self.order = tuple(event.number for event in past)
        self.before: dict[int, Snapshot] = {}
        self.made: dict[int, Step] = {}
        self.end = start
        for event in past:
            self.before[event.number] = self.end
            made = self.made[event.number] = shared.step(self.end, event)
            self.end = made.snapshot
        self._soonest = list(accumulate((event.earliest for event in past), max))
        last = [shared.latest[event.number] if event.since is not None else event.at for event in past]
        self._last = list(accumulate(reversed(last), min))[::-1]

    def openings(self) -> Iterator[Past]:
        """Yield this past with an open act at the first moment of its place that allows it."""
        for place, event in enumerate(self._past):
            verdict = self.made[event.number].verdict
            if not event.is_open or verdict is None or verdict.allowed:
                continue
            ends = min([self._shared.latest[event.number], *self._last[place + 1 : place + 2]])
            opens = self._opens(self.before[event.number], event, event.at)
            if opens is not None and opens <= ends:
                later = (evolve(each, at=max(each.at, opens)) for each in self._past[place + 1 :])
                yield (*self._past[:place], evolve(event, at=opens), *later)

    def hours_of(self, event: Event) -> _Hours:
        """Return how an act of a day stands at the hours that this order allows.

        The others are as early or as late as they can be. If they are late, those of the same day come before
        the act's first hour all the same, so it is tried as early as it can be, too.
        """
        place = self.order.index(event.number)
        first, last = self._soonest[place], self._last[place]
        soon, late = self._known_by(place, first), self.before[event.number]
        at = self._past[place].at
        asked = id(soon), id(late), event.number, first, at, last
        found = self._shared.hours.get(asked)
        if found is None:
            found = self._shared.hours[asked] = self._find_hours(soon, late, event, (first, at, last))
        return found

    def _find_hours(
        self, soon: Snapshot, late: Snapshot, event: Event, moments: tuple[datetime, datetime, datetime]
    ) -> _Hours:
        first, at, last = moments
        for snapshot, since in ((soon, first), (late, at)):
            opens = self._opens(snapshot, event, since)
            if opens is not None and opens <= last:
                return _Hours(is_open=True)
        begins = self._refusal(soon, event, first)
        holding = [each for each in begins if each.opens_at is None or each.opens_at > last]
        ends = self._refusal(late, event, last)
        return _Hours(is_open=False, firm=frozenset(map(key_of, holding)) & frozenset(map(key_of, ends)))

    def _known_by(self, place: int, moment: datetime) -> Snapshot:
        """Return the snapshot before an event if all before it had happened by a moment."""
        begin = place
        while begin and self._past[begin - 1].at > moment:
            begin -= 1
        snapshot = self.before[self.order[begin]]
        for event in self._past[begin:place]:
            snapshot = self._shared.step(snapshot, evolve(event, at=moment)).snapshot
        return snapshot

    def _opens(self, snapshot: Snapshot, event: Event, at: datetime) -> datetime | None:
        return opens_from(self._shared.engine, self._placed(snapshot, event, at), at)

    def _refusal(self, snapshot: Snapshot, event: Event, at: datetime) -> tuple[Reason, ...]:
        return refusal(self._shared.engine, self._placed(snapshot, event, at), at, UTC).reasons

    def _placed(self, snapshot: Snapshot, event: Event, at: datetime) -> Situation:
        engine, calendar, employer, *_ = self._shared
        return placed_in(engine, calendar, snapshot, evolve(event, at=at), employer)


class _Hours(NamedTuple):
    """Says whether an act of a day is allowed at some hour; if not, ``firm`` is what refuses it at all."""

    is_open: bool
    firm: frozenset[ReasonKey] = frozenset()


def _on_its_day(
    engine: Engine, situation: Situation, verdict: Verdict, runs: Sequence[_Run], event: Event
) -> tuple[Verdict, Collection[Reason]]:
    """Return the verdict on an act of which only the day is known, and the reasons that hold in any case.

    What nobody knows of the act itself is taken in its favour: it is allowed if it is at some hour, as for
    `may_on`, in the order in which the events of the day were recorded. If only another order allows it, it
    is in doubt. ``runs``: the recorded past first. ``verdict``: at the end of the day.
    """
    found = [(run, run.hours_of(event)) for run in runs]
    is_open: dict[tuple[int, ...], bool] = {}
    for run, hours in found:
        is_open[run.order] = is_open.get(run.order, False) or hours.is_open
    if is_open[runs[0].order]:
        return permission(engine, situation, event.at, verdict.at.tzinfo), ()
    if not any(is_open.values()):
        firm = [each for each in verdict.reasons if all(key_of(each) in hours.firm for _, hours in found)]
        return verdict, firm
    return in_doubt(verdict), ()


def _at_some_time(verdict: Verdict, others: Sequence[Step]) -> Verdict:
    """Return the verdict on an act of which nobody knows the day; ``others``: at its other moments."""
    verdicts = [verdict, *(other.verdict for other in others if other.verdict is not None)]
    refused = [each for each in verdicts if not each.allowed]
    if refused and len(refused) < len(verdicts):
        return in_doubt(refused[0], verdict.at)
    return verdict
