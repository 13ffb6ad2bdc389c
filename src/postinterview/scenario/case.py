"""A scenario read as a case: what has happened up to a moment, and so what may be done then.

Nothing is judged. What the steps tell has happened, allowed or not, since nobody can refuse reality;
a step that is expected to be refused was only asked for.
"""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from postinterview.core.errors import MisuseError
from postinterview.core.process import Process
from postinterview.core.rulebook import Rulebook
from postinterview.loading.diagnostics import Diagnostic
from postinterview.loading.local_times import instant
from postinterview.scenario.model import EventStep, Scenario, Step
from postinterview.scenario.playing import begin, correct, misuse, record


@frozen(kw_only=True)
class Case:
    """What has happened by a moment. ``left_out``: the steps that come only after it.

    ``process`` is None, and ``diagnostics`` says why, where a step can't be.
    """

    process: Process | None
    left_out: tuple[Step, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def read_case(scenario: Scenario, rulebook: Rulebook, until: datetime) -> Case:
    """The process after every step that is not later than ``until``."""
    left_out: list[Step] = []
    where = scenario.where
    try:
        process = begin(scenario, rulebook)
        for step in scenario.steps:
            where = step.where
            if step.at is not None and instant(step.at) > instant(until):
                left_out.append(step)
            elif not isinstance(step, EventStep):
                process = correct(process, step).process
            elif step.expected.result != "refused":
                process = record(process, step).process
    except MisuseError as error:
        return Case(process=None, diagnostics=(misuse(error, where),))
    return Case(process=process, left_out=tuple(left_out))
