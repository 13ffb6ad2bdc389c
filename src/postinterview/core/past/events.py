"""The entries of a history."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, TypeAlias

from attrs import field, frozen

from postinterview.core.values.builders import builder
from postinterview.core.values.formatting import say_day, say_list, say_moment, shorten

Value: TypeAlias = str | bool | int | float | date | tuple[str, ...]
"""A value that a field of an event can hold."""


def plain_value(value: Value | None) -> Any:
    """Return the value as JSON has it: a day or a moment as text, several names as a list."""
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


FIRST_ZONE = timezone(timedelta(hours=14))
"""The zone in which days begin first."""


def first_hour_of(begins: datetime) -> datetime:
    """Return when a day begins where days begin first, in UTC; or ``begins``, if that is earlier."""
    return min(begins.astimezone(UTC), datetime.combine(begins, time(), FIRST_ZONE).astimezone(UTC))


@frozen(weakref_slot=False, repr=False)
class Event:
    """Something that happened, as it was recorded.

    Attributes:
        number: its place in the history, from 1.
        name: the event of the rulebook.
        at: when it happened, in UTC.
        application: the application that it belongs to; None if it concerns the employer as a whole.
        to: the person it is to, if it is to one.
        carried: its fields and their values, in the order of the rulebook.
        late: whether it was recorded after events that happened later; of one that has a day and no hour,
            after events that may have. One that is not late came after all that was recorded before it.
        undated: whether it is only known to have happened at ``at`` or before.
        since: the earliest moment at which an undated one can have happened: the beginning of its day, with
            the offset of the zone in which that was said. None: nobody knows the day either.
        status: the status of the host's board that it was recorded for; see `Process.follow`.
        dates: the number of the undated entry whose moment this one says: they are one event.
        first: the number of the entry that it was recorded with at first, where a timeline needs to tell: it
            was amended or dated since. It is not saved.
    """

    number: int
    name: str
    at: datetime
    application: str | None = None
    to: str | None = None
    carried: tuple[tuple[str, Value], ...] = ()
    late: bool = False
    undated: bool = False
    status: str | None = None
    dates: int | None = None
    since: datetime | None = None
    first: int | None = field(default=None, eq=False)

    @property
    def place(self) -> int:
        """The number by which it comes before or after what was recorded in time."""
        return self.number if self.first is None else self.first

    @property
    def earliest(self) -> datetime:
        """The earliest moment, in UTC, that it can have had, as far as that is known."""
        return self.at if self.since is None else self.since.astimezone(UTC)

    @property
    def surely(self) -> datetime:
        """The moment, in UTC, that time has surely reached once this is recorded.

        Of a day its beginning where days begin first: who says "today" may be further east than the employer.
        """
        if self.since is None:
            return self.at
        return first_hour_of(self.since)

    @property
    def day(self) -> date | None:
        """The day of one that has no hour, as it was said; None: its moment is known, or not even its day."""
        return None if self.since is None else self.since.date()

    @property
    def is_open(self) -> bool:
        """Return whether nobody knows even the day."""
        return self.undated and self.since is None

    @property
    def fields(self) -> dict[str, Value]:
        """The fields as a new dictionary."""
        return dict(self.carried)

    def __repr__(self) -> str:
        person = "" if self.to is None else f" to {self.to}"
        when = say_when(self, UTC) + (" UTC" if self.day is None else "")
        when = f"by {when}" if self.is_open else when
        return shorten(f"<Event {self.number}: {self.name}{person}, {when}>")


def say_when(event: Event, zone: tzinfo | None) -> str:
    """Return when an event was, its moment in ``zone``; only the day where no more is known."""
    return say_moment(event.at.astimezone(zone)) if event.day is None else say_day(event.day)


def say_on(event: Event, zone: tzinfo | None) -> str:
    """Return when an event was as ``on Wed 11 Mar 2026``, or by when if nobody knows the day."""
    return f"{'by' if event.is_open else 'on'} {say_when(event, zone)}"


@frozen(weakref_slot=False, repr=False)
class Retraction:
    """The entry that takes entry ``of`` back: it never happened, or what it left open is known now.

    Attributes:
        number: its own place in the history, from 1.
        of: the number of the entry that it takes back.
        at: when the history was corrected, in UTC.
        not_sent: whether ``of`` is a contact that was recorded and never sent.
    """

    number: int
    of: int
    at: datetime
    not_sent: bool = False

    def __repr__(self) -> str:
        return f"<Retraction {self.number}: of entry {self.of}, {say_moment(self.at)} UTC>"


@frozen(weakref_slot=False, repr=False)
class Unknown:
    """The entry that leaves open what happened of some events in the past.

    Attributes:
        number: its place in the history, from 1.
        of: the names of the events.
        until: the moment, in UTC, from which on the history is complete.
        application: the only application that this is about; None if it is about all of them.
        since: the beginning of the day of which ``until`` is the end, with the offset of its zone: all is
            recorded from some hour of this day on. None: a moment was said.
    """

    number: int
    of: tuple[str, ...]
    until: datetime
    application: str | None = None
    since: datetime | None = None

    def __repr__(self) -> str:
        return shorten(f"<Unknown {self.number}: until {say_moment(self.until)} UTC, {', '.join(self.of)}>")


@frozen(weakref_slot=False, repr=False)
class Known:
    """The entry that says that everything which happened of some events is recorded.

    It clears what earlier `Unknown` entries left open of these events, each event by itself.

    Attributes:
        number: its place in the history, from 1.
        of: the names of the events.
        until: the moment, in UTC, until which the history is complete; what was unknown until a later one
            stays open. None: as far as anything was unknown.
        application: the only application that this is about; None if it is about all of them.
        since: the beginning of the day of which ``until`` is the end; None: a moment was said.
    """

    number: int
    of: tuple[str, ...]
    until: datetime | None = None
    application: str | None = None
    since: datetime | None = None

    def __repr__(self) -> str:
        until = "" if self.until is None else f" until {say_moment(self.until)} UTC"
        return shorten(f"<Known {self.number}:{until or ' all'}, {', '.join(self.of)}>")


@frozen(weakref_slot=False, repr=False)
class Change:
    """The entry that says that the employer has another name, time zone or country from some moment on.

    What lies before is judged as it was.

    Attributes:
        number: its place in the history, from 1.
        at: the moment, in UTC, from which on it is so.
        employer: the new name; None: it stays.
        timezone: the new IANA time zone; None: it stays.
        country: the new country, such as ``CH-ZH``; None: it stays.
    """

    number: int
    at: datetime
    employer: str | None = None
    timezone: str | None = None
    country: str | None = None

    @property
    def text(self) -> str:
        """What is new, in a few words."""
        new = {"name": self.employer, "time zone": self.timezone, "country": self.country}
        return say_list([f"{what} {value}" for what, value in new.items() if value is not None], "and")

    def __repr__(self) -> str:
        return shorten(f"<Change {self.number}: {self.text}, from {say_moment(self.at)} UTC>")


Entry: TypeAlias = Event | Retraction | Unknown | Known | Change
"""An element of a history."""


new_event = builder(Event)
