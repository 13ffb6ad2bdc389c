"""Show a story in which a guard decides, for ``postinterview explain``."""

from __future__ import annotations

from collections.abc import Iterator
from time import thread_time  # noqa: TID251 - it limits the search for stories
from typing import Any

from postinterview.cli.terminal import Screen
from postinterview.core.rules.definitions import Definition, Transition
from postinterview.coverage.deciding import Deciding, guard_stories
from postinterview.layout import BLANK, Line, line
from postinterview.proof.reports.story_file import scenario_file
from postinterview.rulebooks import to_prove


def show_deciding(screen: Screen, definition: Definition, name: str, file: str) -> None:
    """Show the first story in which a guard of this name decides, if the name is a guard's."""
    decides = list(guard_stories(to_prove(definition), name, thread_time))
    screen.show(_deciding_lines(decides, file))
    if decides:
        screen.answer({"decides": [_deciding_data(rule, each) for rule, each in decides]})


def _deciding_lines(decides: list[tuple[Transition, Deciding]], file: str) -> Iterator[Line]:
    """Yield the first story in which a guard decides, and the transitions in which it never does."""
    for rule, found in decides:
        if found.verdict == "none":
            yield BLANK
            yield line(f"It never matters in {rule.id}: what it refuses there is refused without it.")
    for rule, found in decides:
        if found.scenario is not None:
            yield BLANK
            how = "it alone refuses" if found.alone else "it decides by the credit that it takes"
            yield line(f"A story in which {how} ({rule.id}):")
            yield from (line(f"  {text}") for text in scenario_file(file, found.scenario).splitlines())
            return


def _deciding_data(rule: Transition, found: Deciding) -> dict[str, Any]:
    return {"transition": rule.id, "verdict": found.verdict, "alone": found.alone, "scenario": found.scenario}
