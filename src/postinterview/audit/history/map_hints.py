"""What to write in a map for a word that it does not know: a row is only wrong where it is misspelt. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from postinterview.audit.history.field_values import in_one, shown
from postinterview.audit.history.model import Cell
from postinterview.core.suggest import closest, ticked

_SHORT = 40
_PLAIN = re.compile(r"[A-Za-z][\w -]*\w\Z").match


def listing(column: str, cell: Cell, words: Iterable[str]) -> str:
    """For a word of a column that decides."""
    text = in_one(cell)
    help = "list it in the map, under the `when` where it belongs"
    if len(text) <= _SHORT and text == shown(cell):
        entry = f"{{nothing: true, when: {{{_quoted(column)}: {_quoted(text)}}}}}"
        help += f"; where it says nothing, add an entry such as `{entry}`"
    return _or_meant(help, text, words)


def meaning(name: str, cell: Cell, words: Iterable[str]) -> str:
    """For a word of the column that a field is taken from."""
    return _or_meant(f"say under the `values` of `{name}` what it means", in_one(cell), words)


def _or_meant(help: str, text: str, words: Iterable[str]) -> str:
    near = closest(text, words)
    return f"{help}; or did you mean {ticked(near)}?" if near else help


def _quoted(text: str) -> str:
    """The text as a map writes it."""
    return text if _PLAIN(text) else json.dumps(text, ensure_ascii=False)
