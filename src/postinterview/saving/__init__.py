"""Save processes as text and restore them: nothing is lost, and damage is always detected.

The text holds the history and what it folds to. Restoring folds the history again and compares.

A store that keeps an entry a row writes the parts with `sealed_parts` and `with_seals`, and reads them with
`read_data` and `resume`. `forecast` predicts what changed rules make of a saved process.
"""

from __future__ import annotations

from postinterview.saving.codec import parse
from postinterview.saving.differences import Difference
from postinterview.saving.format import Book, Saved
from postinterview.saving.resume import Fate, Forecast, Resumed, forecast, may_be_saved, restore, resume
from postinterview.saving.saved import (
    book_of,
    read,
    read_data,
    read_history,
    saved_of,
    sealed_parts,
    snapshot_of,
    to_text,
    with_seals,
    write,
)
from postinterview.saving.seals import FIRST, seal

__all__ = [
    "FIRST",
    "Book",
    "Difference",
    "Fate",
    "Forecast",
    "Resumed",
    "Saved",
    "book_of",
    "forecast",
    "may_be_saved",
    "parse",
    "read",
    "read_data",
    "read_history",
    "restore",
    "resume",
    "saved_of",
    "seal",
    "sealed_parts",
    "snapshot_of",
    "to_text",
    "with_seals",
    "write",
]
