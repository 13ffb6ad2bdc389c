"""The format of a saved process: its values, and the records that write and check them."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import frozen

from postinterview.core.past.events import Change, Entry, Event, Known, Retraction, Unknown
from postinterview.core.values.formatting import shorten
from postinterview.saving.codec import (
    BEGINNING_OF_DAY,
    DAY,
    LIST,
    MOMENT,
    NAME,
    NUMBER,
    TEXT,
    TEXTS,
    TRUE,
    VALUE,
    Codec,
    Field,
    items,
    mapping,
    pairs,
    record,
    refuse,
)

LATEST_FORMAT = 3
"""Format 2 has a country; format 3 has entries that say what is known or has changed, and undated events. A
process is written in the first format that has all of its parts, so that earlier versions can read it."""


@frozen
class Book:
    """The rulebook under which a process was saved: its name, its version, and the hash of its files."""

    name: str
    version: str
    hash: str

    def __str__(self) -> str:
        return " ".join([self.name, *([f"version {self.version}"] if self.version else []), self.short_hash])

    @property
    def short_hash(self) -> str:
        """The first digits of the hash, to show."""
        return self.hash[:12]


@frozen
class SavedState:
    """The state of one instance of a machine."""

    machine: str
    application: str | None
    round: int | None
    interviewer: str | None
    state: str

    @property
    def instance(self) -> tuple[str, str | None, int | None, str | None]:
        return self.machine, self.application, self.round, self.interviewer


@frozen
class SavedEvent:
    """One event as folded: its round, the dates it set, the credits it spent, and how it was judged.

    ``outside``: whether it was refused and not judged.
    """

    number: int
    round: int | None
    dates: tuple[tuple[str, date], ...]
    spent: tuple[str, ...]
    breach: bool
    outside: bool = False

    @property
    def judged(self) -> str:
        return "a breach" if self.breach else "not judged" if self.outside else "allowed"


@frozen
class SavedSnapshot:
    """The result of folding a history. ``machines``: each machine, with the state in which it starts."""

    machines: tuple[tuple[str, str], ...]
    applications: tuple[str, ...]
    states: tuple[SavedState, ...]
    events: tuple[SavedEvent, ...]


@frozen(kw_only=True, repr=False)
class Saved:
    """A saved process, read without its rules: the values of fields are texts, numbers and flags."""

    book: Book
    employer: str
    timezone: str
    holidays: tuple[date, ...] = ()
    country: str | None = None
    entries: tuple[Entry, ...] = ()
    snapshot: SavedSnapshot

    def __repr__(self) -> str:
        return shorten(f"<Saved {self.employer}: {self.count} entries under {self.book}>")

    @property
    def format(self) -> int:
        """The first format that can hold it."""
        return max((1 if self.country is None else 2, *map(format_of, self.entries)))

    @property
    def count(self) -> int:
        return len(self.entries)


# --- the format -----------------------------------------------------------------------------------------

EVENT = record(
    Event,
    Field("number", NUMBER),
    Field("event", NAME, "name"),
    Field("at", MOMENT),
    Field("application", NAME, default=None),
    Field("to", NAME, default=None),
    Field("late", TRUE, default=False),
    Field("undated", TRUE, default=False),
    Field("since", BEGINNING_OF_DAY, default=None),
    Field("status", NAME, default=None),
    Field("dates", NUMBER, default=None),
    Field("with", pairs(VALUE), "carried", default=()),
)
RETRACTION = record(
    Retraction,
    Field("number", NUMBER),
    Field("retract", NUMBER, "of"),
    Field("at", MOMENT),
    Field("not_sent", TRUE, default=False),
)
UNKNOWN = record(
    Unknown,
    Field("number", NUMBER),
    Field("unknown", TEXTS, "of"),
    Field("until", MOMENT),
    Field("application", NAME, default=None),
    Field("since", BEGINNING_OF_DAY, default=None),
)
KNOWN = record(
    Known,
    Field("number", NUMBER),
    Field("known", TEXTS, "of"),
    Field("until", MOMENT, default=None),
    Field("application", NAME, default=None),
    Field("since", BEGINNING_OF_DAY, default=None),
)
CHANGE = record(
    Change,
    Field("number", NUMBER),
    Field("changed", MOMENT, "at"),
    Field("employer", NAME, default=None),
    Field("timezone", TEXT, default=None),
    Field("country", TEXT, default=None),
)
SNAPSHOT = record(
    SavedSnapshot,
    Field("machines", pairs(TEXT)),
    Field("applications", TEXTS),
    Field(
        "states",
        items(
            record(
                SavedState,
                Field("machine", TEXT),
                Field("application", TEXT, default=None),
                Field("round", NUMBER, default=None),
                Field("interviewer", TEXT, default=None),
                Field("state", TEXT),
            )
        ),
    ),
    Field(
        "events",
        items(
            record(
                SavedEvent,
                Field("number", NUMBER),
                Field("round", NUMBER, default=None),
                Field("dates", pairs(DAY), default=()),
                Field("spent", TEXTS, default=()),
                Field("breach", TRUE, default=False),
                Field("outside", TRUE, default=False),
            )
        ),
    ),
)
_BOOK = record(Book, Field("name", TEXT), Field("version", TEXT), Field("hash", TEXT))


def _head(*country: Field) -> tuple[Field, ...]:
    return (
        Field("format", NUMBER),
        Field("rulebook", _BOOK, "book"),
        Field("employer", NAME),
        Field("timezone", TEXT),
        Field("holidays", items(DAY)),
        *country,
        Field("entries", NUMBER, "count"),
    )


_HEADS = {1: _head(), 2: _head(Field("country", TEXT)), 3: _head(Field("country", TEXT, default=None))}
HEADS = {number: record(Saved, *fields) for number, fields in _HEADS.items()}
"""The head of each format, to write it: all but the history and the snapshot."""

WHOLE = {
    number: record(dict, *fields, Field("seal", TEXT), Field("history", LIST), Field("snapshot", SNAPSHOT))
    for number, fields in _HEADS.items()
}
"""The whole of each format, to read it. The history is read entry by entry, with the seals."""


def _decode_entry(data: Any, path: str) -> Entry:
    keys = mapping(data, path)
    kind = next((kind for key, kind in _BY_KEY.items() if key in keys), Event)
    entry: Entry = _CODECS[kind].decode(data, path)
    if isinstance(entry, Unknown | Known) and not entry.of:
        refuse(f"{path}.{'known' if isinstance(entry, Known) else 'unknown'}", "no event is named")
    if isinstance(entry, Event) and entry.since is not None:
        if not entry.undated:
            refuse(f"{path}.since", "only an event without an hour has a day")
        if entry.since > entry.at:
            refuse(f"{path}.since", "its day begins after the event")
    since = entry.since if isinstance(entry, Unknown | Known) else None
    if isinstance(entry, Unknown | Known) and since is not None and (entry.until or since) <= since:
        refuse(f"{path}.since", "its day does not begin before it ends")
    if isinstance(entry, Change) and not entry.text:
        refuse(path, "it changes nothing")
    return entry


def _encode_entry(entry: Entry) -> dict[str, Any]:
    data: dict[str, Any] = _CODECS[type(entry)].encode(entry)
    return data


def format_of(entry: Entry) -> int:
    """Return the first format that has such an entry."""
    if isinstance(entry, Event):
        return 3 if entry.undated or entry.status is not None or entry.dates is not None else 1
    if isinstance(entry, Unknown):
        return 1 if entry.since is None else 3
    return 3 if isinstance(entry, Known | Change) else 1


_CODECS: dict[type[Entry], Codec] = {
    Event: EVENT,
    Retraction: RETRACTION,
    Unknown: UNKNOWN,
    Known: KNOWN,
    Change: CHANGE,
}
_BY_KEY: dict[str, type[Entry]] = {
    "retract": Retraction,
    "unknown": Unknown,
    "known": Known,
    "changed": Change,
}
ENTRY = Codec(_decode_entry, _encode_entry)
