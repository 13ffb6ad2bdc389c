"""Write a process as text and read it back, without a look at its rules.

The text is JSON with one entry of the history a line. Each entry has a seal (see `seals.py`), and so has the
whole.
"""

from __future__ import annotations

import json
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from postinterview.core.past.events import Change, Entry, Event, Known, Retraction, Unknown
from postinterview.core.past.places import Key
from postinterview.core.past.situation import Snapshot
from postinterview.core.process import Process
from postinterview.core.rules.definitions import Definition
from postinterview.saving.codec import BACKUP, LIST, NUMBER, TEXT, mapping, parse, refuse
from postinterview.saving.format import (
    ENTRY,
    HEADS,
    LATEST_FORMAT,
    SNAPSHOT,
    WHOLE,
    Book,
    Saved,
    SavedEvent,
    SavedSnapshot,
    SavedState,
    format_of,
)
from postinterview.saving.seals import NO_SEAL, seal

# --- writing --------------------------------------------------------------------------------------------


def saved_of(process: Process) -> Saved:
    """Return what is saved of a process."""
    definition, first = process.rulebook.definition, process.calendar.first
    return Saved(
        book=book_of(definition),
        employer=process.first_employer,
        timezone=first.zone.key,
        holidays=tuple(sorted(process.holidays)),
        country=first.country,
        entries=process.history,
        snapshot=snapshot_of(definition, process._snapshot),  # noqa: SLF001 - only saving needs it
    )


def book_of(definition: Definition) -> Book:
    """Return what is saved of the rules. The hash of a single file is the SHA-256 of its bytes."""
    hashes = [source.sha256 for source in definition.sources]
    joined = hashes[0] if len(hashes) == 1 else sha256("\n".join(hashes).encode()).hexdigest()
    return Book(definition.name, definition.version, joined if hashes else "")


def snapshot_of(definition: Definition, snapshot: Snapshot) -> SavedSnapshot:
    """Return what is saved of a snapshot."""
    states = sorted(snapshot.states.items(), key=lambda item: (item[0][0], _sortable(item[0][1])))
    return SavedSnapshot(
        machines=tuple((name, kind.start) for name, kind in definition.machines.items()),
        applications=tuple(snapshot.applications),
        states=tuple(SavedState(machine, *key, state) for (machine, key), state in states),
        events=tuple(
            SavedEvent(
                placed.event.number, placed.round, placed.dates, placed.spent, placed.breach, placed.outside
            )
            for placed in snapshot.timeline
        ),
    )


def _sortable(key: Key) -> tuple[str, int, str]:
    return key.application or "", key.round or 0, key.person or ""


def write(saved: Saved) -> str:
    """Return the text of a saved process."""
    sealed = list(with_seals(saved.entries))
    head, snapshot = sealed_parts(saved, sealed[-1]["seal"] if sealed else NO_SEAL)
    lines = [f"{to_text(key)}: {to_text(value)}," for key, value in head.items()]
    history = ",\n".join(map(to_text, sealed))
    return "\n".join(
        ["{", *lines, f'"history": [\n{history}\n],', f'"snapshot": {to_text(snapshot)}', "}", ""]
    )


def with_seals(entries: Iterable[Entry], previous: str = NO_SEAL) -> Iterator[dict[str, Any]]:
    """Yield entries as plain data, each with its seal; ``previous`` is the seal before the first of them."""
    for entry in entries:
        data = ENTRY.encode(entry)
        previous = seal(previous, data)
        yield {**data, "seal": previous}


