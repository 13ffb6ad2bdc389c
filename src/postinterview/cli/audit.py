"""``postinterview audit``: what a tracker holds, judged."""

from __future__ import annotations

import click

from postinterview.cli.options import HELP, as_json, examples


@click.command(
    "audit",
    context_settings=HELP,
    short_help="Judge what a tracker holds.",
    epilog=examples(
        "postinterview audit --graph examples/audit/cadence.yaml",
        "postinterview audit --graph transitions.csv --format json",
    ),
)
@click.option(
    "--graph",
    required=True,
    metavar="TABLE",
    help="A tracker's transitions (YAML, JSON or CSV): search them for cycles through a contact.",
)
@as_json
def command(graph: str, as_json: bool) -> int:
    """Judge what a tracker holds.

    `--graph` reads a table of transitions, `-` from standard input, and says of every contact whether it
    lies on a cycle, with the shortest one as witness and the shortest way there; and where there is no
    cycle, how many contacts one path can have. What nobody tagged counts as a contact.

    Exit code 1: a contact can be repeated without end, or the table has errors; 3: it can't be read.
    """
    from postinterview.cli.audit_graph import audit_graph

    return audit_graph(graph, as_json=as_json)
