"""Answer ``next --all``: a case on each line, and an answer for each line as soon as it was read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any

import click
from attrs import frozen

from postinterview.cli.inputs import STDIN, STDIN_NAME, open_stdin, read
from postinterview.cli.stories import choose_when, stories_in
from postinterview.core.values.errors import HelpfulError
from postinterview.files import LIMIT, UnreadableError
from postinterview.loading.render import diagnostics_data
from postinterview.named_rules import Rulebooks
from postinterview.rulebooks import RulesError
from postinterview.scenario.parsing import read as parse_scenarios
from postinterview.scenario.playing import read_case
from postinterview.scenario.scenario_json import case_data

_BEFORE, _AFTER = b'{"format": 1, "scenarios": [', b"]}"
"""These two around a scenario make a file of it."""


@frozen
class _Line:
    """A line as a scenario file.

    ``shown`` and ``number`` say where it is; ``skipped``: how many characters were put in front of it.
    """

    shown: str
    number: int
    text: bytes
    name: str | None
    skipped: int

    def placed(self, data: Any) -> Any:
        """Return data in which places in the text are places in the whole file."""
        if isinstance(data, list):
            return [self.placed(each) for each in data]
        if not isinstance(data, dict):
            return data
        found = {key: self.placed(value) for key, value in data.items()}
        if found.get("file") == self.shown:
            for key in found.keys() & {"line", "end_line"}:
                found[key] += self.number - 1
            for key in found.keys() & {"column", "end_column"}:
                found[key] = max(found[key] - self.skipped, 1)
        return found


def answers(path: str, at: str, override: str | None) -> Iterator[dict[str, Any]]:
    """Yield an answer for each line that is not empty: what `next` answers, or why there is no answer.

    Args:
        path: a file of JSON Lines, or `-` for standard input. A line is a scenario file or a scenario.
        at: the moment.
        override: rules for all lines, in place of those that they name.

    Raises:
        UnreadableError: the file can't be read, or the rules that replace all others.
        RulesError: those rules have errors.
    """
    rulebooks = Rulebooks()
    if override is not None:
        rulebooks.load(override)
    shown, source = (STDIN_NAME, open_stdin()) if path == STDIN else _opened(path)
    for number, text in _lines(source):
        found: dict[str, Any] = {"diagnostics": [], "errors": []}
        name = None
        try:
            line = _read(text, shown, number)
            name = line.name
            found |= line.placed(_answer(line, path, at, override, rulebooks))
        except click.BadParameter as error:  # such as a local time that the zone of this case never has
            found["errors"] = [{"message": f"--at: {error.message}", "help": ""}]
        except HelpfulError as error:
            found["errors"] = [{"message": error.message, "help": error.help}]
        yield {"line": number, "name": name, **found}


def _opened(path: str) -> tuple[str, IO[bytes]]:
    shown, data = read(path)
    return shown, BytesIO(data)


def _lines(source: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield each line that is not empty, with its number; of one that is too long only the beginning."""
    number = 0
    while line := source.readline(LIMIT + 1):
        number += 1
        rest = line
        while len(rest) > LIMIT and not rest.endswith(b"\n"):
            rest = source.readline(LIMIT + 1)
        if line.strip():
            yield number, line


def _read(text: bytes, shown: str, number: int) -> _Line:
    """Return a line as a scenario file, or raise `UnreadableError` if it is no JSON object."""
    help_ = 'write each case on one line, such as {"name": "Acme", "timezone": "Europe/Zurich", "steps": []}'
    if len(text) > LIMIT:
        raise UnreadableError(shown, f"the line is longer than {LIMIT // 1_000_000} MB", help_)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        said = getattr(error, "msg", "") or str(error)
        raise UnreadableError(shown, f"the line is no JSON: {said}", help_) from None
    if not isinstance(found, dict):
        raise UnreadableError(shown, "the line is no JSON object", help_)
    name = found.get("name")
    name = name if isinstance(name, str) else None
    if "scenarios" in found:
        return _Line(shown, number, text, name, 0)
    return _Line(shown, number, _BEFORE + text.strip() + _AFTER, name, len(_BEFORE))


def _answer(line: _Line, path: str, at: str, override: str | None, rulebooks: Rulebooks) -> dict[str, Any]:
    """Return what `next` answers for the first scenario of a line, or its diagnostics."""
    try:
        stories = stories_in(parse_scenarios(line.text, line.shown), path, line.text, override, rulebooks)
        scenario = stories.choose(None)
    except RulesError as error:
        return {"diagnostics": diagnostics_data(error.diagnostics)}
    when = choose_when(at, scenario)
    case = read_case(scenario, stories.rulebook, when)
    if case.process is None:
        return {"diagnostics": diagnostics_data(case.diagnostics)}
    return {"name": scenario.name, **case_data(case, when)}
