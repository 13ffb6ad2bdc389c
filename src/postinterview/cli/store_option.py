"""Stores, named on the command line: by the path of a SQLite file, or by a URL."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from postinterview.core.errors import MisuseError
from postinterview.files import UnreadableError
from postinterview.stores import StoreError

if TYPE_CHECKING:
    from postinterview.stores.sql import SqlStore

PREFIX = "postinterview_"
_NO_PORT = re.compile(r":(?!\d*([/?,]|$))[^/?]*")
_MISTYPED = re.compile(r":.*@", re.DOTALL)
_QUERY = re.compile(r"((?:pass|word|pwd|secret|token)[^?&;=\s]*)=[^&]*", re.IGNORECASE)
_DRIVERLESS = re.compile(r"^postgres(ql)?(?=://)")

Command = Callable[..., Any]

prefix: Command = click.option(
    "--prefix",
    default=PREFIX,
    metavar="WORD",
    help=f"What the names of the store's tables begin with; else `{PREFIX}`.",
)


def open_store(text: str, *, prefix: str = PREFIX, create: bool = False) -> SqlStore:
    """The store that is named: ``mine.db``, or a URL such as ``postgresql://host/name``.

    ``create``: make what is missing. Otherwise nothing is written in a database that has no store.

    Raises:
        UsageError: the text names no database.
        UnreadableError: what it takes is not installed; or the database has no store, or can't be reached.
    """
    shown = without_password(text)
    if "://" in text:
        url = _DRIVERLESS.sub("postgresql+psycopg", text)
    elif text.strip() and not {"?", "\0"} & set(text):
        url = f"sqlite:///{text}"
    else:
        raise click.UsageError(f"`{shown}` can't be the path of a store: give one such as mine.db, or a URL")
    try:
        from postinterview.stores.sql import SqlStore

        return SqlStore(url, prefix=prefix, create=create)
    except StoreError as error:
        raise unreadable(text, error) from None
    except MisuseError as error:
        if "not installed" in error.message:
            raise UnreadableError(shown, error.message, error.help) from None
        said = error.message.replace("this is", f"`{shown}` is", 1).replace(
            "the URL has", f"`{shown}` has", 1
        )
        raise click.UsageError(f"{said}: {error.help}") from None


def unreadable(text: str, error: StoreError) -> UnreadableError:
    """What the store that ``text`` names could not do, without its password."""
    shown = without_password(text)
    message: str = getattr(error, "message", str(error))
    help_: str = getattr(error, "help", "")
    if not help_ and message.startswith("there is no file"):
        help_ = "give the path of a SQLite file that has a store, or a URL"
    elif not help_ and "whose tables begin with" in message:
        help_ = "say what the names of its tables begin with: --prefix WORD"
    said = " ".join(message.replace(text, shown).split())
    return UnreadableError(shown, f"the store `{shown}`: {said}", help_.replace(text, shown))


def without_password(text: str) -> str:
    """The text, with nothing in it that may be a password: it is shown to whoever looks on."""
    return _QUERY.sub(r"\1=***", _without_user(text))


def _without_user(text: str) -> str:
    scheme, found, rest = text.partition("://")
    if not found:
        return _MISTYPED.sub(":***@", text)
    if scheme.startswith("sqlite") and rest.startswith("/"):
        return text
    user, at, host = rest.rpartition("@")
    return f"{scheme}://" + (f"***@{host}" if user or at else _NO_PORT.sub(":***", host))
