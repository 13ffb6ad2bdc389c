"""Say what a failure of a database means for a store, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from postinterview.core.values.errors import ConflictError, SavedError, StoreError

_LOST_RACES = ("40001", "40P01")
"""PostgreSQL's codes for a transaction that it rolled back since another one went first."""

Cures = Sequence[tuple[str, str]]
"""Words of a database's message, and what to do."""


CURES = (
    ("is full|No space|could not extend", "make room on its disk"),
    ("unable to open", "is its folder there, and may this program write in it?"),
    ("not a database|malformed|disk I/O", "is this the right file, and is its disk sound?"),
)
"""The cures that are the same for each store."""


def lost_a_race(cause: BaseException) -> bool:
    """Return whether the database rolled the transaction back because of another one."""
    return (getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)) in _LOST_RACES


def repeat_the_whole(cause: BaseException) -> StoreError | None:
    """Return the error for a transaction that can't see what others wrote, however often one reads again."""
    if lost_a_race(cause) or getattr(cause, "sqlite_errorname", "") == "SQLITE_BUSY_SNAPSHOT":
        return StoreError("others wrote at the same moment", "roll back, and repeat the whole transaction")
    return None


def torn(key: str) -> SavedError:
    """Return the error for entries whose process is not there."""
    help_ = "restore it from a backup, or forget it"
    return SavedError("its row is missing, and its entries are there", help_, f"process `{key}`")


def store_error(
    cause: BaseException, cures: Cures, *, disconnected: bool = False, committing: bool = False
) -> StoreError:
    """Return what to raise for a failure.

    Args:
        cause: the error of the driver.
        cures: what to do, by the words of its message.
        disconnected: the connection was lost.
        committing: it came while the transaction was committed, so nobody knows whether the write was done.
    """
    if lost_a_race(cause):
        return ConflictError("others wrote at the same moment")
    said = " ".join(str(cause).split())
    found = [cure for words, cure in cures if re.search(words, said)]
    if not found and (disconnected or "connection" in said):
        found = ["is the database running, and can it be reached?"]
    if committing:
        found.append("the write may have been done or not: repeat the call with the same `once`")
    return StoreError(f"the database failed: {said}", "; ".join(found))
