"""The step: what one event makes of a history. Everything else asks this.

Acts synchronise: the act is allowed when every machine that listens agrees, then all move together.
Facts broadcast: each machine that has a transition moves. State is a fold of steps over the history,
so an act that was refused and happened all the same is found to be a breach each time it is folded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, tzinfo

from attrs import define

from postinterview.core.decide import Choice, judge
from postinterview.core.definitions import EventKind, Scope
from postinterview.core.engine import Engine, Listener
from postinterview.core.events import (
    Entry,
    Event,
    Key,
    Placed,
    Retraction,
    Unknown,
    Value,
    make_key,
    new_placed,
)
from postinterview.core.guards.check import UNKNOWN
from postinterview.core.moments import LocalCalendar
from postinterview.core.situation import Situation, Snapshot
from postinterview.core.verdict import Move, Verdict, new_move


@define
class Step:
    """What one event made of a snapshot. ``verdict`` is None for a fact."""

    snapshot: Snapshot
    placed: Placed
    moves: tuple[Move, ...]
    verdict: Verdict | None
    unexpected: bool


def situate(
    engine: Engine,
    calendar: LocalCalendar,
    snapshot: Snapshot,
    kind: EventKind,
    application: str | None,
    to: str | None,
    carried: Mapping[str, Value] | None,
) -> Situation:
    """An event as a question: where it would lie, and what it carries (None: its fields are given).

    An event lies in the latest round of its application (0: before the first); one that names a
    person, in the latest round in which that person interviewed.
    """
    round_: int | None = None if kind.to_person and kind.is_act else 0
    stranger = kind.to_person
    for placed in reversed(snapshot.streams[engine.openers]):
        if application is not None and placed.application != application:
            continue
        if to is None or kind.opens_round:
            round_ = placed.round
            break
        if round_ == 0:
            round_ = placed.round  # a fact about a stranger lies in the latest round
        if to in placed.people:
            round_, stranger = placed.round, False
            break
    if application is None:
        round_ = None
    elif kind.opens_round:
        round_ = (round_ or 0) + 1
    return Situation(
        snapshot,
        kind,
        make_key(application, round_, to),
        carried,
        calendar,
        engine.roundless,
        stranger and kind.is_act,
    )


def _of(engine: Engine, calendar: LocalCalendar, snapshot: Snapshot, event: Event) -> Situation:
    kind = engine.definition.events[event.name]
    return situate(engine, calendar, snapshot, kind, event.application, event.to, event.fields)


def step(
    engine: Engine, calendar: LocalCalendar, snapshot: Snapshot, event: Event, zone: tzinfo | None = UTC
) -> Step:
    """Let the event happen at the end of the snapshot's timeline, allowed or not."""
    situation = _of(engine, calendar, snapshot, event)
    if situation.kind.is_act:
        verdict, choices = judge(engine, situation, event.at, zone)
        return _act(engine, situation, event, verdict, choices)
    return _fact(engine, situation, event)


def attempt(
    engine: Engine, calendar: LocalCalendar, snapshot: Snapshot, event: Event, zone: tzinfo | None = UTC
) -> Step | Verdict:
    """Let the act happen if it is allowed; if it is refused, only say why."""
    situation = _of(engine, calendar, snapshot, event)
    verdict, choices = judge(engine, situation, event.at, zone)
    return verdict if choices is None else _act(engine, situation, event, verdict, choices)


def fold(engine: Engine, calendar: LocalCalendar, history: Iterable[Entry]) -> Snapshot:
    """The snapshot of a whole history, from its first entry."""
    entries = tuple(history)
    retracted = {entry.of for entry in entries if isinstance(entry, Retraction)}
    snapshot = engine.start
    unknowns = tuple(e for e in entries if isinstance(e, Unknown) and e.number not in retracted)
    if unknowns:
        start = engine.start
        snapshot = Snapshot(streams=start.streams, unknowns=unknowns)
    events = [e for e in entries if isinstance(e, Event) and e.number not in retracted]
    for event in sorted(events, key=lambda e: (e.at, e.number)):
        snapshot = step(engine, calendar, snapshot, event).snapshot
    return snapshot


def _act(
    engine: Engine, situation: Situation, event: Event, verdict: Verdict, choices: list[Choice] | None
) -> Step:
    if choices is None:
        choices, spent = _breach(engine, situation)
    else:
        spent = ()
        for *_, transition in choices:
            spent += transition.spends
    moves = _moves(choices)
    doubtful = not verdict.allowed and all(reason.has == UNKNOWN for reason in verdict.reasons)
    placed = _place(situation, event, spent, breach=not verdict.allowed, doubtful=doubtful)
    return Step(_append(engine, situation.snapshot, placed, moves), placed, moves, verdict, False)


