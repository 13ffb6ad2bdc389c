"""The agenda as an iCalendar feed or file, by the package ``icalendar`` where it is installed.

Entries are events and not tasks: Google and Outlook leave tasks out of what they import or subscribe to. They
are private and take no time. An entry that is asked for again has the same UID, whatever became of its date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from postinterview.core.errors import MisuseError
from postinterview.core.moments import in_utc
from postinterview.core.names import is_name
from postinterview.core.process import Process
from postinterview.core.snoozes import Snooze
from postinterview.reminders.entries import Entry, entries_of
from postinterview.reminders.writing import written

__all__ = ["to_ics"]


def to_ics(
    processes: Mapping[str, Process],
    *,
    at: datetime,
    snoozes: Mapping[str, Iterable[Snooze]] | None = None,
    since: Mapping[str, Process] | None = None,
    name: str = "After the interview",
) -> bytes:
    """What is due in some processes, as the bytes of an ``.ics`` file.

    Args:
        processes: by the host's keys. A key stays the same, and is unique among all that may ever come into
            one calendar, a process that was forgotten too; it is in no entry, only in a hash.
        at: the moment that the calendar is written for, in the zone of whoever reads it: a `ZoneInfo`. With
            a mere offset no entry takes a whole day, and all are in UTC.
        snoozes: for each key all that were ever made of the process, in their order, the ended ones too.
        since: what the calendar was made of the last time. What was in it and is done, closed or refused
            now is in this one as cancelled: for a file that is imported. Where a calendar is subscribed to,
            what is left out goes away by itself.
        name: what clients call the calendar.

    Raises:
        MisuseError: a key or a name can't be one, or ``icalendar`` is not installed.
        TimeError: ``at`` has no zone, or is before the latest event of a process.
    """
    if not is_name(name):
        raise MisuseError(f"a calendar's name can't be {name!r}", "give a text in which something stands")
    if snoozes is not None and not isinstance(snoozes, Mapping):
        raise MisuseError(f"snoozes can't be {snoozes!r}", 'give them by your keys: {"acme": [snooze]}')
    moment = in_utc(at)
    zone = at.tzinfo or UTC
    entries: list[Entry] = []
    for key, process in _checked(processes):
        entries += entries_of(key, process, at, zone, tuple((snoozes or {}).get(key, ())))
    there = {entry.uid for entry in entries}
    for key, process in _checked(since or {}):
        now = processes.get(key, process)
        said = tuple((snoozes or {}).get(key, ()))
        then = max([placed.at for placed in process.timeline[-1:]], default=moment).astimezone(zone)
        gone = (each for each in entries_of(key, process, then, zone, said) if each.uid not in there)
        entries += [each.cancelled(now, len(said)) for each in gone]
    return written(sorted(entries, key=Entry.order), moment, zone, name)


def _checked(processes: object) -> Iterator[tuple[str, Process]]:
    if not isinstance(processes, Mapping):
        raise MisuseError(f"processes can't be {processes!r}", 'give them by your keys: {"acme": process}')
    for key, process in processes.items():
        if not is_name(key):
            raise MisuseError(f"a process's key can't be {key!r}", "give a text in which something stands")
        if not isinstance(process, Process):
            raise MisuseError(f"`{process!r}` is no process", 'give them by your keys: {"acme": process}')
        yield key, process
