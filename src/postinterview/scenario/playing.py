"""Plays a scenario on the one step function, and judges what was expected of each step."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from attrs import frozen

from postinterview.core.errors import MisuseError
from postinterview.core.process import Outcome, Process
from postinterview.core.rulebook import Rulebook
from postinterview.core.verdict import Move
from postinterview.loading.diagnostics import Diagnostic, Span
from postinterview.loading.local_times import instant
from postinterview.scenario.judging import Failure, judge, result_of
from postinterview.scenario.model import ANY_ZONE, EventStep, Result, RetractStep, Scenario, Step, UnknownStep
from postinterview.scenario.table import GuardLine, guard_lines

_AS_ARGUMENT = re.compile(r"\b(application|to|late|not_sent)=(\S+)").sub
"""The engine speaks to programs: ``late=True`` is ``late: true`` here."""


@frozen(kw_only=True)
class PlayedStep:
    """A step, and what came of it.

    ``at`` is in the employer's zone; None where the step has none. ``result`` is None for a correction.
    ``entry`` is its number in the history, or None where nothing was recorded. ``moves`` are the states
    before and after it, whichever event brought them. ``guards`` has every guard of an act that did not
    do as expected, whether it held or not.
    """

    step: Step
    at: datetime | None
    outcome: Outcome
    result: Result | None
    entry: int | None
    moves: tuple[Move, ...] = ()
    failures: tuple[Failure, ...] = ()
    guards: tuple[GuardLine, ...] = ()


@frozen(kw_only=True)
class Played:
    """A scenario as it went.

    ``process`` is what it led to; None where it could not even start. ``ended_at`` is the latest moment
    that a step names, in the employer's zone. ``diagnostics``: what could not be played, if anything;
    the story stops there.
    """

    scenario: Scenario
    rulebook: Rulebook
    steps: tuple[PlayedStep, ...] = ()
    process: Process | None = None
    ended_at: datetime | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def failed_steps(self) -> tuple[PlayedStep, ...]:
        return tuple(step for step in self.steps if step.failures)

    @property
    def passed(self) -> bool:
        """Whether everything could be played, and went as expected."""
        return not self.diagnostics and not self.failed_steps


def play(scenario: Scenario, rulebook: Rulebook, *, after_step: Callable[[], None] = lambda: None) -> Played:
    """Play the scenario from its first step to its last; what fails does not stop it.

    ``after_step`` is called after each step, for whoever waits and wants to see how far it has come.
    """
    played: list[PlayedStep] = []
    process: Process | None = None
    ended_at: datetime | None = None
    where = scenario.where
    try:
        process = begin(scenario, rulebook)
        for step in scenario.steps:
            where = step.where
            made = (
                _play_event(process, step) if isinstance(step, EventStep) else _play_correction(process, step)
            )
            played.append(made)
            process = made.outcome.process
            after_step()
            if made.at is not None and (ended_at is None or instant(ended_at) < instant(made.at)):
                ended_at = made.at
    except MisuseError as error:
        diagnostics: tuple[Diagnostic, ...] = (misuse(error, where),)
    else:
        diagnostics = ()
    return Played(
        scenario=scenario,
        rulebook=rulebook,
        steps=tuple(played),
        process=process,
        ended_at=ended_at,
        diagnostics=diagnostics,
    )


def begin(scenario: Scenario, rulebook: Rulebook) -> Process:
    """The process before the first step."""
    zone = scenario.timezone or ANY_ZONE
    return rulebook.start(scenario.employer, zone, holidays=scenario.holidays, country=scenario.country)


def misuse(error: MisuseError, where: Span) -> Diagnostic:
    """What the engine can't make sense of, at the place in the scenario that asked for it."""
    return Diagnostic(
        code="PI741",
        message=error.message,
        where=where,
        label="this can't be played",
        help=_AS_ARGUMENT(lambda match: f"{match[1]}: {match[2].lower()}", error.help),
    )


def zone_of(process: Process) -> ZoneInfo:
    return process.calendar.zone


def _play_event(process: Process, step: EventStep) -> PlayedStep:
    at = step.at.astimezone(zone_of(process))
    asked = not step.late and step.expected.result in ("allowed", "refused")
    if asked and process.rulebook.definition.events[step.event].is_act:
        outcome = process.do(step.event, at=at, to=step.to, application=step.application, **step.fields)
    else:
        outcome = record(process, step)
    failures = judge(step, outcome)
    return PlayedStep(
        step=step,
        at=at,
        outcome=outcome,
        result=result_of(outcome),
        entry=None if outcome.event is None else outcome.event.number,
        moves=_moves(process, outcome.process) if step.late else outcome.moves,
        failures=failures,
        guards=guard_lines(process, step, at, outcome.verdict) if failures else (),
    )


def _play_correction(process: Process, step: RetractStep | UnknownStep) -> PlayedStep:
    outcome = correct(process, step)
    return PlayedStep(
        step=step,
        at=None if step.at is None else step.at.astimezone(zone_of(process)),
        outcome=outcome,
        result=None,
        entry=outcome.process.history[-1].number,
        moves=_moves(process, outcome.process),
        failures=judge(step, outcome),
    )


def _moves(before: Process, after: Process) -> tuple[Move, ...]:
    """What a correction changed: the history was folded anew, so any state may be another."""
    old, new = before.states, after.states
    machines = before.rulebook.definition.machines
    moves = []
    for place in dict.fromkeys((*old, *new)):
        machine, key = place
        start = machines[machine].start
        source, target = old.get(place, start), new.get(place, start)
        if source != target:
            moves.append(Move(machine, key, source, target))
    return tuple(moves)


def record(process: Process, step: EventStep) -> Outcome:
    """The event as something that happened, allowed or not."""
    at = step.at.astimezone(zone_of(process))
    return process.record(
        step.event, at=at, to=step.to, application=step.application, late=step.late, **step.fields
    )


def correct(process: Process, step: RetractStep | UnknownStep) -> Outcome:
    """A correction of the history."""
    if isinstance(step, RetractStep):
        return process.retract(step.of, at=step.at, not_sent=step.not_sent)
    return process.unknown(*step.of, until=step.until, application=step.application)
