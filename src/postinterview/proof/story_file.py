"""A replayed story as data, as a scenario file that ``postinterview run`` plays, and in plain lines."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from postinterview.core.events import Value
from postinterview.proof.path import Happening
from postinterview.proof.replay import EMPLOYER, ZONE, Replay

FORMAT = 1


def scenario_data(name: str, replay: Replay, why: str = "") -> dict[str, Any]:
    """The scenario as plain data, moments as a scenario file writes them."""
    return _data(name, replay, why, _step(replay, replay.story.act, "allowed"))


def refused_data(name: str, replay: Replay, why: str = "") -> dict[str, Any]:
    """The scenario of a story whose last act is refused, and for which reasons."""
    last = _step(replay, replay.story.act, "refused")
    return _data(
        name, replay, why, {**last, "because": list(dict.fromkeys(r.id for r in replay.verdict.reasons))}
    )


def _data(name: str, replay: Replay, why: str, last: dict[str, Any]) -> dict[str, Any]:
    steps = [*(_step(replay, line.happening, line.became) for line in replay.lines), last]
    return {
        "name": name,
        **({"why": why} if why else {}),
        "timezone": ZONE,
        "employer": EMPLOYER,
        "steps": steps,
    }


def scenario_file(rules: str, scenarios: list[dict[str, Any]]) -> str:
    """The text of a scenario file, a step a line. ``rules``: as the file is to name them."""
    lines = [f"format: {FORMAT}", f"rules: {_flow(rules)}", "scenarios:"]
    for scenario in scenarios:
        head = "  - "
        for key, value in scenario.items():
            if key != "steps":
                lines.append(f"{head}{key}: {_flow(value)}")
                head = "    "
        lines.append(f"{head}steps:")
        lines += [f"      - {_flow(step)}" for step in scenario["steps"]]
    return "\n".join(lines) + "\n"


def moment(at: datetime) -> str:
    """The moment as short as it can be said exactly."""
    local = at.astimezone(UTC)
    if local.microsecond:
        return f"{local:%Y-%m-%d %H:%M:%S.%f}"
    return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"


def _step(replay: Replay, happening: Happening, became: str) -> dict[str, Any]:
    step: dict[str, Any] = {"at": moment(happening.at), "event": happening.event}
    if happening.to is not None:
        step["to"] = happening.to
    if happening.application is not None:
        step["application"] = happening.application
    known = replay.process.rulebook.definition.events[happening.event].fields
    carried = {name: _plain(value) for name, value in happening.fields.items() if name in known}
    if carried:
        step["with"] = carried
    if became in ("breach", "unexpected", "refused"):
        step["expect"] = became
    return step


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def _flow(value: Any) -> str:
    """YAML in one line; a text that could be read as anything else is put in quotes."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        plain = value.replace("_", "").replace(" ", "").replace("-", "").replace("/", "").replace(".", "")
        safe = plain.isalnum() and not value.startswith((" ", "-", ".")) and not value.endswith(" ")
        return value if safe or _is_moment(value) else json.dumps(value, ensure_ascii=False)
    return str(value)


def _is_moment(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
