"""``postinterview schema``: write the JSON Schema of a kind of file, for editors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from postinterview import status_files
from postinterview.audit.history import map_schema
from postinterview.audit.table import table_schema
from postinterview.cli import YES
from postinterview.cli.atomic_write import make_folder, replace
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
    "statuses": status_files.FILE,
    "table": table_schema.WHOLE_FILE,
}
"""The kinds of files, each with the table that it is read by."""

FOLDER = "schemas"
"""Where schemas are, beside the files that name them: the shipped ones, and those that `init` writes."""


def schema_file(kind: str) -> str:
    """Return the name of the file with the schema of a kind of files."""
    return f"{kind}.json"


def schema_text(kind: str) -> str:
    """Return the content of that file."""
    return json.dumps(json_schema(TABLES[kind]), indent=1, ensure_ascii=False) + "\n"


def modeline(path: str) -> str:
    """Return the line by which a file names its schema. ``path`` is seen from the file."""
    return f"# yaml-language-server: $schema={path}"


@click.command(
    "schema",
    context_settings=HELP,
    short_help="Write a JSON Schema, for editors.",
    epilog=examples(
        "postinterview schema",
        f"postinterview schema -o {FOLDER}",
        "postinterview schema rules -o rules.schema.json",
    ),
)
@click.argument("kind", required=False, type=click.Choice(list(TABLES)))
@click.option(
    "-o",
    "--output",
    "path",
    type=NewPath("rules.schema.json"),
    help="Write it to this file, not to the screen. Without KIND: write all to this folder.",
)
@output()
def command(kind: str | None, path: str | None, screen: Screen) -> int:
    """Write the JSON Schema of a kind of file, for editors that complete and explain keys while you type.

    KIND is `rules`, `scenarios`, `promises`, `map` (of a history), `statuses` (of a board) or `table` (of
    transitions). Without it, the kinds are listed, or with `-o` written to a folder, one file each. Editors
    with a YAML language server, such as VS Code with its YAML extension, use the schema that the first line
    of a file names: `# yaml-language-server: $schema=schemas/rules.json`.

    The path is relative to the file. The packaged rules have this line. If you copy them, write the schemas
    beside your copy with `postinterview schema -o schemas`, or delete the line.

    A schema knows the keys of a file and what they take, not the names in it: `postinterview check` knows
    both.

    Exit code 3: a file can't be written.
    """
    if kind is None:
        kinds = [{"kind": each, "what": table.noun} for each, table in TABLES.items()]
        if path is not None:
            if Path(path).suffix:
                advice = f"`postinterview schema rules -o {path}`, or `-o {FOLDER}` for a folder with all"
                raise click.UsageError(f"which schema? Write {advice}")
            written = _write_all(path)
            screen.show([line(f"wrote {each}") for each in written])
            screen.show([BLANK, line("A rule file beside this folder names its schema in its first line:")])
            screen.show([line(modeline(written[0]))])
            screen.answer({"kinds": kinds, "written_to": path})
            return YES
        screen.show(
            columns(((line(Piece(each, "title")), line(table.noun)) for each, table in TABLES.items()), 80)
        )
        screen.show([BLANK, line("postinterview schema rules -o rules.schema.json   writes one of them")])
        screen.show([line(f"postinterview schema -o {FOLDER}                   writes all into a folder")])
        screen.answer({"kinds": kinds})
        return YES
    text = schema_text(kind)
    if path is not None and Path(path).suffix != ".json":
        raise click.UsageError(f"a schema is JSON: end the name `{path}` with .json")
    if path is not None:
        replace(path, text)
        screen.show([line(f"wrote {path}; a file names it in its first line:")])
        screen.show([line(modeline(path))])
    else:
        screen.show(map(line, text.rstrip("\n").split("\n")))
    screen.answer({"kind": kind, "schema": json.loads(text), "written_to": path})
    return YES


def _write_all(folder: str) -> list[str]:
    """Write every schema into a folder, and return the paths.

    Raises:
        UnreadableError: the system refuses.
    """
    make_folder(folder)
    paths = {str(Path(folder) / schema_file(kind)): kind for kind in TABLES}
    for path, kind in paths.items():
        replace(path, schema_text(kind))
    return list(paths)
