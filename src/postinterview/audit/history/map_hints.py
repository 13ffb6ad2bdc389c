"""Say what to write in a map for a word that it does not list. The row is wrong only if it is misspelt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from postinterview.audit.history.field_values import in_one, shown
from postinterview.audit.history.map_model import Cell
from postinterview.core.suggest import closest, ticked

_LONGEST_EXAMPLE = 40
_is_plain = re.compile(r"[A-Za-z][\w -]*\w\Z").match


def hint_at_entry(column: str, cell: Cell, words: Iterable[str]) -> str:
    """Return the hint for a column under `when`."""
    text = in_one(cell)
    help = "list it in the map, under the `when` of its entry"
    if len(text) <= _LONGEST_EXAMPLE and text == shown(cell):
        entry = f"{{nothing: true, when: {{{_quoted(column)}: {_quoted(text)}}}}}"
        help += f"; if it says nothing, add an entry such as `{entry}`"
    return _or_meant(help, text, words)


def hint_at_value(field: str, cell: Cell, words: Iterable[str]) -> str:
    """Return the hint for the column of a field with `values`."""
    return _or_meant(f"say under the `values` of `{field}` what it means", in_one(cell), words)


def _or_meant(help: str, text: str, words: Iterable[str]) -> str:
    near = closest(text, words)
    return f"{help}; or did you mean {ticked(near)}?" if near else help


def _quoted(text: str) -> str:
    """Return the text as a map writes it."""
    return text if _is_plain(text) else json.dumps(text, ensure_ascii=False)
