"""``postinterview serve``: the keeper over HTTP."""

from __future__ import annotations

import signal
import socket
import sys
from contextlib import closing
from ipaddress import ip_address

import click

from postinterview.cli import YES
from postinterview.cli.gate_option import REMEMBERED, service_secret
from postinterview.cli.options import FILE, HELP, RULES, examples, output
from postinterview.cli.store_option import open_service_store, prefix, service_store
from postinterview.cli.terminal import Screen
from postinterview.core.values.errors import MisuseError
from postinterview.files import DEFAULT
from postinterview.layout import Piece, line
from postinterview.rulebooks import load_rulebook
from postinterview.status_files import load_statuses
from postinterview.stores import Keeper

_MAKE_ONE = "make one: postinterview tokens --new OWNER --scope read"


@click.command(
    "serve",
    context_settings=HELP,
    short_help="Serve programs in any language over HTTP.",
    epilog=examples(
        "postinterview serve",
        "postinterview serve --store mine.db --rules germany --port 8080",
        "postinterview serve --store mine.db --host 0.0.0.0 --check",
    ),
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port; 0: a free one."
)
@service_store
@prefix
@click.option(
    "--rules",
    metavar="FILE",
    type=RULES,
    default=DEFAULT,
    show_default=True,
    help="The rules of all processes.",
)
@click.option(
    "--statuses",
    metavar="FILE",
    type=FILE,
    help="The map of a board's statuses, or the name of a packaged one: clients may then say where a card "
    "was moved.",
)
@click.option("--check", is_flag=True, help="Only see whether the store and the rules can be served.")
@output()
def command(
    host: str,
    port: int,
    store: str | None,
    prefix: str,
    rules: str,
    statuses: str | None,
    check: bool,
    screen: Screen,
) -> int:
    """Serve the keeper over HTTP, to programs in any language.

    All operations are described at /openapi.json. A client sends a token, which `postinterview tokens` makes:
    it says whose processes the client may touch, and what it may do. Without --host only programs on this
    computer reach the service. It speaks plain HTTP: for others, put a proxy with TLS in front of it.

    The log is on standard error, a line of JSON for each request, without anything about people. Ctrl-C and
    SIGTERM stop the service after the requests that have begun are answered.

    Exit code 0: it was stopped, or can be started; 1: the rules have errors; 3: the store or the address
    can't be used.
    """
    rulebook = load_rulebook(rules)
    board = None if statuses is None else load_statuses(statuses, rulebook=rulebook)
    with closing(open_service_store(store, prefix=prefix)) as opened:
        from postinterview.gate import Gate
        from postinterview.gate.sql_notes import SqlNotes
        from postinterview.serve import Tokens, create_app, run
        from postinterview.serve.logs import warn

        tokens = Tokens(opened, prefix=prefix)
        is_closed = not tokens.all()
        if is_closed and not _is_loopback(host):
            raise click.UsageError(f"`--host {host}` lets others in, and the store has no token; {_MAKE_ONE}")
        if check:
            screen.show([line(f"the rules `{rulebook.name}` and the store can be served")])
            if is_closed:
                screen.show([line(f"no client is let in: the store has no token; {_MAKE_ONE}")])
        else:
            with closing(_listen(host, port)) as listening:
                url = f"http://{host}:{listening.getsockname()[1]}"
                screen.show([line(f"serves `{rulebook.name}` at ", Piece(url, "title"))])
                sys.stdout.flush()
                # After a graceful stop the signal is raised again. SIGINT then ends the command as it ends
                # every other one, and SIGTERM is what a supervisor wanted.
                signal.signal(signal.SIGTERM, lambda *_: None)
                if is_closed:
                    warn(f"the store has no token: {_MAKE_ONE}")
                keeper = Keeper(rulebook, opened, statuses=board, remember=REMEMBERED)
                gate = Gate(keeper, SqlNotes(opened, prefix=prefix), secret=service_secret())
                run(create_app(keeper, tokens, gate=gate), listening)
    screen.answer({"rules": rules, "has_tokens": not is_closed})
    return YES


def _is_loopback(host: str) -> bool:
    """Return whether only programs on this computer reach an address."""
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False
    return all(ip_address(str(each[4][0]).partition("%")[0]).is_loopback for each in found)


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at the address.

    Raises:
        MisuseError: the system refuses.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        said = f"`{host}` port {port} can't be listened at: {error.strerror or error}"
        raise MisuseError(said, "give another address or port: --host, --port") from None
