"""From what a caller says to an event: names, keys and fields, checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from math import isfinite

from postinterview.core.definitions import Definition, EventKind, FieldKind
from postinterview.core.errors import FieldError, MisuseError, UnknownNameError
from postinterview.core.events import Event, Value
from postinterview.core.moments import FIRST, LAST
from postinterview.core.situation import Snapshot
from postinterview.core.suggest import one_of
from postinterview.core.words import say_list

MAIN = "main"


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
    kind = definition.events.get(name)
    if kind is None:
        raise UnknownNameError(f"unknown event `{name}`", one_of(name, definition.events))
    if kind.to_person:
        if not _is_name(to):
            raise MisuseError(f"`{name}` is to one person", "name the interviewer: to=...")
    elif to is not None:
        raise MisuseError(f"`{name}` is not to one person", "leave `to` out")
    # What concerns the employer as a whole does so whichever application it was done beside.
    application = None if kind.employer_wide else read_application(snapshot, application)
    carried = read_fields(kind, fields)
    return kind, Event(number, name, at, application, to, carried, late)


def read_application(snapshot: Snapshot, application: str | None) -> str:
    """The application meant: ``main`` where nobody ever named another."""
    if application is None:
        known = snapshot.applications
        if known and known != (MAIN,):
            raise MisuseError("which application is meant?", f"name one: application={say_list(known)}")
        return MAIN
    if not _is_name(application):
        raise MisuseError(f"`{application!r}` is not an application", "give its key as a text")
    return application


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def read_fields(kind: EventKind, fields: Mapping[str, object]) -> tuple[tuple[str, Value], ...]:
    """The fields, checked and in the order of the rulebook."""
    for name in fields:
        if name not in kind.fields:
            known = f"`{kind.name}` has no fields" if not kind.fields else one_of(name, kind.fields)
            raise FieldError(f"unknown field `{name}` of `{kind.name}`", known)
    carried: list[tuple[str, Value]] = []
    for name, field in kind.fields.items():
        value = fields.get(name)
        if value is None:
            if not kind.is_act and not field.optional:
                raise FieldError(f"`{kind.name}` needs the field `{name}`", f"give {name}={_example(field)}")
        else:
            carried.append((name, _read(kind, field, value)))
    return tuple(carried)


def _read(kind: EventKind, field: FieldKind, value: object) -> Value:
    read: Value | None = None
    match field.type:
        case "text" if isinstance(value, str | bool):
            read = value  # True says that there is a text, for hosts that keep none
        case "choice" if isinstance(value, str) and value in field.choices:
            read = value
        case "bool" if isinstance(value, bool):
            read = value
        case "number" if isinstance(value, int | float) and not isinstance(value, bool):
            read = value if isfinite(value) else None
        case "date" if isinstance(value, date) and not isinstance(value, datetime):
            read = value if FIRST.year <= value.year < LAST.year else None
        case "people" if not isinstance(value, str):
            read = _people(value)
        case _:
            pass
    if read is None:
        raise FieldError(
            f"the field `{field.name}` of `{kind.name}` can't be {value!r}",
            f"give {WANTED[field.type].format(choices=say_list(field.choices))}, such as {_example(field)}",
        )
    return read


def _people(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list | tuple | set | frozenset):
        return None
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    if not all(isinstance(person, str) and person for person in value):
        return None
    return tuple(dict.fromkeys(value))


WANTED: Mapping[str, str] = {
    "text": "a text (or True where the host keeps none)",
    "choice": "one of {choices}",
    "bool": "True or False",
    "number": "a number",
    "date": "a date of the years 1900 to 2998",
    "people": "a list of names",
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
