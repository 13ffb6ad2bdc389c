"""Play a scenario on the one step function, and judge what was expected of each step.

A played step keeps what came of it, never the process after it: a history of 20,000 events is kept once, and
not 20,000 times.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from postinterview.core.answers.agenda_items import Agenda
from postinterview.core.answers.outcome import Outcome
from postinterview.core.answers.verdict import Move, Verdict
from postinterview.core.process import Process, Rulebook
from postinterview.core.values.errors import MisuseError
from postinterview.loading.diagnostics import Diagnostic, Span
from postinterview.loading.local_times import ends_of, instant
from postinterview.scenario.judging import Failure, GuardResult, failures_of, guard_results, result_of
from postinterview.scenario.model import ANY_ZONE, EventStep, Result, RetractStep, Scenario, Step, UnknownStep

MOST_REFOLDED = 200_000
"""A correction folds the history again. All those of a scenario may fold so many entries in sum."""

MOST_EXPLAINED = 100
"""So many failed steps of a scenario are explained with every guard; the others only say how they failed."""


@frozen(kw_only=True)
class PlayedStep:
    """A step, and what came of it.

    ``at`` is in the employer's zone; None if the step has none. ``result`` is None for a correction.
    ``entry`` is its number in the history, or None if nothing was recorded. ``moves`` has every change of a
    state, by this event or by the correction. If the step failed, ``guards`` has the guards that an act met.
    """

    step: Step
    at: datetime | None
    result: Result | None
    entry: int | None
    verdict: Verdict | None
    moves: tuple[Move, ...] = ()
    now_breaches: tuple[int, ...] = ()
    now_in_doubt: tuple[int, ...] = ()
    no_longer_breaches: tuple[int, ...] = ()
    failures: tuple[Failure, ...] = ()
    guards: tuple[GuardResult, ...] = ()

    @property
    def when(self) -> date | None:
        """The moment of the step, or its day if no hour is written."""
        return self.step.day or self.at


@frozen(kw_only=True)
class Played:
    """A scenario and what came of it.

    ``process`` is the one after the last step, or None if it could not even start. ``ended_at`` is the latest
    moment of a step, in the employer's zone. ``diagnostics`` say what could not be played: it stops there.
    ``consequences``: the numbers of the steps that failed only because an earlier one did.
    """

    scenario: Scenario
    rulebook: Rulebook
    steps: tuple[PlayedStep, ...] = ()
    process: Process | None = None
    ended_at: datetime | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    consequences: frozenset[int] = frozenset()

    @property
    def failed_steps(self) -> tuple[PlayedStep, ...]:
        return tuple(step for step in self.steps if step.failures)

    @property
    def passed(self) -> bool:
        """Return whether every step could be played and went as expected."""
        return not self.diagnostics and not any(step.failures for step in self.steps)


@frozen(kw_only=True)
class Case:
    """A scenario read as a case: the process at a moment.

    ``left_out``: the steps that come only after the moment. ``process`` is None if a step can't be played;
    ``diagnostics`` say why.
    """

    process: Process | None
    left_out: tuple[Step, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def play(scenario: Scenario, rulebook: Rulebook, *, after_step: Callable[[], None] = lambda: None) -> Played:
    """Play every step of the scenario; one that fails does not stop it.

    ``after_step`` is called after each step, to show progress.
    """
    played: list[PlayedStep] = []
    process: Process | None = None
    where = scenario.where
    diagnostics: tuple[Diagnostic, ...] = ()
    refolded = failed = 0
    try:
        process = begin(scenario, rulebook)
        for step in scenario.steps:
            where = step.where
            refolded = count_refolded(process, step, refolded)
            outcome = perform(process, step)
            made = _played_step(process, step, outcome, explain=failed < MOST_EXPLAINED)
            failed += bool(made.failures)
            played.append(made)
            process = outcome.process
            after_step()
    except MisuseError as error:
        diagnostics = (misuse(error, where),)
    return Played(
        scenario=scenario,
        rulebook=rulebook,
        steps=tuple(played),
        process=process,
        ended_at=max((each.at for each in played if each.at is not None), key=instant, default=None),
        diagnostics=diagnostics,
    )


def read_case(scenario: Scenario, rulebook: Rulebook, until: date) -> Case:
    """Return the process after every step that is not later than ``until``. Nothing is judged.

    The events have happened, allowed or not. A step that expects to be refused was only asked for. One
    without an hour has happened from the beginning of its day on; ``until`` as a day is its end.
    """
    left_out: list[Step] = []
    zone = ZoneInfo(scenario.timezone or ANY_ZONE)
    by = instant(until if isinstance(until, datetime) else ends_of(until, zone)[1])
    where, refolded = scenario.where, 0
    try:
        process = begin(scenario, rulebook)
        for step in scenario.steps:
            where = step.where
            is_later = step.at is not None and instant(_earliest(step, step.at)) > by
            if is_later or (left_out and isinstance(step, RetractStep)):  # it counts the entries before it
                left_out.append(step)
                continue
            refolded = count_refolded(process, step, refolded)
            process = as_told(process, step)
    except MisuseError as error:
        return Case(process=None, diagnostics=(misuse(error, where),))
    return Case(process=process, left_out=tuple(left_out))


def _earliest(step: Step, at: datetime) -> datetime:
    """Return the first moment at which a step can have been."""
    zone = at.tzinfo
    return ends_of(step.day, zone)[0] if step.day is not None and isinstance(zone, ZoneInfo) else at


def agenda_of(process: Process, at: date) -> tuple[Agenda, datetime]:
    """Return the agenda at a moment or on a day, and the moment that it is for: the first one left."""
    moment = at if isinstance(at, datetime) else process.first_moment_on(at)
    return process.agenda(at=moment), moment


def verdicts_of(process: Process, at: date) -> tuple[Verdict, ...]:
    """Return the verdict on every act at a moment, or at the first moment of a day that allows it."""
    return process.verdicts(at=at) if isinstance(at, datetime) else process.verdicts_on(at)


def as_told(process: Process, step: Step) -> Process:
    """Return the process after a step that goes as the story tells it, whatever the rules say."""
    if not isinstance(step, EventStep):
        return _correct(process, step).process
    return process if step.expect == "refused" else record_step(process, step).process


def begin(scenario: Scenario, rulebook: Rulebook) -> Process:
    """Return the process before the first step."""
    zone = scenario.timezone or ANY_ZONE
    return rulebook.start(scenario.employer, zone, holidays=scenario.holidays, country=scenario.country)


def misuse(error: MisuseError, where: Span) -> Diagnostic:
    """Report what the engine refuses as misuse, at the place in the scenario that asked for it."""
    return Diagnostic(
        code="PI741",
        message=error.message,
        where=where,
        label="this can't be played",
        help=error.help,
    )


def count_refolded(process: Process, step: Step, before: int) -> int:
    """Return how many entries are folded again, the step included. Raise `MisuseError` if it is too many."""
    if isinstance(step, EventStep) and not step.late and step.day is None:
        return before
    refolded = before + len(process.history)
    if refolded > MOST_REFOLDED:
        raise MisuseError(
            "there are too many corrections or days without an hour: each one folds all of the history again",
            "tell events in the order they happened, with their hours, or split the scenario",
        )
    return refolded


def perform(process: Process, step: Step) -> Outcome:
    """Ask for an act; record a fact, an expected breach, or a correction."""
    if not isinstance(step, EventStep):
        return _correct(process, step)
    asked = not step.late and step.expect in ("allowed", "refused")
    if asked and process.rulebook.definition.events[step.event].is_act:
        given: dict[str, Any] = {"to": step.to, "application": step.application, **step.fields}
        if step.day is None:
            return process.do(step.event, at=step.at.astimezone(process.calendar.zone), **given)
        verdict = process.may_on(step.day, step.event, **given)
        if not verdict.allowed:
            return Outcome(process, None, verdict)
        outcome = record_step(process, step)
        return outcome if outcome.breach else evolve(outcome, verdict=verdict)
    return record_step(process, step)


def _played_step(process: Process, step: Step, outcome: Outcome, *, explain: bool) -> PlayedStep:
    event = step if isinstance(step, EventStep) else None
    failures = failures_of(step, outcome)
    entry = outcome.process.history[-1] if event is None else outcome.event
    refolded = event is None or event.late or event.day is not None
    return PlayedStep(
        step=step,
        at=None if step.at is None else step.at.astimezone(process.calendar.zone),
        result=None if event is None else result_of(outcome),
        entry=None if entry is None else entry.number,
        verdict=outcome.verdict,
        moves=_moves(process, outcome.process) if refolded else outcome.moves,
        now_breaches=outcome.now_breaches,
        now_in_doubt=outcome.now_in_doubt,
        no_longer_breaches=outcome.no_longer_breaches,
        failures=failures,
        guards=guard_results(process, event, outcome.verdict) if event and failures and explain else (),
    )


def _moves(before: Process, after: Process) -> tuple[Move, ...]:
    """Return what a correction changed: the history was folded anew, so any state may be another."""
    old, new = before.states, after.states
    machines = before.rulebook.definition.machines
    moves = []
    for machine, key in dict.fromkeys((*old, *new)):
        source, target = (states.get((machine, key), machines[machine].start) for states in (old, new))
        if source != target:
            moves.append(Move(machine, key, source, target))
    return tuple(moves)


def record_step(process: Process, step: EventStep) -> Outcome:
    """Record the event as something that happened, allowed or not."""
    when = step.day or step.at.astimezone(process.calendar.zone)
    given: dict[str, Any] = {"late": step.late, **step.fields}
    return process.record(step.event, at=when, to=step.to, application=step.application, **given)


def _correct(process: Process, step: RetractStep | UnknownStep) -> Outcome:
    """Correct the history."""
    if isinstance(step, RetractStep):
        return process.retract(step.of, at=step.at, not_sent=step.not_sent)
    return process.unknown(*step.of, until=step.until, application=step.application)
