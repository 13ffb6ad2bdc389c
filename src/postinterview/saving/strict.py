"""A saved process's JSON read strictly, and refused as damaged with the way to it."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any, NoReturn

from postinterview.core.errors import MisuseError, SavedError, TimeError
from postinterview.core.moments import in_utc, read_day
from postinterview.core.names import is_name
from postinterview.core.strict_json import Strict, said

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", re.ASCII).fullmatch
_COPY = "restore it from a copy"


def refuse(way: str, message: str, help: str = "") -> NoReturn:
    """Refuse what stands at ``way``."""
    raise SavedError(message, help, way)


_READER = Strict(refuse)
mapping_of, mapping, items = _READER.mapping_of, _READER.mapping, _READER.items
text, whole = _READER.text, _READER.whole


def parse(given: str | bytes) -> Any:
    """The plain data of a JSON text.

    Raises:
        SavedError: it is no JSON, a key stands twice in a mapping, or a number is none.
    """
    shown = _decoded(given)
    if not shown.strip():
        refuse("", "there is nothing in it", "an empty text is no process: restore it from a copy")
    try:
        return _READER.parse(shown)
    except json.JSONDecodeError as error:
        ends = error.pos >= len(shown.rstrip()) or error.msg.startswith("Unterminated string")
        fault = f"{error.msg[:1].lower()}{error.msg[1:]}"
        message = "the text ends in the middle" if ends else f"this is no JSON: {fault}"
        refuse(f"line {error.lineno}, column {error.colno}", message, _COPY)
    except RecursionError:
        refuse("", "brackets in brackets without end", _COPY)


def _decoded(given: str | bytes) -> str:
    if isinstance(given, str):
        return given.removeprefix("\ufeff")
    if not isinstance(given, bytes | bytearray | memoryview):
        raise MisuseError(
            f"a saved process can't be {given!r}", "give the text that `process.to_json()` made"
        )
    try:
        return bytes(given).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1}"
        return refuse(place, f"the byte 0x{error.object[error.start]:02x} is no UTF-8", _COPY)


def name(data: Any, way: str) -> str:
    """Return a text that can name somebody or something."""
    if not is_name(text(data, way)):
        refuse(way, f"{said(data)} is no name")
    return str(data)


def texts(data: Any, way: str) -> tuple[str, ...]:
    return tuple(text(each, f"{way}[{number}]") for number, each in enumerate(items(data, way)))


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
