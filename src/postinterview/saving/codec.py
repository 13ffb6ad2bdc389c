"""Write values as plain data and read them back, both from one declaration.

A record is declared by its fields, in the order in which they are written::

    BOOK = record(Book, Field("name", TEXT), Field("version", TEXT), Field("hash", TEXT))
    BOOK.encode(Book("default", "1", "07ab"))     # {"name": "default", "version": "1", "hash": "07ab"}
    BOOK.decode({"name": "default"}, "rulebook")  # SavedError: rulebook: `version` is missing

Reading is strict. Data that `encode` can't have written is damaged, and is refused with its path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, NoReturn

from attrs import frozen

from postinterview.core.past.events import plain_value
from postinterview.core.values.errors import MisuseError, SavedError, TimeError
from postinterview.core.values.moments import in_utc, read_day
from postinterview.core.values.names import is_saved_name
from postinterview.core.values.strict_json import Strict, join, said

BACKUP = "restore it from a backup"

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", re.ASCII).fullmatch
_BEGINNING = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d(:\d\d)?", re.ASCII).fullmatch
_REQUIRED: Any = object()


def refuse(path: str, message: str, help: str = "") -> NoReturn:
    """Refuse what is at ``path``."""
    raise SavedError(message, help, path)


_STRICT = Strict(refuse)


def parse(text: str | bytes) -> Any:
    """Return the plain data of a JSON text.

    Raises:
        SavedError: the text is not JSON, repeats a key in a mapping, or has a number that is not finite.
    """
    shown = _decoded(text)
    if not shown.strip():
        refuse("", "the text is empty", BACKUP)
    try:
        return _STRICT.parse(shown)
    except json.JSONDecodeError as error:
        ends = error.pos >= len(shown.rstrip()) or error.msg.startswith("Unterminated string")
        fault = f"{error.msg[:1].lower()}{error.msg[1:]}"
        message = "the text is cut off" if ends else f"this is not JSON: {fault}"
        refuse(f"line {error.lineno}, column {error.colno}", message, BACKUP)
    except RecursionError:
        refuse("", "the brackets are nested too deeply", BACKUP)


def _decoded(text: str | bytes) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    if not isinstance(text, bytes | bytearray | memoryview):
        raise MisuseError(f"a saved process can't be {text!r}", "give the text that `process.to_json()` made")
    try:
        return bytes(text).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        return refuse(f"byte {error.start + 1}", f"the byte 0x{byte:02x} is not UTF-8", BACKUP)


# --- codecs -------------------------------------------------------------------------------------------


def _same(value: Any) -> Any:
    return value


@frozen
class Codec:
    """Reads one kind of value from plain data, and writes it."""

    decode: Callable[[Any, str], Any]
    encode: Callable[[Any], Any] = _same


@frozen
class Field:
    """A key of a record, the codec of its value, and the attribute that holds it.

    With a ``default`` the key is optional, and is left out for that value.
    """

    key: str
    codec: Codec
    attribute: str = ""
    default: Any = _REQUIRED

    @property
    def name(self) -> str:
        return self.attribute or self.key


def record(make: Callable[..., Any], *fields: Field) -> Codec:
    """Return the codec of a mapping with these keys and no others, which ``make`` makes a value of."""
    needed = [each.key for each in fields if each.default is _REQUIRED]
    optional = [each.key for each in fields if each.default is not _REQUIRED]
    parts = [(each.key, each.name, each.codec, each.default) for each in fields]

    def decode(data: Any, path: str) -> Any:
        found = _STRICT.mapping(data, path, needed, optional)
        return make(
            **{
                name: codec.decode(found[key], join(path, key)) if key in found else default
                for key, name, codec, default in parts
            }
        )

    def encode(value: Any) -> dict[str, Any]:
        given = ((key, codec, getattr(value, name), default) for key, name, codec, default in parts)
        return {key: codec.encode(part) for key, codec, part, default in given if part != default}

    return Codec(decode, encode)


def items(codec: Codec) -> Codec:
    """Return the codec of a list, which is read as a tuple."""

    def decode(data: Any, path: str) -> tuple[Any, ...]:
        found = _STRICT.items(data, path)
        return tuple(codec.decode(each, f"{path}[{place}]") for place, each in enumerate(found))

    return Codec(decode, lambda value: [codec.encode(each) for each in value])


def pairs(codec: Codec) -> Codec:
    """Return the codec of a mapping with any keys, which is read as a tuple of pairs."""

    def decode(data: Any, path: str) -> tuple[tuple[str, Any], ...]:
        found = mapping(data, path)
        return tuple((key, codec.decode(value, f"{path}.{key}")) for key, value in found.items())

    return Codec(decode, lambda value: {key: codec.encode(each) for key, each in value})


def mapping(data: Any, path: str) -> dict[str, Any]:
    """Return the data if it is a mapping."""
    return _STRICT.mapping_of(data, path)


def _name(data: Any, path: str) -> str:
    text: str = TEXT.decode(data, path)
    return text if is_saved_name(text) else refuse(path, f"{said(data)} is not a name")


def _true(data: Any, path: str) -> bool:
    return data is True or refuse(path, f"{said(data)} can't be here: write `true`, or leave the key out")


def _moment(data: Any, path: str) -> datetime:
    text: str = TEXT.decode(data, path)
    try:
        found = datetime.fromisoformat(text) if _MOMENT(text) else None
    except ValueError:
        found = None
    if found is None:
        refuse(path, f"{said(data)} is not a moment in UTC", "write one such as 2026-03-02T09:00:00Z")
    try:
        return in_utc(found.replace(tzinfo=UTC))
    except TimeError as error:
        refuse(path, error.message, error.help)


def _beginning(data: Any, path: str) -> datetime:
    text: str = TEXT.decode(data, path)
    try:
        found = datetime.fromisoformat(text) if _BEGINNING(text) else None
        if found is not None:
            in_utc(found)
    except ValueError:
        found = None
    except TimeError as error:
        refuse(path, error.message, error.help)
    message = f"{said(data)} is not the beginning of a day"
    return found or refuse(path, message, "write one such as 2026-03-02T00:00:00+01:00")


def _day(data: Any, path: str) -> date:
    found = read_day(TEXT.decode(data, path))
    return found or refuse(path, f"{said(data)} is not a date", "write one such as 2026-03-10")


def _value(data: Any, path: str) -> Any:
    if isinstance(data, list):
        return TEXTS.decode(data, path)
    if not isinstance(data, str | bool | int | float):
        refuse(path, f"{said(data)} can't be the value of a field")
    return data


TEXT = Codec(_STRICT.text)
NUMBER = Codec(_STRICT.whole)
LIST = Codec(_STRICT.items)
NAME = Codec(_name)
TRUE = Codec(_true)
MOMENT = Codec(_moment, lambda at: f"{at.replace(tzinfo=None).isoformat()}Z")
BEGINNING_OF_DAY = Codec(_beginning, datetime.isoformat)
"""The first moment of a day, with the offset of its zone: it says which day that was."""
DAY = Codec(_day, date.isoformat)
TEXTS = items(TEXT)
VALUE = Codec(_value, plain_value)
"""The value of an event's field. Its type is the rulebook's, so a date is read as text here."""
