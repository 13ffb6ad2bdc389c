"""What no store can keep is misuse in every one of them, so that a host may change from one to another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from postinterview.core.errors import MisuseError
from postinterview.core.names import is_name
from postinterview.stores.protocol import Standing, StoredEntry

LONGEST = 300
"""So many characters of a key fit into an index of any database, twice."""

MOST = 2**31 - 1
"""The largest whole number in a column of any database."""

_NEITHER = re.compile("[\0\ud800-\udfff]").search


def check_key(name: str, key: object) -> None:
    """Whether it can be a process's key or an idempotency key; ``name`` is the argument's."""
    if not is_name(key):
        raise MisuseError(f"`{name}` can't be {key!r}", "give a text in which something stands")
    if len(str(key)) > LONGEST:
        raise MisuseError(
            f"`{name}` has {len(str(key))} characters", f"give one of {LONGEST} at most, such as a number"
        )


def check_prefix(prefix: object) -> None:
    """Check that a process's key can begin with this text: with one more character it is a key."""
    if not (isinstance(prefix, str) and len(prefix) < LONGEST and is_name(f"{prefix}.")):
        check_key("prefix", prefix)


def check_written(key: str, standing: Standing, lines: Sequence[StoredEntry]) -> None:
    """Whether this can be kept, as texts and numbers, wherever it is."""
    check_key("key", key)
    check_text("head", standing.head)
    check_text("snapshot", standing.snapshot)
    for line in lines:
        if not 0 < line.sequence <= MOST:
            raise MisuseError(f"`sequence` can't be {line.sequence}", "entries are counted from 1")
        if line.once is not None:
            check_key("once", line.once)
        check_text("text", line.text)


def check_text(name: str, text: str) -> None:
    odd = _NEITHER(text)
    if odd:
        what = "the character NUL" if odd[0] == "\0" else "half a character"
        raise MisuseError(
            f"`{name}` has {what} in place {odd.start() + 1}", "no database keeps that: write JSON"
        )


def check_limit(limit: int) -> None:
    """Whether a page can have so many."""
    if not 0 < limit <= MOST:
        raise MisuseError(f"a page can't have {limit} processes", "give 1 or more")
