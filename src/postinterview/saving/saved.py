"""A saved process: what is written, and read again without a look at any rules.

The text is JSON, with one entry of the history a line. Each entry has a seal over itself and the seal
before it; the seal of the whole is over the last of these, the head and the snapshot. So what is missing,
changed or out of order is found, and named by its number.
"""

from __future__ import annotations

import json
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from attrs import frozen

from postinterview.core.definitions import Definition
from postinterview.core.events import Entry
from postinterview.core.process import Process
from postinterview.saving import entries, snapshots, strict
from postinterview.saving.seals import FIRST, seal

FORMAT = 2
"""The latest that this version writes, with a country, and reads; without one it is still the first."""

_HEAD = ("format", "rulebook", "employer", "timezone", "holidays", "entries")
_BOOK = ("name", "version", "hash")
_COPY = "restore it from a copy"


@frozen
class Book:
    """The rulebook that a process was saved under: its name, the version it says, the hash of its files."""

    name: str
    version: str
    hash: str

    def __str__(self) -> str:
        return " ".join([self.name, *([f"version {self.version}"] if self.version else []), self.hash[:12]])


@frozen(kw_only=True)
class Saved:
    """A process in plain types, of no rulebook yet.

    ``entries`` are as `entry_to_data` makes them, ``snapshot`` as `snapshot_to_data` does.
    """

    book: Book
    employer: str
    timezone: str
    holidays: tuple[date, ...] = ()
    country: str | None = None
    entries: tuple[Mapping[str, Any], ...] = ()
    snapshot: Mapping[str, Any]

    def head(self) -> dict[str, Any]:
        """All but the history and the snapshot."""
        return {
            "format": 1 if self.country is None else FORMAT,
            "rulebook": {"name": self.book.name, "version": self.book.version, "hash": self.book.hash},
            "employer": self.employer,
            "timezone": self.timezone,
            "holidays": [day.isoformat() for day in self.holidays],
            **({} if self.country is None else {"country": self.country}),
            "entries": len(self.entries),
        }


def book_of(definition: Definition) -> Book:
    """What a saved process says of its rules. The hash of one file is that of its bytes, in SHA-256."""
    hashes = [source.sha256 for source in definition.sources]
    joined = hashes[0] if len(hashes) == 1 else sha256("\n".join(hashes).encode()).hexdigest()
    return Book(definition.name, definition.version, joined if hashes else "")


def saved_of(process: Process) -> Saved:
    """The process in plain types."""
    definition = process.rulebook.definition
    return Saved(
        book=book_of(definition),
        employer=process.employer,
        timezone=process.timezone,
        holidays=tuple(sorted(process.holidays)),
        country=process.country,
        entries=tuple(map(entries.entry_to_data, process.history)),
        snapshot=snapshots.snapshot_to_data(definition, process._snapshot),  # noqa: SLF001 - kept for nobody else
    )


def write(saved: Saved) -> str:
    """The text of a saved process."""
    sealed = list(with_seals(saved.entries))
    head = sealed_head(saved, sealed[-1]["seal"] if sealed else FIRST)
    lines = [f"{to_text(key)}: {to_text(value)}," for key, value in head.items()]
    history = ",\n".join(map(to_text, sealed))
    snapshot = to_text(saved.snapshot)
    return "\n".join(["{", *lines, f'"history": [\n{history}\n],', f'"snapshot": {snapshot}', "}", ""])


def sealed_head(saved: Saved, last: str) -> dict[str, Any]:
    """All but the history and the snapshot, with the seal of the whole; ``last``: the last entry's seal."""
    return {**saved.head(), "seal": seal(last, saved.head() | {"snapshot": saved.snapshot})}