def _fact(engine: Engine, situation: Situation, event: Event) -> Step:
    placed = _place(situation, event, (), breach=False)
    moves, heard = _broadcast(engine, situation, placed)
    unexpected = not heard and bool(engine.listeners[event.name])
    return Step(_append(engine, situation.snapshot, placed, moves), placed, moves, None, unexpected)


def _breach(engine: Engine, situation: Situation) -> tuple[list[Choice], tuple[str, ...]]:
    """Where a refused act that happened moves each machine, and the credits that it takes."""
    choices: list[Choice] = []
    spent: tuple[str, ...] = ()
    for listener in engine.listeners[situation.kind.name]:
        key, state, leaving = listener.standing(situation)
        taken = leaving[0] if leaving else listener.breach_from_any
        if taken is None:
            spent += listener.spends
            continue
        spent += taken.spends
        if listener.has_instance(situation):
            choices.append((listener, key, state, taken))
    return choices, tuple(credit for credit in spent if engine.buckets[credit].level(situation)[0])


def _moves(choices: list[Choice]) -> tuple[Move, ...]:
    moves = [
        new_move(listener.name, key, state, transition.target)
        for listener, key, state, transition in choices
        if transition.rule.target is not None and transition.target != state
    ]
    return tuple(moves)


def _broadcast(engine: Engine, situation: Situation, fact: Placed) -> tuple[tuple[Move, ...], bool]:
    """Where a fact moves each instance that it reaches, and whether any had a transition for it."""
    moves: list[Move] = []
    heard = False
    application, round_, _ = situation.place
    for listener in engine.listeners[fact.name]:
        for key in _reached(listener, situation, fact.people):
            # The guards of a fact look at the instance that it reaches.
            here = Situation(
                situation.snapshot,
                situation.kind,
                make_key(application, round_, situation.place.person if key.person is None else key.person),
                situation.carried,
                situation.calendar,
                situation.roundless,
            )
            state = situation.snapshot.states.get((listener.name, key), listener.start)
            for transition in listener.moves.get(state, ()):
                if transition.holds(here, fact.at):
                    heard = True
                    if transition.target != state:
                        moves.append(new_move(listener.name, key, state, transition.target))
                    break
    return tuple(moves), heard


def _reached(listener: Listener, situation: Situation, people: tuple[str, ...]) -> list[Key]:
    """The keys of the instances that agree with the fact on every key that it names itself."""
    application, round_, _ = situation.place
    scope = listener.scope
    if scope.round and not round_ and application is not None:
        return []
    named = people or ((None,) if not scope.interviewer else ())
    complete = application is not None or not scope.application
    if named and complete:
        return list(dict.fromkeys(listener.key(make_key(application, round_, person)) for person in named))
    known = {
        listener.key(make_key(placed.application, placed.round, person)): None
        for placed in situation.snapshot.timeline
        for person in placed.people or (None,)
    }
    return [
        key
        for key in known
        if _is_whole(key, scope)
        and application in (None, key.application or application)
        and round_ in (None, key.round or round_)
        and (not people or key.person is None or key.person in people)
    ]


def _is_whole(key: Key, scope: Scope) -> bool:
    """Whether the key names an instance: a place before the first round, or without a person, may not."""
    application, round_, person = key
    return (
        (not scope.application or bool(application))
        and (not scope.round or bool(round_))
        and (not scope.interviewer or bool(person))
    )


def _people(event: Event) -> tuple[str, ...]:
    named: tuple[str, ...] = () if event.to is None else (event.to,)
    for _, value in event.carried:
        if isinstance(value, tuple):
            named += tuple(person for person in value if person not in named)
    return named


def _place(
    situation: Situation, event: Event, spent: tuple[str, ...], *, breach: bool, doubtful: bool = False
) -> Placed:
    application, round_, _ = situation.place
    dates: tuple[tuple[str, date], ...] = ()
    for name, value in event.carried:
        sets = situation.kind.fields[name].sets
        if sets is not None and isinstance(value, date):
            dates += ((sets, max(value, situation.calendar.day_of(event.at))),)
    return new_placed(
        event,
        len(situation.snapshot.timeline),
        event.at,
        application,
        round_,
        _people(event),
        dates,
        spent,
        breach,
        doubtful,
    )


def _append(engine: Engine, snapshot: Snapshot, placed: Placed, moves: tuple[Move, ...]) -> Snapshot:
    streams = list(snapshot.streams)
    for number in engine.streams_of[placed.event.name]:
        streams[number] = (*streams[number], placed)
    states = snapshot.states
    if moves:
        states = states.copy()
        for move in moves:
            states[move.machine, move.key] = move.target
    applications = snapshot.applications
    if placed.application is not None and placed.application not in applications:
        applications += (placed.application,)
    return Snapshot(
        (*snapshot.timeline, placed),
        tuple(streams),
        states,
        applications,
        (*snapshot.breaches, placed) if placed.breach else snapshot.breaches,
        snapshot.unknowns,
    )
