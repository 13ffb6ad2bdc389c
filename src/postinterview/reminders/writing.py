"""Entries as the text of an ``.ics`` file; the only importer of ``icalendar``."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from postinterview.core.errors import MisuseError
from postinterview.reminders.entries import A_DAY, Entry

if TYPE_CHECKING:
    from icalendar import Alarm, Calendar, Event

PRODUCT = "-//postinterview//reminders//EN"
REFRESH = timedelta(hours=6)


def written(entries: list[Entry], at: datetime, zone: tzinfo, name: str) -> bytes:
    try:
        from icalendar import Calendar, Timezone, vDuration, vText
    except ImportError:
        raise MisuseError(
            "calendars are written by `icalendar`, which is not installed",
            "pip install 'postinterview[calendar]'",
        ) from None
    calendar: Calendar = Calendar()
    for key, value in (
        ("version", "2.0"),
        ("prodid", PRODUCT),
        ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"),
        ("x-wr-calname", vText(name)),
        ("x-published-ttl", "PT6H"),
    ):
        calendar.add(key, value)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    timed = [entry for entry in entries if isinstance(_shown(entry, zone)[0].tzinfo, ZoneInfo)]
    if timed and isinstance(zone, ZoneInfo):
        years = timed[0].starts.year - 1, timed[-1].starts.year + 2
        calendar.add_component(Timezone.from_tzinfo(zone, zone.key, *(date(year, 1, 1) for year in years)))
    for entry in entries:
        calendar.add_component(_event(entry, at, zone))
    written: bytes = calendar.to_ical(sorted=False)  # as they were added, in every version
    return written


def _event(entry: Entry, at: datetime, zone: tzinfo) -> Event:
    from icalendar import Event

    event: Event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", at.replace(microsecond=0))
    event.add("last-modified", at.replace(microsecond=0))
    event.add("sequence", entry.sequence)
    event.add("summary", entry.title)
    event.add("description", entry.text)
    if entry.day is None:
        starts, ends = _shown(entry, zone)
        event.add("dtstart", starts)
        event.add("dtend", ends)
    else:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + A_DAY)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    if not entry.is_cancelled:
        event.add_component(_alarm(entry))
    return event


def _alarm(entry: Entry) -> Alarm:
    from icalendar import Alarm

    alarm: Alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    alarm.add("trigger", entry.rings)
    return alarm


def _shown(entry: Entry, zone: tzinfo) -> tuple[datetime, datetime]:
    """In the reader's zone, if it has a name; in UTC where its clock shows that time once more.

    There the local time would stand for the first of the two, an hour too early.
    """
    local = (entry.starts.astimezone(zone), entry.ends.astimezone(zone))
    named = entry.day is None and isinstance(zone, ZoneInfo) and zone.key not in ("", "UTC")
    return local if named and not any(each.fold for each in local) else (entry.starts, entry.ends)
