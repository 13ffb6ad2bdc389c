"""Check what a caller says of an event, its names, keys and fields, and make an event of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from math import isfinite
from typing import Any, NamedTuple

from postinterview.core.past.events import Event, Value
from postinterview.core.past.situation import Snapshot
from postinterview.core.rules.definitions import Definition, EventKind, FieldKind, FieldType
from postinterview.core.values.errors import FieldError, MisuseError
from postinterview.core.values.formatting import say_day, say_list
from postinterview.core.values.moments import EARLIEST, LATEST, ONE_DAY, is_day, read_day
from postinterview.core.values.names import (
    Name,
    as_text,
    check_name,
    is_name,
    name_help,
    read_application,
    unknown_name,
)
from postinterview.core.values.suggest import instead_of

ASK_LATER = "ask about a moment at or after it"
RECORD_LATE = "time runs forward; record what was forgotten, with `late` set to true"


def read_said(
    kind: EventKind,
    snapshot: Snapshot,
    to: Name | None,
    application: Name | None,
    fields: Mapping[str, object],
) -> tuple[str | None, str | None, tuple[tuple[str, Value], ...]]:
    """Return the application and the person of an event, and the fields that it carries.

    Raises:
        FieldError: a field is unknown, of the wrong type, or (a fact's) missing.
        MisuseError: ``to`` is missing, or given to an event that is to nobody; or it is not known which
            application is meant.
    """
    person = read_person(kind, to)
    # What concerns the employer as a whole does so whichever application it was done beside.
    place = None if kind.employer_wide else read_application(snapshot.applications, application)
    return place, person, read_fields(kind, fields)


def read_person(kind: EventKind, to: Name | None) -> str | None:
    """Return the person whom an event is to, if it is to one.

    Raises:
        MisuseError: ``to`` is missing, or given to an event that is to nobody.
    """
    person = None if to is None else as_text(to)
    if kind.to_person:
        check_name(person, f"`{kind.name}` is to one person", "name the interviewer in `to`")
    elif person is not None:
        raise MisuseError(f"`{kind.name}` is not to one person", "leave `to` out")
    return person


def event_called(definition: Definition, name: object) -> EventKind:
    """Return the event of this name.

    Raises:
        UnknownNameError: there is none.
    """
    kind = definition.events.get(name) if isinstance(name, str) else None
    if kind is None:
        raise unknown_name("event", name, definition.events)
    return kind


def act_called(definition: Definition, name: object) -> EventKind:
    """Return the act of this name.

    Raises:
        UnknownNameError: there is no such event.
        MisuseError: it is a fact.
    """
    kind = definition.events.get(name) if isinstance(name, str) else None
    if kind is not None and kind.by == "candidate":  # as nearly always
        return kind
    kind = event_called(definition, name)
    raise MisuseError(f"`{kind.name}` is a fact, by the {kind.by}: it is never refused", "use record")


def acts_called(definition: Definition, names: Iterable[str]) -> frozenset[str]:
    """Return the names of acts, of which one may be given alone.

    Raises as `act_called` does.
    """
    return frozenset(
        act_called(definition, each).name for each in ([names] if isinstance(names, str) else names)
    )


def read_fields(
    kind: EventKind, fields: Mapping[str, object], is_person: Callable[[object], bool] = is_name
) -> tuple[tuple[str, Value], ...]:
    """Return the fields, checked and in the order of the rulebook.

    ``is_person``: whether a text can name a person. What was saved may be of a time that was less strict.

    Raises:
        FieldError: a field is unknown, of the wrong type, or (a fact's) missing.
    """
    may_lack = kind.by == "candidate"
    if not fields and (may_lack or not kind.fields):
        return ()
    carried: list[tuple[str, Value]] = []
    for name, field in kind.fields.items():
        value = fields.get(name)
        if value is not None:
            read = _READ[field.type](value)
            if read is None or (field.choices and read not in field.choices):
                raise _wrong(kind, field, value)
            if type(read) is tuple and not all(map(is_person, read)):
                raise _wrong(kind, field, value)
            carried.append((name, read))
        elif not (may_lack or field.optional):
            raise FieldError(f"`{kind.name}` needs the field `{name}`", f"give `{name}: {_example(field)}`")
    if len(carried) < len(fields):
        _check_known(kind, fields)
    return tuple(carried)


def check_dates(kind: EventKind, event: Event, day: date) -> None:
    """Refuse dates that a fact sets and that were over before it: usually a mistyped year.

    ``day``: the event's own, where the employer is.

    Raises:
        FieldError: one of them was over.
    """
    for name, value in event.carried:
        if isinstance(value, date) and is_over(kind, name, value, day):
            message = f"the field `{name}` of `{kind.name}` is {say_day(value)}"
            help_ = "check the year, or leave the date out if it is not known"
            raise FieldError(f"{message}, before the event on {say_day(day)}", help_)


def is_over(kind: EventKind, name: str, value: Value, day: date) -> bool:
    """Return whether a field of a fact sets a date that was over on the day of the event.

    The day before is taken: it may be today where the host is.
    """
    sets = not kind.is_act and kind.fields[name].sets is not None
    return sets and isinstance(value, date) and value < day - ONE_DAY


def fields_from_json(kind: EventKind, data: object) -> dict[str, Any]:
    """Return the fields as `read_fields` takes them: JSON has no dates, so a date comes as text.

    Raises:
        FieldError: a field is unknown, or a text is no date where the rules want one.
    """
    if not isinstance(data, Mapping):
        message = f"the fields of `{kind.name}` can't be {data!r}"
        raise FieldError(message, "give a mapping of names to values")
    _check_known(kind, data)
    fields = dict(data)
    for name, value in data.items():
        if kind.fields[name].type == "date" and isinstance(value, str):
            fields[name] = read_day(value)
            if fields[name] is None:
                message = f"the field `{name}` of `{kind.name}` can't be {value!r}"
                raise FieldError(message, f'give {FIELD_TYPES["date"].wanted}, such as "2026-03-10"')
    return fields


def _check_known(kind: EventKind, fields: Mapping[str, object]) -> None:
    for name in fields:
        if name not in kind.fields:
            help_ = instead_of(name, kind.fields) if kind.fields else f"`{kind.name}` has no fields"
            raise FieldError(f"unknown field `{name}` of `{kind.name}`", help_)


def _wrong(kind: EventKind, field: FieldKind, value: object) -> FieldError:
    wanted = FIELD_TYPES[field.type].wanted.format(choices=say_list(field.choices))
    help_ = f"give {wanted}, such as {_example(field)}"
    if field.type == "date" and isinstance(value, str):  # `fields_from_json` takes texts
        help_ = f"it is a text: give {wanted}, such as datetime.date(2026, 3, 10)"
    if field.type == "people" and isinstance(value, str) and "," in value:
        help_ = "give each by itself: a list of names, such as " + str(
            [each.strip() for each in value.split(",")]
        )
    elif field.type == "people":
        several = value if isinstance(value, list | tuple | set | frozenset) else (value,)
        help_ = name_help(next((each for each in several if not is_name(each)), value), help_)
    return FieldError(f"the field `{field.name}` of `{kind.name}` can't be {value!r}", help_)


def _example(field: FieldKind) -> str:
    return f'"{field.choices[0]}"' if field.choices else FIELD_TYPES[field.type].example


# --- the types of fields ----------------------------------------------------------------------------


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
    if not is_day(value):
        return None
    return value if EARLIEST.year <= value.year < LATEST.year else None


def _people(value: object) -> Value | None:
    if isinstance(value, str) and "," in value:
        return None  # the text of a form, with several: nobody is called "Ana, Bo"
    if isinstance(value, str) or type(value) is int:
        value = (value,)
    if not isinstance(value, list | tuple | set | frozenset):
        return None
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    named = tuple(map(as_text, value))
    if not all(isinstance(each, str) for each in named):
        return None  # before they are compared: a list in the list has no hash
    return tuple(dict.fromkeys(named))


class FieldReader(NamedTuple):
    """The reader of one type of field.

    Attributes:
        read: returns the value as it is kept, or None if a Python value can't be one.
        wanted: what can be one, in words.
        example: one, as people write it.
    """

    read: Callable[[object], Value | None]
    wanted: str
    example: str


FIELD_TYPES: Mapping[FieldType, FieldReader] = {
    "text": FieldReader(_text, "a text (or true where the host keeps none)", '"..."'),
    "choice": FieldReader(_choice, "one of {choices}", ""),
    "bool": FieldReader(_bool, "true or false", "true"),
    "number": FieldReader(_number, "a number", "1"),
    "date": FieldReader(_date, "a date of the years 1900 to 2998", "2026-03-10"),
    "people": FieldReader(_people, "a name or a list of names", '["ana", "bo"]'),
}

_READ: Mapping[FieldType, Callable[[object], Value | None]] = {
    name: reader.read for name, reader in FIELD_TYPES.items()
}