def to_text(data: Any) -> str:
    """Plain data as JSON, in one line."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False)


def with_seals(data: Iterable[Mapping[str, Any]], previous: str = FIRST) -> Iterable[dict[str, Any]]:
    """Entries, each with its seal; ``previous``: the seal of what comes before them.

    So one that is appended needs no look at the others but the last.
    """
    for each in data:
        previous = seal(previous, each)
        yield {**each, "seal": previous}


def read(text: str | bytes) -> Saved:
    """Read a saved process, whole and as it was saved.

    Raises:
        SavedError: it is damaged, cut off, or of a format that this version does not know; with its place.
    """
    return read_data(strict.parse(text))


def read_data(data: Any) -> Saved:
    """Read a saved process from the plain data of its text, as `read` does.

    Raises:
        SavedError: it is damaged, cut off, or of a format that this version does not know; with its place.
    """
    if not isinstance(data, dict) or "format" not in data:
        strict.refuse("", "this is no saved process", "save one with `process.to_json()`")
    with_country = ("country",) if _check_format(data["format"]) == FORMAT else ()
    strict.mapping(data, "", (*_HEAD, *with_country, "seal", "history", "snapshot"))
    book = strict.mapping(data["rulebook"], "rulebook", _BOOK)
    holidays = strict.items(data["holidays"], "holidays")
    count = strict.whole(data["entries"], "entries")
    history, last = read_history(data["history"], count)
    saved = Saved(
        book=Book(*(strict.text(book[key], f"rulebook.{key}") for key in _BOOK)),
        employer=strict.name(data["employer"], "employer"),
        timezone=strict.text(data["timezone"], "timezone"),
        holidays=tuple(strict.day(day, f"holidays[{number}]") for number, day in enumerate(holidays)),
        country=strict.text(data["country"], "country") if with_country else None,
        entries=tuple(history),
        snapshot=snapshots.check_shape(data["snapshot"], "snapshot"),
    )
    if strict.text(data["seal"], "seal") != seal(last, saved.head() | {"snapshot": saved.snapshot}):
        message = "what stands around the history is not as it was saved: the seal does not fit"
        strict.refuse("seal", message, _COPY)
    return saved


def _check_format(data: Any) -> int:
    found = strict.whole(data, "format")
    if found > FORMAT:
        message = f"it was saved in format {found}, and this version reads format 1 to {FORMAT}"
        strict.refuse("format", message, f"update postinterview to a version that reads format {found}")
    if found < 1:
        strict.refuse("format", f"there is no format {found}", f"this version reads format 1 to {FORMAT}")
    return found


def read_history(data: Any, count: int) -> tuple[list[Mapping[str, Any]], str]:
    """The entries without their seals, and the last of the seals.

    ``data``: what `with_seals` made, in its order, as from the rows of a store. ``count``: so many there are.

    Raises:
        SavedError: an entry is missing, changed, out of order, or can't have been recorded there.
    """
    history: list[Mapping[str, Any]] = []
    previous = FIRST
    found = strict.items(data, "history")
    for place, each in enumerate(found):
        way = f"history[{place}]"
        sealed = strict.mapping_of(each, way)
        if "seal" not in sealed:
            strict.refuse(way, "`seal` is missing")
        entry = {key: value for key, value in sealed.items() if key != "seal"}
        entries.check_shape(entry, way)
        _check_number(entry["number"], place + 1, found, way)
        if strict.text(sealed["seal"], f"{way}.seal") != seal(previous, entry):
            message = f"entry {place + 1} is not as it was saved: its seal does not fit"
            strict.refuse(f"{way}.seal", message, _COPY)
        previous = sealed["seal"]
        history.append(entry)
    if count > len(history):
        missing = (
            f"entry {count} is" if count == len(history) + 1 else f"entries {len(history) + 1} to {count} are"
        )
        strict.refuse("history", f"{missing} missing", _COPY)
    if count < len(history):
        strict.refuse("entries", f"there are {len(history)} entries, and `{count}` are said to be", _COPY)
    check_order(history)
    return history, previous


def _check_number(number: int, wanted: int, found: list[Any], way: str) -> None:
    if number == wanted:
        return
    there = any(isinstance(each, dict) and each.get("number") == wanted for each in found)
    message = f"entry {number} stands where entry {wanted} belongs" if there else f"entry {wanted} is missing"
    strict.refuse(f"{way}.number", message, _COPY)


def check_order(history: Iterable[Mapping[str, Any]]) -> None:
    """Whether the entries can have been recorded one after the other, in any rules.

    Raises:
        SavedError: time runs backwards, or what is retracted is not there.
    """
    standing: dict[int, datetime | None] = {}
    dated: list[datetime] = []  # in order: the longest histories have thousands of entries
    retracted: set[int] = set()
    for place, entry in enumerate(history):
        way, number = f"history[{place}]", entry["number"]
        if "retract" in entry:
            of = entry["retract"]
            if of not in standing:
                message = (
                    f"entry {of} is retracted already"
                    if of in retracted
                    else f"there is no event {of} to retract"
                )
                strict.refuse(f"{way}.retract", message, _COPY)
            taken_back = standing.pop(of)
            if taken_back is not None:
                del dated[bisect_left(dated, taken_back)]
            retracted.add(of)
        elif "unknown" in entry:
            standing[number] = None
        else:
            at = strict.moment(entry["at"], f"{way}.at")
            _check_time(entry, way, at, dated[-1] if dated else None)
            standing[number] = at
            insort(dated, at)


def _check_time(entry: Mapping[str, Any], way: str, at: datetime, latest: datetime | None) -> None:
    if "late" in entry:
        if latest is None or at >= latest:
            strict.refuse(
                f"{way}.late", f"entry {entry['number']} is called late, and nothing happened after it"
            )
    elif latest is not None and at < latest:
        message = f"entry {entry['number']} happened before the one before it: time runs backwards"
        strict.refuse(f"{way}.at", message, "what was forgotten is recorded late")


def entries_of(definition: Definition, saved: Saved) -> tuple[Entry, ...]:
    """The history in these rules.

    Raises:
        SavedError: the rules lack an event or a field.
    """
    return tuple(
        entries.entry_from_data(definition, data, f"history[{place}]")
        for place, data in enumerate(saved.entries)
    )
