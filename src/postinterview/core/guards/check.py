"""The interface of compiled guards: the stretch of time in which one holds, and its explanation.

A check's ``window(situation, at)`` is the first half-open stretch ``[opens, closes)`` that has not
closed by ``at`` and in which the guard holds if nothing else happens, or None where there is none.
So the guard holds at ``at`` exactly if there is a window and it has opened by then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, time, tzinfo
from typing import Protocol, TypeAlias

from attrs import field, frozen

from postinterview.core.guards.buckets import Bucket
from postinterview.core.guards.source import Source
from postinterview.core.past.events import Event
from postinterview.core.past.placed import Placed
from postinterview.core.past.situation import Situation, Snapshot, Watch
from postinterview.core.rules.definitions import Definition, EventKind, Guard
from postinterview.core.values.formatting import say_moment, say_offset, shorten
from postinterview.core.values.moments import BEGINNING, FOREVER

Window: TypeAlias = tuple[datetime, datetime]
ALWAYS: Window = (BEGINNING, FOREVER)

SEARCHED_DAYS = 400
"""The time ahead in which hours are searched; a calendar without a business day for so long is none."""


class Check(Protocol):
    """A guard, compiled.

    Attributes:
        may_close: whether it can hold now and no longer hold later.
        shuts_others: whether the act, once done, refuses itself by this guard in all other applications,
            until something else happens.
        recurs: whether it may hold in more than one stretch of time, so that each moment has to be asked for.
    """

    guard: Guard
    may_close: bool
    shuts_others: bool = False
    recurs: bool = False

    def window(self, situation: Situation, at: datetime) -> Window | None: ...

    def explain(self, situation: Situation, at: datetime, zone: tzinfo | None) -> tuple[str, str]:
        """Return what the guard has and what it needs, in words; moments in ``zone``."""

    def openers(self, situation: Situation, at: datetime) -> tuple[str, ...]:
        """Return the events or fields of which one must come first where time alone can't help."""

    def refusing_in(self, snapshot: Snapshot) -> Collection[str] | None:
        """Return the applications of which it may refuse the act in one; None: it may in each of them."""
        return None

    def write(self, source: Source) -> None:
        """Write into a function when the guard holds, the past being known."""
        source.holds_by(self)

    @property
    def watched(self) -> frozenset[str]:
        """The events on which it hangs; nothing if it hangs on none that may be unknown."""
        return frozenset()

    def counted(self, situation: Situation, at: datetime) -> Sequence[Placed]:
        """Return the events that it counts, the latest first; nothing if it doesn't count."""
        return ()


def fails(check: Check, situation: Situation, at: datetime) -> bool:
    """Return whether a guard does not hold at the moment (UTC)."""
    window = check.window(situation, at)
    return window is None or window[0] > at


@frozen(repr=False)
class CustomAnswer:
    """The answer of a custom guard.

    Attributes:
        holds: whether the act may be done.
        has: what is the case, as a short phrase.
        needs: what has to be the case, as a short phrase.
        opens_at: an aware datetime from which on it will hold, or None if that can't be told.
    """

    holds: bool
    has: str = ""
    needs: str = ""
    opens_at: datetime | None = None

    def __repr__(self) -> str:
        return shorten(f"<CustomAnswer {'yes' if self.holds else 'no'}: {self.has}, needs {self.needs}>")


@frozen(repr=False)
class CustomQuestion:
    """The question to a custom guard: whether an act may be done after what happened so far.

    Attributes:
        event: the name of the act.
        at: the moment that is asked about, in UTC.
        application: the application; None if the act concerns the employer as a whole.
        to: the person it is to, if it is to one.
        fields: the fields that it carries.
        timeline: what happened so far, in the order in which it happened.
    """

    event: str
    at: datetime
    application: str | None
    to: str | None
    fields: Mapping[str, object] = field(hash=False)
    timeline: tuple[Event, ...]

    def __repr__(self) -> str:
        return shorten(f"<CustomQuestion {self.event}, {say_moment(self.at)} UTC>")


CustomGuard: TypeAlias = Callable[[CustomQuestion], CustomAnswer | bool]
"""A function that decides by the question alone, since a history is folded again when it is restored."""


class Surroundings(Protocol):
    """The parts of the rulebook that a check needs."""

    definition: Definition
    watch: Watch
    buckets: Mapping[str, Bucket]
    custom: Mapping[str, CustomGuard]

    def state_of(self, situation: Situation, machine: str) -> str: ...

    def entering(self, machine: str, state: str, goal: frozenset[str]) -> tuple[str, ...]: ...


def say_in_zone(moment: datetime, zone: tzinfo | None, situation: Situation) -> str:
    """Return the moment in ``zone``, with its offset where the employer's clocks show another time.

    The last microsecond of a day of the employer's is that day: what has no hour counts from there.
    """
    shown, own = moment.astimezone(zone), moment.astimezone(situation.calendar.zone)
    offset = shown.utcoffset()
    if offset is None or offset == own.utcoffset() or own.time() == time.max:
        return say_moment(own if own.time() == time.max else shown)
    return f"{say_moment(shown)} {say_offset(offset)}"


def round_openers(events: Mapping[str, EventKind], act: EventKind) -> frozenset[str]:
    """Return the events after which an act may lie in another round.

    An act to a person lies in the latest round in which that person interviewed.
    """
    return frozenset(
        name for name, kind in events.items() if kind.opens_round and (kind.names_people or not act.to_person)
    )
