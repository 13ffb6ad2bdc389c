"""From what a caller says to an event: names, keys and fields, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any

from postinterview.core.definitions import Definition, EventKind, FieldKind, FieldType
from postinterview.core.errors import FieldError, MisuseError
from postinterview.core.events import Event, Value, new_event
from postinterview.core.formatting import say_list
from postinterview.core.moments import FIRST, LAST, read_day
from postinterview.core.names import check_name, is_name, name_help, read_application, unknown_name
from postinterview.core.situation import Snapshot
from postinterview.core.suggest import instead_of


def make_event(
    definition: Definition,
    snapshot: Snapshot,
    number: int,
    name: str,
    at: datetime,
    to: str | None,
    application: str | None,
    fields: Mapping[str, object],
    late: bool,
) -> tuple[EventKind, Event]:
    """The event as it would be recorded.

    Raises:
        UnknownNameError: there is no such event or application.
        FieldError: a field is unknown, of the wrong type, or (a fact's) missing.
        MisuseError: ``to`` is missing, or given to an event that is to nobody.
    """
    kind = event_called(definition, name)
    if kind.to_person:
        check_name(to, f"`{name}` is to one person", "name the interviewer: to=...")
    elif to is not None:
        raise MisuseError(f"`{name}` is not to one person", "leave `to` out")
    # What concerns the employer as a whole does so whichever application it was done beside.
    application = None if kind.employer_wide else read_application(snapshot.applications, application)
    carried = read_fields(kind, fields)
    return kind, new_event(number, name, at, application, to, carried, late)


def event_called(definition: Definition, name: object) -> EventKind:
    """The event of this name.

    Raises:
        UnknownNameError: there is none.
    """
    kind = definition.events.get(name) if isinstance(name, str) else None
    if kind is None:
        raise unknown_name("event", name, definition.events)
    return kind


def read_fields(kind: EventKind, fields: Mapping[str, object]) -> tuple[tuple[str, Value], ...]:
    """The fields, checked and in the order of the rulebook."""
    known = kind.fields
    carried: list[tuple[str, Value]] = []
    for name, field in known.items():
        value = fields.get(name)
        if value is not None:
            carried.append((name, _read(kind, field, value)))
        elif not field.optional and not kind.is_act:
            raise FieldError(f"`{kind.name}` needs the field `{name}`", f"give {name}={_example(field)}")
    if len(carried) < len(fields):
        _check_known(kind, fields)
    return tuple(carried)


def fields_from_json(kind: EventKind, data: object) -> dict[str, Any]:
    """The fields as `read_fields` wants them: JSON has no dates, so a date comes as text."""
    if not isinstance(data, Mapping):
        raise FieldError(
            f"the fields of `{kind.name}` can't be {data!r}", "give a mapping of names to values"
        )
    _check_known(kind, data)
    fields = dict(data)
    for name, value in data.items():
        if kind.fields[name].type == "date" and isinstance(value, str):
            fields[name] = read_day(value)
            if fields[name] is None:
                raise FieldError(
                    f"the field `{name}` of `{kind.name}` can't be {value!r}",
                    'give a date of the years 1900 to 2998, such as "2026-03-10"',
                )
    return fields


def _check_known(kind: EventKind, fields: Mapping[str, object]) -> None:
    known = kind.fields
    for name in fields:
        if name not in known:
            help_ = instead_of(name, known) if known else f"`{kind.name}` has no fields"
            raise FieldError(f"unknown field `{name}` of `{kind.name}`", help_)


def _read(kind: EventKind, field: FieldKind, value: object) -> Value:
    read = READERS[field.type](value)
    if read is None or (field.choices and read not in field.choices):
        help_ = (
            f"give {WANTED[field.type].format(choices=say_list(field.choices))}, such as {_example(field)}"
        )
        if field.type == "people":
            several = value if isinstance(value, list | tuple | set | frozenset) else (value,)
            wrong = next((person for person in several if not is_name(person)), value)
            help_ = name_help(wrong, help_)
        raise FieldError(f"the field `{field.name}` of `{kind.name}` can't be {value!r}", help_)
    return read


def _text(value: object) -> Value | None:
    # True says that there is a text, for hosts that keep none.
    if isinstance(value, str) and not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
        return None  # half a character can't be written down
    return value if isinstance(value, str | bool) else None


def _choice(value: object) -> Value | None:
    return value if isinstance(value, str) else None


def _bool(value: object) -> Value | None:
    return value if isinstance(value, bool) else None


def _number(value: object) -> Value | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return value if isfinite(value) else None
    except OverflowError:  # more digits than any float has
        return None


def _date(value: object) -> Value | None:
    if isinstance(value, datetime) or not isinstance(value, date):
        return None
    return value if FIRST.year <= value.year < LAST.year else None


def _people(value: object) -> Value | None:
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, list | tuple | set | frozenset):
        return None
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    return tuple(dict.fromkeys(value)) if all(is_name(person) for person in value) else None


READERS: Mapping[FieldType, Callable[[object], Value | None]] = {
    "text": _text,
    "choice": _choice,
    "bool": _bool,
    "number": _number,
    "date": _date,
    "people": _people,
}

WANTED: Mapping[str, str] = {
    "text": "a text (or True where the host keeps none)",
    "choice": "one of {choices}",
    "bool": "True or False",
    "number": "a number",
    "date": "a date of the years 1900 to 2998",
    "people": "a name or a list of names",
}


def _example(field: FieldKind) -> str:
    match field.type:
        case "text":
            return '"..."'
        case "choice":
            return f'"{field.choices[0]}"'
        case "bool":
            return "True"
        case "number":
            return "1"
        case "date":
            return "date(2026, 3, 10)"
        case "people":
            return '["ana", "bo"]'
