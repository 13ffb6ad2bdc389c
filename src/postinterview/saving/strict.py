"""JSON read strictly: what can't be meant is refused with the way to it, such as ``history[3].at``."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any, NoReturn

from attrs import frozen

from postinterview.core.errors import MisuseError, SavedError, TimeError
from postinterview.core.moments import in_utc, read_day
from postinterview.core.suggest import instead_of

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", re.ASCII).fullmatch
_DIGITS = 400
_LONG = 40
_COPY = "restore it from a copy"


@frozen
class _Odd:
    """What stands where a number can't be read as one."""

    text: str


class _Doubled(dict[str, Any]):
    """A mapping in which a key stands twice."""

    key: str


def parse(text: str | bytes) -> Any:
    """The plain data of a JSON text.

    Raises:
        SavedError: it is no JSON, a key stands twice in a mapping, or a number is none.
    """
    shown = _decoded(text)
    if not shown.strip():
        refuse("", "there is nothing in it", "an empty text is no process: restore it from a copy")
    try:
        data = json.loads(
            shown,
            parse_constant=_Odd,
            parse_int=lambda digits: int(digits) if len(digits) <= _DIGITS else _Odd(digits),
            parse_float=_float,
            object_pairs_hook=_mapping,
        )
    except json.JSONDecodeError as error:
        ends = error.pos >= len(shown.rstrip()) or error.msg.startswith("Unterminated string")
        said = f"{error.msg[:1].lower()}{error.msg[1:]}"
        message = "the text ends in the middle" if ends else f"this is no JSON: {said}"
        refuse(f"line {error.lineno}, column {error.colno}", message, _COPY)
    except RecursionError:
        refuse("", "brackets in brackets without end", _COPY)
    _find_odd(data, "")
    return data


def _decoded(text: str | bytes) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    if not isinstance(text, bytes | bytearray | memoryview):
        raise MisuseError(f"a saved process can't be {text!r}", "give the text that `process.to_json()` made")
    try:
        return bytes(text).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1}"
        return refuse(place, f"the byte 0x{error.object[error.start]:02x} is no UTF-8", _COPY)


def _float(digits: str) -> float | _Odd:
    value = float(digits)
    return value if isfinite(value) else _Odd(digits)


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    keys = [key for key, _ in pairs]
    doubled = _Doubled(found)
    doubled.key = next(key for number, key in enumerate(keys) if key in keys[:number])
    return doubled


def _find_odd(data: Any, way: str) -> None:
    """Refuse the first thing in reading order that JSON lets pass and that nobody can mean."""
    if isinstance(data, _Odd):
        refuse(way, f"{said(data)} is no number")
    if isinstance(data, _Doubled):
        refuse(way, f"the key `{data.key}` stands twice")
    if isinstance(data, dict):
        for key, value in data.items():
            _find_odd(value, join(way, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            _find_odd(value, f"{way}[{number}]")


def join(way: str, key: str) -> str:
    return f"{way}.{key}" if way else key


def mapping_of(data: Any, way: str) -> dict[str, Any]:
    """A mapping with keys of any name."""
    if not isinstance(data, dict):
        refuse(way, f"{said(data)} is no mapping")
    found: dict[str, Any] = data
    return found


def mapping(data: Any, way: str, needs: Collection[str], may_have: Collection[str] = ()) -> dict[str, Any]:
    """A mapping with these keys and no others."""
    found = mapping_of(data, way)
    for key in found:
        if key not in needs and key not in may_have:
            refuse(join(way, key), f"unknown key `{key}`", instead_of(key, (*needs, *may_have)))
    for key in needs:
        if key not in found:
            refuse(way, f"`{key}` is missing")
    return found


def items(data: Any, way: str) -> list[Any]:
    if not isinstance(data, list):
        refuse(way, f"{said(data)} is no list")
    return data


def text(data: Any, way: str) -> str:
    if not isinstance(data, str):
        refuse(way, f"{said(data)} is no text")
    return data


def name(data: Any, way: str) -> str:
    """A text in which something stands."""
    if not text(data, way).strip():
        refuse(way, "there is no name in it")
    return str(data)


def texts(data: Any, way: str) -> tuple[str, ...]:
    return tuple(text(each, f"{way}[{number}]") for number, each in enumerate(items(data, way)))


def whole(data: Any, way: str) -> int:
    if type(data) is not int:  # `true` is an int as well
        refuse(way, f"{said(data)} is no whole number")
    return data


def true(data: Any, way: str) -> bool:
    """What is left out where it is not so."""
    if data is not True:
        refuse(way, f"{said(data)} is not `true`, the one thing that can stand here")
    return True


def moment(data: Any, way: str) -> datetime:
    """A moment in UTC, written as `write_moment` does."""
    written = text(data, way)
    try:
        found = datetime.fromisoformat(written) if _MOMENT(written) else None
    except ValueError:
        found = None
    if found is None:
        refuse(way, f"{said(data)} is no moment in UTC", "such as 2026-03-02T09:00:00Z")
    try:
        return in_utc(found.replace(tzinfo=UTC))
    except TimeError as error:
        refuse(way, error.message, error.help)


def write_moment(at: datetime) -> str:
    """``2026-03-02T09:00:00Z``, with microseconds where there are some. ``at`` is in UTC."""
    return f"{at.replace(tzinfo=None).isoformat()}Z"


def day(data: Any, way: str) -> date:
    found = read_day(text(data, way))
    if found is None:
        refuse(way, f"{said(data)} is no date", "such as 2026-03-10")
    return found


def said(data: Any) -> str:
    """The value as the text has it, unless it is long."""
    if data is None:
        return "nothing"
    if isinstance(data, list | dict):
        return "a list" if isinstance(data, list) else "a mapping"
    shown = data.text if isinstance(data, _Odd) else json.dumps(data, ensure_ascii=False)
    return f"`{shown}`" if len(shown) <= _LONG else f"`{shown[:_LONG]}...`"


def refuse(way: str, message: str, help: str = "") -> NoReturn:
    """Refuse what stands at ``way``."""
    raise SavedError(message, help, way)
