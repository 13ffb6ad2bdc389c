"""Short ways to say a moment and to start a process."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve

import postinterview as pi

ZURICH = ZoneInfo("Europe/Zurich")
UTC = ZoneInfo("UTC")


def at(text: str, zone: ZoneInfo = ZURICH) -> datetime:
    """``at("2026-03-02 10:00")``, in Zurich unless another zone is named."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


FIRST_RULES = Path(__file__).parents[1] / "rules" / "default-1.yaml"


@cache
def default() -> pi.Rulebook:
    """The default rules of version 1: fewer words and guards, so tests of the engine are easy to read."""
    return pi.load_rulebook(text=FIRST_RULES.read_bytes(), name="rules/default.yaml")


@cache
def packaged() -> pi.Rulebook:
    """The default rules as they are packaged now."""
    return pi.load_rulebook()


def start(timezone: str = "Europe/Zurich") -> pi.Process:
    return default().start(employer="acme", timezone=timezone)


def ids(verdict: pi.Verdict | None) -> list[str]:
    assert verdict is not None
    return [reason.id for reason in verdict.reasons]


def with_guards(
    rulebook: pi.Rulebook, *, custom: dict[str, Any] | None = None, **changed: dict[str, Any]
) -> pi.Rulebook:
    """The rulebook with other values in guards, by their ids."""
    machines = {}
    for name, machine in rulebook.definition.machines.items():
        transitions = tuple(
            evolve(each, guards=tuple(evolve(guard, **changed.get(guard.id, {})) for guard in each.guards))
            for each in machine.transitions
        )
        machines[name] = evolve(machine, transitions=transitions)
    return pi.Rulebook(evolve(rulebook.definition, machines=machines), custom=custom)
