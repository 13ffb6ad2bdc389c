"""Write entries as the text of an ``.ics`` file; the only importer of ``icalendar``."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from postinterview.core.values.errors import MisuseError
from postinterview.core.values.moments import ONE_DAY
from postinterview.reminders.entries import CalendarEntry

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//postinterview//reminders//EN"
REFRESH = timedelta(hours=6)


def to_text(entries: list[CalendarEntry], at: datetime, zone: tzinfo, name: str) -> bytes:
    """Return a calendar file.

    Args:
        entries: the entries in order of their start.
        at: when it is written, in UTC.
        zone: the reader's time zone.
        name: the name of the calendar.

    Raises:
        MisuseError: ``icalendar`` is not installed.
    """
    try:
        from icalendar import Calendar, Timezone, vDuration, vText
    except ImportError:
        message = "calendars are written by `icalendar`, which is not installed"
        raise MisuseError(message, "pip install 'postinterview[calendar]'") from None
    calendar = Calendar()
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
    timed = [entry for entry in entries if isinstance(_local(entry, zone)[0].tzinfo, ZoneInfo)]
    if timed and isinstance(zone, ZoneInfo):
        years = timed[0].starts.year - 1, timed[-1].starts.year + 2
        calendar.add_component(Timezone.from_tzinfo(zone, zone.key, *(date(year, 1, 1) for year in years)))
    for entry in entries:
        calendar.add_component(_event(entry, at, zone))
    text: bytes = calendar.to_ical(sorted=False)  # every version of the package keeps the order of adding
    return text


def _event(entry: CalendarEntry, at: datetime, zone: tzinfo) -> Event:
    from icalendar import Alarm, Event

    now = at.replace(microsecond=0)
    starts, ends = _local(entry, zone) if entry.day is None else (entry.day, entry.day + ONE_DAY)
    event = Event()
    for key, value in (
        ("uid", entry.uid),
        ("dtstamp", now),
        ("last-modified", now),
        ("sequence", entry.sequence),
        ("summary", entry.title),
        ("description", entry.text),
        ("dtstart", starts),
        ("dtend", ends),
        ("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED"),
        ("transp", "TRANSPARENT"),
        ("class", "PRIVATE"),
    ):
        event.add(key, value)
    if not entry.is_cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.title)
        alarm.add("trigger", entry.rings)
        event.add_component(alarm)
    return event


def _local(entry: CalendarEntry, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return start and end in the reader's zone if it has a name.

    When clocks are set back, an hour occurs twice, and its local times would be read as the first. Within
    that hour return them in UTC.
    """
    local = (entry.starts.astimezone(zone), entry.ends.astimezone(zone))
    named = entry.day is None and isinstance(zone, ZoneInfo) and zone.key not in ("", "UTC")
    return local if named and not any(each.fold for each in local) else (entry.starts, entry.ends)
