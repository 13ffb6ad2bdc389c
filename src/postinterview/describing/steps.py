"""Explain a step of a scenario as a debugger would: the states before it, each guard with its values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from attrs import frozen

from postinterview.core.answers.outcome import Outcome
from postinterview.core.past.events import plain_value
from postinterview.core.process import Process, Rulebook
from postinterview.core.rules.rule_text import stands
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import say_fields, sentence
from postinterview.describing.guard_text import GuardSentences
from postinterview.layout import BLANK, GAP, Line, Piece, hang, line
from postinterview.loading.diagnostics import Diagnostic
from postinterview.scenario.judging import GuardResult, guard_results, result_of
from postinterview.scenario.model import EventStep, Scenario, Step
from postinterview.scenario.phrases import event_text, moment_text, opening_text, when_text
from postinterview.scenario.playing import begin, count_refolded, misuse, perform


@frozen
class ExplainedStep:
    """A step of a scenario, the process before it, what came of it, and the guards that it met."""

    scenario: Scenario
    step: Step
    before: Process
    outcome: Outcome
    guards: tuple[GuardResult, ...]

    @property
    def when(self) -> date | None:
        """The moment of the step, where the employer is, or its day if no hour is written."""
        at = self.step.at
        return self.step.day or (None if at is None else at.astimezone(self.before.calendar.zone))

    @property
    def states(self) -> dict[str, str]:
        """The states before the step, of each machine that listens to its event."""
        if not isinstance(self.step, EventStep):
            return {}
        machines = self.before.rulebook.definition.machines.values()
        listening = [
            each for each in machines if any(rule.event == self.step.event for rule in each.transitions)
        ]
        return {
            each.name: self.before.state(
                each.name,
                application=self.step.application if each.scope.application else None,
                to=self.step.to if each.scope.interviewer else None,
            )
            for each in listening
            if not each.scope.interviewer or self.step.to is not None
        }


def explain_step(scenario: Scenario, step: Step, rulebook: Rulebook) -> ExplainedStep | Diagnostic:
    """Play a scenario up to a step, and return what came of it; or what can't be played."""
    where, refolded = scenario.where, 0
    try:
        before = begin(scenario, rulebook)
        for each in scenario.steps[: scenario.steps.index(step)]:
            where = each.where
            refolded = count_refolded(before, each, refolded)
            before = perform(before, each).process
        where = step.where
        return _explained(before, scenario, step)
    except MisuseError as error:
        return misuse(error, where)


def _explained(before: Process, scenario: Scenario, step: Step) -> ExplainedStep:
    outcome = perform(before, step)
    guards = guard_results(before, step, outcome.verdict) if isinstance(step, EventStep) else ()
    return ExplainedStep(scenario, step, before, outcome, guards)


def step_data(explained: ExplainedStep) -> dict[str, Any]:
    """Return an explained step as plain data."""
    step, outcome = explained.step, explained.outcome
    event = step if isinstance(step, EventStep) else None
    sentences = _sentences(explained)
    return {
        "scenario": explained.scenario.name,
        "step": step.number,
        "file": step.where.file,
        "line": step.where.line,
        "at": plain_value(explained.when),
        "event": None if event is None else event.event,
        "to": step.to,
        "application": step.application,
        "with": {} if event is None else {name: plain_value(value) for name, value in event.fields.items()},
        "result": None if event is None else result_of(outcome),
        "verdict": None if outcome.verdict is None else outcome.verdict.as_json(),
        "states": explained.states,
        "guards": [
            {
                "holds": each.holds,
                "machine": each.reason.machine,
                "transition": each.reason.transition,
                "sentence": said,
                **each.reason.as_json(),
            }
            for each, said in zip(explained.guards, sentences, strict=True)
        ],
    }


def _sentences(explained: ExplainedStep) -> list[str]:
    """Return the sentence of each guard; none where no transition leaves the state."""
    definition = explained.before.rulebook.definition
    said = GuardSentences(definition)
    texts = {
        (rule.machine, rule.id, guard.id): said.sentence(rule, guard)
        for machine in definition.machines.values()
        for rule in machine.transitions
        for guard in rule.guards
    }
    reasons = (each.reason for each in explained.guards)
    return [texts.get((each.machine, each.transition, each.id), "") for each in reasons]


def step_lines(explained: ExplainedStep, width: int) -> Iterator[Line]:
    """Yield an explained step as text."""
    step, scenario = explained.step, explained.scenario
    place = f"{GAP}{step.where.file}:{step.where.line}"
    title = line(Piece(f"Step {step.number} of {scenario.name} ", "title"), Piece(place, "dim"))
    yield from hang((), title, width, 2)
    if isinstance(step, EventStep):
        yield from _event_lines(explained, step, width)
    else:
        yield line("  A correction of the history: no guard is asked.")


def _event_lines(explained: ExplainedStep, step: EventStep, width: int) -> Iterator[Line]:
    definition, outcome = explained.before.rulebook.definition, explained.outcome
    fields = say_fields(step.fields.items())
    what = event_text(step.event, step.to, step.application) + (f" ({fields})" if fields else "")
    at = "" if explained.when is None else f", {when_text(explained.when)}"
    yield from hang(line("  "), line(f"{what}{at}: ", Piece(_result(outcome), _style(outcome))), width)
    verdict = outcome.verdict
    if verdict is not None and not verdict.allowed:
        yield from hang(line("  "), line(f"Allowed {opening_text(verdict, definition)}."), width)
    elif verdict is not None and verdict.closes_at is not None:
        yield from hang(line("  "), line(f"Allowed until {moment_text(verdict.closes_at)}."), width)
    elif verdict is None:
        yield line("  A fact is recorded and never refused: no guard is asked.")
    for name, state in explained.states.items():
        said = f"{sentence(stands(definition.machines[name], state))} before."
        yield from hang(line("  "), line(said), width)
    if explained.guards:
        yield BLANK
    for each, said in zip(explained.guards, _sentences(explained), strict=True):
        yield from _guard_lines(each, said, width)


def _result(outcome: Outcome) -> str:
    result = result_of(outcome)
    if outcome.verdict is None and result == "allowed":
        return "recorded"
    return {"breach": "a breach", "outside": "outside the rules"}.get(result, result)


def _style(outcome: Outcome) -> Any:
    return "ok" if result_of(outcome) == "allowed" else "refused"


def _guard_lines(result: GuardResult, said: str, width: int) -> Iterator[Line]:
    """Yield a guard: whether it held, what it asks, and the values that it met."""
    reason, margin = result.reason, " " * 10
    mark = Piece("  holds   ", "ok") if result.holds else Piece("  REFUSES ", "failed")
    named = line(f"{reason.id} ", Piece(f"{GAP}{reason.where}", "dim"))
    yield from hang(line(mark), named, width)
    if said:
        yield from hang(line(margin), line(Piece(said, "dim")), width)
    yield from hang(line(margin, "has    "), line(reason.has), width)
    if reason.needs not in ("", reason.has):
        yield from hang(line(margin, "needs  "), line(reason.needs), width)
    if reason.opens_at is not None:
        yield from hang(line(margin, "opens  "), line(Piece(moment_text(reason.opens_at), "opens")), width)
