"""Read an ``.ics`` file as occurrences: each time that an entry takes place, with its changes."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime, timedelta
from typing import IO, Any, TypeAlias

from attrs import frozen

from postinterview.audit.short_text import short
from postinterview.core.values.errors import MisuseError
from postinterview.files import UnreadableError

Component: TypeAlias = Any
"""An entry of a calendar, as ``icalendar`` parses it."""

COLUMNS = (
    "summary", "start", "organizer", "organizer_name", "organizer_domain", "attendees", "location",
    "description", "categories", "status", "uid",
)  # fmt: skip
"""What a map may name: the columns of an entry."""

REACH = timedelta(days=366)
"""How far before and after the moment of asking occurrences of repeated entries are looked for."""

MOST_BYTES, MOST = 10_000_000, 20_000
"""The most bytes of a calendar, and the most occurrences."""

_TIMES = ("DTSTART", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_STARTS = ("DTSTART", "RECURRENCE-ID")
_TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")


@frozen
class Occurrence:
    """One time that an entry takes place.

    ``id``: stays the same when it is moved or cancelled. ``start``: a day, or a moment; without a zone it is
    local time. ``cells``: its columns. ``sent``: when this version was written, in UTC; None: not said.
    """

    id: str
    start: date | datetime
    cells: dict[str, str | tuple[str, ...]]
    is_cancelled: bool
    sent: datetime | None


@frozen
class Occurrences:
    """The occurrences in order of time. ``problems``: the entries that could not be read, and why."""

    name: str
    found: tuple[Occurrence, ...]
    problems: tuple[str, ...]


def occurrences(source: str | os.PathLike[str] | IO[bytes] | bytes, at: datetime) -> Occurrences:
    """Return the occurrences around a moment, in UTC."""
    name, data = _read(source)
    try:
        import recurring_ical_events
        from icalendar import Calendar
    except ImportError:
        message = "calendars are read by `icalendar` and `recurring-ical-events`, which are not installed"
        raise MisuseError(message, "pip install 'postinterview[calendar]'") from None
    data = _check_text(name, data)
    problems: list[str] = []
    found: dict[str, Occurrence] = {}
    try:
        calendars = Calendar.from_ical(data, multiple=True)
    except Exception as error:  # noqa: BLE001 - the parser raises anything for a file that is not as it should be
        raise UnreadableError(
            name, f"`{name}` is a damaged calendar ({short(str(error))})", "export it again"
        ) from None
    for calendar in calendars:
        method = str(calendar.get("METHOD", "")).upper()
        if method in ("REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"):
            problems.append(f"it is an answer to an invitation ({method}), and not an invitation")
            continue
        for uid in dict.fromkeys(str(each.get("UID", "")) for each in calendar.walk("VEVENT")):
            series = [each for each in calendar.walk("VEVENT") if str(each.get("UID", "")) == uid]
            try:
                if why := _unsound(uid, series):
                    problems.append(why)
                    continue
                repeats = any(key in each for each in series for key in ("RRULE", "RDATE", "RECURRENCE-ID"))
                query = recurring_ical_events.of(_alone(calendar, series))
                times = query.between(at - REACH, at + REACH) if repeats else query.all()
                made = [_occurrence(each, uid, method, series, repeats=repeats) for each in times]
                if not made and not repeats:
                    problems.append(f"`{_shown(uid, series)}` has a start that no calendar reaches")
            except Exception as error:  # noqa: BLE001 - as above
                problems.append(f"`{short(uid)}` can't be read ({short(str(error))})")
                continue
            for each in made:
                before = found.get(each.id)  # a later calendar of the file may move or cancel it
                if before is None or (each.sent or at) >= (before.sent or at):
                    found[each.id] = each
            if len(found) > MOST:
                raise UnreadableError(
                    name, f"`{name}` has more than {MOST:,} entries", "export a shorter time"
                )
    ordered = sorted(found.values(), key=lambda each: (_sortable(each.start), each.id))
    return Occurrences(name, tuple(ordered), tuple(problems))


def _read(source: Any) -> tuple[str, bytes]:
    if isinstance(source, bytes):
        return "<calendar>", source
    if isinstance(source, str | os.PathLike):
        name = os.fspath(source)
        try:
            with open(name, "rb") as file:  # noqa: PTH123 - as `files` does
                data = file.read(MOST_BYTES + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UnreadableError(name, f"`{name}` can't be read", reason) from None
    elif hasattr(source, "read"):
        name, data = str(getattr(source, "name", "<calendar>")), source.read(MOST_BYTES + 1)
    else:
        raise MisuseError(f"`{short(repr(source))}` is not a calendar", "give a path, an open file, or bytes")
    if not isinstance(data, bytes):
        raise MisuseError(f"`{name}` is open as text", 'open it as bytes, with "rb"')
    if len(data) > MOST_BYTES:
        raise UnreadableError(name, f"`{name}` has more than {MOST_BYTES:,} bytes", "export a shorter time")
    return name, data


def _check_text(name: str, data: bytes) -> bytes:
    """Return a calendar with lines that the parser knows, or raise an UnreadableError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode()
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    upper = data.upper()
    if b"BEGIN:VCALENDAR" not in upper[:10_000]:
        empty = ": it is empty" if not data else ""
        raise UnreadableError(
            name, f"`{name}` is not a calendar{empty}", "give the .ics file of an invitation, or an export"
        )
    if not upper.startswith(b"BEGIN:VCALENDAR"):
        message = f"`{name}` is not a calendar alone: something else, such as a mail, comes before it"
        raise UnreadableError(name, message, "save the invitation that the mail has as an .ics file")
    if b"END:VCALENDAR" not in upper[-10_000:] or _count(upper, b"BEGIN") != _count(upper, b"END"):
        raise UnreadableError(
            name, f"`{name}` is a calendar that ends in the middle", "save or download it again"
        )
    return data


