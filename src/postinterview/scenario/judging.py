"""Compare what a step expects with what came of it, exactly; and list the guards that a failed step met."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from postinterview.core.answers.outcome import Outcome
from postinterview.core.answers.verdict import Reason, Verdict
from postinterview.core.past.situation import Situation
from postinterview.core.process import Process
from postinterview.core.steps.placing import situate
from postinterview.core.values.formatting import say_list
from postinterview.core.values.moments import in_utc
from postinterview.core.values.names import read_application
from postinterview.loading.local_times import instant
from postinterview.scenario.model import EventStep, Expectation, Expected, Result, Step
from postinterview.scenario.phrases import when_text
from postinterview.scenario.scenario_schema import NEVER


@frozen
class Failure:
    """An expectation that was not met, and what came instead. Moments are in the employer's zone."""

    expectation: Expectation
    got: Expected

    @property
    def what(self) -> str:
        """The key of the expectation, such as ``opens_at``, or ``state of application``."""
        machine = self.expectation.machine
        return f"state of {machine}" if machine else self.expectation.key

    @property
    def text(self) -> str:
        """``expected refused, was allowed``."""
        expected, got = _text(self.expectation.value), _text(self.got)
        if self.expectation.key == "because":
            return f"expected a refusal by {expected}, was refused by {got}"
        if self.expectation.key == "expect":
            return f"expected {expected}, was {got}"
        if self.expectation.key == "state" and self.got is None:
            return f"{self.what}: expected {expected}, and there is no such machine"
        return f"{self.what}: expected {expected}, got {got}"


@frozen
class GuardResult:
    """A guard, whether it held, and what it has and needs. Its id is ``state`` if there was no transition."""

    holds: bool
    reason: Reason


def result_of(outcome: Outcome) -> Result:
    """Return what came of an event."""
    if outcome.refused:
        return "refused"
    if outcome.breach:
        return "breach"
    if outcome.outside:
        return "outside"
    return "unexpected" if outcome.unexpected else "allowed"


def failures_of(step: Step, outcome: Outcome) -> tuple[Failure, ...]:
    """Return every expectation of the step that was not met.

    If another result came than expected, its reasons and moments are not judged.
    """
    failures: list[Failure] = []
    verdict = outcome.verdict
    if isinstance(step, EventStep) and result_of(outcome) != step.expect:
        verdict = None
        failures.append(Failure(Expectation("expect", step.expect, step.where), result_of(outcome)))
    zone = outcome.process.calendar.zone
    for each in step.expectations:
        if each.key == "state":
            got: Expected = _state(each.machine, step, outcome)
        elif verdict is not None:
            blamed = tuple(dict.fromkeys(reason.id for reason in verdict.reasons))
            got = blamed if each.key == "because" else getattr(verdict, each.key)
        else:
            continue
        if not _is_met(each, got, zone):
            expected = each.value.astimezone(zone) if isinstance(each.value, datetime) else each.value
            got = got.astimezone(zone) if isinstance(got, datetime) else got
            failures.append(Failure(evolve(each, value=expected), got))
    return tuple(failures)


def _state(machine: str, step: Step, outcome: Outcome) -> str | None:
    """Return the state of the machine's instance; None if the rules have no such machine."""
    if machine not in outcome.process.rulebook.definition.machines:
        return None
    scope = outcome.process.rulebook.definition.machines[machine].scope
    return outcome.process.state(
        machine,
        application=step.application if scope.application else None,
        to=step.to if scope.interviewer else None,
    )


def _is_met(expectation: Expectation, got: Expected, zone: ZoneInfo) -> bool:
    """Return whether an expectation came true; a day is met by each moment of it in ``zone``."""
    expected = expectation.value
    if isinstance(got, tuple):
        return expected in got if isinstance(expected, str) else set(expected or ()) == set(got)  # type: ignore[arg-type]
    if isinstance(expected, datetime) and isinstance(got, datetime):
        return instant(expected) == instant(got)
    if isinstance(expected, date) and isinstance(got, datetime):
        return expected == got.astimezone(zone).date()
    return expected == got


_RESULTS = {"breach": "a breach", "outside": "outside the rules"}


def _text(value: Expected) -> str:
    if isinstance(value, date):
        return when_text(value)
    if isinstance(value, str):
        return _RESULTS.get(value, value)
    return say_list(value, "and") if value else NEVER


def guard_results(before: Process, step: EventStep, verdict: Verdict | None) -> tuple[GuardResult, ...]:
    """Return the guards that an act met, in the order of the rules; none for a fact.

    Of an act that was told late only those that failed: it met an earlier history than ``before``.
    """
    if verdict is None:
        return ()
    if step.late:
        return tuple(GuardResult(False, reason) for reason in verdict.reasons)
    engine, moment = before.rulebook.engine, in_utc(verdict.at)
    situation = _situation(before, step)
    found = [GuardResult(False, reason) for reason in verdict.reasons if reason.id == "state"]
    reasons = {(reason.machine, reason.transition, reason.id): reason for reason in verdict.reasons}
    for listener in engine.listeners[step.event]:
        _, _, leaving = listener.current(situation)
        taken = next((each for each in leaving if each.holds(situation, moment)), None)
        for transition in leaving if taken is None else [taken]:
            for check in transition.checks:
                guard, rule = check.guard, transition.rule.id
                reason = reasons.get((listener.name, rule, guard.id))
                held = reason is None
                if reason is None:
                    has, needs = check.explain(situation, moment, verdict.at.tzinfo)
                    reason = Reason(
                        id=guard.id,
                        machine=listener.name,
                        transition=rule,
                        file=guard.origin.file,
                        line=guard.origin.line,
                        has=has,
                        needs=needs,
                        changes=guard.changes,
                    )
                found.append(GuardResult(held, reason))
    return tuple(found)


def _situation(before: Process, step: EventStep) -> Situation:
    engine, snapshot = before.rulebook.engine, before._snapshot  # noqa: SLF001 - folding it again takes long
    kind = before.rulebook.definition.events[step.event]
    application = None if kind.employer_wide else read_application(snapshot.applications, step.application)
    return situate(engine, before.calendar, snapshot, kind, application, step.to, step.fields)
