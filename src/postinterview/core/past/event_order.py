"""Put the events of a history in order: those that count, by time and then by recording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time

from attrs import evolve

from postinterview.core.past.events import FIRST_ZONE, Entry, Event, Retraction


def standing(history: Iterable[Entry]) -> list[Entry]:
    """Return the entries that count: not those that are taken back, nor an undated one that another dates."""
    entries = tuple(history)
    gone = {entry.of for entry in entries if isinstance(entry, Retraction)}
    gone |= {
        entry.dates
        for entry in entries
        if isinstance(entry, Event) and entry.dates is not None and entry.number not in gone
    }
    return [entry for entry in entries if entry.number not in gone]


def in_order(history: Iterable[Entry]) -> list[Event]:
    """Return the events that count, in the order of time; at one moment, in the order of recording.

    One that was taken back and at once said anew for its moment (`amended`) keeps its place, and so does an
    undated one that gets its date. One of which only the day is known had happened by the next event that was
    recorded in time. If there is such a one, each event says where it has its place, and whether it is late.
    """
    entries = tuple(history)
    place: dict[int, int] = {}
    in_time: dict[int, bool] = {}
    said: dict[int, Entry] = {}
    before: Entry | None = None
    for entry in entries:
        place[entry.number] = entry.number
        if isinstance(entry, Event):
            old = said.get(before.of) if isinstance(before, Retraction) else None
            in_time[entry.number] = not (entry.late or entry.is_open) and entry.dates is None
            if entry.dates is not None:
                place[entry.number] = place[entry.dates]
            elif isinstance(old, Event) and _is_same(old, entry):
                place[entry.number], in_time[entry.number] = place[old.number], in_time[old.number]
        said[entry.number] = before = entry
    events = [entry for entry in standing(entries) if isinstance(entry, Event)]
    if any(event.since is not None for event in events):
        events.sort(key=lambda event: place[event.number], reverse=True)
        by: datetime | None = None
        for number, each in enumerate(events):
            event = each if by is None else known_by(each, by)
            if in_time[event.number]:
                by = event.at if by is None else min(by, event.at)
            if place[event.number] != event.number:
                event = evolve(event, first=place[event.number], late=not in_time[event.number])
            events[number] = event
    return sorted(events, key=lambda event: (event.at, place[event.number]))


def known_by(event: Event, moment: datetime) -> Event:
    """Return an event as one knows it that had happened by a moment: its day may be cut short.

    If its day has only begun further east, it happened right then.
    """
    if event.since is None or not event.surely <= moment < event.at:
        return event
    if moment < event.since:
        # Far in the west, the next day may have begun there.
        last = datetime.combine(event.since, time.max, FIRST_ZONE)
        return evolve(event, at=moment, since=min(moment.astimezone(FIRST_ZONE), last))
    return evolve(event, at=moment)


def is_of_board(history: Sequence[Entry], event: Event) -> bool:
    """Return whether an event was recorded for a status of a board, and by nobody else before."""
    return all(said.status is not None for said in _versions(history, event))


def _versions(history: Sequence[Entry], event: Event) -> Iterator[Event]:
    """Yield the entries that say an event, the latest first: each was taken back and at once said anew."""
    said: Entry = history[event.number - 1]
    while isinstance(said, Event):
        yield said
        before = history[said.number - 2] if said.number > 1 else None
        old = history[before.of - 1] if isinstance(before, Retraction) else None
        if said.dates is not None:
            said = history[said.dates - 1]
        elif isinstance(old, Event) and _is_same(old, said):
            said = old
        else:
            return


def _is_same(one: Event, other: Event) -> bool:
    """Return whether two entries may be one event, of which the later says more."""
    return (one.name, one.application, one.to, one.at) == (other.name, other.application, other.to, other.at)