def _count(upper: bytes, word: bytes) -> int:
    """Return how many entries begin or end."""
    return len(re.findall(rb"^" + word + rb":VEVENT\s*$", upper, re.MULTILINE))


def _shown(uid: str, series: list[Component]) -> str:
    """Return what messages call an entry."""
    return short(str(series[0].get("SUMMARY", "") or uid or "an entry"))


def _unsound(uid: str, series: list[Component]) -> str:
    """Return why an entry is not looked at, or an empty text."""
    shown = _shown(uid, series)
    if not uid:
        return f"`{shown}` has no UID, so its changes could not be told from new entries"
    if any("DTSTART" not in each for each in series):
        return f"`{shown}` has no start"
    bad = next((name for each in series for name, _ in each.errors if str(name).upper() in _TIMES), None)
    if bad is not None:
        return f"`{shown}` has a `{short(str(bad))}` that can't be read"
    texts = (text for each in series for text in (str(each.get("SUMMARY", "")), *_people(each)))
    if any("\ufffd" in text for text in texts):
        return f"`{shown}` has characters that are not in UTF-8, as those of calendars are"
    zone = next(
        filter(None, (_unknown_zone(each[key]) for each in series for key in _STARTS if key in each)), ""
    )
    if zone:
        return f"`{shown}` is in the time zone `{short(zone)}`, which neither the file nor this program knows"
    for each in series:
        rules = each.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            often = {str(value).upper() for value in rule.get("FREQ", [])} & set(_TOO_OFTEN)
            if often or any(key in rule for key in ("BYHOUR", "BYMINUTE", "BYSECOND")):
                return f"`{shown}` repeats within a day, so it is no interview"
    return ""


def _unknown_zone(value: Any) -> str:
    """Return the zone that a time names if the parser did not find it: it leaves such a time without one."""
    is_local = isinstance(value.dt, datetime) and value.dt.tzinfo is None
    return str(value.params.get("TZID", "")) if is_local else ""


