"""``postinterview schema``: write the JSON Schema of a kind of file, for editors."""

from __future__ import annotations

import json
from collections.abc import Mapping

import click

from postinterview.audit.history import map_schema
from postinterview.audit.table import table_schema
from postinterview.cli import YES
from postinterview.cli.atomic_write import replace
from postinterview.cli.options import HELP, NewPath, examples, output
from postinterview.cli.terminal import Screen
from postinterview.layout import BLANK, Piece, columns, line
from postinterview.loading import rule_schema
from postinterview.loading.json_schema import json_schema
from postinterview.loading.schema import Table
from postinterview.proof.promises import schema as promise_schema
from postinterview.scenario import scenario_schema

TABLES: Mapping[str, Table] = {
    "rules": rule_schema.FILE,
    "scenarios": scenario_schema.WHOLE_FILE,
    "promises": promise_schema.FILE,
    "map": map_schema.FILE,
    "table": table_schema.WHOLE_FILE,
}
"""The kinds of files, each with the table that it is read by."""


@click.command(
    "schema",
    context_settings=HELP,
    short_help="Write a JSON Schema, for editors.",
    epilog=examples(
        "postinterview schema rules -o rules.schema.json",
        "postinterview schema scenarios -o scenarios.schema.json",
        "postinterview schema",
    ),
)
@click.argument("kind", required=False, type=click.Choice(list(TABLES)))
@click.option(
    "-o",
    "--output",
    "path",
    type=NewPath("rules.schema.json"),
    help="Write it to this file, not to the screen.",
)
@output()
def command(kind: str | None, path: str | None, screen: Screen) -> int:
    r"""Write the JSON Schema of a kind of file, for editors that complete and explain keys while you type.

    KIND is `rules`, `scenarios`, `promises`, `map` (of a history) or `table` (of transitions). Without it,
    the kinds are listed. Editors with a YAML language server, such as VS Code with its YAML extension, use
    the schema that a comment in the file names:

    \b
      # yaml-language-server: $schema=rules.schema.json

    The path is relative to the file. A schema knows the keys of a file and what they take, not the names in
    it: `postinterview check` knows both.

    Exit code 3: the file can't be written.
    """
    if kind is None:
        if path is not None:
            raise click.UsageError(f"which schema? Write `postinterview schema rules -o {path}`")
        screen.show(
            columns(((line(Piece(each, "title")), line(table.noun)) for each, table in TABLES.items()), 80)
        )
        screen.show([BLANK, line("postinterview schema rules -o rules.schema.json   writes one of them")])
        screen.answer({"kinds": [{"kind": each, "what": table.noun} for each, table in TABLES.items()]})
        return YES
    schema = json_schema(TABLES[kind])
    text = json.dumps(schema, indent=2, ensure_ascii=False)
    if path is not None:
        replace(path, text + "\n")
        screen.show([line(f"wrote {path}; a file names it by this line at its top:")])
        screen.show([line(f"# yaml-language-server: $schema={path}")])
    else:
        screen.show(map(line, text.split("\n")))
    screen.answer({"kind": kind, "schema": schema, "written_to": path})
    return YES
