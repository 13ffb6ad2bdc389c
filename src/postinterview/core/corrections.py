"""Make the entries that correct a history. Nothing in it is erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from operator import attrgetter
from typing import Any

from attrs import evolve

from postinterview.core.past.event_order import in_order, standing
from postinterview.core.past.events import Change, Entry, Event, Known, Retraction, Unknown
from postinterview.core.past.placed import Placed
from postinterview.core.rules.definitions import Definition
from postinterview.core.values.errors import MisuseError, TimeError, UnknownNameError
from postinterview.core.values.formatting import say_day, say_list, say_moment
from postinterview.core.values.moments import EARLIEST, check_zone, check_zone_name, in_utc
from postinterview.core.values.names import Name, check_name, read_application, unknown_name


def make_retraction(
    definition: Definition, history: tuple[Entry, ...], number: object, at: datetime, *, not_sent: bool
) -> Retraction:
    """Return the entry that takes entry ``number`` back.

    Raises:
        UnknownNameError: there is no such entry.
        MisuseError: it is retracted already, or it is a contact and was sent.
        TimeError: ``at`` is before the latest event that stands.
    """
    check_flag("not_sent", not_sent)
    if not isinstance(number, int) or isinstance(number, bool):
        raise MisuseError(f"`{number!r}` is not the number of an entry", "give a whole number, from 1 on")
    entry = next((entry for entry in history if entry.number == number), None)
    if entry is None or isinstance(entry, Retraction):
        numbers = f"its entries are 1 to {len(history)}" if history else "it is empty"
        raise UnknownNameError(f"the history has no event {number} to retract", numbers)
    if any(isinstance(other, Retraction) and other.of == number for other in history):
        raise MisuseError(f"event {number} is retracted already", "retract each event once")
    if isinstance(entry, Event) and entry.undated and entry not in standing(history):
        raise MisuseError(f"entry {number} is undated, and a later entry dates it", "retract that one")
    if isinstance(entry, Event) and not not_sent:
        kind = definition.events[entry.name]
        if kind.contact not in (None, "none"):
            raise MisuseError(
                f"event {number} is the contact `{entry.name}`: what was sent can't be taken back",
                "if it was never sent, set `not_sent` to true",
            )
    return Retraction(len(history) + 1, number, _in_order(history, number, at), not_sent)


def _in_order(history: tuple[Entry, ...], number: int, at: datetime) -> datetime:
    """Return ``at`` in UTC.

    Time runs forward over what stands; entry ``number``, which is taken back, may be dated too late.

    Raises:
        TimeError: ``at`` is before the latest event that stands.
    """
    moment = in_utc(at)
    events = [each for each in standing(history) if isinstance(each, Event) and each.number != number]
    latest = max(events, key=attrgetter("surely"), default=None)
    if latest is not None and moment < latest.surely:
        raise backwards(at, latest, "time runs forward; `at` is the moment of the correction")
    return moment


def make_dating(
    history: tuple[Entry, ...], number: object, at: datetime, since: datetime | None = None
) -> Event:
    """Return the entry that says when the undated event ``number`` was.

    ``since``: the beginning of its day, of which ``at`` is the end, if no more is known.

    Raises:
        UnknownNameError: no such event stands.
        MisuseError: it has a date.
        TimeError: ``at`` is later than the event was, or has no zone.
    """
    events = [entry for entry in standing(history) if isinstance(entry, Event)]
    event = next((each for each in events if each.number == number), None)
    if event is None:
        told = next((each for each in events if each.dates == number), None)
        if told is not None:
            help_ = (
                f"give {told.number} for its hour"
                if told.undated
                else f"to change it, retract entry {told.number}"
            )
            raise UnknownNameError(f"entry {number} has its date in entry {told.number}", help_)
        undated = say_list(str(each.number) for each in events if each.undated)
        help_ = f"the undated ones: {undated}" if undated else "none is undated"
        raise UnknownNameError(f"the history has no event {number!r} to date", help_)
    if not event.undated:
        help_ = "to change its date, retract it and record it again"
        raise MisuseError(f"event {number} has a date, {say_moment(event.at.astimezone(at.tzinfo))}", help_)
    moment, latest = in_utc(at), max(each.at for each in events)
    ends = next(each.at for each in in_order(history) if each.number == number)  # its day may be cut short
    if since is not None and event.day is not None:
        message = f"event {number} has a day, {say_day(event.day)}"
        raise MisuseError(message, "give its moment; to change its day, retract it and record it again")
    if not (event.since or EARLIEST) <= (since or moment) <= ends:
        by, then = (say_moment(each.astimezone(at.tzinfo)) for each in (ends, moment))
        happened = f"had happened by {by}" if event.day is None else f"was on {say_day(event.day)}"
        happened += f", by {by}" if event.day is not None and ends < event.at else ""
        raise TimeError(f"event {number} {happened}, so it was not on {then}", "check the date")
    moment = moment if since is None else min(moment, event.at)
    told = evolve(event, number=len(history) + 1, at=moment, undated=since is not None, since=since)
    return evolve(told, late=moment < latest, dates=event.number)


def find_dating(
    definition: Definition, timeline: Iterable[Placed], told: Event, dates: int | None
) -> Event | None:
    """Return an event as the entry that dates an undated one, with all that is said of it; None: it is new.

    ``dates``: the only undated one that it can date, by its number.
    """
    same = (told.name, told.application, told.to)
    for undated in (placed.event for placed in timeline if placed.event.undated):
        is_same = (undated.name, undated.application, undated.to) == same and dates in (None, undated.number)
        if told.since is not None and (undated.since is not None or not told.since <= undated.at):
            continue  # what is said of two days, or twice of one, are two events
        at = told.at if told.since is None else min(told.at, undated.at)
        if is_same and (undated.since or EARLIEST) <= at <= undated.at:
            fields = undated.fields | told.fields
            known = definition.events[told.name].fields
            carried = tuple((name, fields[name]) for name in known if name in fields)
            status = told.status or undated.status
            return evolve(told, at=at, carried=carried, status=status, dates=undated.number)
    return None


def backwards(at: datetime, latest: Event | Placed, help_: str) -> TimeError:
    """Return the error that says which event a moment comes before, in the moment's own zone."""
    event = latest if isinstance(latest, Event) else latest.event
    last = f"at {event.at.astimezone(at.tzinfo).isoformat(' ')}"
    last = last if event.day is None else f"on {say_day(event.day)}"
    said = at.date() if at.time() == time.max else at.isoformat(" ")  # a day is told by its last moment
    return TimeError(f"{said} is before the latest event, {latest.name} {last}", help_)


