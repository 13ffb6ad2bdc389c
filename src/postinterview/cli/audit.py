"""``postinterview audit``: what a tracker holds, judged: its history, or its table of transitions."""

from __future__ import annotations

import click

from postinterview.cli.options import FILE, HELP, RULES, examples, output
from postinterview.cli.store_option import PREFIX, prefix
from postinterview.cli.terminal import Screen

_LIMIT = 1_000


@click.command(
    "audit",
    context_settings=HELP,
    short_help="Judge what a tracker holds.",
    epilog=examples(
        "postinterview audit history.csv --map map.yaml",
        "postinterview audit history.jsonl --map map.yaml --format json",
        "postinterview audit history.csv --map map.yaml --save processes.db",
        "postinterview audit --graph transitions.yaml",
        "postinterview audit --graph transitions.csv --format json",
    ),
)
@click.argument("file", required=False, type=FILE)
@click.option("--map", "map_file", metavar="MAP", type=FILE, help="What the columns of FILE mean (YAML).")
@click.option("--rules", metavar="RULES", type=RULES, help="Other rules than the map names.")
@click.option("--as-of", metavar="DAY", help="The day FILE was exported, in place of the map's `as_of`.")
@click.option(
    "--save", "store", metavar="STORE", type=FILE, help="Keep the processes: a SQLite file, or a URL."
)
@prefix
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=_LIMIT,
    metavar="NUMBER",
    help=f"So many findings of each kind are shown; else {_LIMIT}. All are counted.",
)
@click.option(
    "--graph",
    metavar="TABLE",
    type=FILE,
    help="A tracker's transitions (YAML, JSON or CSV): search them for cycles through a contact.",
)
@output()
def command(
    file: str | None,
    map_file: str | None,
    rules: str | None,
    as_of: str | None,
    store: str | None,
    prefix: str,
    limit: int,
    graph: str | None,
    screen: Screen,
) -> int:
    """Judge what a tracker holds: its history, or its table of transitions.

    FILE is a history in CSV or JSON Lines, `-` for standard input, and MAP says what its columns mean. What
    was against the rules is told with its day, row and guard. Nothing is guessed: what can't be read is
    listed, and what is not known counts as unknown until DAY. With STORE the processes are kept, each under
    its employer's name.

    `--graph` reads a table of transitions, `-` from standard input, and says of every contact whether it
    lies on a cycle, with the shortest one as witness and the shortest way there; and where there is no
    cycle, how many contacts one path can have. What nobody tagged counts as a contact.

    Exit code 1: something in the history is against the rules or contradicts itself, a process was not
    saved, or no event was read; a contact of the table can be repeated without end; or the map, the rules
    or the table have errors. 3: a file or the store can't be read. 4: nothing in the history is against the
    rules as far as it tells, and rows could not be read or acts not be decided.
    """
    if graph is not None:
        if (file, map_file, rules, as_of, store, prefix, limit) != (None,) * 5 + (PREFIX, _LIMIT):
            raise click.UsageError("`--graph` is about a table alone: leave the rest out")
        from postinterview.cli.audit_graph import audit_graph

        return audit_graph(graph, screen=screen)
    if file is None or map_file is None:
        raise click.UsageError("give a history and its map: FILE --map MAP; or a table: --graph TABLE")
    from postinterview.cli.audit_history import audit_history

    return audit_history(
        file,
        map_file,
        rules=rules,
        as_of=as_of,
        store=store,
        prefix=prefix,
        limit=limit,
        screen=screen,
    )
