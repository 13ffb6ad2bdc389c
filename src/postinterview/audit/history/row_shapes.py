"""Read rows by their shape: what one row says, all rows of its shape say of their own names, dates and texts.

A column may hold words that the map lists, names, texts, days or moments. Two rows have one shape if they
have the same words, and if the same ones of their other cells are empty. The exact reader reads one row of a
shape; what it makes of it is kept as a form, with the places of the names and days that vary.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeAlias

from attrs import field, frozen

from postinterview.audit.clean.clean_histories import can_be_known, can_excuse
from postinterview.audit.clean.known_steps import DAY, Told
from postinterview.audit.history import map_model as m
from postinterview.audit.history.row_reading import RowReader
from postinterview.audit.sources.rows import Row
from postinterview.core.past.events import Value
from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import EventKind

Kind: TypeAlias = Literal["word", "name", "text", "day", "moment"]


@frozen
class People:
    """The people in a cell, or one text or day: the column, and what separates several people."""

    column: str
    split: str | None


@frozen
class EventForm:
    """An event that each row of a shape tells.

    ``rank``: the place of its entry in the map. ``column``: of its moment. ``to``: the person; several are an
    event each. ``fields``: in the order of the rulebook; `People`, which are in ``people`` too, or `DAY` with
    its column in ``days``. ``plain``: the event, if it names neither application nor people. ``unsaid``: the
    fields that the row leaves open. ``carried``: the fields as one row says them, and ``varying``: those that
    each row says itself, with their columns.
    """

    name: str
    rank: int
    column: str
    has_application: bool
    to: People | None
    fields: tuple[tuple[str, object], ...]
    days: tuple[str, ...]
    people: tuple[People, ...]
    plain: Told | None = field(eq=False)
    unsaid: tuple[str, ...]
    carried: Mapping[str, Value] = field(eq=False)
    varying: tuple[tuple[str, People], ...]


@frozen
class RowForm:
    """All that each row of a shape says: its events, and how many entries of the map it says nothing by.

    ``only``: the event if it says nothing else, as most rows do.
    """

    events: tuple[EventForm, ...]
    nothing: int
    only: EventForm | None


def columns_of(by: m.Map) -> dict[str, Kind] | None:
    """Return what each column holds, but for the employer; None: rows of this map are read one by one."""
    if by.timezone is None or by.year_column is not None or not can_be_known(by.rulebook):
        return None
    uses: dict[str, set[Kind]] = {}
    events = by.rulebook.definition.events
    if by.application is not None:
        uses.setdefault(by.application, set()).add("name")
    for entry in by.entries:
        for column, _ in entry.when:
            uses.setdefault(column, set()).add("word")
        for column in entry.at:
            uses.setdefault(column, set()).add("moment")
        if entry.count is not None:
            uses.setdefault(entry.count, set()).add("word")
        if isinstance(entry.to, m.FromColumn):
            uses.setdefault(entry.to.column, set()).add("word" if entry.to.values is not None else "name")
        for name, origin in entry.carried.items():
            if isinstance(origin, m.FromColumn):
                kind = events[entry.event or ""]
                uses.setdefault(origin.column, set()).add(_use(origin, kind, name, by.rulebook))
    if by.employer in uses:
        return None
    return {column: next(iter(each)) if len(each) == 1 else "word" for column, each in uses.items()}


def _use(origin: m.FromColumn, kind: EventKind, name: str, rulebook: Rulebook) -> Kind:
    if origin.values is not None:
        return "word"
    match kind.fields[name].type:
        case "people":
            return "name"
        case "date":
            return "day"
        case "text" if not can_excuse(rulebook, kind.name, name):
            return "text"
        case _:
            return "word"


def form_of(reader: RowReader, row: Row, columns: Mapping[str, Kind]) -> RowForm | None:
    """Return what each row of the shape of this one says; None: such rows are read one by one."""
    by = reader.map
    readings = reader.read(row)
    if any(each.finding is not None or each.sort not in ("event", "nothing") for each in readings):
        return None
    entries = {entry.rank: entry for entry in by.entries}
    found: dict[int, EventForm] = {}
    for each in readings:
        claim = each.claim
        if claim is None:
            continue
        if not isinstance(claim, m.EventClaim) or not claim.clock or claim.undated:
            return None
        asked = reader.rules.asked[claim.event]
        if any(name in asked for name in claim.unsaid):
            return None
        form = _event_form(entries[claim.rank], claim, by, columns)
        if form is None or found.setdefault(claim.rank, form) != form:
            return None
    nothing = sum(each.sort == "nothing" for each in readings)
    events = tuple(found.values())
    return RowForm(events, nothing, events[0] if len(events) == 1 and not nothing else None)


def _event_form(
    entry: m.MapEntry, claim: m.EventClaim, by: m.Map, columns: Mapping[str, Kind]
) -> EventForm | None:
    kind = by.rulebook.definition.events[claim.event]
    if len(entry.at) != 1 or entry.split is not None or entry.count is not None:
        return None
    if columns[entry.at[0]] != "moment":
        return None
    to: People | None = None
    if claim.to is not None:
        if not isinstance(entry.to, m.FromColumn) or columns[entry.to.column] != "name":
            return None
        to = People(entry.to.column, entry.to.split)
    fields: list[tuple[str, object]] = []
    varying: list[tuple[str, People]] = []
    days: list[str] = []
    for name in kind.fields:
        if name not in claim.fields:
            continue
        value: object = claim.fields[name]
        origin = entry.carried.get(name)
        if isinstance(origin, m.FromColumn) and origin.values is None and value != ():
            from_cell = People(origin.column, origin.split)
            match kind.fields[name].type, columns[origin.column]:
                case "people", "name":
                    value = from_cell
                    varying.append((name, from_cell))
                case "date", "day":
                    value = DAY
                    days.append(origin.column)
                    varying.append((name, from_cell))
                case (("people" | "date"), _):
                    return None
                case _, "text":
                    varying.append((name, from_cell))
                case _:
                    pass
        elif isinstance(value, date) or (isinstance(value, tuple) and value):
            return None
        fields.append((name, value))
    people = tuple(value for _, value in fields if isinstance(value, People))
    has_application = claim.application is not None
    is_plain = not has_application and to is None and not people
    plain = Told(claim.event, None, None, tuple(fields)) if is_plain else None
    told = (has_application, to, tuple(fields), tuple(days), people, plain)
    read = (claim.unsaid, claim.fields, tuple(varying))
    return EventForm(claim.event, claim.rank, entry.at[0], *told, *read)