def check_flag(name: str, value: object) -> None:
    """Refuse what is neither True nor False.

    Raises:
        MisuseError: it is neither.
    """
    if not isinstance(value, bool):
        raise MisuseError(f"`{name}` can't be {value!r}", "give true or false")


def check_flags(**flags: bool) -> dict[str, Any]:
    """Return the flags, or refuse one that is neither True nor False, as `check_flag` does."""
    for name, flag in flags.items():
        if flag is not False:
            check_flag(name, flag)
    return flags


def make_unknown(
    definition: Definition,
    number: int,
    of: tuple[object, ...],
    until: datetime,
    application: Name | None,
    since: datetime | None = None,
) -> Unknown:
    """Return the entry that leaves open what happened of these events or classes before ``until``.

    ``since``: the beginning of the day of which ``until`` is the end, if a day was said.

    Raises:
        UnknownNameError: there is no such event or class.
        MisuseError: none is named, or ``application`` can't be one.
    """
    return Unknown(number, _events(definition, of, "unknown"), until, _application(application), since)


def make_known(
    definition: Definition,
    number: int,
    of: tuple[object, ...],
    until: datetime | None,
    application: Name | None,
    since: datetime | None = None,
) -> Known:
    """Return the entry that says that all is recorded of these events or classes until ``until``.

    ``since``: the beginning of the day of which ``until`` is the end, if a day was said.

    Raises:
        UnknownNameError: there is no such event or class.
        MisuseError: none is named, or ``application`` can't be one.
    """
    return Known(number, _events(definition, of, "known"), until, _application(application), since)


def _application(application: Name | None) -> str | None:
    return None if application is None else read_application((), application)


def _events(definition: Definition, of: tuple[object, ...], what: str) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for name in of:
        if not isinstance(name, str) or name not in (*definition.events, *definition.classes):
            raise unknown_name("event or class", name, (*definition.events, *definition.classes))
        if name in definition.classes:
            members = definition.classes[name].members
            names |= dict.fromkeys(event for event in definition.events if event in members)
        else:
            names[name] = None
    if not names:
        raise MisuseError(f"nothing is named as {what}", "name events or classes")
    return tuple(names)


def make_change(
    number: int, at: datetime, employer: str | None, timezone: str | None, country: str | None
) -> Change:
    """Return the entry that gives the employer another name, time zone or country from ``at`` on.

    Raises:
        MisuseError: nothing is given, or the name can't be one.
        TimeError: ``at`` has no zone, or there is no such time zone.
    """
    if employer is None and timezone is None and country is None:
        raise MisuseError("nothing is given that changes", "give `employer`, `timezone` or `country`")
    if employer is not None:
        check_name(employer, f"{employer!r} is no name of an employer", 'give a text such as "Acme"')
    if timezone is not None:
        check_zone_name(timezone)
        check_zone(timezone)
    return Change(number, in_utc(at), employer, timezone, country)
