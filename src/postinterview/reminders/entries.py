"""What stands in a calendar: which entries, when, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from postinterview.core.formatting import say_moment
from postinterview.core.moments import FOREVER, MICROSECOND
from postinterview.core.process import Process
from postinterview.core.situation import Situation
from postinterview.core.snoozes import Snooze, latest_snoozes
from postinterview.reminders.start_times import A_SECOND, Past

A_DAY = timedelta(days=1)
AHEAD = timedelta(hours=1)
"""So long before a moment by which something is owed, but not before it may be done."""

LENGTH = timedelta(minutes=30)
NIGHT = (time(8), time(21))
MORNING = time(9)
"""When an entry rings that starts at night, as one of a whole day does."""


@frozen(kw_only=True)
class Entry:
    """An entry of the calendar. ``day``: the whole of it; else ``starts`` and ``ends`` are whole seconds.

    ``rings``: so long after its start. ``sequence`` never falls, and rises with all that could change it
    under the same rules.
    """

    uid: str
    title: str
    text: str
    starts: datetime
    ends: datetime
    day: date | None
    rings: timedelta
    sequence: int
    is_cancelled: bool = False

    def order(self) -> tuple[datetime, str]:
        return self.starts, self.uid

    def cancelled(self, process: Process, snoozes: int) -> Entry:
        return evolve(self, is_cancelled=True, sequence=sequence_of(process, snoozes) + 1)


def sequence_of(process: Process, snoozes: int) -> int:
    """By the entries of the history and the snoozes: of both there are only ever more.

    Even: after what is cancelled (odd) the next entry of the history brings a higher one.
    """
    return 2 * (len(process.history) + snoozes)


def entries_of(
    key: str, process: Process, at: datetime, zone: tzinfo, snoozes: tuple[Snooze, ...]
) -> Iterator[Entry]:
    """What is due in a process, an entry each. When they start hangs on the history and the snoozes alone."""
    put_off = latest_snoozes(snoozes)
    past = Past(process)
    situations: dict[tuple[str, str | None, str | None], Situation] = {
        (each.kind.name, each.place.application, each.place.person): each
        for each in process._situations()  # noqa: SLF001 - what the agenda is made of
    }
    for item in process.agenda(at=at, snoozes=snoozes):
        if item.due is None or item.rule_due is None or item.event is None:
            continue
        situation = situations[item.event, item.application, item.to]
        due = item.rule_due.astimezone(UTC)
        snooze = put_off.get(item.id)
        if snooze is not None and snooze.puts_off(due):
            wanted = snooze.until
        else:
            wanted = due - (timedelta(0) if situation.kind.contact == "chase" else _ahead(due, zone))
        found = past.start(situation, wanted)
        if found is None:
            continue
        starts, closes = found
        day = _whole_day(starts, closes, zone)
        yield Entry(
            uid=uid_of(key, item.id),
            title=_title(item.title, process.employer),
            text=_told(process, item.why, starts, closes, zone),
            starts=starts,
            ends=max(starts + A_SECOND, min(starts + LENGTH, closes.replace(microsecond=0))),
            day=day,
            rings=_rings(starts, closes, zone),
            sequence=sequence_of(process, len(snoozes)),
        )


def _ahead(due: datetime, zone: tzinfo) -> timedelta:
    """How long before it is late one is told: on the day that ends then, or an hour before."""
    if not _starts_a_day(due, zone):
        return AHEAD
    return due - _midnight(due.astimezone(zone).date() - A_DAY, zone)


def _whole_day(starts: datetime, closes: datetime, zone: tzinfo) -> date | None:
    """The day that an entry takes: where it starts with it, there, and stays open as long.

    A mere offset says where nobody is: read elsewhere, its day would begin before the act is allowed.
    """
    if not is_named(zone):
        return None
    day = starts.astimezone(zone).date()
    return day if _starts_a_day(starts, zone) and closes >= _midnight(day + A_DAY, zone) else None


def _rings(starts: datetime, closes: datetime, zone: tzinfo) -> timedelta:
    """How long after its start it rings: at once, or in the morning if that is not too late."""
    local = starts.astimezone(zone)
    if NIGHT[0] <= local.time() < NIGHT[1]:
        return timedelta(0)
    day = local.date() + (A_DAY if local.time() >= NIGHT[1] else timedelta(0))
    morning = datetime.combine(day, MORNING, zone).astimezone(UTC)
    return morning - starts if starts < morning < closes else timedelta(0)


def _starts_a_day(moment: datetime, zone: tzinfo) -> bool:
    return (moment - MICROSECOND).astimezone(zone).date() < moment.astimezone(zone).date()


def is_named(zone: tzinfo) -> bool:
    """Whether it is that of a place, and no mere offset."""
    return isinstance(zone, ZoneInfo) and bool(zone.key)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def uid_of(key: str, item: str) -> str:
    """Of the host's key and of what is to be done, and never of when."""
    named = f"{key}\n{item}"
    return f"{sha256(named.encode()).hexdigest()[:40]}@postinterview"


def _title(said: str, employer: str) -> str:
    """``thank ana (Acme)``: in a calendar nothing else tells whom it is about."""
    return said if employer in said else f"{said} ({employer})"


def _told(process: Process, why: str, starts: datetime, closes: datetime, zone: tzinfo) -> str:
    """The reason, what time it is where the employer is if that is elsewhere, and when it closes."""
    there = process.calendar.zone
    said = [why] if why else []
    if starts.astimezone(there).replace(tzinfo=None) != starts.astimezone(zone).replace(tzinfo=None):
        said.append(f"{say_moment(starts.astimezone(there))} in {there.key}")
    if closes != FOREVER:
        said.append(f"Open until {say_moment(closes.astimezone(zone))}")
    return "\n\n".join(said)
