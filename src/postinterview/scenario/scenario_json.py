"""Played scenarios and cases as plain data, for JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from postinterview.core.answers.verdict import Move, Verdict
from postinterview.core.past.events import plain_value
from postinterview.core.past.places import Key
from postinterview.loading.diagnostics import Span
from postinterview.scenario.model import ANY_ZONE, EventStep, RetractStep
from postinterview.scenario.playing import Case, Played, PlayedStep, agenda_of, verdicts_of


def played_data(played: Played) -> dict[str, Any]:
    """Return a scenario with every step and the agenda at the end."""
    process, at = played.process, played.ended_at
    agenda = [] if process is None or at is None else [item.as_json() for item in process.agenda(at=at)]
    return {
        **summary_data(played),
        "why": played.scenario.why,
        "employer": played.scenario.employer,
        "timezone": played.scenario.timezone or ANY_ZONE,
        "steps": [_step(step) for step in played.steps],
        "at": plain_value(at),
        "agenda": agenda,
    }


def summary_data(played: Played) -> dict[str, Any]:
    """Return whether a scenario went as expected, and the steps that failed."""
    return {
        "name": played.scenario.name,
        **_place(played.scenario.where),
        "passed": played.passed,
        "failed": [
            {
                "step": failed.step.number,
                **_place(failed.step.where),
                "is_consequence": failed.step.number in played.consequences,
                "failures": [
                    {
                        "what": failure.what,
                        "expected": plain_value(failure.expectation.value),
                        "got": plain_value(failure.got),
                        "line": failure.expectation.where.line,
                        "column": failure.expectation.where.column,
                    }
                    for failure in failed.failures
                ],
                "guards": [{"holds": guard.holds, **guard.reason.as_json()} for guard in failed.guards],
            }
            for failed in played.failed_steps
        ],
    }


def case_data(case: Case, at: date) -> dict[str, Any]:
    """Return the agenda of a case at a moment or on a day, and the verdict on every act."""
    process = case.process
    if process is None:
        return {"at": at.isoformat(), "agenda": [], "verdicts": []}
    return {
        "at": at.isoformat(),
        "employer": process.employer,
        "timezone": process.timezone,
        "left_out": [_place(step.where) for step in case.left_out],
        "states": [
            {"machine": machine, **_key(key), "state": state}
            for (machine, key), state in process.states.items()
        ],
        "agenda": [item.as_json() for item in agenda_of(process, at)[0]],
        "verdicts": [_verdict(verdict, at) for verdict in verdicts_of(process, at)],
    }


def _verdict(verdict: Verdict, at: date) -> dict[str, Any]:
    """Return a verdict; on a day with the moment of it that the verdict is about."""
    when = {} if isinstance(at, datetime) else {"at": verdict.at.isoformat()}
    return {**verdict.as_json(), **when}


def _step(played: PlayedStep) -> dict[str, Any]:
    step = played.step
    data: dict[str, Any] = {"number": step.number, **_place(step.where), "at": plain_value(played.when)}
    if isinstance(step, EventStep):
        data |= {
            "event": step.event,
            "to": step.to,
            "application": step.application,
            "with": {name: plain_value(value) for name, value in step.fields.items()},
            "late": step.late,
            "expected": step.expect,
            "result": played.result,
            "verdict": None if played.verdict is None else played.verdict.as_json(),
        }
    elif isinstance(step, RetractStep):
        data |= {"retract": step.of, "not_sent": step.not_sent}
    else:
        data |= {"unknown": list(step.of), "until": plain_value(step.until), "application": step.application}
    return data | {
        "entry": played.entry,
        "moves": [_move(move) for move in played.moves],
        "now_breaches": list(played.now_breaches),
        "now_in_doubt": list(played.now_in_doubt),
        "no_longer_breaches": list(played.no_longer_breaches),
        "why": step.why,
        "passed": not played.failures,
    }


def _move(move: Move) -> dict[str, Any]:
    names = ("machine", "application", "round", "interviewer", "from", "to")
    return dict(zip(names, (move.machine, *move.key, move.source, move.target), strict=True))


def _key(key: Key) -> dict[str, Any]:
    return dict(zip(("application", "round", "interviewer"), key, strict=True))


def _place(where: Span) -> dict[str, Any]:
    return {"file": where.file, "line": where.line, "column": where.column}
