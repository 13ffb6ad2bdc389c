"""Fold a history: a step for each event, in the order in which they happened.

If some events are undated, the history may have been one of several pasts (see `pasts`). Each of them is
folded, and the snapshot of the past as it is recorded holds those of the others. From then on, each step is a
step in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo

from attrs import evolve

from postinterview.core.decide import decide, opens_from
from postinterview.core.engine import Engine
from postinterview.core.events import Entry, Event, in_order, standing
from postinterview.core.gaps import gaps_of
from postinterview.core.moments import LocalCalendar
from postinterview.core.pasts import Past, other_pasts
from postinterview.core.placing import THE_EMPLOYER
from postinterview.core.situation import Snapshot
from postinterview.core.step import Step, act, fact, placed_in, step
from postinterview.core.verdict import in_doubt


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
    """Yield the steps of the events, the undated ones at their latest moment."""
    taken: dict[tuple[int, int, datetime], Step] = {}
    runs = [_Run(engine, calendar, start, past, employer, taken) for past in other_pasts(events)]
    opened = {past: None for run in runs for past in run.openings(events)}
    runs += [_Run(engine, calendar, start, past, employer, taken) for past in opened]
    snapshot = start
    for event in events:
        others = [run.made[event.number] for run in runs]
        if event.undated:
            made = _at_some_time(engine, calendar, snapshot, event, zone, others, employer)
        else:
            before = tuple(run.before[event.number] for run in runs)
            made = step(engine, calendar, evolve(snapshot, others=before), event, zone, employer, others)
        ends = tuple(run.end for run in runs) if event is events[-1] else ()
        snapshot = evolve(made.snapshot, others=())
        yield evolve(made, snapshot=evolve(snapshot, others=ends))


class _Run:
    """One past, folded.

    Attributes:
        before: the snapshots before its events, by their numbers.
        made: their steps.
        end: the snapshot after all of them.
    """

    def __init__(
        self,
        engine: Engine,
        calendar: LocalCalendar,
        start: Snapshot,
        past: Past,
        employer: str,
        taken: dict[tuple[int, int, datetime], Step],
    ) -> None:
        """Fold the past. ``taken``: the steps of other pasts, since many begin in the same way."""
        self._engine, self._calendar, self._past, self._employer = engine, calendar, past, employer
        self.before: dict[int, Snapshot] = {}
        self.made: dict[int, Step] = {}
        self.end = start
        for event in past:
            self.before[event.number] = self.end
            place = id(self.end), event.number, event.at  # `taken` keeps the snapshot, so no other has its id
            made = taken.get(place)
            if made is None:
                made = taken[place] = step(engine, calendar, self.end, event, UTC, employer)
            self.made[event.number] = made
            self.end = made.snapshot

    def openings(self, recorded: Past) -> Iterator[Past]:
        """Yield this past with an undated act at the first moment of its place that allows it."""
        latest = {event.number: event.at for event in recorded}
        for place, event in enumerate(self._past):
            verdict = self.made[event.number].verdict
            if not event.undated or verdict is None or verdict.allowed:
                continue
            following = [each.at for each in self._past[place + 1 :]]
            ends = min([latest[event.number], *following])
            before = self.before[event.number]
            situation = placed_in(self._engine, self._calendar, before, event, self._employer)
            opens = opens_from(self._engine, situation, event.at)
            if opens is not None and opens <= ends:
                yield (*self._past[:place], evolve(event, at=opens), *self._past[place + 1 :])


def _at_some_time(
    engine: Engine,
    calendar: LocalCalendar,
    snapshot: Snapshot,
    event: Event,
    zone: tzinfo | None,
    others: Sequence[Step],
    employer: str,
) -> Step:
    """Let an undated event happen at its latest moment; ``others``: its steps at the other moments."""
    situation = placed_in(engine, calendar, snapshot, event, employer)
    if not situation.kind.is_act:
        return fact(engine, situation, event, others)
    verdict, choices = decide(engine, situation, event.at, zone)
    verdicts = [verdict, *(other.verdict for other in others if other.verdict is not None)]
    refused = [each for each in verdicts if not each.allowed]
    if refused and len(refused) < len(verdicts):
        verdict = in_doubt(evolve(refused[0], at=verdict.at))
    return act(engine, situation, event, verdict, choices, others)
