"""A JSON document that is printed as it comes to be, so that a long one takes no memory."""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Iterable
from typing import Any

from attrs import define, field


@define
class Document:
    """Prints one mapping, key by key, as `json.dumps(..., indent=2)` would; nothing unless ``shown``."""

    shown: bool
    _opened: bool = field(default=False, init=False)

    def items(self, key: str, items: Iterable[Any]) -> None:
        """A list, of what the iterable comes up with."""
        if not self.shown:
            deque(items, maxlen=0)
            return
        self._key(key)
        empty = True
        for item in items:
            sys.stdout.write(("[" if empty else ",") + f"\n    {_text(item, 4)}")
            empty = False
        sys.stdout.write("[]" if empty else "\n  ]")

    def end(self, **values: Any) -> None:
        """The last of its keys and values."""
        if not self.shown:
            return
        for key, value in values.items():
            self._key(key)
            sys.stdout.write(_text(value, 2))
        sys.stdout.write("\n}\n")

    def _key(self, key: str) -> None:
        sys.stdout.write(f"{',' if self._opened else '{'}\n  {_text(key)}: ")
        self._opened = True


def _text(data: Any, indent: int = 0) -> str:
    unicode = "utf" in (sys.stdout.encoding or "").lower()
    text = json.dumps(data, indent=2, ensure_ascii=not unicode)
    return text.replace("\n", "\n" + " " * indent)
