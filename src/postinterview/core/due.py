"""When acts are due: the one place where the agenda and a store's next moment have it from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeAlias

from postinterview.core.anchors import Anchor, Resolved, UnknownPastError
from postinterview.core.decide import Choice, choose, judge, opens_from
from postinterview.core.definitions import APPLICATION, EventKind, NotAfter, Spends, Transition
from postinterview.core.engine import Engine
from postinterview.core.events import Key, Placed, lies_in, make_key
from postinterview.core.situation import Situation, Snapshot
from postinterview.core.verdict import Verdict

DueRule: TypeAlias = tuple[Transition, Anchor, Key]


def next_due(engine: Engine, situations: Iterable[Situation], at: datetime) -> datetime | None:
    """The least due moment (UTC) of the agenda at ``at``, without a word of what else it says."""
    found: dict[object, datetime | None] = {}
    for situation in situations:
        rules = due_rules(engine, situation)
        due = resolve(situation, rules)
        subject = (situation.kind.name, rules[0][2] if rules else None)
        if due is None or subject in found or nothing_left(engine, situation):
            continue
        choices = choose(engine, situation, at)
        opens = at if choices is not None else opens_from(engine, situation, at)
        if opens is not None and is_perhaps_done(situation, rules):
            found[subject] = None
        elif opens is not None:
            found[subject] = due_moment(due, choices, opens, situation)
        elif latest_done(situation) is None and not is_moot(engine, judge(engine, situation, at, UTC)[0]):
            found[subject] = None  # a line that it is blocked, which stands for other applications too
    return min((moment for moment in found.values() if moment is not None), default=None)


def due_moment(
    due: datetime, choices: list[Choice] | None, opens: datetime, situation: Situation
) -> datetime:
    """When it is due: nothing is before it may be done, by each guard of an act that is allowed."""
    if choices is None:
        return max(due, opens)
    windows = (check.window(situation, opens) for *_, chosen in choices for check in chosen.checks)
    return max((due, *(window[0] for window in windows if window is not None)))


def nothing_left(engine: Engine, situation: Situation) -> bool:
    """Whether nothing is left to prepare for: for what reaches nobody, once all is over."""
    if situation.kind.contact != "none":
        return False
    snapshot = situation.snapshot
    application = situation.place.application
    asked = (application,) if application is not None else snapshot.applications
    return bool(asked) and all(is_over(engine, snapshot, name) for name in asked)


def is_perhaps_done(situation: Situation, rules: list[DueRule]) -> bool:
    """Whether nobody knows if the act was done since what it is due after. Then nobody is told to hurry."""
    if not situation.snapshot.unknowns:
        return False
    found = _resolve(situation, rules)
    until = situation.unknown_until(frozenset({situation.kind.name}), rules[0][2]) if rules else None
    return found is not None and until is not None and found[2] < until


def is_moot(engine: Engine, verdict: Verdict) -> bool:
    """Whether there is nothing to wish for: no such act here, nothing to answer, or too late."""
    moot = {
        guard.id
        for machine in engine.definition.machines.values()
        for rule in machine.transitions
        if rule.event == verdict.event
        for guard in rule.guards
        if isinstance(guard, Spends | NotAfter)
    }
    return any(reason.id == "state" or reason.id in moot for reason in verdict.reasons)


def due_rules(engine: Engine, situation: Situation) -> list[DueRule]:
    """The rules with a due moment among the transitions that leave the present states."""
    found: list[DueRule] = []
    for listener in engine.listeners[situation.kind.name]:
        key = listener.key(situation.place)
        state = situation.snapshot.states.get((listener.name, key), listener.start)
        leaving = listener.moves.get(state, ())
        found += [(t.rule, t.due, key) for t in leaving if t.due is not None]
    return found


def has_due(engine: Engine, kind: EventKind) -> bool:
    """Whether some rule about the act has a due moment."""
    return any(t.due is not None for listener in engine.listeners[kind.name] for t in listener.transitions)


def is_over(engine: Engine, snapshot: Snapshot, application: str) -> bool:
    """Whether a machine of the application stands where all is over."""
    key = make_key(application)
    return any(
        kind.states[snapshot.states.get((name, key), kind.start)].over
        for name, kind in engine.definition.machines.items()
        if kind.scope == APPLICATION
    )


def latest_done(situation: Situation) -> Placed | None:
    """The latest time that the act was done in its place."""
    for placed in reversed(situation.snapshot.timeline):
        if placed.name == situation.kind.name and lies_in(placed, situation.place):
            return placed
    return None


def resolve(situation: Situation, rules: list[DueRule]) -> datetime | None:
    """When the act is due by the first of the rules that knows it (UTC)."""
    found = _resolve(situation, rules)
    return None if found is None else found[0]


def _resolve(situation: Situation, rules: list[DueRule]) -> Resolved | None:
    for _, anchor, key in rules:
        try:
            found = anchor.resolve(situation, key)
        except UnknownPastError:
            continue
        if found is not None:
            return found
    return None
