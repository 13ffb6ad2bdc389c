"""Write the agenda as an iCalendar feed or file, if the package ``icalendar`` is installed.

Entries are events and not tasks, because Google and Outlook drop tasks from imports and subscriptions. They
are private and don't block time. An entry keeps its UID when its date moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from postinterview.core.answers.snoozes import Snooze
from postinterview.core.process import Process
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.moments import in_utc
from postinterview.core.values.names import as_text, check_name
from postinterview.reminders.entries import CalendarEntry, entries_of
from postinterview.reminders.writing import to_text

__all__ = ["to_ics"]

Kept: TypeAlias = Mapping[str, Process] | Mapping[int, Process]


def to_ics(
    processes: Kept,
    *,
    at: datetime,
    snoozes: Mapping[str, Iterable[Snooze]] | Mapping[int, Iterable[Snooze]] | None = None,
    since: Kept | None = None,
    name: str = "After the interview",
) -> bytes:
    """Return what is due in some processes, as an ``.ics`` file.

    Args:
        processes: the processes by the host's keys, which are texts or whole numbers. A key must never be
            given to another process in the same calendar, even after the first was forgotten. The file
            contains only hashes of keys.
        at: the moment of the agenda, in the reader's time zone: a `ZoneInfo`. With an offset such as +01:00
            no entry takes a whole day, and all times are in UTC.
        snoozes: by key, every snooze of the process in order, including those that ended.
        since: the processes of the previous file. Entries that were in it and are no longer due are written
            as cancelled, for users who import files. Subscribed calendars don't need this.
        name: the name of the calendar.

    Raises:
        MisuseError: a key or a name can't be one, or ``icalendar`` is not installed.
        TimeError: ``at`` has no zone, or is before the latest event of a process.
    """
    check_name(name, f"a calendar's name can't be {name!r}", "give a text with visible characters")
    if snoozes is not None and not isinstance(snoozes, Mapping):
        raise MisuseError(f"snoozes can't be {snoozes!r}", 'give them by your keys: {"acme": [snooze]}')
    moment = in_utc(at)
    zone = at.tzinfo or UTC
    kept = dict(_checked(processes))
    put_off = {as_text(key): tuple(made) for key, made in (snoozes or {}).items()}
    entries: list[CalendarEntry] = []
    for key, process in kept.items():
        entries += entries_of(key, process, at, zone, put_off.get(key, ()))
    there = {entry.uid for entry in entries}
    for key, process in _checked(since or {}):
        now = kept.get(key, process)
        made = put_off.get(key, ())
        then = max([placed.at for placed in process.timeline[-1:]], default=moment).astimezone(zone)
        gone = (each for each in entries_of(key, process, then, zone, made) if each.uid not in there)
        entries += [each.cancelled(now, len(made)) for each in gone]
    return to_text(sorted(entries, key=CalendarEntry.order), moment, zone, name)


def _checked(processes: object) -> Iterator[tuple[str, Process]]:
    if not isinstance(processes, Mapping):
        raise MisuseError(f"processes can't be {processes!r}", 'give them by your keys: {"acme": process}')
    for named, process in processes.items():
        key = as_text(named)
        check_name(key, f"a process's key can't be {named!r}", "give a text with visible characters")
        if not isinstance(process, Process):
            raise MisuseError(f"`{process!r}` is not a process", 'give them by your keys: {"acme": process}')
        yield key, process
