"""JSON read strictly: what can't be meant is refused with the way to it, such as ``history[3].at``.

Who reads says how something is refused; the words for it are the same everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from math import isfinite
from typing import Any, NoReturn

from attrs import frozen

from postinterview.core.values.suggest import instead_of

_DIGITS = 400
_LONG = 40


@frozen
class _Odd:
    """The value in the place of a number that can't be read as one."""

    text: str


class _Doubled(dict[str, Any]):
    """A mapping in which a key stands twice."""

    key: str


@frozen
class Strict:
    """Reads plain data strictly. ``refuse(path, message, help)`` raises the caller's own error."""

    refuse: Callable[[str, str, str], NoReturn]

    def parse(self, text: str) -> Any:
        """Return the plain data of a JSON text.

        Refuses a key that stands twice in a mapping, and a number that is none.

        Raises:
            json.JSONDecodeError: it is no JSON.
            RecursionError: brackets in brackets without end.
        """
        odd: list[object] = []  # without any, nobody has to look for their places

        def as_odd(text: str) -> _Odd:
            odd.append(text)
            return _Odd(text)

        def as_float(digits: str) -> float | _Odd:
            value = float(digits)
            return value if isfinite(value) else as_odd(digits)

        def as_mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            found = dict(pairs)
            if len(found) == len(pairs):
                return found
            odd.append(found)
            return _doubled(found, pairs)

        data = json.loads(
            text,
            parse_constant=as_odd,
            parse_int=lambda digits: int(digits) if len(digits) <= _DIGITS else as_odd(digits),
            parse_float=as_float,
            object_pairs_hook=as_mapping,
        )
        if odd:
            self._find_odd(data, "")
        return data

    def mapping_of(self, data: Any, way: str) -> dict[str, Any]:
        """Return a mapping with keys of any name."""
        if not isinstance(data, dict):
            self.refuse(way, f"{said(data)} is no mapping", "")
        found: dict[str, Any] = data
        return found

    def mapping(
        self, data: Any, way: str, needs: Collection[str], may_have: Collection[str] = ()
    ) -> dict[str, Any]:
        """Return a mapping with these keys and no others."""
        found = self.mapping_of(data, way)
        for key in found:
            if key not in needs and key not in may_have:
                self.refuse(join(way, key), f"unknown key `{key}`", instead_of(key, (*needs, *may_have)))
        for key in needs:
            if key not in found:
                self.refuse(way, f"`{key}` is missing", "")
        return found

    def items(self, data: Any, way: str, length: int | None = None) -> list[Any]:
        """Return a list, of this length if one is given."""
        if not isinstance(data, list):
            self.refuse(way, f"{said(data)} is no list", "")
        if length is not None and len(data) != length:
            self.refuse(way, f"a list of {len(data)}, not of {length}", "")
        return data

    def text(self, data: Any, way: str) -> str:
        if not isinstance(data, str):
            self.refuse(way, f"{said(data)} is no text", "")
        return data

    def whole(self, data: Any, way: str) -> int:
        if type(data) is not int:  # `true` is an int as well
            self.refuse(way, f"{said(data)} is no whole number", "")
        return data

    def _find_odd(self, data: Any, way: str) -> None:
        """Refuse the first thing in reading order that JSON lets pass and that nobody can mean."""
        if isinstance(data, _Odd):
            self.refuse(way, f"{said(data)} is no number", "")
        if isinstance(data, _Doubled):
            self.refuse(way, f"the key `{data.key}` stands twice", "")
        if isinstance(data, dict):
            for key, value in data.items():
                self._find_odd(value, join(way, key))
        elif isinstance(data, list):
            for number, value in enumerate(data):
                if not isinstance(value, str | int):
                    self._find_odd(value, f"{way}[{number}]")


def join(way: str, key: str) -> str:
    return f"{way}.{key}" if way else key


def said(data: Any) -> str:
    """Return the value as the text has it, unless it is long."""
    if data is None:
        return "nothing"
    if isinstance(data, list | dict):
        return "a list" if isinstance(data, list) else "a mapping"
    shown = data.text if isinstance(data, _Odd) else json.dumps(data, ensure_ascii=False)
    return f"`{shown}`" if len(shown) <= _LONG else f"`{shown[:_LONG]}...`"


def _doubled(found: dict[str, Any], pairs: list[tuple[str, Any]]) -> _Doubled:
    keys = [key for key, _ in pairs]
    doubled = _Doubled(found)
    doubled.key = next(key for number, key in enumerate(keys) if key in keys[:number])
    return doubled
