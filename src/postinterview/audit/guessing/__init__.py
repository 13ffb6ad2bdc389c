"""Look at a history, and write a map to start from. Every guess names its reason, for a person to confirm."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import IO

from postinterview.audit.guessing.guesses import Guesses, guess
from postinterview.audit.guessing.looking import look
from postinterview.core.process import Rulebook
from postinterview.rulebooks import load_rulebook

__all__ = ["Guesses", "guess_map"]


def guess_map(
    source: str | os.PathLike[str] | IO[bytes] | Iterable[str],
    *,
    rulebook: Rulebook | None = None,
    rules: str = "default",
    name: str = "",
) -> Guesses:
    """Return a map to start from, as text, with each guess and its reason.

    The map can't be used before a person has confirmed the guesses by deleting their lines under
    `unconfirmed`, and has added what no file says: the time zone and the day of the export.

    Args:
        source: as for `audit`.
        rulebook: the rules of the map; by default those that ``rules`` names.
        rules: how the map names the rules.
        name: the name of the history in messages; by default the path.

    Raises:
        UnreadableError: the file can't be read.
    """
    seen = look(source, name)
    return guess(seen, (rulebook or load_rulebook(rules)).definition, rules)
