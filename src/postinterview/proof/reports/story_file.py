"""A replayed story as a scenario: as plain data, and as a file that ``postinterview run`` plays."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from postinterview.core.past.events import plain_value
from postinterview.core.rules.definitions import APPLICATION, EMPLOYER, INTERVIEWER
from postinterview.proof.bound import Bound, Term, stories_of
from postinterview.proof.comparison import Compared
from postinterview.proof.prove import Result
from postinterview.proof.search.path import Happening
from postinterview.proof.search.replay import EMPLOYER as ACME
from postinterview.proof.search.replay import ZONE, StoryReplay

FORMAT = 1


def breaking(result: Result) -> dict[str, Any] | None:
    """Return the scenario that breaks a promise, if there is one."""
    return _if_any(f"Breaks {result.id}", result.violation, result.promise.title)


def newly_allowed(each: Compared) -> dict[str, Any] | None:
    """Return the scenario of the new rules at the end of which they allow the act."""
    return _if_any(f"Newly allowed: {each.act}", each.allowed, "The old rules refused it.")


def refused_before(each: Compared) -> dict[str, Any] | None:
    """Return the scenario of the old rules at the end of which they refuse the act.

    None if they don't know it, or refuse it only if custom functions say so.
    """
    refused = None if each.supposing else each.refused
    return _if_any(f"Refused: {each.act}", refused, "The new rules allow it.")


def reaching(bound: Bound) -> dict[str, Any] | None:
    """Return the first of the scenarios of a bound, if there is one."""
    return next(iter(reaching_each(bound)), None)


def reaching_each(bound: Bound) -> list[dict[str, Any]]:
    """Return a scenario for each part of a formula; that of the turn which repeats if there is no limit."""
    name = f"Worst case: {bound.question}"
    if bound.cycle is not None:
        return [scenario_of(name, bound.cycle.replay, "There is no limit.")]
    return [
        scenario_of(name if number == 1 else f"{name} ({number})", story, f"{part_of(term)}.")
        for number, (term, story) in enumerate(stories_of(bound), 1)
    ]


def part_of(term: Term) -> str:
    """Return which part of a formula a story reaches, such as ``1 for each person``."""
    scopes = {EMPLOYER: "the employer", APPLICATION: "each application", INTERVIEWER: "each person"}
    return f"{term.at_least} for {scopes.get(term.scope, 'each person and application')}"


def _if_any(name: str, replay: StoryReplay | None, why: str) -> dict[str, Any] | None:
    return None if replay is None else scenario_of(name, replay, why)


def scenario_of(name: str, replay: StoryReplay, why: str) -> dict[str, Any]:
    """Return a story as a scenario that ends with the act which is asked for."""
    steps = [step_of(replay, line.happening, line.became) for line in replay.lines]
    last = step_of(replay, replay.story.act, "allowed" if replay.verdict.allowed else "refused")
    if not replay.verdict.allowed:
        last["because"] = list(dict.fromkeys(reason.id for reason in replay.verdict.reasons))
    return _said(name=name, why=why, timezone=ZONE, employer=ACME, steps=[*steps, last])


def step_of(replay: StoryReplay, happening: Happening, became: str) -> dict[str, Any]:
    """Return a happening as a step that expects what became of it."""
    known = replay.process.rulebook.definition.events[happening.event].fields
    step = _said(at=moment(happening.at), event=happening.event, to=happening.to)
    carried = {name: plain_value(value) for name, value in happening.carried if name in known}
    expect = became if became in ("breach", "outside", "unexpected", "refused") else None
    return step | _said(**{"application": happening.application, "with": carried, "expect": expect})


def _said(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def moment(at: datetime) -> str:
    """Return the moment as short as it can be said exactly."""
    local = at.astimezone(UTC)
    seconds = ":%S.%f" if local.microsecond else ":%S" if local.second else ""
    return local.strftime(f"%Y-%m-%d %H:%M{seconds}")


def scenario_file(rules: str, scenario: dict[str, Any]) -> str:
    """Return the text of a file with one scenario, a step on each line. ``rules``: as the file names them."""
    lines = [f"format: {FORMAT}", f"rules: {_flow(rules)}", "scenarios:"]
    for number, (key, value) in enumerate(scenario.items()):
        if key != "steps":
            lines.append(f"{'    ' if number else '  - '}{key}: {_flow(value)}")
    lines += ["    steps:", *(f"      - {_flow(step)}" for step in scenario["steps"])]
    return "\n".join(lines) + "\n"


def _flow(value: Any) -> str:
    """Return YAML on one line; a text that could be read as anything else is put in quotes."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        plain = value.translate(dict.fromkeys(map(ord, "_ -/.")))
        safe = plain.isalnum() and not value.startswith((" ", "-", ".")) and not value.endswith(" ")
        return value if safe or _is_moment(value) else json.dumps(value, ensure_ascii=False)
    return str(value)


def _is_moment(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
