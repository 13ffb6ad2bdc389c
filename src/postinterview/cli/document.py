"""The one JSON document of a command, printed while it is made, so that a long one takes no memory."""

from __future__ import annotations

import json
import re
import sys
from collections import deque
from collections.abc import Iterable
from typing import Any

from attrs import define, field

from postinterview.layout import HIDDEN

VERSION = 1
"""The version of the documents' form. It is raised when a key changes its meaning or goes away."""


@define
class Document:
    """Prints a mapping key by key, as `json.dumps(..., indent=2)` would.

    Its first key is ``version``. Its last one is ``errors``: what was said about no line of a file, each with
    ``message`` and ``help``. A document that is not ``shown`` prints nothing.
    """

    shown: bool = False
    errors: list[dict[str, str]] = field(factory=list, init=False)
    _last: dict[str, Any] = field(factory=dict, init=False)
    _opened: bool = field(default=False, init=False)

    def items(self, key: str, items: Iterable[Any]) -> None:
        """Print a list, each item when the iterable yields it."""
        if not self.shown:
            deque(items, maxlen=0)
            return
        self._key(key)
        separator = "["
        try:
            for item in items:
                sys.stdout.write(f"{separator}\n    {_text(item, 4)}")
                separator = ","
        finally:  # the document is closed even if the items end in an error
            sys.stdout.write("[]" if separator == "[" else "\n  ]")

    def add(self, **values: Any) -> None:
        """Keep values to print at the end."""
        self._last |= values

    def close(self) -> None:
        """Print the values that were kept, and the errors."""
        if not self.shown:
            return
        for key, value in {**self._last, "errors": self.errors}.items():
            self._key(key)
            sys.stdout.write(_text(value, 2))
        sys.stdout.write("\n}\n")

    def _key(self, key: str) -> None:
        if not self._opened:
            self._opened = True
            sys.stdout.write(f'{{\n  "version": {VERSION}')
        sys.stdout.write(f",\n  {_text(key)}: ")


def _text(data: Any, indent: int = 0) -> str:
    unicode = "utf" in (sys.stdout.encoding or "").lower()
    text = json.dumps(data, indent=2, ensure_ascii=not unicode)
    return HIDDEN.sub(_escape, text).replace("\n", "\n" + " " * indent)


def _escape(hidden: re.Match[str]) -> str:
    """Return a character that a terminal would obey or hide as JSON's escapes."""
    units = hidden.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
