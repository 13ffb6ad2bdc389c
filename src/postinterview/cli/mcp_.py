"""``postinterview mcp``: serve an AI assistant on standard input and output."""

from __future__ import annotations

import json
import sys

import click

from postinterview.cli import YES
from postinterview.cli.gate_option import REMEMBERED, Place, for_people, open_approvals, service_secret
from postinterview.cli.options import HELP, examples, output
from postinterview.cli.terminal import Screen, print_aside
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.suggest import instead_of
from postinterview.describing.name_text import description_lines
from postinterview.describing.names import Names
from postinterview.files import UnreadableError
from postinterview.judging import names_of
from postinterview.layout import WIDTH, line, plain
from postinterview.rulebooks import rule_texts

_HINT = """\
This is a server for an AI assistant: it waits for the assistant on standard input. Name it in the assistant's
settings, as many of them have it:

{settings}

Ctrl-C ends it.
"""


@click.command(
    "mcp",
    context_settings=HELP,
    short_help="Serve an AI assistant (Model Context Protocol).",
    epilog=examples(
        "postinterview mcp --check",
        "postinterview mcp --owner ada --store mine.db",
        "postinterview mcp --rules germany --never-ask",
    ),
)
@click.option(
    "--never-ask",
    is_flag=True,
    help="Let proposals wait for `postinterview confirm`, also if the assistant's program can ask you.",
)
@click.option("--check", is_flag=True, help="Only see whether the store and the rules can be served.")
@for_people
@output()
def command(
    never_ask: bool,
    check: bool,
    place: Place,
    screen: Screen,
) -> int:
    """Serve an AI assistant by the Model Context Protocol, on standard input and output.

    The assistant can ask what is due and allowed, and gets a permit for an act that reaches an employer. The
    tool that sends uses the permit up, and sends nothing without one. What an employer said, and corrections,
    are only proposed: the assistant's program asks you, if it can, or they wait for `postinterview confirm`.
    Only you start processes and register recipients: `postinterview recipients`.

    Exit code 0: the assistant went away, or the server can be started; 1: the rules have errors; 2: the owner
    can't be one; 3: the store can't be used, or a package is not installed.
    """
    with open_approvals(place, remember=REMEMBERED) as approvals:
        try:
            from postinterview.gate import Gate
            from postinterview.mcp import create_server
        except ModuleNotFoundError as error:
            if error.name is None or error.name.partition(".")[0] != "mcp":
                raise
            help_ = "install it: pip install 'postinterview[mcp]'"
            raise UnreadableError("mcp", "the server needs the package `mcp`", help_) from None
        gate = Gate(approvals.keeper, approvals.notes, owner=approvals.owner, secret=service_secret())
        if check:
            screen.show([line(f"the rules `{gate.keeper.rulebook.name}` and the store can be served")])
            screen.answer({"rules": place.rules, "owner": place.owner})
            return YES
        if sys.stdin.isatty():
            _hint(place)
        text = "\n".join(rule_texts(place.rules).values())
        server = create_server(gate, explain=_Explained(place.rules), rules=text, asks=not never_ask)
        server.run()
    return YES


class _Explained:
    """Tells what the rules say of a name. They are described when that is asked for the first time."""

    def __init__(self, rules: str) -> None:
        self._rules = rules
        self._names: Names | None = None

    def __call__(self, name: str) -> str:
        self._names = self._names or names_of(self._rules)
        found = self._names.describe(name)
        if found is None:
            known = self._names.describable()
            raise MisuseError(f"the rules have no name `{name}`", instead_of(name, known))
        return plain(description_lines(found, WIDTH))


def _hint(place: Place) -> None:
    chosen = {"--owner": place.owner, "--store": place.store, "--rules": place.rules}
    said = [part for option, value in chosen.items() if value is not None for part in (option, value)]
    settings = {"mcpServers": {"postinterview": {"command": "postinterview", "args": ["mcp", *said]}}}
    print_aside(line(each) for each in _HINT.format(settings=json.dumps(settings, indent=2)).splitlines())
