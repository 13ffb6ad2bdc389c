"""Every guard that an act met, those that held too: what a failed step shows."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from attrs import frozen

from postinterview.core.guards import Check
from postinterview.core.machine import RuleTransition
from postinterview.core.moments import in_utc
from postinterview.core.names import read_application
from postinterview.core.process import Process
from postinterview.core.situation import Situation
from postinterview.core.step import fold, situate
from postinterview.core.verdict import Reason, Verdict
from postinterview.scenario.model import EventStep


@frozen(kw_only=True)
class GuardLine:
    """A guard, whether it held, and in words what it had and needed; ``id`` may be ``state``."""

    id: str
    holds: bool
    has: str
    needs: str
    file: str
    line: int
    opens_at: datetime | None = None
    opens_after: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The line in plain types."""
        return {
            "id": self.id,
            "holds": self.holds,
            "has": self.has,
            "needs": self.needs,
            "file": self.file,
            "line": self.line,
            "opens_at": None if self.opens_at is None else self.opens_at.isoformat(),
            "opens_after": list(self.opens_after),
        }


def guard_lines(
    before: Process, step: EventStep, at: datetime, verdict: Verdict | None
) -> tuple[GuardLine, ...]:
    """The guards that an act met, in the order of the rules; none for a fact.

    Of an act told late only those that failed: the history it met is not the present one.
    """
    if verdict is None:
        return ()
    if step.late:
        return tuple(_failed(reason) for reason in verdict.reasons)
    engine = before.rulebook.engine
    moment = in_utc(at)
    situation = _situation(before, step)
    lines = [_failed(reason) for reason in verdict.reasons if reason.id == "state"]
    reasons = {(reason.machine, reason.transition, reason.id): reason for reason in verdict.reasons}
    for listener in engine.listeners[step.event]:
        key = listener.key(situation.place)
        if listener.scope.round and (key.round is None or situation.stranger):
            continue
        state = situation.snapshot.states.get((listener.name, key), listener.start)
        for transition in _met(listener.moves.get(state, []), situation, moment):
            for check in transition.checks:
                reason = reasons.get((listener.name, transition.rule.id, check.guard.id))
                lines.append(_failed(reason) if reason else _held(check, situation, moment, at.tzinfo))
    return tuple(lines)


def _met(transitions: list[RuleTransition], situation: Situation, at: datetime) -> list[RuleTransition]:
    """Of alternatives the one that is taken, or all of them where none is."""
    taken = next((transition for transition in transitions if transition.holds(situation, at)), None)
    return transitions if taken is None else [taken]


def _situation(before: Process, step: EventStep) -> Situation:
    engine = before.rulebook.engine
    snapshot = fold(engine, before.calendar, before.history)
    kind = before.rulebook.definition.events[step.event]
    application = None if kind.employer_wide else read_application(snapshot.applications, step.application)
    return situate(engine, before.calendar, snapshot, kind, application, step.to, step.fields)


def _held(check: Check, situation: Situation, at: datetime, zone: tzinfo | None) -> GuardLine:
    guard = check.guard
    has, needs = check.explain(situation, at, zone)
    return GuardLine(
        id=guard.id, holds=True, has=has, needs=needs, file=guard.origin.file, line=guard.origin.line
    )


def _failed(reason: Reason) -> GuardLine:
    return GuardLine(
        id=reason.id,
        holds=False,
        has=reason.has,
        needs=reason.needs,
        file=reason.file,
        line=reason.line,
        opens_at=reason.opens_at,
        opens_after=reason.opens_after,
    )
