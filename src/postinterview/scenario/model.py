"""A scenario, parsed and linked: what happens, when, and what each step expects. Frozen declarations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, TypeAlias

from attrs import field, frozen

from postinterview.core.past.events import Value
from postinterview.loading.diagnostics import Span

Result: TypeAlias = Literal["allowed", "refused", "breach", "outside", "unexpected"]
"""The result that an event can have. A fact is ``allowed`` if some machine was waiting for it.

``outside``: an act that is recorded and that the rules don't judge, in a state of which they don't speak.
"""

RESULTS: tuple[Result, ...] = ("allowed", "refused", "breach", "outside", "unexpected")
ANY_EMPLOYER = "the employer"
ANY_ZONE = "UTC"

Expected: TypeAlias = str | date | tuple[str, ...] | None


@frozen
class Expectation:
    """One thing that a step expects, and where that is written.

    ``key`` is the one in the file. ``value`` is a result for ``expect``, the id of a guard for ``because``, a
    moment, a day or None (never) for ``opens_at`` and ``closes_at``, names for ``opens_after``, and the state
    of ``machine`` after the step for ``state``.
    """

    key: Literal["expect", "because", "opens_at", "closes_at", "opens_after", "state"]
    value: Expected
    where: Span
    machine: str = ""


@frozen(kw_only=True)
class _Step:
    """The parts that every step has.

    ``number`` counts the steps from 1; ``at`` is aware, in the zone of the file. If only a day is written, it
    is the last moment of this ``day``.
    """

    number: int
    where: Span
    at: datetime | None
    to: str | None = None
    application: str | None = None
    day: date | None = None
    expectations: tuple[Expectation, ...] = ()
    why: str = ""


@frozen(kw_only=True)
class EventStep(_Step):
    """An event: a fact is recorded, an act is asked for, or recorded as a breach or outside.

    With a ``day`` it happened at some hour of that day; an act is allowed if it is at one of them.
    """

    at: datetime
    event: str
    expect: Result = "allowed"
    fields: Mapping[str, Value] = field(factory=dict)
    late: bool = False


@frozen(kw_only=True)
class RetractStep(_Step):
    """A correction: entry ``of`` of the history, counted from 1, never happened or was never sent."""

    at: datetime
    of: int
    not_sent: bool = False


@frozen(kw_only=True)
class UnknownStep(_Step):
    """A correction: it is not known what happened of these events or classes before ``until``."""

    of: tuple[str, ...]
    until: datetime


Step: TypeAlias = EventStep | RetractStep | UnknownStep


@frozen(kw_only=True)
class Scenario:
    """A scenario. ``where`` is the place of its name in the file.

    ``timezone`` is the employer's; None if no step needs one, since each has its offset.
    """

    name: str
    where: Span
    steps: tuple[Step, ...]
    why: str = ""
    timezone: str | None = None
    employer: str = ANY_EMPLOYER
    holidays: tuple[date, ...] = ()
    country: str | None = None
