"""Fold a history: a step for each event, in the order in which they happened.

If some events are undated, the history may have been one of several pasts (see `pasts`). Each of them is
folded, and the snapshot of the past as it is recorded holds those of the others. From then on, each step is a
step in all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from itertools import accumulate, takewhile

from attrs import evolve

from postinterview.core.answers.verdict import Reason, Verdict, in_doubt
from postinterview.core.judging.certainty import enough, holds, refuse
from postinterview.core.judging.decide import decide
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.permission import permission
from postinterview.core.judging.refusal import refusal
from postinterview.core.judging.undoing import key_of
from postinterview.core.past.event_order import in_order, standing
from postinterview.core.past.events import Entry, Event
from postinterview.core.past.gaps import gaps_of
from postinterview.core.past.pasts import Past, ends_of, possible_pasts
from postinterview.core.past.situation import Situation, Snapshot
from postinterview.core.steps.placing import THE_EMPLOYER
from postinterview.core.steps.runs import Run, Shared, have_an_hour
from postinterview.core.steps.step import act, fact, placed_in, stays_inside, step
from postinterview.core.steps.step_parts import Step
from postinterview.core.values.formatting import full_moment
from postinterview.core.values.moments import EARLIEST, LATEST, LocalCalendar


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
    shared = Shared(engine, calendar, employer, {event.number: event.at for event in events}, {}, {})
    runs = [Run(shared, start, past) for past in pasts]
    opened = {past: None for run in runs for past in run.openings()}
    runs += [Run(shared, start, past) for past in opened]
    has_days = any(event.since is not None for event in events)
    all_runs = [Run(shared, start, events), *(runs if are_all else ())] if has_days else runs
    known = [] if are_all else [Run(shared, start, past).end for past in ends_of(_in_order(events))]
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
            firm: Callable[[], Collection[Reason]] | None = None
            if event.since is not None:
                verdict = _on_its_day(engine, situation, verdict, all_runs, event)
                firm = partial(_firm_on_its_day, engine, situation, verdict, all_runs, event)
            elif event.undated:
                verdict = _at_some_time(verdict, others)
            if not are_all:
                before = [placed_in(engine, calendar, each, event, employer) for each in known]
                firm = partial(_firm_in_any_order, engine, situation, before, event.at, firm)
            made = act(engine, situation, event, verdict, choices, others, firm)
        ends = tuple(run.end for run in runs) if event is events[-1] else ()
        snapshot = evolve(made.snapshot, others=())
        yield evolve(made, snapshot=evolve(snapshot, others=ends, others_are_all=are_all))


def _in_order(events: Past) -> Past:
    """Return the first events, as long as they surely came in this order."""
    soonest = [EARLIEST if each.is_open else each.earliest for each in events]
    later = [*accumulate(reversed([*soonest[1:], LATEST]), min)][::-1]
    sure = takewhile(lambda each: each[0].at < each[1], zip(events, later, strict=True))
    return tuple(event for event, _ in sure)


def _on_its_day(
    engine: Engine, situation: Situation, verdict: Verdict, runs: Sequence[Run], event: Event
) -> Verdict:
    """Return the verdict on an act of which only the day is known.

    What nobody knows of the act itself is taken in its favour: it is allowed if it is at some hour, as for
    `may_on`, in the order in which the events of the day were recorded, wherever those lie that have no day
    either. If only another order allows it, or another place, it is in doubt. ``runs``: the recorded past
    first. ``verdict``: at the end of the day.
    """

    def in_all_pasts() -> Situation:
        snapshots = (run.before[event.number] for run in runs[1:])
        calendar, employer = situation.calendar, situation.employer
        others = (placed_in(engine, calendar, each, event, employer) for each in snapshots)
        return evolve(situation, others=tuple(others))

    recorded: dict[Past, list[Run]] = {}
    for run in runs:
        if run.order_of_days == runs[0].order_of_days:
            recorded.setdefault(run.of_days, []).append(run)
    if any(have_an_hour([run.hours_of(event) for run in alike]) for alike in recorded.values()):
        on_day = event.earliest, in_all_pasts
        return permission(engine, situation, event.at, verdict.at.tzinfo, on_day)
    if verdict.allowed or any(run.hours_of(event).is_open for run in runs):
        return in_doubt(_refused_on_its_day(verdict, runs, event), verdict.at)
    firm = _firm_on_its_day(engine, situation, verdict, runs, event)
    told, opens = enough(verdict.reasons, firm) or verdict.reasons, verdict.opens_at
    return evolve(verdict, reasons=told, opens_at=opens and full_moment(opens))


def _refused_on_its_day(verdict: Verdict, runs: Sequence[Run], event: Event) -> Verdict:
    """Return the refusal of an act in doubt, in one past: if possible, by what refuses it at each hour."""
    for run in sorted(runs, key=lambda run: run.hours_of(event).is_open):
        refused, firm = run.made[event.number].verdict, run.hours_of(event).firm
        if refused is not None and not refused.allowed:
            told = tuple(reason for reason in refused.reasons if key_of(reason) in firm)
            return evolve(refused, reasons=told or refused.reasons)
    return verdict


def _firm_on_its_day(
    engine: Engine, situation: Situation, verdict: Verdict, runs: Sequence[Run], event: Event
) -> list[Reason]:
    """Return the reasons that refuse such an act at each hour of each order."""
    firm = [reason for reason in verdict.reasons if holds(engine, situation, reason)]
    for run in runs:
        if not refuse(verdict.reasons, firm.__contains__):
            return []
        firm = [reason for reason in firm if key_of(reason) in run.hours_of(event).firm]
    return firm


def _firm_in_any_order(
    engine: Engine,
    situation: Situation,
    before: Sequence[Situation],
    at: datetime,
    firm: Callable[[], Collection[Reason]] | None,
) -> list[Reason]:
    """Return the reasons that refuse an act in whichever order the events before came.

    ``before``: the act before the events of which the order is open, if those came as early and as late as
    they can have. ``firm``: finds the reasons that hold in the recorded order; None: those at ``at`` do.
    """
    if not all(stays_inside(engine, each) for each in before):
        return []
    alone = evolve(situation, others=())
    found = refusal(engine, alone, at, UTC).reasons if firm is None else firm()
    unordered = [reason for reason in found if engine.undo_rules.is_unordered(reason)]
    return [reason for reason in unordered if firm is not None or holds(engine, situation, reason)]


def _at_some_time(verdict: Verdict, others: Sequence[Step]) -> Verdict:
    """Return the verdict on an act of which nobody knows the day; ``others``: at its other moments."""
    verdicts = [verdict, *(other.verdict for other in others if other.verdict is not None)]
    refused = [each for each in verdicts if not each.allowed]
    if refused and len(refused) < len(verdicts):
        return in_doubt(refused[0], verdict.at)
    return verdict
