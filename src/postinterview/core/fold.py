"""Fold a history: a step for each event, in the order in which they happened.

If some events are undated, the history may have been one of several pasts (see `pasts`). Each of them is
folded, and the snapshot of the past as it is recorded holds those of the others. From then on, each step is a
step in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, tzinfo

from attrs import evolve

from postinterview.core.decide import decide, opens_from
from postinterview.core.engine import Engine
from postinterview.core.events import Entry, Event, in_order, standing
from postinterview.core.gaps import gaps_of
from postinterview.core.moments import LocalCalendar
from postinterview.core.pasts import Past, other_pasts
from postinterview.core.situation import Snapshot
from postinterview.core.step import Step, act, fact, placed_in, step
from postinterview.core.verdict import in_doubt


def fold(
    engine: Engine, calendar: LocalCalendar, history: Iterable[Entry], before: int | None = None
) -> Snapshot:
    """Return the snapshot of a whole history, from its first entry; or ``before`` the event of an entry."""
    history = tuple(history)
    entries = standing(history)
    snapshot = Snapshot(streams=engine.start.streams, unknowns=gaps_of(entries, engine.roundless))
    events = in_order(history)
    if before is not None:
        events = events[: [each.number for each in events].index(before)]
    if any(event.undated for event in events):
        for made in _in_all_pasts(engine, calendar, snapshot, tuple(events), UTC):
            snapshot = made.snapshot
    else:
        for event in events:
            snapshot = step(engine, calendar, snapshot, event).snapshot
    return snapshot


def steps(
    engine: Engine, calendar: LocalCalendar, folded: Snapshot, zone: tzinfo | None = UTC
) -> Iterator[Step]:
    """Yield the steps that led to a snapshot, in order; what is unknown at its end is unknown in each."""
    snapshot = Snapshot(streams=engine.start.streams, unknowns=folded.unknowns)
    events = tuple(placed.event for placed in folded.timeline)
    if any(event.undated for event in events):
        yield from _in_all_pasts(engine, calendar, snapshot, events, zone)
        return
    for event in events:
        made = step(engine, calendar, snapshot, event, zone)
        snapshot = made.snapshot
        yield made


def _in_all_pasts(
    engine: Engine, calendar: LocalCalendar, start: Snapshot, events: Past, zone: tzinfo | None
) -> Iterator[Step]:
    """Yield the steps of the events, the undated ones at their latest moment, each judged in all pasts."""
    runs = [_Run(engine, calendar, start, past) for past in other_pasts(events)]
    opened = {past: None for run in runs for past in run.openings(events)}
    runs += [_Run(engine, calendar, start, past) for past in opened]
    snapshot = start
    for event in events:
        number = event.number
        if event.undated:
            others = [run.made[number] for run in runs]
            made = _at_some_time(engine, calendar, snapshot, event, zone, others)
        else:
            before = tuple(run.before[number] for run in runs)
            made = step(engine, calendar, evolve(snapshot, others=before), event, zone)
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

    def __init__(self, engine: Engine, calendar: LocalCalendar, start: Snapshot, past: Past) -> None:
        self._engine, self._calendar, self._past = engine, calendar, past
        self.before: dict[int, Snapshot] = {}
        self.made: dict[int, Step] = {}
        self.end = start
        for event in past:
            self.before[event.number] = self.end
            self.made[event.number] = made = step(engine, calendar, self.end, event)
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
            situation = placed_in(
                self._engine, self._calendar, self.before[event.number], event, "the employer"
            )
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
) -> Step:
    """Let an undated event happen at its latest moment; ``others``: its steps at the other moments."""
    situation = placed_in(engine, calendar, snapshot, event, "the employer")
    if not situation.kind.is_act:
        return fact(engine, situation, event, others)
    verdict, choices = decide(engine, situation, event.at, zone)
    verdicts = [verdict, *(other.verdict for other in others if other.verdict is not None)]
    refused = [each for each in verdicts if not each.allowed]
    if refused and len(refused) < len(verdicts):
        verdict = in_doubt(evolve(refused[0], at=verdict.at))
    return act(engine, situation, event, verdict, choices, others)
