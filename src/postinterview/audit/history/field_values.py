"""Read what an event carries from the cells of a row, each field by the type that the rules declare.

A word that the map does not list is answered with what to write there: it may be sound.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from zoneinfo import ZoneInfo

from attrs import define

from postinterview.audit.history import map_model as m
from postinterview.audit.history.dates import DatedCell, read_date, read_day
from postinterview.audit.short_text import short
from postinterview.audit.sources.rows import ERRORS, Cell, RealDate, Row
from postinterview.core.past.events import Value
from postinterview.core.rules.definitions import FieldKind
from postinterview.core.steps.event_input import FIELD_TYPES, is_over
from postinterview.core.values.names import is_name, word_among
from postinterview.core.values.suggest import closest, ticked

LONGEST_NAME = 1_000
"""A longer text is a broken row, and names nobody."""

_LONGEST_EXAMPLE = 40
_is_plain = re.compile(r"[A-Za-z][\w -]*\w\Z").match
_is_count = re.compile(r"[0-9]{1,9}(\.0)?\Z").match
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?\Z").match
_PEOPLE = FieldKind(name="to", type="people", origin=None)  # type: ignore[arg-type]


@define
class RowFieldReader:
    """Reads the person an event was to, and the fields that it carried."""

    map: m.Map

    def year(self, row: Row) -> int | None:
        if self.map.year_column is None:
            return self.map.year
        cell = row.cells.get(self.map.year_column, "")
        sound = isinstance(cell, str) and re.fullmatch("(19|2[0-9])[0-9]{2}", cell, re.ASCII)
        return int(in_one(cell)) if sound else None

    def count(self, entry: m.MapEntry, row: Row) -> int | str | None:
        """Return how many events the row counts: a number, the cell if it is none, None if it is empty."""
        cell = row.cells.get(entry.count or "", "")
        if isinstance(cell, str) and _is_count(cell):
            return int(float(cell))
        return shown(cell) if cell else None

    def dates(self, entry: m.MapEntry, row: Row) -> list[tuple[str, str]]:
        """Return the dates of the event as they are written, each with its column."""
        found: list[tuple[str, str]] = []
        for column in entry.at:
            cell = row.cells.get(column, "")
            if isinstance(cell, str):
                whole = not entry.split or isinstance(cell, RealDate)
                cell = (cell,) if whole else tuple(each.strip() for each in cell.split(entry.split))
            found += [(column, each) for each in cell if each]
        return found

    def date(self, written: str, entry: m.MapEntry, row: Row, zone: ZoneInfo) -> DatedCell | str:
        clock = self.map.time if entry.time is None else entry.time
        return read_date(written, self.map.formats, zone, clock, self.year(row))

    def people(self, entry: m.MapEntry, row: Row) -> tuple[str | None, ...]:
        """Return whom the event was to: one event for each; empty if the row does not say."""
        if entry.to is None:
            return (None,)
        found = self._value(entry.to, _PEOPLE, row)
        return found if isinstance(found, tuple) else ()

    def carried(
        self, entry: m.MapEntry, row: Row, dated: DatedCell, zone: ZoneInfo, *, undated: bool = False
    ) -> tuple[dict[str, Value], tuple[str, ...], str]:
        """Return the fields, the names of those that the row leaves open, and why it is no event at all.

        A date that was over before the event (``dated``, in the employer's ``zone``) is none: its year is
        mistyped. Of an event that is ``undated`` any date may be right.
        """
        if not entry.carried:
            return {}, (), ""
        kind, day = self.map.rulebook.definition.events[entry.event or ""], dated.at.astimezone(zone).date()
        fields: dict[str, Value] = {}
        unsaid: list[str] = []
        for name, origin in entry.carried.items():
            declared = kind.fields[name]
            value = self._value(origin, declared, row)
            if value is not None and (undated or not is_over(kind, name, value, day)):
                fields[name] = value
                continue
            unsaid.append(name)
            if kind.is_act or declared.optional:
                continue
            if declared.type != "people":
                return {}, (), f"its `{name}` can't be read"
            fields[name] = ()
        return fields, tuple(unsaid), ""

    def _value(self, origin: m.FieldSource, kind: FieldKind, row: Row) -> Value | None:
        match origin:
            case m.Constant(value):
                return value
            case m.NotKnown():
                return None
            case m.FromColumn():
                return self.from_cell(origin, kind, row)

    def from_cell(self, origin: m.FromColumn, kind: FieldKind, row: Row) -> Value | None:
        cell = row.cells.get(origin.column, "")
        if origin.values is not None:
            word = listed_word(cell, origin.values)
            return None if word is None else origin.values[word]
        if kind.type == "people":
            several = cell.split(origin.split) if isinstance(cell, str) and origin.split else cell
            several = (several,) if isinstance(several, str) else several
            names = tuple(name.strip() for name in several if name.strip())
            return FIELD_TYPES["people"].read(names) or None if all(map(can_name, names)) else None
        return None if isinstance(cell, tuple) or not cell else self._typed(cell, kind, row)

    def _typed(self, text: str, kind: FieldKind, row: Row) -> Value | None:
        match kind.type:
            case "bool":
                return {"true": True, "false": False}.get(text.casefold())
            case "number":
                return (float(text) if "." in text else int(text)) if _NUMBER(text) else None
            case "date":
                day = read_day(text, self.map.formats, self.year(row))
                return None if isinstance(day, str) else FIELD_TYPES["date"].read(day)
            case "choice":
                return next((word for word in kind.choices if normal_word(word) == normal_word(text)), None)
            case _:
                return FIELD_TYPES["text"].read(text)


def can_name(cell: Cell) -> bool:
    """Return whether the cell can name an employer, an application or a person."""
    is_sound = isinstance(cell, str) and len(cell) <= LONGEST_NAME and cell not in ERRORS
    return is_sound and is_name(cell)


def normal_word(text: str) -> str:
    """Return a word of a cell as it is compared: trimmed and in lower case."""
    return text.strip().casefold()


def listed_word(cell: Cell, words: Collection[str]) -> str | None:
    """Return the word of a list, folded, that a cell has: the same, or the longest beginning (`no*`)."""
    return word_among(normal_word(cell), words) if isinstance(cell, str) else None


def in_one(cell: Cell) -> str:
    return cell if isinstance(cell, str) else ", ".join(cell)


def shown(cell: Cell) -> str:
    """Return the cell as messages show it, see `short`."""
    return short(in_one(cell))


# --- what to write in the map for a word that it does not list ------------------------------------


def hint_at_entry(column: str, cell: Cell, words: Iterable[str]) -> str:
    """Return the hint for a column under `when`."""
    text = in_one(cell)
    help = "list it in the map, under the `when` of its entry"
    if len(text) <= _LONGEST_EXAMPLE and text == shown(cell):
        entry = f"{{nothing: true, when: {{{quoted(column)}: {quoted(text)}}}}}"
        help += f"; if it says nothing, add an entry such as `{entry}`"
    return _or_meant(help, text, words)


def hint_at_value(field: str, cell: Cell, words: Iterable[str]) -> str:
    """Return the hint for the column of a field with `values`."""
    return _or_meant(f"say under the `values` of `{field}` what it means", in_one(cell), words)


def _or_meant(help: str, text: str, words: Iterable[str]) -> str:
    near = closest(text, words)
    return f"{help}; or did you mean {ticked(near)}?" if near else help


def quoted(text: str) -> str:
    """Return the text as a map writes it."""
    return text if _is_plain(text) else json.dumps(text, ensure_ascii=False)
