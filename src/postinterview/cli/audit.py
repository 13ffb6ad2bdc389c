"""``postinterview audit``: judge the history of a tracker, or its table of transitions."""

from __future__ import annotations

import click

from postinterview.cli.inputs import STDIN
from postinterview.cli.options import FILE, HELP, RULES, NewPath, examples, output
from postinterview.cli.store_option import PREFIX, prefix
from postinterview.cli.terminal import Screen

_LIMIT = 1_000


@click.command(
    "audit",
    context_settings=HELP,
    short_help="Judge a tracker's history by the rules.",
    epilog=examples(
        "postinterview audit tracker.xlsx --guess-map start.yaml",
        "postinterview audit history.csv --map map.yaml",
        "postinterview audit history.jsonl --map map.yaml --format json",
        "postinterview audit history.csv --map map.yaml --save processes.db",
        "postinterview audit huge.csv --map map.yaml --workers 4",
        "postinterview audit a.csv --map a.yaml --rules mine.yaml --against default",
        "postinterview audit --graph transitions.yaml",
        "postinterview audit --graph transitions.csv --format json",
    ),
)
@click.argument("file", required=False, type=FILE)
@click.option(
    "--map", "map_file", metavar="MAP", type=FILE, help="The map of FILE: what its columns mean (YAML)."
)
@click.option(
    "--guess-map",
    "guess_file",
    metavar="MAP",
    type=NewPath("map.yaml"),
    help="Look at FILE, and write a map to start from.",
)
@click.option(
    "--rules", metavar="RULES", type=RULES, help="Use these rules instead of those that the map names."
)
@click.option(
    "--against",
    metavar="OLD",
    type=RULES,
    help="Show only the acts that OLD and the rules judge differently.",
)
@click.option("--as-of", metavar="DAY", help="The day of the export, instead of the map's `as_of`.")
@click.option(
    "--save",
    "store",
    metavar="STORE",
    type=NewPath("mine.db"),
    help="Keep the processes in a store: a SQLite file, or a URL.",
)
@prefix
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=_LIMIT,
    metavar="NUMBER",
    help=f"How many findings of each kind to show; by default {_LIMIT}. All are counted.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="NUMBER",
    help="Audit a large CSV or Parquet file on so many processes.",
)
@click.option(
    "--graph",
    metavar="TABLE",
    type=FILE,
    help="Search a table of transitions (YAML, JSON or CSV) for cycles through a contact.",
)
@output()
def command(
    file: str | None,
    map_file: str | None,
    guess_file: str | None,
    rules: str | None,
    against: str | None,
    as_of: str | None,
    store: str | None,
    prefix: str,
    limit: int,
    workers: int | None,
    graph: str | None,
    screen: Screen,
) -> int:
    """Judge the history of a tracker by the rules.

    FILE is a history: CSV, JSON Lines, JSON, an Excel workbook or a SQLite database, or `-` for standard
    input. MAP says what its columns mean. Without a map the answer is one to start from, and `--guess-map`
    writes it to a file: each guess stands there with its reason, for you to confirm.

    With a map, the audit lists each act that was against the rules, with its day, row and guard. Nothing is
    guessed: rows that can't be read are listed, and what the history does not tell counts as unknown until
    DAY. With --save the processes are kept in STORE, each under its employer's name.

    With --workers, a CSV or Parquet file that may be larger than the memory is split by employer in a
    temporary folder, and audited on so many processes with Dask. It needs the package's extra `dask`.

    With `--against`, the history is read by the rules OLD, and the answer is which of its acts would have
    gone otherwise under RULES: refused instead of allowed, and allowed instead of refused.

    With `--graph`, search a tracker's table of transitions, `-` for standard input. For each contact the
    answer says whether it lies on a cycle, with the shortest cycle and the shortest way to it. Without a
    cycle it says how many contacts one path can have. An edge counts as a contact unless the table says
    otherwise.

    Exit code 1: something in the history is against the rules or contradicts itself, a process was not
    saved, or no event was read; with `--against`, an act would have gone otherwise; a contact of the table
    can be repeated without end; or the map, the rules or the table have errors. 3: a file or the store can't
    be read. 4: no act is certainly against the rules, but some rows could not be read or some acts could not
    be decided; or there was no map, so nothing was judged.
    """
    if graph is not None:
        others = (file, map_file, guess_file, rules, against, as_of, store, workers, prefix, limit)
        if others != (None,) * 8 + (PREFIX, _LIMIT):
            raise click.UsageError("`--graph` takes no other options or files")
        from postinterview.cli.audit_graph import audit_graph

        return audit_graph(graph, screen=screen)
    if file is None:
        raise click.UsageError("give a history and its map: FILE --map MAP; or a table: --graph TABLE")
    if map_file is None:
        if (against, as_of, store, workers, prefix, limit) != (None,) * 4 + (PREFIX, _LIMIT):
            raise click.UsageError(
                "nothing is judged without a map: give --map MAP, or --guess-map MAP alone"
            )
        from postinterview.cli.audit_guess import guess

        return guess(file, guess_file, rules, screen)
    if guess_file is not None:
        raise click.UsageError("give a map, or have one written: --map and --guess-map exclude each other")
    if against is not None and (rules is None or store is not None):
        raise click.UsageError("`--against` compares two rules: give --rules NEW with it, and no --save")
    if workers is not None and (store is not None or against is not None or STDIN in (file, map_file)):
        raise click.UsageError("`--workers` takes no --save and no `--against`, and reads no standard input")
    from postinterview.cli.audit_history import HistoryAudit

    return HistoryAudit(screen, file, map_file, rules, against, as_of, store, prefix, limit, workers).run()
