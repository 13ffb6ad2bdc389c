"""``postinterview explain STORY --step N``: play a story up to a step, and show the guards that it meets."""

from __future__ import annotations

import re

import click

from postinterview.cli import YES
from postinterview.cli.stories import Stories, read_stories
from postinterview.cli.terminal import Screen
from postinterview.describing.steps import ExplainedStep, explain_step, step_data, step_lines
from postinterview.rulebooks import RulesError
from postinterview.scenario.model import Scenario, Step

_NUMBER = re.compile("[0-9]{1,9}")
_PLACE = re.compile(r"(?:.*?:)([0-9]{1,9})(?::[0-9]+)?", re.DOTALL)
"""A line, with the column or the file where a failure names them: ``:9``, ``story.yaml:9:7``."""


def tell_step(screen: Screen, file: str, asked: str, name: str | None, rules: str | None) -> int:
    """Show a step of a story; ``asked``: its number, or its line after a colon."""
    stories = read_stories(file, rules)
    explained = explain_step(*_step(stories, asked, name), stories.rulebook)
    if not isinstance(explained, ExplainedStep):
        raise RulesError((explained,), stories.text)
    screen.show(step_lines(explained, screen.width))
    screen.answer(step_data(explained))
    return YES


def _step(stories: Stories, asked: str, name: str | None) -> tuple[Scenario, Step]:
    """Return the step by its number, or the one that is written at a line of any scenario."""
    hint = "--step"
    if _NUMBER.fullmatch(asked):
        scenario = stories.choose(name)
        found = [step for step in scenario.steps if step.number == int(asked)]
        if not found:
            raise click.BadParameter(
                f"`{scenario.name}` has steps 1 to {len(scenario.steps)}", param_hint=hint
            )
        return scenario, found[0]
    place = _PLACE.fullmatch(asked)
    if place is None:
        raise click.BadParameter(
            f"write a number such as 3, or a line such as :9, not `{asked}`", param_hint=hint
        )
    wanted = int(place[1])
    above = [each for each in stories.told if each.where.line <= wanted]
    if name is None and above:
        stories.playable(max(above, key=lambda each: each.where.line))
    chosen = stories.scenarios if name is None else (stories.choose(name),)
    before = [(scenario, step) for scenario in chosen for step in scenario.steps if step.where.line <= wanted]
    if not before:
        first = min(step.where.line for scenario in chosen for step in scenario.steps)
        raise click.BadParameter(
            f"no step is at line {place[1]}; the first is at line {first}", param_hint=hint
        )
    return max(before, key=lambda each: each[1].where.line)
