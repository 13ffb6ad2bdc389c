"""Scenarios for tests: written as text, read and played against the default rules of version 1."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from postinterview import Rulebook, load_rulebook
from postinterview.loading.diagnostics import Diagnostic
from postinterview.scenario.linking import LinkedScenarios, link
from postinterview.scenario.model import Scenario
from postinterview.scenario.parsing import read
from postinterview.scenario.playing import Played, play
from tests.core.helpers import default

STORIES = Path(__file__).parent / "stories"
RULES = Path(__file__).parent / "rules"

INTERVIEW = "{at: 2026-03-02 10:00, event: interview, with: {interviewers: [ana, bo]}}"
DATED = "{at: 2026-03-02 10:00, event: interview, with: {interviewers: [ana], decide_by: 2026-03-10}}"


@cache
def rulebook(path: str | None = None) -> Rulebook:
    """The rulebook of a path; without one, the default rules of version 1."""
    return default() if path is None else load_rulebook(path)


def file_of(*steps: str, **keys: str) -> str:
    """A scenario file with one scenario; ``keys`` of it beside its name and its steps."""
    keys = {"timezone": "Europe/Zurich", **keys}
    head = "".join(f"    {key}: {value}\n" for key, value in keys.items() if value)
    told = "".join(f"      - {step}\n" for step in steps)
    return f"format: 1\nscenarios:\n  - name: A story\n{head}    steps:\n{told}"


def linked(text: str, rules: Rulebook | None = None) -> LinkedScenarios:
    return link(read(text, "story.yaml"), (rules or rulebook()).definition)


def scenario_of(*steps: str, **keys: str) -> Scenario:
    found = linked(file_of(*steps, **keys))
    assert found.diagnostics == ()
    return found.scenarios[0]


def told(*steps: str, **keys: str) -> Played:
    """A story, played."""
    return play(scenario_of(*steps, **keys), rulebook())


def faults(*steps: str, **keys: str) -> tuple[Diagnostic, ...]:
    return linked(file_of(*steps, **keys)).diagnostics


def failures(played: Played) -> list[str]:
    assert played.diagnostics == ()
    return [failure.text for step in played.failed_steps for failure in step.failures]
