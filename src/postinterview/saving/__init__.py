"""Processes as text, and back: nothing is lost, and nothing that is damaged is taken for less.

What is saved is the history, with what it came to. Restoring folds it again and compares.

A store that keeps an entry a row uses the halves: `entry_to_data` and `with_seals` to append, `read_history`
and `Saved` with `resume` to load, `answers.answer` to tell beforehand what changed rules would make of it.
"""

from __future__ import annotations

from postinterview.saving.differences import Difference
from postinterview.saving.entries import entry_from_data, entry_to_data
from postinterview.saving.resume import Resumed, restore, resume
from postinterview.saving.saved import (
    Book,
    Saved,
    book_of,
    read,
    read_data,
    read_history,
    saved_of,
    sealed_head,
    to_text,
    with_seals,
    write,
)
from postinterview.saving.seals import seal
from postinterview.saving.snapshots import snapshot_to_data

__all__ = [
    "Book",
    "Difference",
    "Resumed",
    "Saved",
    "book_of",
    "entry_from_data",
    "entry_to_data",
    "read",
    "read_data",
    "read_history",
    "restore",
    "resume",
    "saved_of",
    "seal",
    "sealed_head",
    "snapshot_to_data",
    "to_text",
    "with_seals",
    "write",
]
