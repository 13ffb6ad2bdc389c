"""Refuse what some store can't keep in every store, so that a host can change from one to another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from postinterview.core.errors import MisuseError
from postinterview.core.names import is_name
from postinterview.stores.protocol import Standing, StoredEntry

LONGEST = 300
"""Characters of a key. Two keys of this length fit into an index of any database."""

MOST = 2**31 - 1
"""The largest integer in a column of any database."""

_UNKEPT = re.compile("[\0\ud800-\udfff]").search


def check_key(name: str, key: object) -> None:
    """Check that ``key`` can be the key of a process or of a call; ``name`` is the argument's name."""
    if not is_name(key):
        raise MisuseError(f"`{name}` can't be {key!r}", "give a text with visible characters")
    if len(str(key)) > LONGEST:
        raise MisuseError(f"`{name}` has {len(str(key))} characters", f"give one of {LONGEST} at most")


def check_prefix(prefix: object) -> None:
    """Check that a process's key can begin with this text: with one more character it is a key."""
    if not (isinstance(prefix, str) and len(prefix) < LONGEST and is_name(f"{prefix}.")):
        check_key("prefix", prefix)


def check_written(key: str, standing: Standing, entries: Sequence[StoredEntry]) -> None:
    """Check the key, the texts and the numbers of a write."""
    check_key("key", key)
    check_text("head", standing.head)
    check_text("snapshot", standing.snapshot)
    for entry in entries:
        if not 0 < entry.sequence <= MOST:
            raise MisuseError(f"`sequence` can't be {entry.sequence}", "entries are counted from 1")
        if entry.once is not None:
            check_key("once", entry.once)
        check_text("text", entry.text)


def check_text(name: str, text: str) -> None:
    """Check that a database can keep the text."""
    found = _UNKEPT(text)
    if found:
        what = "the character NUL" if found[0] == "\0" else "half a character"
        message = f"`{name}` has {what} in place {found.start() + 1}"
        raise MisuseError(message, "no database keeps that: write JSON")


def check_limit(limit: int) -> None:
    """Check the length of a page."""
    if not 0 < limit <= MOST:
        raise MisuseError(f"a page can't have {limit} processes", "give 1 or more")
