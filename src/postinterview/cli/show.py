"""``postinterview show``: print rules as they stand, each value with the file and line that says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click

from postinterview.cli import YES
from postinterview.cli.inputs import STDIN, read
from postinterview.cli.options import HELP, RULES, examples, output
from postinterview.cli.terminal import Screen
from postinterview.core.values.suggest import instead_of, ticked
from postinterview.files import DEFAULT, read_rules
from postinterview.layout import Line, Piece, columns, line
from postinterview.loading.merged_values import MergedValue
from postinterview.rulebooks import values_of

_ROOM = 24
"""The columns that are left for the name and line of a file."""


@click.command(
    "show",
    context_settings=HELP,
    short_help="Print rules as they stand, with the place of each value.",
    epilog=examples(
        "postinterview show mine.yaml",
        "postinterview show default dates",
        "postinterview show mine.yaml machines.application.transitions.follow_up_once",
    ),
)
@click.argument("file", required=False, type=RULES)
@click.argument("path", required=False)
@output()
def command(file: str | None, path: str | None, screen: Screen) -> int:
    """Print rules as they stand, each value with the file and line that says it.

    FILE is a rule file, `-` for standard input, or the name of packaged rules; without it, the packaged
    `default` is shown. If it extends another file, the values of both are shown as one: what the other file
    says is shown too where FILE says something else ("was"), or removes it. PATH shows a part of them, such
    as `dates`.

    Exit code 1: the rule file has errors; 3: it can't be read.
    """
    values = tuple(values_of(*(read(file) if file == STDIN else read_rules(file or DEFAULT))))
    wanted = tuple(path.split(".")) if path else ()
    shown = tuple(each for each in values if each.path[: len(wanted)] == wanted)
    if not shown:
        known = [".".join(each.path) for each in values]
        ends = [each for each in known if each.endswith(f".{path}")]
        help = f"did you mean {ticked(ends[:3])}?" if ends else instead_of(path or "", known)
        raise click.UsageError(f"there is no `{path}` in these rules; {help or 'show them without a path'}")
    screen.show(columns(_rows(shown), screen.width, most=screen.width - _ROOM))
    screen.answer({"values": [_data(each) for each in shown]})
    return YES


def _rows(values: Iterable[MergedValue]) -> Iterator[tuple[Line, Line]]:
    for each in values:
        indent, name = "  " * (len(each.path) - 1), each.path[-1]
        if not each.gone:
            cell = line(indent, Piece(f"{name}:", "title"), f" {each.text}" if each.text else "")
            yield cell, line(Piece(str(each.origin), "dim"))
        for earlier in each.earlier:
            what = f"{name} was removed:" if each.gone else "was"
            yield (
                line(Piece(f"{indent}  {what} {earlier.text}", "dim")),
                line(Piece(str(earlier.origin), "dim")),
            )


def _data(value: MergedValue) -> dict[str, Any]:
    return {
        "path": ".".join(value.path),
        "value": value.text,
        "file": value.origin.file,
        "line": value.origin.line,
        "removed": value.gone,
        "earlier": [
            {"value": each.text, "file": each.origin.file, "line": each.origin.line} for each in value.earlier
        ],
    }
