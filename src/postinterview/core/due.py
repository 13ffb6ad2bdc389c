"""Decide what is due: the one place that the agenda and a store's next due moment ask.

An act is due by the first rule with a due moment among the transitions that leave the present states. What
becomes of it depends on whether it may be done, was done, or can't be done any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from attrs import frozen

from postinterview.core.anchors import Anchor, Resolved, UnknownPastError
from postinterview.core.decide import choose, opens_from, refusal
from postinterview.core.definitions import APPLICATION, EventKind, NotAfter, Spends, Transition
from postinterview.core.engine import Engine
from postinterview.core.event_index import in_scope
from postinterview.core.events import Key, Placed, make_key
from postinterview.core.situation import Situation, Snapshot

DueRule: TypeAlias = tuple[Transition, Anchor, Key]
"""A rule with a due moment, the moment, and the key of its machine's instance."""

Stands: TypeAlias = Literal["open", "coming", "blocked", "done"]


@frozen
class Duty:
    """The standing of an act that some rule wants done, in one place.

    Attributes:
        stands: open (allowed now), coming (allowed later), blocked or done.
        subject: what it is about; of several duties with one subject the first one counts.
        rules: the rules that say when it is due, the one that counts first.
        rule_due: when it is due by that rule, in UTC.
        due: when it is due, in UTC: not before it may be done. None if it is blocked or done, and where
            nobody knows whether it was done.
        done: the latest time that it was done.
    """

    stands: Stands
    subject: object
    rules: tuple[DueRule, ...]
    rule_due: datetime | None
    due: datetime | None = None
    done: Placed | None = None


def next_due(engine: Engine, situations: Iterable[Situation], at: datetime) -> datetime | None:
    """Return the first moment (UTC) at which a line of the agenda of ``at`` is due."""
    found: dict[object, datetime | None] = {}
    for situation in situations:
        duty = duty_of(engine, situation, at)
        if duty is not None:
            found.setdefault(duty.subject, duty.due)
    return min((moment for moment in found.values() if moment is not None), default=None)


def duty_of(engine: Engine, situation: Situation, at: datetime) -> Duty | None:
    """Return where the act stands at a moment (UTC); None if there is nothing to say about it."""
    rules = due_rules(engine, situation)
    rule_due = resolve(situation, rules)
    subject = (situation.kind.name, rules[0][2] if rules else situation.place)
    wanted = rule_due is not None and not nothing_left(engine, situation)
    if wanted and rule_due is not None:
        choices = choose(engine, situation, at)
        opens = at if choices is not None else opens_from(engine, situation, at)
        if opens is not None:
            stands: Stands = "coming" if choices is None else "open"
            if is_perhaps_done(situation, rules):
                return Duty(stands, subject, rules, rule_due)
            due = max(rule_due, opens) if choices is None else rule_due
            # Nothing is due before it may be done, by each guard of an act that is allowed.
            windows = (check.window(situation, opens) for *_, t in choices or () for check in t.checks)
            due = max((due, *(window[0] for window in windows if window is not None)))
            return Duty(stands, subject, rules, rule_due, due)
    done = latest_done(situation)
    if done is not None:
        if not has_due(engine, situation.kind) or (done.breach and not done.doubtful):
            return None
        return Duty("done", (situation.kind.name, done.event.number), rules, rule_due, done=done)
    if wanted and not _is_moot(engine, situation, at):
        return Duty("blocked", subject, rules, rule_due)
    return None


def nothing_left(engine: Engine, situation: Situation) -> bool:
    """Return whether nothing is left to prepare for: true of acts that reach nobody, once all is over."""
    if situation.kind.contact != "none":
        return False
    snapshot = situation.snapshot
    application = situation.place.application
    asked = (application,) if application is not None else snapshot.applications
    return bool(asked) and all(is_over(engine, snapshot, name) for name in asked)


def is_perhaps_done(situation: Situation, rules: tuple[DueRule, ...]) -> bool:
    """Return whether nobody knows if the act was done since what it is due after."""
    if not situation.snapshot.unknowns:
        return False
    found = _resolve(situation, rules)
    until = situation.unknown_until(frozenset({situation.kind.name}), rules[0][2]) if rules else None
    return found is not None and until is not None and found[2] < until


def _is_moot(engine: Engine, situation: Situation, at: datetime) -> bool:
    """Return whether waiting is pointless: no such act here, nothing to answer, or too late."""
    moot = {
        guard.id
        for listener in engine.listeners[situation.kind.name]
        for transition in listener.transitions
        for guard in transition.rule.guards
        if isinstance(guard, Spends | NotAfter)
    }
    reasons = refusal(engine, situation, at, UTC).reasons
    return any(reason.id == "state" or reason.id in moot for reason in reasons)


def due_rules(engine: Engine, situation: Situation) -> tuple[DueRule, ...]:
    """Return the rules with a due moment among the transitions that leave the present states."""
    found: list[DueRule] = []
    for listener in engine.listeners[situation.kind.name]:
        key = listener.key(situation.place)
        state = situation.snapshot.states.get((listener.name, key), listener.start)
        leaving = listener.moves.get(state, ())
        found += [(t.rule, t.due, key) for t in leaving if t.due is not None]
    return tuple(found)


def has_due(engine: Engine, kind: EventKind) -> bool:
    """Return whether some rule about the act has a due moment."""
    return any(t.due is not None for listener in engine.listeners[kind.name] for t in listener.transitions)


def is_over(engine: Engine, snapshot: Snapshot, application: str) -> bool:
    """Return whether a machine of the application is in a state in which all is over."""
    key = make_key(application)
    return any(
        kind.states[snapshot.states.get((name, key), kind.start)].over
        for name, kind in engine.definition.machines.items()
        if kind.scope == APPLICATION
    )


def latest_done(situation: Situation) -> Placed | None:
    """Return the latest time that the act was done in its place."""
    past = in_scope(situation.snapshot.past, situation.place)
    return next((placed for placed in past if placed.name == situation.kind.name), None)


def resolve(situation: Situation, rules: tuple[DueRule, ...]) -> datetime | None:
    """Return when the act is due (UTC) by the first of the rules that knows it."""
    found = _resolve(situation, rules)
    return None if found is None else found[0]


def _resolve(situation: Situation, rules: tuple[DueRule, ...]) -> Resolved | None:
    for _, anchor, key in rules:
        try:
            found = anchor.resolve(situation, key)
        except UnknownPastError:
            continue
        if found is not None:
            return found
    return None
