"""Entries of a history as plain data, and back by the field types of a rulebook.

Stores keep these mappings, one a row. Reading has two halves: `check_shape` asks whether it can be an
entry at all, `entry_from_data` whether it is one in these rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NoReturn

from postinterview.core.definitions import Definition, EventKind
from postinterview.core.errors import FieldError, SavedError
from postinterview.core.event_input import read_fields
from postinterview.core.events import Entry, Event, Retraction, Unknown, Value
from postinterview.core.moments import read_day
from postinterview.core.strict_json import join, said
from postinterview.core.suggest import instead_of
from postinterview.saving import strict

_EVENT = (("number", "event", "at"), ("application", "to", "late", "with"))
_RETRACTION = (("number", "retract", "at"), ("not_sent",))
_UNKNOWN = (("number", "unknown", "until"), ("application",))


def entry_to_data(entry: Entry) -> dict[str, Any]:
    """The entry in plain types: what is not said is left out, moments are in UTC."""
    data: dict[str, Any] = {"number": entry.number}
    match entry:
        case Event():
            data |= {"event": entry.name, "at": strict.write_moment(entry.at)}
            data |= {} if entry.application is None else {"application": entry.application}
            data |= {} if entry.to is None else {"to": entry.to}
            data |= {"late": True} if entry.late else {}
            data |= {"with": {k: _plain(v) for k, v in entry.carried}} if entry.carried else {}
        case Retraction():
            data |= {"retract": entry.of, "at": strict.write_moment(entry.at)}
            data |= {"not_sent": True} if entry.not_sent else {}
        case Unknown():
            data |= {"unknown": list(entry.of), "until": strict.write_moment(entry.until)}
            data |= {} if entry.application is None else {"application": entry.application}
    return data


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def check_shape(data: Any, way: str) -> dict[str, Any]:
    """The data, if it can be an entry in some rules.

    Raises:
        SavedError: it can't.
    """
    entry = strict.mapping_of(data, way)
    if "retract" in entry:
        strict.mapping(entry, way, *_RETRACTION)
        strict.whole(entry["retract"], f"{way}.retract")
        strict.moment(entry["at"], f"{way}.at")
        if "not_sent" in entry:
            strict.true(entry["not_sent"], f"{way}.not_sent")
    elif "unknown" in entry:
        strict.mapping(entry, way, *_UNKNOWN)
        if not strict.texts(entry["unknown"], f"{way}.unknown"):
            strict.refuse(f"{way}.unknown", "nothing is named as unknown")
        strict.moment(entry["until"], f"{way}.until")
    else:
        strict.mapping(entry, way, *_EVENT)
        strict.name(entry["event"], f"{way}.event")
        strict.moment(entry["at"], f"{way}.at")
        if "late" in entry:
            strict.true(entry["late"], f"{way}.late")
        for key, value in strict.mapping_of(entry.get("with", {}), f"{way}.with").items():
            _check_value(value, f"{way}.with.{key}")
    for key in ("application", "to"):
        if key in entry:
            strict.name(entry[key], f"{way}.{key}")
    strict.whole(entry["number"], f"{way}.number")
    return entry


def _check_value(data: Any, way: str) -> None:
    if isinstance(data, list):
        strict.texts(data, way)
    elif not isinstance(data, str | bool | int | float):
        strict.refuse(way, f"{said(data)} is no value of a field")


def entry_from_data(definition: Definition, data: Mapping[str, Any], way: str = "") -> Entry:
    """The entry that the data is in these rules; ``way`` leads to it in errors.

    Raises:
        SavedError: it can be no entry, or the rules lack its event or fields.
    """
    entry = check_shape(data, way)
    number: int = entry["number"]
    if "retract" in entry:
        at = strict.moment(entry["at"], f"{way}.at")
        return Retraction(number, entry["retract"], at, "not_sent" in entry)
    if "unknown" in entry:
        for place, name in enumerate(entry["unknown"]):
            if name not in definition.events:
                _unknown_event(definition, name, join(way, f"unknown[{place}]"))
        until = strict.moment(entry["until"], f"{way}.until")
        return Unknown(number, tuple(entry["unknown"]), until, entry.get("application"))
    kind = definition.events.get(entry["event"])
    if kind is None:
        _unknown_event(definition, entry["event"], join(way, "event"))
    _check_keys(kind, entry, way)
    return Event(
        number,
        kind.name,
        strict.moment(entry["at"], f"{way}.at"),
        entry.get("application"),
        entry.get("to"),
        _carried(kind, entry.get("with", {}), join(way, "with")),
        "late" in entry,
    )


def _unknown_event(definition: Definition, name: str, way: str) -> NoReturn:
    strict.refuse(way, f"the rules have no event `{name}`", instead_of(name, definition.events))


def _check_keys(kind: EventKind, entry: Mapping[str, Any], way: str) -> None:
    """Refuse a person or an application where the event has none, and the lack of one where it has."""
    if kind.to_person and "to" not in entry:
        strict.refuse(way, f"`{kind.name}` is to one person, and none is named")
    if not kind.to_person and "to" in entry:
        strict.refuse(f"{way}.to", f"`{kind.name}` is not to one person")
    if not kind.employer_wide and "application" not in entry:
        strict.refuse(way, f"`{kind.name}` belongs to an application, and none is named")
    if kind.employer_wide and "application" in entry:
        message = f"`{kind.name}` concerns the employer as a whole, and no application"
        strict.refuse(f"{way}.application", message)


def _carried(kind: EventKind, written: Mapping[str, Any], way: str) -> tuple[tuple[str, Value], ...]:
    fields: dict[str, object] = {}
    for name, value in written.items():
        field = kind.fields.get(name)
        is_day = field is not None and field.type == "date" and isinstance(value, str)
        fields[name] = read_day(value) or value if is_day else value
    try:
        return read_fields(kind, fields)
    except FieldError as error:
        raise SavedError(error.message, _in_words(kind, error, written), way) from None


def _in_words(kind: EventKind, error: FieldError, written: Mapping[str, Any]) -> str:
    """The help of an error about fields, where it is not about Python."""
    return error.help if any(name not in kind.fields for name in written) else ""
