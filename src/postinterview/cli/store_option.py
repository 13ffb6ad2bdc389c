"""Open the store that the command line names, by the path of a SQLite file or by a URL."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postinterview.core.values.errors import MisuseError
from postinterview.files import UnreadableError
from postinterview.stores import StoreError

if TYPE_CHECKING:
    from postinterview.stores.sql import SqlStore

PREFIX = "postinterview_"
_NO_PORT = re.compile(r":(?!\d*([/?,]|$))[^/?]*")
_MISTYPED = re.compile(r":.*@", re.DOTALL)
_QUERY = re.compile(r"((?:pass|word|pwd|secret|token)[^?&;=\s]*)=[^&]*", re.IGNORECASE)
_SHORTENED = re.compile(r"^postgres(?=://)")

Command = Callable[..., Any]

prefix: Command = click.option(
    "--prefix",
    default=PREFIX,
    metavar="WORD",
    help=f"How the names of the store's tables begin. [default: {PREFIX}]",
)


service_store: Command = click.option(
    "--store",
    metavar="FILE_OR_URL",
    envvar="POSTINTERVIEW_STORE",
    help="Keep everything here: a SQLite file, or a URL such as postgresql://host/name. By default "
    "what POSTINTERVIEW_STORE says, or else a file in your own folder of settings.",
)
"""The store of the commands that serve clients and agents, and of those that set it up."""


def service_folder() -> Path:
    """Return the folder of the default store, which is made for this user alone."""
    folder = Path(click.get_app_dir("postinterview"))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def open_service_store(text: str | None, *, prefix: str = PREFIX) -> SqlStore:
    """Open the store that `service_store` names, and make what is missing. Raise as `open_store` does."""
    return open_store(text or str(service_folder() / "postinterview.db"), prefix=prefix, create=True)


def open_store(text: str, *, prefix: str = PREFIX, create: bool = False) -> SqlStore:
    """Open the store at ``mine.db``, or at a URL such as ``postgresql://host/name``.

    ``create``: make what is missing. Otherwise a database without a store stays as it is.

    Raises:
        UsageError: the text names no database.
        UnreadableError: a package is not installed, or the database has no store or can't be reached.
    """
    shown = without_password(text)
    if "://" in text:
        url = _SHORTENED.sub("postgresql", text)
    elif text.strip() and not {"?", "\0"} & set(text):
        url = f"sqlite:///{text}"
    else:
        raise click.UsageError(f"`{shown}` can't be the path of a store: give one such as mine.db, or a URL")
    try:
        from postinterview.stores.sql import SqlStore

        return SqlStore(url, prefix=prefix, create=create)
    except StoreError as error:
        raise unreadable(text, error) from None
    except FileNotFoundError:  # a relative path, and nothing it could be relative to
        help_ = "the current folder was deleted; go to another one: cd"
        raise UnreadableError(shown, f"the store `{shown}` can't be opened", help_) from None
    except MisuseError as error:
        if "not installed" in error.message:
            raise UnreadableError(shown, error.message, error.help) from None
        said = re.sub("^(this|the URL)(?= (is|has) )", lambda _: f"`{shown}`", error.message)
        raise click.UsageError(f"{said}: {error.help}") from None


def unreadable(text: str, error: StoreError) -> UnreadableError:
    """Return the error of the store that ``text`` names, without its password."""
    shown = without_password(text)
    message, help_ = (" ".join(part.replace(text, shown).split()) for part in (error.message, error.help))
    if "whose tables begin with" in message:
        help_ = "say how the names of its tables begin: --prefix WORD"
    return UnreadableError(shown, f"the store `{shown}`: {message}", help_)


def without_password(text: str) -> str:
    """Return the text without anything that may be a password, since others may see it."""
    scheme, found, rest = text.partition("://")
    if not found:
        text = _MISTYPED.sub(":***@", text)
    elif not (scheme.startswith("sqlite") and rest.startswith("/")):
        user, at, host = rest.rpartition("@")
        text = f"{scheme}://" + (f"***@{host}" if user or at else _NO_PORT.sub(":***", host))
    return _QUERY.sub(r"\1=***", text)
