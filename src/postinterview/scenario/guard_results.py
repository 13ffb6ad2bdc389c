"""Every guard that an act met, with those that held: what a failed step shows."""

from __future__ import annotations

from datetime import datetime, tzinfo

from attrs import frozen

from postinterview.core.guards import Check
from postinterview.core.machine import RuleTransition
from postinterview.core.moments import in_utc
from postinterview.core.names import read_application
from postinterview.core.process import Process
from postinterview.core.situation import Situation
from postinterview.core.step import situate
from postinterview.core.verdict import Reason, Verdict
from postinterview.scenario.model import EventStep


@frozen
class GuardResult:
    """A guard, whether it held, and what it has and needs. Its id is ``state`` if there was no transition."""

    holds: bool
    reason: Reason


def guard_results(before: Process, step: EventStep, verdict: Verdict | None) -> tuple[GuardResult, ...]:
    """Return the guards that an act met, in the order of the rules; none for a fact.

    Of an act that was told late only those that failed: it met an earlier history than ``before``.
    """
    if verdict is None:
        return ()
    if step.late:
        return tuple(GuardResult(False, reason) for reason in verdict.reasons)
    engine = before.rulebook.engine
    at, moment = verdict.at, in_utc(verdict.at)
    situation = _situation(before, step)
    found = [GuardResult(False, reason) for reason in verdict.reasons if reason.id == "state"]
    reasons = {(reason.machine, reason.transition, reason.id): reason for reason in verdict.reasons}
    for listener in engine.listeners[step.event]:
        key = listener.key(situation.place)
        if listener.scope.round and (key.round is None or situation.unknown_person):
            continue
        state = situation.snapshot.states.get((listener.name, key), listener.start)
        for transition in _met(listener.moves.get(state, []), situation, moment):
            for check in transition.checks:
                reason = reasons.get((listener.name, transition.rule.id, check.guard.id))
                found.append(
                    GuardResult(True, _held(check, listener.name, transition, situation, moment, at.tzinfo))
                    if reason is None
                    else GuardResult(False, reason)
                )
    return tuple(found)


def _met(transitions: list[RuleTransition], situation: Situation, at: datetime) -> list[RuleTransition]:
    """Return the alternative that is taken, or all of them if none is."""
    taken = next((transition for transition in transitions if transition.holds(situation, at)), None)
    return transitions if taken is None else [taken]


def _situation(before: Process, step: EventStep) -> Situation:
    engine, snapshot = before.rulebook.engine, before._snapshot  # noqa: SLF001 - folding it again takes long
    kind = before.rulebook.definition.events[step.event]
    application = None if kind.employer_wide else read_application(snapshot.applications, step.application)
    return situate(engine, before.calendar, snapshot, kind, application, step.to, step.fields)


def _held(
    check: Check,
    machine: str,
    transition: RuleTransition,
    situation: Situation,
    at: datetime,
    zone: tzinfo | None,
) -> Reason:
    guard = check.guard
    has, needs = check.explain(situation, at, zone)
    return Reason(
        id=guard.id,
        machine=machine,
        transition=transition.rule.id,
        file=guard.origin.file,
        line=guard.origin.line,
        has=has,
        needs=needs,
    )
