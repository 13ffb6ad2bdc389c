"""Play the shipped examples, and collect which parts of the default rules they show."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from attrs import Factory, define

import postinterview as pi
from postinterview.core.rules.definitions import MachineKind, Transition
from postinterview.loading.diagnostics import Diagnostic
from postinterview.scenario.linking import link
from postinterview.scenario.model import EventStep, Scenario
from postinterview.scenario.parsing import read
from postinterview.scenario.playing import Played, PlayedStep, begin, perform, play
from tests.core.helpers import packaged

ROOT = Path(__file__).parents[2]
EXAMPLES = tuple(sorted((ROOT / "examples").glob("*.yaml")))

GuardName = tuple[str, str, str]
"""Machine, transition, guard."""


def scenarios_of(
    text: str | bytes, name: str, rulebook: pi.Rulebook
) -> tuple[tuple[Scenario, ...], tuple[Diagnostic, ...]]:
    linked = link(read(text, name), rulebook.definition)
    return linked.scenarios, linked.diagnostics


@cache
def play_file(path: Path) -> tuple[Played, ...]:
    """Return every scenario of a file, played under the default rules."""
    scenarios, diagnostics = scenarios_of(path.read_bytes(), path.name, packaged())
    assert not diagnostics, diagnostics
    return tuple(play(scenario, packaged()) for scenario in scenarios)


@define
class Shown:
    """The parts of a rulebook that scenarios show.

    ``allowed``: acts. ``held`` and ``failed``: guards. ``taken``: transitions, as machine and rule.
    ``reached``: states, as machine and state.
    """

    allowed: set[str] = Factory(set)
    held: set[GuardName] = Factory(set)
    failed: set[GuardName] = Factory(set)
    taken: set[tuple[str, str]] = Factory(set)
    reached: set[tuple[str, str]] = Factory(set)

    def add(self, story: Played) -> None:
        before = begin(story.scenario, story.rulebook)
        for played in story.steps:
            if isinstance(played.step, EventStep) and not played.step.late:
                self._add_event(before, played, played.step)
            outcome = perform(before, played.step)
            self.reached |= {(move.machine, move.target) for move in outcome.moves}
            before = outcome.process

    def _add_event(self, before: pi.Process, played: PlayedStep, step: EventStep) -> None:
        verdict = played.verdict
        reasons = () if verdict is None else verdict.reasons
        if any(reason.id == "state" and not reason.machine for reason in reasons):
            return  # to an unknown person: no transition is about that
        if played.result == "allowed":
            self.allowed.add(step.event)
        failed = {(reason.machine, reason.transition, reason.id) for reason in reasons}
        self.failed |= {name for name in failed if name[2] != "state"}
        for machine in before.rulebook.definition.machines.values():
            for rule in leaving(machine, before, step):
                self.held |= {(machine.name, rule.id, guard.id) for guard in rule.guards} - failed
                if played.result == "allowed":
                    self.taken.add((machine.name, rule.id))


def leaving(machine: MachineKind, before: pi.Process, step: EventStep) -> list[Transition]:
    """Return the transitions on the step's event from the state in which the machine was before it."""
    rules = [rule for rule in machine.transitions if rule.event == step.event]
    if not rules:
        return []
    try:
        state = before.state(
            machine.name,
            application=step.application if machine.scope.application else None,
            to=step.to if machine.scope.interviewer else None,
        )
    except pi.UnknownNameError:  # the step opens the application, or is the first to name the person
        state = machine.start
    return [rule for rule in rules if state in rule.sources]


@cache
def shown() -> Shown:
    """Return what all the examples show together."""
    found = Shown()
    for path in EXAMPLES:
        for story in play_file(path):
            found.add(story)
    return found
