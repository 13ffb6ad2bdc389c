"""The checked map of a history, and what its rows say by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from attrs import field, frozen

from postinterview.audit.history.audit_findings import Finding, FindingKind
from postinterview.audit.history.date_formats import Format
from postinterview.audit.sources.rows import FileSettings, Row
from postinterview.core.past.events import Value
from postinterview.core.process import Rulebook
from postinterview.core.values.builders import builder
from postinterview.core.values.formatting import shorten
from postinterview.core.values.frozen_mapping import FrozenMapping
from postinterview.loading.diagnostics import Span


@frozen
class Constant:
    """A value that is the same for every row."""

    value: Value


@frozen(repr=False)
class FromColumn:
    """A value that is in a cell.

    ``split``: what separates several people. ``values``: the meaning of each word, folded; None: the cell
    holds the value itself. ``words``: the words as the map writes them.
    """

    column: str
    split: str | None = None
    values: Mapping[str, Value] | None = None
    words: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return shorten(f"<FromColumn {self.column}>")


@frozen
class NotKnown:
    """A value that the history does not keep."""


FieldSource: TypeAlias = Constant | FromColumn | NotKnown


@frozen(repr=False)
class MapEntry:
    """An entry of `read`: one thing that a row may say. ``event`` None: nothing.

    ``when``: by column the words that it must have, folded, each with its spelling in the map. ``at``: the
    columns with its dates; with ``split`` there are several in a cell. ``count``: the column with how many
    there were; then ``at`` has the last of them. ``time``: the time of day for dates without one.
    """

    id: str
    rank: int
    event: str | None
    when: tuple[tuple[str, Mapping[str, str]], ...] = ()
    at: tuple[str, ...] = ()
    split: str | None = None
    count: str | None = None
    time: time | None = None
    to: FieldSource | None = None
    carried: Mapping[str, FieldSource] = field(default=FrozenMapping({}))

    def __repr__(self) -> str:
        return shorten(f"<MapEntry {self.id}: {self.event or 'nothing'}>")


@frozen(repr=False)
class Map:
    """The meaning of a history's columns, under one rulebook.

    ``text``: the map as written, for diagnostics. ``settings``: what it says about the file. ``empty``: the
    words that mean an empty cell, folded. ``employers``: names by the words of the column, folded.
    ``unknown``: the events that the history does not keep. ``anything``: the events that an unreadable row
    may have told. ``columns``: every column that the map names, with its first place.
    """

    file: str
    text: str
    rulebook: Rulebook
    settings: FileSettings
    timezone: ZoneInfo | None
    timezone_column: str | None
    formats: tuple[Format, ...]
    time: time | None
    year: int | None
    year_column: str | None
    empty: frozenset[str]
    as_of: date | datetime | None
    employer: str
    employers: Mapping[str, str]
    application: str | None
    fill_down: tuple[str, ...]
    entries: tuple[MapEntry, ...]
    unknown: tuple[str, ...]
    anything: tuple[str, ...]
    columns: Mapping[str, Span]

    def __repr__(self) -> str:
        return shorten(f"<Map {self.file}: {len(self.entries)} entries, {len(self.columns)} columns>")


@frozen(weakref_slot=False)
class EventClaim:
    """An event that a row claims.

    ``rank``: the place of its entry in the map. ``at``: in UTC. ``unsaid``: the fields that the row leaves
    open. ``clock``: the row says the hour; otherwise the map does. ``undated``: the row says no date: it
    happened at ``at`` or before.
    """

    line: int
    rank: int
    employer: str
    application: str | None
    zone: str
    event: str
    at: datetime
    to: str | None
    fields: Mapping[str, Value]
    unsaid: tuple[str, ...] = ()
    clock: bool = True
    undated: bool = False


@frozen
class UnknownClaim:
    """Events of which a row leaves open whether they happened. ``employer`` None: it may be any.

    ``until``: in UTC; None: until the export.
    ``surely``: the employer is in a sound row; otherwise it counts only if another row names it.
    """

    line: int
    of: tuple[str, ...]
    employer: str | None
    application: str | None = None
    zone: str | None = None
    surely: bool = True
    until: datetime | None = None


RowClaim: TypeAlias = EventClaim | UnknownClaim


new_claim = builder(EventClaim)

Sort: TypeAlias = Literal["event", "planned", "unknown", "nothing", "unread"]


@frozen(weakref_slot=False)
class Reading:
    """One reading of a row: its sort, and the claim or the finding that follows from it."""

    sort: Sort
    claim: RowClaim | None = None
    finding: Finding | None = None


new_reading = builder(Reading)


def new_noted(
    sort: Literal["planned", "unknown", "unread", "event"],
    row: Row,
    why: str,
    claim: RowClaim | None = None,
    *,
    noted: FindingKind | None = None,
    **said: Any,
) -> Reading:
    """Return a reading that is a finding, too. ``noted``: the kind of finding, if it has another name."""
    found = Finding(kind=noted or sort, line=row.line, message=why, **said)  # type: ignore[arg-type]
    return new_reading(sort, claim, found)
