"""Say whose a process is: its key begins with its owner's, so no caller can name the process of another."""

from __future__ import annotations

from postinterview.core.values.errors import MisuseError
from postinterview.stores.checks import check_key

SEPARATOR = "/"


def key_of(owner: object, key: object) -> str:
    """Return the key under which a keeper has an owner's process.

    Args:
        owner: the id of the user, as a text or a number.
        key: the user's key for the employer, as a text or a number.

    Raises:
        MisuseError: the owner or the key can't be one. The message has nothing of the owner's in it.
    """
    if not str(key):
        raise MisuseError("the key of a process is empty", "give a text or a number, such as an id")
    prefix = prefix_of(owner)
    check_key("key", str(key), behind=prefix)
    return f"{prefix}{key}"


def prefix_of(owner: object) -> str:
    """Return what the keys of an owner's processes begin with, for ``Keeper.keys(prefix=...)``.

    Raises:
        MisuseError: the owner is None, is empty, or contains a `/`: another one might have the same keys.
    """
    if owner is None or not str(owner) or SEPARATOR in str(owner):
        message = f"the owner of a process can't be {owner!r}"
        raise MisuseError(message, f"give the id of a user who is logged in, without a `{SEPARATOR}`")
    return f"{owner}{SEPARATOR}"
