"""What was expected of a step against what came of it, compared exactly."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TypeAlias

from attrs import frozen

from postinterview.core.formatting import say_list
from postinterview.core.process import Outcome
from postinterview.core.verdict import Verdict
from postinterview.loading.diagnostics import Span
from postinterview.loading.local_times import instant
from postinterview.scenario.model import EventStep, Result, Step, Wanted
from postinterview.scenario.phrases import moment_text
from postinterview.scenario.scenario_schema import NEVER

Value: TypeAlias = str | datetime | tuple[str, ...] | None


@frozen(kw_only=True)
class Failure:
    """One expectation that was not met: which, what was expected and what came, and where.

    Moments are in the employer's zone; None stands for no moment.
    """

    what: str
    expected: Value
    got: Value
    where: Span

    @property
    def text(self) -> str:
        """``expected refused, was allowed``."""
        if self.what == "because":
            return f"expected a refusal by {self.expected}, was refused by {_say(self.got)}"
        if self.what == "expect":
            return f"expected {_say(self.expected)}, was {_say(self.got)}"
        return f"{self.what}: expected {_say(self.expected)}, got {_say(self.got)}"


def result_of(outcome: Outcome) -> Result:
    """What became of an event."""
    if outcome.refused:
        return "refused"
    if outcome.breach:
        return "breach"
    return "unexpected" if outcome.unexpected else "allowed"


def judge(step: Step, outcome: Outcome) -> tuple[Failure, ...]:
    """Every expectation of the step that was not met.

    Where the result is another one than expected, its reasons and moments are not judged.
    """
    failures: list[Failure] = []
    if isinstance(step, EventStep):
        result = result_of(outcome)
        expected = step.expected.result
        if result != expected:
            failures.append(Failure(what="expect", expected=expected, got=result, where=step.where))
        elif outcome.verdict is not None:
            failures += _judge_verdict(step, outcome.verdict, outcome.process.calendar.zone)
    failures += _judge_states(step, outcome)
    return tuple(failures)


def _judge_verdict(step: EventStep, verdict: Verdict, zone: tzinfo) -> list[Failure]:
    expected = step.expected
    failing = tuple(dict.fromkeys(reason.id for reason in verdict.reasons))
    failures = [
        Failure(what="because", expected=wanted.value, got=failing, where=wanted.where)
        for wanted in expected.because
        if wanted.value not in failing
    ]
    for what, moment, came in (
        ("opens_at", expected.opens_at, verdict.opens_at),
        ("closes_at", expected.closes_at, verdict.closes_at),
    ):
        if moment is not None and not _same(moment, came):
            failures.append(
                Failure(
                    what=what,
                    expected=_shown(moment.value, zone),
                    got=_shown(came, zone),
                    where=moment.where,
                )
            )
    after = expected.opens_after
    if after is not None and set(after.value) != set(verdict.opens_after):
        failures.append(
            Failure(
                what="opens_after",
                expected=after.value,
                got=verdict.opens_after,
                where=after.where,
            )
        )
    return failures


def _judge_states(step: Step, outcome: Outcome) -> list[Failure]:
    failures = []
    for wanted in step.states:
        machine = wanted.value.machine
        scope = outcome.process.rulebook.definition.machines[machine].scope
        state = outcome.process.state(
            machine,
            application=step.application if scope.application else None,
            to=step.to if scope.interviewer else None,
        )
        if state != wanted.value.state:
            failures.append(
                Failure(
                    what=f"state of {machine}", expected=wanted.value.state, got=state, where=wanted.where
                )
            )
    return failures


def _same(wanted: Wanted[datetime | None], came: datetime | None) -> bool:
    """Whether it is the same instant."""
    if wanted.value is None or came is None:
        return wanted.value is came
    return instant(wanted.value) == instant(came)


def _shown(moment: datetime | None, zone: tzinfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone)


def _say(value: Value) -> str:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, str):
        return "a breach" if value == "breach" else value
    return say_list(value, "and") if value else NEVER
