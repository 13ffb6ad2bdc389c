"""Open the gate's side for people, and find the secret that permits are signed with."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import wraps
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from postinterview.cli.options import RULES
from postinterview.cli.store_option import open_service_store, prefix, service_folder, service_store
from postinterview.core.values.errors import MisuseError
from postinterview.files import DEFAULT, UnreadableError
from postinterview.rulebooks import load_rulebook
from postinterview.stores import Keeper

if TYPE_CHECKING:
    from postinterview.gate import Approvals

Command = Callable[..., Any]

REMEMBERED = 1000
"""Processes that stay in a server's memory: some 20 KB each."""

SECRET_VARIABLE = "POSTINTERVIEW_SECRET"  # noqa: S105 - the name of the variable


@frozen
class Place:
    """Which store, rules and user a person means."""

    owner: str | None
    store: str | None
    prefix: str
    rules: str


def for_people(command: Command) -> Command:
    """Add the options that say which store, rules and user a person means: the `Place` of the command."""

    @wraps(command)
    def at_place(
        *given: Any, owner: str | None, store: str | None, prefix: str, rules: str, **more: Any
    ) -> Any:
        return command(*given, place=Place(owner, store, prefix, rules), **more)

    rules = click.option(
        "--rules",
        metavar="FILE",
        type=RULES,
        default=DEFAULT,
        show_default=True,
        help="The rules of the processes.",
    )
    owner = click.option(
        "--owner", metavar="USER", help="The user whose processes these are, if there are several."
    )
    found: Command = at_place
    for option in (rules, prefix, service_store, owner):
        found = option(found)
    return found


@contextmanager
def open_approvals(place: Place, *, remember: int = 0) -> Iterator[Approvals]:
    """Open the store, and give what people do at a gate.

    ``remember``: how many processes a server keeps in memory (see `Keeper`).

    Raises:
        UsageError: there can't be such an owner.
        UnreadableError: a package is not installed, or the store can't be used.
        RulesError: the rules have errors.
    """
    rulebook = load_rulebook(place.rules)
    with closing(open_service_store(place.store, prefix=place.prefix)) as opened:
        try:
            from postinterview.gate import Approvals
            from postinterview.gate.sql_notes import SqlNotes

            notes = SqlNotes(opened, prefix=place.prefix)
            approvals = Approvals(Keeper(rulebook, opened, remember=remember), notes, owner=place.owner)
            approvals.prefix  # noqa: B018 - it checks the owner
        except MisuseError as error:
            if "not installed" in error.message:
                raise UnreadableError("gate", error.message, error.help) from None
            raise click.UsageError(f"{error.message}: {error.help}") from None
        yield approvals


def service_secret() -> str:
    """Return the secret of this deployment: that of the environment, or else that of this user's folder.

    The file is made the first time, for this user alone. Servers on several computers need the variable.

    Raises:
        UnreadableError: the file can't be read or made.
    """
    given = os.environ.get(SECRET_VARIABLE)
    if given:
        return given
    file = service_folder() / "secret"
    try:
        with suppress(FileExistsError):
            _write_new(file.with_name(f"secret.{secrets.token_hex(8)}"), str(file))
        return file.read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        help_ = f"delete it for a new one, or set {SECRET_VARIABLE}"
        raise UnreadableError(str(file), f"the secret in `{file}` can't be read: {error}", help_) from None


def _write_new(draft: Any, file: str) -> None:
    """Write a secret to a file that is whole from its first moment, unless there is one."""
    if os.path.lexists(file):
        return
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32))
        os.link(draft, file)
    finally:
        draft.unlink()
