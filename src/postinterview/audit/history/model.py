"""A map, checked: what the columns of a history mean. And what its rows say by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from attrs import field, frozen

from postinterview.audit.history.dates import Format
from postinterview.core.events import Value
from postinterview.core.rulebook import Rulebook
from postinterview.loading.diagnostics import Diagnostic, Span

Cell: TypeAlias = str | tuple[str, ...]
"""What stands in a cell, trimmed; several texts where JSON holds a list."""


@frozen
class Constant:
    """The same for every row."""

    value: Value


@frozen
class FromColumn:
    """What the cell says.

    ``values``: what its words mean, folded; None: it is taken as it stands. ``words``: these as written.
    """

    column: str
    split: str | None = None
    values: Mapping[str, Value] | None = None
    words: tuple[str, ...] = ()


@frozen
class NotKnown:
    """The history does not keep it."""


Origin: TypeAlias = Constant | FromColumn | NotKnown


@frozen
class Entry:
    """One thing that a row may say. ``event`` None: nothing.

    ``when``: the columns that decide, with the words that each must have, folded and as written. ``time``:
    the time of day of a date without one.
    """

    id: str
    rank: int
    event: str | None
    when: tuple[tuple[str, Mapping[str, str]], ...] = ()
    at: str | None = None
    count: str | None = None
    time: time | None = None
    to: Origin | None = None
    carried: Mapping[str, Origin] = field(factory=dict)


@frozen(eq=False)
class Map:
    """What the columns of a history mean, under one rulebook.

    ``columns``: every column that it names, with the place of its first mention. ``anything``: the events
    that a row may have told that nobody can read. ``empty``: folded, what is as good as no cell. ``text``: as
    it was written, for diagnostics.
    """

    file: str
    text: str = field(repr=False)
    rulebook: Rulebook
    kind: str | None
    encoding: str
    delimiter: str
    skip_lines: int
    timezone: ZoneInfo | None
    timezone_column: str | None
    formats: tuple[Format, ...]
    time: time | None
    year: int | None
    year_column: str | None
    empty: frozenset[str]
    as_of: date | datetime | None
    employer: str
    application: str | None
    entries: tuple[Entry, ...]
    unknown: tuple[str, ...]
    anything: tuple[str, ...]
    columns: Mapping[str, Span] = field(repr=False)
    warnings: tuple[Diagnostic, ...] = ()


@frozen
class Row:
    """A row that could be taken apart. ``line``: where it begins in the file."""

    line: int
    cells: Mapping[str, Cell]


@frozen
class BadRow:
    """What could not be taken apart. ``until``: its last line. ``cells``: what may be sound in it."""

    line: int
    until: int
    why: str
    cells: Mapping[str, Cell] = field(factory=dict)


@frozen
class EventClaim:
    """A row says that this happened.

    ``unsaid``: fields that it leaves open. ``clock``: its date has an hour.
    """

    line: int
    entry: str
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


@frozen
class UnknownClaim:
    """A row leaves open what happened of these. ``employer`` None: with whom, too.

    ``surely``: the employer stands where it should; else it counts only if another row names it.
    """

    line: int
    of: tuple[str, ...]
    employer: str | None
    application: str | None = None
    zone: str | None = None
    surely: bool = True


Claim: TypeAlias = EventClaim | UnknownClaim


Sort: TypeAlias = Literal["event", "planned", "unknown", "nothing", "unread"]
"""What a reading is; every reading is exactly one of these."""


@frozen
class ReadingOf:
    """One thing that a row says, or fails to say. ``why``: of what is unknown, planned or unread."""

    sort: Sort
    line: int
    why: str = ""
    help: str = ""
    entry: str = ""
    employer: str = ""
    event: str = ""
    column: str = ""
    claim: Claim | None = None
