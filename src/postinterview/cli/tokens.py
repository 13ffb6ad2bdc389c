"""``postinterview tokens``: make, list and revoke the tokens of the service."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import click

from postinterview.cli import NO, YES
from postinterview.cli.options import HELP, examples, output
from postinterview.cli.store_option import open_service_store, prefix, service_store
from postinterview.cli.terminal import Screen
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import say_count
from postinterview.layout import Piece, column_width, line, pad


@click.command(
    "tokens",
    context_settings=HELP,
    short_help="Make, list and revoke tokens of the service.",
    epilog=examples(
        "postinterview tokens --new ada --scope read --scope permit",
        "postinterview tokens --format json",
    ),
)
@click.option("--new", "owner", metavar="OWNER", help="Make a token for the processes of this owner.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    help="What a new token is for: read, permit, act, record, send, administer, calendar.",
)
@click.option("--revoke", multiple=True, metavar="ID", help="Let nobody in by this token any more.")
@service_store
@prefix
@output()
def command(
    owner: str | None,
    scopes: tuple[str, ...],
    revoke: tuple[str, ...],
    store: str | None,
    prefix: str,
    screen: Screen,
) -> int:
    """Make, list and revoke the tokens by which clients of `postinterview serve` are let in.

    A token belongs to an owner, such as the id of a user. Its bearer touches the owner's processes alone.
    Scopes: `read` asks and lists; `permit` gets permits and proposes what a person has to confirm; `act` does
    what the rules allow; `record` starts processes, says what happened, and confirms; `send` uses permits up;
    `administer` registers recipients and erases; `calendar` subscribes to the calendar. An agent gets `read`
    and `permit`.

    A new token is shown once. The store has only its hash. Without options, the tokens are listed.

    Exit code 0: done; 1: there is no token with an ID; 3: the store can't be used.
    """
    if scopes and owner is None:
        raise click.UsageError("`--scope` is about a new token: name its owner, --new OWNER")
    from postinterview.serve.tokens import Token, Tokens

    def data(token: Token) -> dict[str, Any]:
        made = token.made.isoformat(timespec="seconds")
        return {"id": token.id, "owner": token.owner, "scopes": list(token.scopes), "made": made}

    with closing(open_service_store(store, prefix=prefix)) as opened:
        tokens = Tokens(opened, prefix=prefix)
        new = None
        if owner is not None:
            try:
                text, token = tokens.new(owner, scopes, at=datetime.now(UTC))  # noqa: TID251 - here is the rim
            except MisuseError as error:
                raise click.UsageError(f"{error.message}; {error.help}") from None
            new = {**data(token), "token": text}
            screen.show([line(text), line(Piece("Keep it safe: it is not shown again.", "dim"))])
        revoked = tokens.revoke(revoke)
        listed = tokens.all()
    if revoke:
        screen.show([line(f"revoked {say_count(revoked, 'token')}")])
    elif owner is None:
        room = column_width(each.owner for each in listed)
        screen.show(
            line(Piece(each.id, "dim"), f"  {pad(each.owner, room)}  {', '.join(each.scopes)}")
            for each in listed
        )
        if not listed:
            screen.show([line("no tokens yet; make one: postinterview tokens --new OWNER --scope read")])
    screen.answer({"new": new, "revoked": revoked, "tokens": [data(each) for each in listed]})
    return NO if revoked < len(set(revoke)) else YES
