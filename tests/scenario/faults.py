"""Everything that is found in a scenario file, up to playing it: what the command line would show."""

from __future__ import annotations

import contextlib
from pathlib import Path

from postinterview.loading.diagnostics import Diagnostic
from postinterview.named_rules import Rulebooks
from postinterview.rulebooks import RulesError
from postinterview.scenario.linking import link
from postinterview.scenario.parsing import read
from postinterview.scenario.playing import play

FOLDER = Path(__file__).parents[1] / "bad" / "scenario"


def find_faults(data: bytes, file: str, *, pure: bool) -> tuple[Diagnostic, ...]:
    """The diagnostics of a file in `tests/bad/scenario`."""
    reading = read(data, file, pure=pure)
    if reading.content.shape is None:
        return reading.content.diagnostics
    try:
        with contextlib.chdir(FOLDER):
            rules = Rulebooks().load_for(reading.content, file, {})
    except RulesError as error:
        return tuple(each for each in error.diagnostics if each.where.file == file)
    linked = link(reading, rules.definition)
    played = [play(scenario, rules) for scenario in linked.scenarios]
    return (*linked.diagnostics, *(each for one in played for each in one.diagnostics))