def _alone(calendar: Component, series: list[Component]) -> Component:
    """Return a calendar with these entries alone, so that a bad one spoils no other."""
    from icalendar import Calendar

    made = Calendar()
    for key in ("VERSION", "PRODID", "X-WR-TIMEZONE"):
        if key in calendar:
            made[key] = calendar[key]
    for each in (*calendar.walk("VTIMEZONE"), *series):
        made.add_component(each)
    return made


def _occurrence(
    entry: Component, uid: str, method: str, series: list[Component], *, repeats: bool
) -> Occurrence:
    start = entry["DTSTART"].dt
    planned = _planned(entry, series)
    mark = f"/{_stamp(planned)}" if repeats else ""
    status = str(entry.get("STATUS", "")).upper()
    said = [entry[key].dt for key in ("LAST-MODIFIED", "DTSTAMP") if key in entry]
    sent = [each.astimezone(UTC) for each in said if isinstance(each, datetime) and each.tzinfo]
    organizer = entry.get("ORGANIZER")
    mail = _mail(organizer)
    listed = entry.get("CATEGORIES", [])
    cells: dict[str, str | tuple[str, ...]] = {
        "summary": " ".join(str(entry.get("SUMMARY", "")).split()),
        "organizer": mail,
        "organizer_name": _people(entry)[0],
        "organizer_domain": mail.partition("@")[2],
        "attendees": tuple(filter(None, _people(entry)[1:])),
        "location": str(entry.get("LOCATION", "")),
        "description": str(entry.get("DESCRIPTION", ""))[:1_000],
        "categories": ", ".join(
            str(word) for each in (listed if isinstance(listed, list) else [listed]) for word in each.cats
        ),
        "status": status.lower(),
        "uid": uid,
    }
    cancelled = status == "CANCELLED" or method == "CANCEL"
    return Occurrence(f"{uid}{mark}", start, cells, cancelled, max(sent, default=None))


def _planned(entry: Component, series: list[Component]) -> date | datetime:
    """Return for when an occurrence was first planned, which stays the same when it is moved.

    If a change is one of an occurrence and all later ones (``RANGE=THISANDFUTURE``), each of these has the
    ``RECURRENCE-ID`` of the first: it was planned as much earlier or later as that one.
    """
    start: date | datetime = entry["DTSTART"].dt
    if (
        "RECURRENCE-ID" not in entry
    ):  # older versions of the package leave it out where a time was not changed
        return start
    planned: date | datetime = entry["RECURRENCE-ID"].dt
    if "RANGE" not in entry["RECURRENCE-ID"].params:
        return planned
    first = next(each for each in series if "RECURRENCE-ID" in each and each["RECURRENCE-ID"].dt == planned)
    moved: timedelta = first["DTSTART"].dt - planned
    return start - moved


def _people(entry: Component) -> list[str]:
    """Return the name of who invites, and the names of those who are invited."""
    organizer, people = entry.get("ORGANIZER"), entry.get("ATTENDEE", [])
    invited = people if isinstance(people, list) else [people]
    return [_name(organizer), *(_name(each) for each in invited if _mail(each) != _mail(organizer))]


def _mail(address: object) -> str:
    return "" if address is None else str(address).lower().removeprefix("mailto:").strip()


def _name(address: Any) -> str:
    """Return the name of a person, or the mail address without one."""
    return "" if address is None else str(address.params.get("CN", "")).strip() or _mail(address)


def _stamp(moment: date | datetime) -> str:
    """Return the moment that an occurrence was first planned for, as its name."""
    if not isinstance(moment, datetime):
        return f"{moment:%Y%m%d}"
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" if moment.tzinfo else f"{moment:%Y%m%dT%H%M%S}"


def _sortable(start: date | datetime) -> datetime:
    if not isinstance(start, datetime):
        return datetime(start.year, start.month, start.day, tzinfo=UTC)
    return start if start.tzinfo else start.replace(tzinfo=UTC)
