"""Make calendar entries of what is due in a process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from postinterview.core.agenda.due import is_nudge, is_suggested, wish_of
from postinterview.core.answers.snoozes import Snooze, latest_snoozes
from postinterview.core.process import Process
from postinterview.core.values.formatting import say_moment, short_name
from postinterview.core.values.moments import FOREVER, MICROSECOND, ONE_DAY
from postinterview.reminders.start_times import A_SECOND, StartTimes

AHEAD = timedelta(hours=1)
"""The time from the start of an entry to a deadline within a day, if the act is open then."""

LENGTH = timedelta(minutes=30)
NIGHT = (time(8), time(21))
"""The end and the beginning of the night."""

MORNING = time(9)
"""The time at which an entry rings that starts at night."""


@frozen(kw_only=True)
class CalendarEntry:
    """An entry of a calendar.

    Attributes:
        uid: its identifier, which stays the same when its date moves.
        title: what to do.
        text: why, and until when.
        starts: when it starts, a whole second in UTC.
        ends: when it ends, a whole second in UTC.
        day: the day that it takes as a whole, or None.
        rings: how long after its start the alarm rings.
        sequence: the revision; it rises whenever the entry may have changed, and never falls.
        is_cancelled: whether clients that know the entry shall remove it.
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

    def cancelled(self, process: Process, snoozes: int) -> CalendarEntry:
        """Return the entry's cancellation."""
        return evolve(self, is_cancelled=True, sequence=_sequence(process, snoozes) + 1)


def _sequence(process: Process, snoozes: int) -> int:
    """Return the revision of an entry: history and snoozes only grow. It is even; a cancellation's is odd."""
    return 2 * (len(process.history) + snoozes)


def entries_of(
    key: str, process: Process, at: datetime, zone: tzinfo, snoozes: tuple[Snooze, ...]
) -> Iterator[CalendarEntry]:
    """Yield an entry for each item of the agenda that has a date.

    Args:
        key: the host's key of the process.
        process: the process.
        at: the moment of the agenda.
        zone: the reader's time zone.
        snoozes: every snooze of the process, in order.
    """
    postponed = latest_snoozes(snoozes)
    start_times = StartTimes(process)
    situations = {
        (each.kind.name, each.place.application, each.place.person): each
        for each in process._situations()  # noqa: SLF001 - the agenda is made of them
    }
    for item in process.agenda(at=at, snoozes=snoozes):
        if item.due is None or item.rule_due is None or item.event is None:
            continue
        situation = situations[item.event, next(iter(item.applications), None), item.to]
        due = item.rule_due.astimezone(UTC)
        snooze = postponed.get(item.id)
        is_snoozed = snooze is not None and snooze.puts_off(due)
        wish = wish_of(process.rulebook.engine, situation, at.astimezone(UTC))
        at_work = wish is not None and is_suggested(situation, wish) and not is_snoozed
        if is_nudge(situation.kind):
            wanted = item.due.astimezone(UTC)
        else:
            wanted = snooze.until if snooze is not None and is_snoozed else due - _ahead(due, zone)
        found = start_times.start(situation, wanted, at_work=at_work)
        if found is None:
            continue
        starts, closes = found
        employer = short_name(process.employer)
        title = item.title if employer in item.title else f"{item.title} ({employer})"
        yield CalendarEntry(
            uid=uid_of(key, item.id),
            title=title,
            text=_description(process, item.why, starts, closes, zone),
            starts=starts,
            ends=max(starts + A_SECOND, min(starts + LENGTH, closes.replace(microsecond=0))),
            day=_whole_day(starts, closes, zone),
            rings=_rings(starts, closes, zone),
            sequence=_sequence(process, len(snoozes)),
        )


def _ahead(due: datetime, zone: tzinfo) -> timedelta:
    """Return how long before a deadline to remind: the day that ends with it, or an hour."""
    if not _starts_a_day(due, zone):
        return AHEAD
    return due - _midnight(due.astimezone(zone).date() - ONE_DAY, zone)


def _whole_day(starts: datetime, closes: datetime, zone: tzinfo) -> date | None:
    """Return the day that the act is open from midnight to midnight, in the reader's zone.

    An offset such as +01:00 is no place. Read elsewhere, its day would begin before the act is open.
    """
    if not (isinstance(zone, ZoneInfo) and zone.key):
        return None
    day = starts.astimezone(zone).date()
    return day if _starts_a_day(starts, zone) and closes >= _midnight(day + ONE_DAY, zone) else None


def _rings(starts: datetime, closes: datetime, zone: tzinfo) -> timedelta:
    """Return how long after its start an entry rings: at once, or in the morning if the act is open then."""
    local = starts.astimezone(zone)
    if NIGHT[0] <= local.time() < NIGHT[1]:
        return timedelta(0)
    day = local.date() + (ONE_DAY if local.time() >= NIGHT[1] else timedelta(0))
    morning = datetime.combine(day, MORNING, zone).astimezone(UTC)
    return morning - starts if starts < morning < closes else timedelta(0)


def _starts_a_day(moment: datetime, zone: tzinfo) -> bool:
    return (moment - MICROSECOND).astimezone(zone).date() < moment.astimezone(zone).date()


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def uid_of(key: str, item: str) -> str:
    """Return the identifier of an agenda item's entry. It does not depend on dates."""
    named = f"{key}\n{item}"
    return f"{sha256(named.encode()).hexdigest()[:40]}@postinterview"


def _description(process: Process, why: str, starts: datetime, closes: datetime, zone: tzinfo) -> str:
    """Return the reason, the employer's local time if it differs, and when the act closes."""
    there = process.calendar.zone
    said = [why] if why else []
    if starts.astimezone(there).replace(tzinfo=None) != starts.astimezone(zone).replace(tzinfo=None):
        said.append(f"{say_moment(starts.astimezone(there))} in {there.key}")
    if closes != FOREVER:
        said.append(f"Open until {say_moment(closes.astimezone(zone))}")
    return "\n\n".join(said)
