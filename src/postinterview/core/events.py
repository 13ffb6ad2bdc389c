"""What happened: the entries of a history, and what the fold makes of each event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeAlias

from attrs import frozen

from postinterview.core.definitions import Scope

Value: TypeAlias = str | bool | int | float | date | tuple[str, ...]

Key: TypeAlias = tuple[str | None, int | None, str | None]
"""Application, round, interviewer; None where the key does not name one."""

NOWHERE: Key = (None, None, None)


@frozen
class Event:
    """Something that happened, as it was recorded.

    ``number`` counts the entries of the history from 1. ``at`` is an aware datetime in UTC.
    ``application`` is None for an event that concerns the employer as a whole. ``late``: recorded
    after events that happened later. ``carried`` holds the fields, in the order of the rulebook.
    """

    number: int
    name: str
    at: datetime
    application: str | None = None
    to: str | None = None
    carried: tuple[tuple[str, Value], ...] = ()
    late: bool = False

    @property
    def fields(self) -> dict[str, Value]:
        return dict(self.carried)


@frozen
class Retraction:
    """Event ``of`` never happened. For a contact that was recorded but not sent: ``not_sent``."""

    number: int
    of: int
    at: datetime
    not_sent: bool = False


@frozen
class Unknown:
    """What happened of these events (names or classes) before ``until`` (UTC) is not known.

    ``application`` None: in none of the employer's applications.
    """

    number: int
    of: tuple[str, ...]
    until: datetime
    application: str | None = None


Entry: TypeAlias = Event | Retraction | Unknown


@frozen
class Placed:
    """An event in its place: what the fold made of it.

    ``position`` is its index in the timeline. ``round`` counts from 1 in its application; 0 is
    before the first, None where the event has none. ``people`` are those it names. ``dates`` are the
    dates it set, each not before the local day it was named. ``spent``: the credits it took.
    ``breach``: an act that was refused, and happened. ``doubtful``: it was refused only because the past is
    not known, so nobody can say that it was against the rules.
    """

    event: Event
    position: int
    at: datetime
    application: str | None
    round: int | None
    people: tuple[str, ...]
    dates: tuple[tuple[str, date], ...] = ()
    spent: tuple[str, ...] = ()
    breach: bool = False
    doubtful: bool = False

    @property
    def name(self) -> str:
        return self.event.name


_PROJECTIONS: dict[tuple[bool, bool, bool], Callable[[Key], Key]] = {
    (False, False, False): lambda _: NOWHERE,
    (True, False, False): lambda place: (place[0], None, None),
    (True, True, False): lambda place: (place[0], place[1], None),
    (False, False, True): lambda place: (None, None, place[2]),
    (True, False, True): lambda place: (place[0], None, place[2]),
    (True, True, True): lambda place: place,
}


def projection(scope: Scope) -> Callable[[Key], Key]:
    """What takes from a place the part that ``scope`` counts by."""
    return _PROJECTIONS[scope.application, scope.round, scope.interviewer]


def key_in(scope: Scope, place: Key) -> Key:
    """The part of ``place`` that ``scope`` counts by."""
    return projection(scope)(place)


def lies_in(placed: Placed, key: Key) -> bool:
    """Whether an event lies in a scope: it agrees with every key that it has itself.

    So a message to no one in particular lies in the scope of every interviewer, and what concerns
    the employer as a whole in the scope of every application.
    """
    if key is NOWHERE:
        return True
    application, round_, person = key
    if application is not None and placed.application is not None and placed.application != application:
        return False
    if round_ is not None and placed.round is not None and placed.round != round_:
        return False
    return person is None or not placed.people or person in placed.people