def sealed_parts(saved: Saved, last: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the head with the seal of the whole, and the snapshot; ``last`` is the last entry's seal."""
    head = HEADS[saved.format].encode(saved)
    snapshot = SNAPSHOT.encode(saved.snapshot)
    return {**head, "seal": seal(last, {**head, "snapshot": snapshot})}, snapshot


_in_one_line = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def to_text(data: Any) -> str:
    """Return plain data as JSON in one line."""
    return _in_one_line(data)


# --- reading --------------------------------------------------------------------------------------------


def read(text: str | bytes) -> Saved:
    """Read a saved process.

    Raises:
        SavedError: it is damaged, cut off, or of a later format; with its place.
    """
    return read_data(parse(text))


def read_data(data: Any) -> Saved:
    """Read a saved process from the plain data of its text.

    Raises:
        SavedError: it is damaged, cut off, or of a later format; with its place.
    """
    if not isinstance(data, dict) or "format" not in data:
        refuse("", "this is not a saved process", "save one with `process.to_json()`")
    fields = WHOLE[_read_format(data["format"])].decode(data, "")
    entries, last = read_history(fields.pop("history"), fields.pop("count"))
    _check_format(fields.pop("format"), entries)
    machines = dict(fields["snapshot"].machines)
    for place, each in enumerate(fields["snapshot"].states):
        if each.machine not in machines:
            refuse(f"snapshot.states[{place}].machine", f"the snapshot has no machine `{each.machine}`")
    if fields.pop("seal") != seal(last, {k: v for k, v in data.items() if k not in ("history", "seal")}):
        refuse("seal", "the parts around the history are not as they were saved: the seal differs", BACKUP)
    return Saved(**fields, entries=entries)


def _read_format(data: Any) -> int:
    found: int = NUMBER.decode(data, "format")
    if found > LATEST_FORMAT:
        message = f"it was saved in format {found}, and this version reads formats 1 to {LATEST_FORMAT}"
        refuse("format", message, f"update postinterview to a version that reads format {found}")
    if found < 1:
        refuse("format", f"there is no format {found}", f"this version reads formats 1 to {LATEST_FORMAT}")
    return found


def _check_format(found: int, entries: Sequence[Entry]) -> None:
    for place, entry in enumerate(entries):
        if format_of(entry) > found:
            refuse(f"history[{place}]", f"format {found} has no such entry", BACKUP)


def read_history(
    data: Any, count: int, before: Sequence[Entry] = (), last: str = NO_SEAL
) -> tuple[tuple[Entry, ...], str]:
    """Read entries with their seals, and return the whole history with the last seal.

    Args:
        data: the entries as plain data, without those that were read before.
        count: the number of entries of the whole history.
        before: the entries that were read before; ``last``: the seal of the last of them.

    Raises:
        SavedError: an entry is missing, changed, out of order, or can't have been recorded there.
    """
    history: list[Entry] = list(before)
    found = LIST.decode(data, "history")
    for place, each in enumerate(found, len(history)):
        path = f"history[{place}]"
        sealed = mapping(each, path)
        if "seal" not in sealed:
            refuse(path, "`seal` is missing")
        plain = {key: value for key, value in sealed.items() if key != "seal"}
        entry = ENTRY.decode(plain, path)
        if entry.number != place + 1:
            there = any(isinstance(each, dict) and each.get("number") == place + 1 for each in found)
            moved = f"entry {entry.number} is where entry {place + 1} should be"
            refuse(f"{path}.number", moved if there else f"entry {place + 1} is missing", BACKUP)
        if TEXT.decode(sealed["seal"], f"{path}.seal") != seal(last, plain):
            refuse(f"{path}.seal", f"entry {place + 1} is not as it was saved: its seal differs", BACKUP)
        last = sealed["seal"]
        history.append(entry)
    if count > len(history):
        first = len(history) + 1
        missing = f"entry {count} is" if count == first else f"entries {first} to {count} are"
        refuse("history", f"{missing} missing", BACKUP)
    if count < len(history):
        refuse("entries", f"it says `{count}`, and there are {len(history)} entries", BACKUP)
    _check_order(history)
    return tuple(history), last


def _check_order(history: Sequence[Entry]) -> None:
    """Check that the entries can have been recorded one after the other, under any rules."""
    standing: dict[int, Event | None] = {}
    dated = _Moments()
    for place, entry in enumerate(history):
        path = f"history[{place}]"
        match entry:
            case Retraction():
                if entry.of not in standing:
                    known = 0 < entry.of <= place and not isinstance(history[entry.of - 1], Retraction)
                    gone = f"entry {entry.of} is already retracted"
                    refuse(
                        f"{path}.retract",
                        gone if known else f"there is no event {entry.of} to retract",
                        BACKUP,
                    )
                gone_event = standing.pop(entry.of)
                if gone_event is not None:
                    dated.remove(gone_event)
                of = history[entry.of - 1]
                again = history[of.dates - 1] if isinstance(of, Event) and of.dates is not None else None
                if isinstance(again, Event):  # it has no date any more
                    standing[again.number] = again
                    dated.add(again)
            case Unknown() | Known() | Change():
                standing[entry.number] = None
            case Event():
                _check_time(entry, path, dated)
                if entry.dates is not None:
                    undated = _check_dating(entry, path, history[:place], standing)
                    del standing[undated.number]
                    dated.remove(undated)
                standing[entry.number] = entry
                dated.add(entry)


class _Moments:
    """The moments of the events that stand, and the moments before which none of them can have been.

    Sorted, since the longest histories have thousands of entries.
    """

    def __init__(self) -> None:
        self._latest: list[datetime] = []
        self._surely: list[datetime] = []

    def add(self, event: Event) -> None:
        insort(self._latest, event.at)
        insort(self._surely, event.surely)

    def remove(self, event: Event) -> None:
        del self._latest[bisect_left(self._latest, event.at)]
        del self._surely[bisect_left(self._surely, event.surely)]

    def is_late(self, moment: datetime) -> bool:
        """Return whether something happened after it, for certain."""
        return bool(self._surely) and moment < self._surely[-1]

    def may_be_late(self, moment: datetime) -> bool:
        """Return whether something may have happened after it."""
        return bool(self._latest) and moment < self._latest[-1]


def _check_dating(
    event: Event, path: str, before: Sequence[Entry], standing: Mapping[int, Event | None]
) -> Event:
    """Return the undated event that an entry dates; it must stand, and be the same one."""
    for of in before:
        if isinstance(of, Event) and of.number == event.dates and of.number in standing and of.undated:
            is_same = (of.name, of.application, of.to) == (event.name, event.application, event.to)
            if is_same and (of.since or event.at) <= event.at <= of.at:
                return of
    return refuse(f"{path}.dates", f"entry {event.dates} is no such event without a date", BACKUP)


def _check_time(event: Event, path: str, dated: _Moments) -> None:
    if event.late and not dated.may_be_late(event.earliest):
        refuse(f"{path}.late", f"entry {event.number} is marked late, and nothing happened after it")
    if dated.is_late(event.at) and not event.late:
        message = f"entry {event.number} happened before the entry before it, and is not marked late"
        refuse(f"{path}.at", message, "write `late: true` if it was recorded afterwards")
