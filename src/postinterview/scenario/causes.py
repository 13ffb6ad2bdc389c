"""Group the steps that failed by their cause: a guard at its line of the rules.

One changed number makes many stories fail, all by the same guard. A step may have several causes, such as
each guard that refused an act which should be allowed. The cause that most steps share takes all of its
steps, then the one that most of the others share, and so on: so each step is in one group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import frozen

from postinterview.core.answers.verdict import Reason
from postinterview.core.rules.definitions import ChangedValue, Definition, Origin
from postinterview.core.values.formatting import say_count
from postinterview.layout import WIDTH, Line, Piece, hang, line
from postinterview.loading.diagnostics import Span
from postinterview.scenario.judging import Failure
from postinterview.scenario.model import EventStep, Scenario
from postinterview.scenario.playing import Played, PlayedStep
from postinterview.scenario.scenario_text import failed_step_lines


@frozen
class Cause:
    """A guard, or the name of what else decides, and where the rules say it.

    ``changes``: the changed values that the guard names.
    """

    name: str
    file: str
    line: int
    changes: tuple[ChangedValue, ...] = ()

    def __str__(self) -> str:
        return ", ".join((self.name, f"{self.file}:{self.line}", *map(str, self.changes)))


@frozen
class FailedStep:
    """A step that failed by itself, its scenario, and what may have caused it."""

    scenario: Scenario
    step: PlayedStep
    causes: tuple[Cause, ...]


@frozen
class FailureGroup:
    """Failed steps with one cause, in the order in which they were played."""

    cause: Cause
    failed: tuple[FailedStep, ...]

    @property
    def scenarios(self) -> dict[Span, list[FailedStep]]:
        """The failed steps of each scenario, by the place of its name."""
        found: dict[Span, list[FailedStep]] = {}
        for each in self.failed:
            found.setdefault(each.scenario.where, []).append(each)
        return found


def failed_steps(played: Played) -> Iterator[FailedStep]:
    """Yield the steps of a scenario that failed by themselves, and not as a consequence of an earlier one."""
    definition = played.rulebook.definition
    for step in played.failed_steps:
        if step.step.number not in played.consequences:
            causes = (cause for failure in step.failures for cause in _causes(step, failure, definition))
            unique = tuple(dict.fromkeys(causes)) or (_cause(played.scenario.name, step.step.where),)
            yield FailedStep(played.scenario, step, unique)


def group_by_cause(failed: Iterable[FailedStep]) -> list[FailureGroup]:
    """Return the groups, the one with the most steps first."""
    groups = []
    left = list(failed)
    while left:
        ((cause, _),) = Counter(cause for each in left for cause in each.causes).most_common(1)
        groups.append(FailureGroup(cause, tuple(each for each in left if cause in each.causes)))
        left = [each for each in left if cause not in each.causes]
    return groups


def group_lines(group: FailureGroup, width: int = WIDTH) -> Iterator[Line]:
    """Yield the cause with its count, the first step whole, and a line for each further scenario."""
    counted = f"{say_count(len(group.failed), 'step')} of {say_count(len(group.scenarios), 'scenario')}"
    yield line(Piece(str(group.cause), "title"), f": {counted} failed")
    first, *others = group.failed
    yield from failed_step_lines(first.step, width)
    for steps in FailureGroup(group.cause, tuple(others)).scenarios.values():
        numbers = ", ".join(str(each.step.step.number) for each in steps)
        steps_said = f"step{'s' if len(steps) > 1 else ''} {numbers}"
        lead = line(Piece("also  ", "dim"))
        body = line(f"{steps[0].step.step.where} {steps_said} of ", steps[0].scenario.name)
        yield from hang(lead, body, width)


def _causes(played: PlayedStep, failure: Failure, definition: Definition) -> Iterator[Cause]:
    """Yield what may have caused the failure: guards that refuse, those that no longer do, or a machine."""
    key, step, verdict = failure.expectation.key, played.step, played.verdict
    if key == "state":
        machine = definition.machines.get(failure.expectation.machine)
        yield _cause(failure.what, step.where if machine is None else machine.origin)
    elif not isinstance(step, EventStep):
        return
    elif verdict is None or (key == "closes_at" or (verdict.allowed and not _expected_guards(step))):
        yield _cause(step.event, definition.events[step.event].origin)
    elif verdict.allowed:
        yield from _guards(definition, played, step, _expected_guards(step))
    elif key == "because" and isinstance(failure.got, tuple):
        expected = _expected_guards(step)
        new = [reason for reason in verdict.reasons if reason.id not in expected]
        yield from map(_reason, new)
        if not new:
            yield from _guards(
                definition, played, step, [each for each in expected if each not in failure.got]
            )
    else:
        latest = [each for each in verdict.reasons if each.opens_at == verdict.opens_at]
        opening = key in ("opens_at", "opens_after") and latest
        for each in latest if opening else verdict.reasons:
            yield _reason(each)


def _expected_guards(step: EventStep) -> list[str]:
    return [str(each.value) for each in step.expectations if each.key == "because"]


def _guards(
    definition: Definition, played: PlayedStep, step: EventStep, ids: Iterable[str]
) -> Iterator[Cause]:
    """Yield the guards with these ids: those that the step met, or any of its event, or else the event."""
    met = {each.reason.id: _reason(each.reason) for each in played.guards}
    rules = [rule for machine in definition.machines.values() for rule in machine.transitions]
    known = {
        guard.id: _cause(guard.id, guard.origin, guard.changes)
        for rule in rules
        if rule.event == step.event
        for guard in rule.guards
    }
    for id in ids:
        yield met.get(id) or known.get(id) or _cause(id, definition.events[step.event].origin)


def _reason(reason: Reason) -> Cause:
    return Cause(reason.id, reason.file, reason.line, reason.changes)


def _cause(name: str, place: Origin | Span, changes: tuple[ChangedValue, ...] = ()) -> Cause:
    return Cause(name, place.file, place.line, changes)


def groups_data(groups: Iterable[FailureGroup]) -> list[dict[str, Any]]:
    """Return the groups for JSON."""
    return [
        {
            "cause": group.cause.name,
            "file": group.cause.file,
            "line": group.cause.line,
            "changes": [each.as_json() for each in group.cause.changes],
            "scenarios": len(group.scenarios),
            "steps": [
                {"name": each.scenario.name, "step": each.step.step.number, **_place(each.step.step.where)}
                for each in group.failed
            ],
        }
        for group in groups
    ]


def _place(where: Span) -> dict[str, Any]:
    return {"file": where.file, "line": where.line, "column": where.column}
