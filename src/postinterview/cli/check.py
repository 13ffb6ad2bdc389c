"""``postinterview check``: whether rule files are sound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from postinterview.cli import NO, UNREADABLE, YES
from postinterview.cli.finding import read
from postinterview.cli.options import HELP, as_json, examples
from postinterview.cli.rules import is_packaged
from postinterview.cli.screen import Screen
from postinterview.core.definitions import Definition
from postinterview.files import DEFAULT, UnreadableError, read_packaged
from postinterview.loading import conduct, load
from postinterview.loading.diagnostics import Diagnostic
from postinterview.loading.render import as_json as diagnostics_data
from postinterview.loading.render import summary
from postinterview.scenario.lines import Line, Piece, line


@click.command(
    "check",
    context_settings=HELP,
    short_help="Check rule files.",
    epilog=examples(
        "postinterview check",
        "postinterview check rules/mine.yaml",
        "postinterview check mine.yaml --format json",
    ),
)
@click.argument("files", nargs=-1, metavar="[FILE...]")
@as_json
def command(files: tuple[str, ...], as_json: bool) -> int:
    """Check rule files: everything that is wrong with them, at once, with line and help.

    FILE is a rule file, `-` for standard input, or the name of packaged rules. Without any, the
    packaged rules `default` are checked. What is sound and may still be a nuisance is a warning.

    Exit code 1: something was found; 3: a file can't be read.
    """
    screen = Screen(as_json=as_json)
    data: list[dict[str, Any]] = []
    found: list[Diagnostic] = []
    unreadable = False
    for file in files or (DEFAULT,):
        try:
            shown, text = read_packaged(file) if is_packaged(file) and file != "-" else read(file)
        except UnreadableError as error:
            screen.complain(error.message, error.help)
            unreadable = True
            continue
        definition, diagnostics = check(text, shown)
        found.extend(diagnostics)
        screen.show([_verdict(shown, definition, diagnostics)])
        screen.diagnose(diagnostics, {shown: text.decode("utf-8-sig", "replace")})
        data.append({"file": shown, "sound": definition is not None, **_counts(definition)})
    screen.answer(
        {"passed": not found and not unreadable, "files": data, "diagnostics": diagnostics_data(found)}
    )
    if unreadable:
        return UNREADABLE
    return NO if found else YES


def check(text: bytes, file: str) -> tuple[Definition | None, tuple[Diagnostic, ...]]:
    """The rules of a file, if they are sound, and all there is to say about it."""
    loaded = load(text, file, name=Path(file).stem)
    if loaded.definition is None:
        return None, loaded.diagnostics
    return loaded.definition, (*loaded.diagnostics, *conduct(loaded.definition))


def _verdict(file: str, definition: Definition | None, diagnostics: tuple[Diagnostic, ...]) -> Line:
    said = ", ".join(f"{count} {name}" for name, count in _counts(definition).items())
    if diagnostics:
        return line(Piece("FAIL  ", "failed"), f"{file}  {summary(diagnostics)}")
    return line(Piece("ok    ", "ok"), f"{file}  {said}")


def _counts(definition: Definition | None) -> dict[str, int]:
    if definition is None:
        return {}
    transitions = [rule for machine in definition.machines.values() for rule in machine.transitions]
    return {
        "events": len(definition.events),
        "machines": len(definition.machines),
        "states": sum(len(machine.states) for machine in definition.machines.values()),
        "transitions": len(transitions),
        "guards": sum(len(rule.guards) for rule in transitions),
    }
