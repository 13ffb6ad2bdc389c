"""What a compiled guard is: the stretch of time in which it holds, and its explanation.

A check's ``window(situation, at)`` is the first half-open stretch ``[opens, closes)`` that has not
closed by ``at`` and in which the guard holds if nothing else happens, or None where there is none.
So the guard holds at ``at`` exactly if there is a window and it has opened by then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Protocol, TypeAlias

from attrs import frozen

from postinterview.core.definitions import Definition, Guard
from postinterview.core.events import Event
from postinterview.core.moments import BEGINNING, FOREVER
from postinterview.core.situation import Situation, Watch

if TYPE_CHECKING:
    from postinterview.core.guards.count import Bucket

Window: TypeAlias = tuple[datetime, datetime]
ALWAYS: Window = (BEGINNING, FOREVER)

UNKNOWN = "unknown"
"""What a guard has where an imported past leaves it open."""

SEARCHED_DAYS = 400
"""How far ahead hours are searched; a calendar without a business day for so long is none."""


class Check(Protocol):
    """A guard, compiled."""

    may_close: bool

    @property
    def guard(self) -> Guard: ...

    def window(self, situation: Situation, at: datetime) -> Window | None: ...

    def explain(self, situation: Situation, at: datetime, zone: tzinfo | None) -> tuple[str, str]:
        """What the guard has and what it needs, in words; moments in ``zone``."""

    def openers(self, situation: Situation) -> tuple[str, ...]:
        """The events or fields of which one must come first where time alone can't help."""


@frozen
class CustomAnswer:
    """What a custom guard says: whether it holds, in words what it has and needs, and when it opens.

    ``opens_at``: an aware datetime from which on it will hold, or None if that can't be told.
    """

    holds: bool
    has: str = ""
    needs: str = ""
    opens_at: datetime | None = None


@frozen
class CustomQuestion:
    """What a custom guard is asked: the act, its moment (UTC), and the timeline so far."""

    event: str
    at: datetime
    application: str | None
    to: str | None
    fields: Mapping[str, object]
    timeline: tuple[Event, ...]


CustomGuard: TypeAlias = Callable[[CustomQuestion], CustomAnswer]
"""Must answer from the question alone: a history is folded again when it is restored."""


class Surroundings(Protocol):
    """What a check needs to know of the rulebook around it."""

    definition: Definition
    watch: Watch
    buckets: Mapping[str, Bucket]
    custom: Mapping[str, CustomGuard]

    def state_of(self, situation: Situation, machine: str) -> str: ...

    def entering(self, machine: str, state: str, goal: frozenset[str]) -> tuple[str, ...]: ...
