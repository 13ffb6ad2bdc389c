"""Compare the clock of a host with a process: what is the future, and what a slow clock may still do."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TypeVar, cast

from postinterview.core.corrections import backwards
from postinterview.core.process import Process
from postinterview.core.values.errors import TimeError
from postinterview.core.values.moments import in_utc, is_day, read_day

When = TypeVar("When", bound=date)
LEEWAY = timedelta(minutes=1)
"""The most by which the clocks of a host's servers may differ, by default."""


def when_of(text: str) -> date:
    """Return the moment or the day of an ISO 8601 text, such as 2026-03-02T10:00+01:00 or 2026-03-02.

    Raises:
        ValueError: it is neither.
    """
    return read_day(text) or datetime.fromisoformat(text)


def past(at: When, now: datetime, *, leeway: timedelta = LEEWAY, process: Process | None = None) -> When:
    """Return a moment or a day that somebody reports, as it is, if it is not in the future.

    Otherwise a mistyped year would end every later question in an error. A day is one of the employer's, so
    it needs the ``process``; it is in the future until it has begun there.

    Raises:
        TimeError: it is after ``now`` by more than ``leeway``, has no zone, or is a day without a process.
    """
    if process is None and is_day(at):
        raise TimeError(f"{at} is a day, and begins where the employer is", "give `process=`, or a moment")
    if isinstance(at, datetime) or process is None:
        if in_utc(cast("datetime", at)) > in_utc(now) + leeway:
            raise TimeError(f"{at} is in the future", "report it when it has happened")
        return at
    begins = process._bounds_of(at)[0]  # noqa: SLF001 - as `record` reads it
    if in_utc(begins) > in_utc(now) + leeway:
        here = now.astimezone(begins.tzinfo).date()
        message = f"{at} has not begun where the employer is ({process.timezone}), where it is {here} now"
        raise TimeError(message, "give the day that it was there, or the moment with its offset")
    return at


def latest_of(process: Process, at: date, now: datetime | None) -> date:
    """Return the latest moment of what happened on a day or before: the end of the day, or now.

    A moment is returned as it is, and so is a day if no clock is asked.
    """
    if now is None or not is_day(at):
        return at
    return min(process._bounds_of(at)[1], now.astimezone(process.calendar.zone))  # noqa: SLF001 - as above


def moment_of(process: Process, now: datetime, *, leeway: timedelta = LEEWAY) -> datetime:
    """Return the moment of an act or agenda that is asked for now, in the employer's zone.

    Clocks of servers differ a little. If ``now`` is before the latest event, but by no more than ``leeway``,
    it is the moment of that event. The fraction of a second is dropped.

    Raises:
        TimeError: ``now`` has no zone, or is before the latest event by more than ``leeway``.
    """
    in_utc(now)
    moment = not_before_latest(process, now.astimezone(process.calendar.zone), leeway)
    whole = moment.replace(microsecond=0)
    return whole if process.latest_at is None or in_utc(whole) >= process.latest_at else moment


def clamped(process: Process, at: datetime, leeway: timedelta) -> datetime:
    """Return ``at``, or the moment of the latest event if that is within the leeway after it."""
    moment = in_utc(at)
    latest = process.latest_at or moment
    return latest.astimezone(at.tzinfo) if moment < latest and latest - moment <= leeway else at


def not_before_latest(process: Process, at: datetime, leeway: timedelta) -> datetime:
    """Return ``at``, or the moment of the latest event if that is within the leeway after it.

    Raises:
        TimeError: ``at`` is before the latest event by more than the leeway.
    """
    moment = clamped(process, at, leeway)
    latest = process._snapshot.latest  # noqa: SLF001 - the event is named in the message
    if latest is None or in_utc(moment) >= latest.event.surely:
        return moment
    help_ = (
        "this clock is slow by more than the leeway, or that event has a wrong date: set the clock "
        f"or retract entry {latest.event.number}; record what was forgotten, with `late` set to true"
    )
    raise backwards(at, latest, help_)
