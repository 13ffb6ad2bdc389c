"""A scenario, read and linked: what happens, when, and what is expected of it. Frozen declarations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Generic, Literal, TypeAlias, TypeVar

from attrs import field, frozen

from postinterview.core.events import Value
from postinterview.loading.diagnostics import Span

T = TypeVar("T")

Result: TypeAlias = Literal["allowed", "refused", "breach", "unexpected"]
"""What can become of an event. For a fact, ``allowed`` means that some machine was waiting for it."""

RESULTS: tuple[Result, ...] = ("allowed", "refused", "breach", "unexpected")
ANY_EMPLOYER = "the employer"
ANY_ZONE = "UTC"


@frozen
class Wanted(Generic[T]):
    """Something that a step expects, and where that is written."""

    value: T
    where: Span


@frozen
class StateWanted:
    """The state that a machine is expected to be in after the step."""

    machine: str
    state: str


@frozen(kw_only=True)
class Expectation:
    """What is expected to become of an event. ``opens_at`` and ``closes_at`` hold None for ``never``."""

    result: Result = "allowed"
    because: tuple[Wanted[str], ...] = ()
    opens_at: Wanted[datetime | None] | None = None
    closes_at: Wanted[datetime | None] | None = None
    opens_after: Wanted[tuple[str, ...]] | None = None


@frozen(kw_only=True)
class EventStep:
    """An event: a fact is recorded, an act asked for, or recorded where a breach is expected.

    ``number`` counts the steps from 1. ``at`` is aware, in the zone or offset it was written with.
    """

    number: int
    where: Span
    at: datetime
    event: str
    to: str | None = None
    application: str | None = None
    fields: Mapping[str, Value] = field(factory=dict)
    late: bool = False
    expected: Expectation = Expectation()
    states: tuple[Wanted[StateWanted], ...] = ()
    why: str = ""


@frozen(kw_only=True)
class RetractStep:
    """Entry ``of`` of the history is taken back; the entries are counted from 1 as they are recorded."""

    number: int
    where: Span
    at: datetime
    of: int
    not_sent: bool = False
    to: str | None = None
    application: str | None = None
    states: tuple[Wanted[StateWanted], ...] = ()
    why: str = ""


@frozen(kw_only=True)
class UnknownStep:
    """It is not known what happened of these events or classes before ``until``."""

    number: int
    where: Span
    of: tuple[str, ...]
    until: datetime
    at: datetime | None = None
    to: str | None = None
    application: str | None = None
    states: tuple[Wanted[StateWanted], ...] = ()
    why: str = ""


Step: TypeAlias = EventStep | RetractStep | UnknownStep


@frozen(kw_only=True)
class Scenario:
    """A story. ``where`` is the place of its name in the file.

    ``timezone`` is the employer's; None where no step needs one, as each has its offset.
    """

    name: str
    where: Span
    steps: tuple[Step, ...]
    why: str = ""
    timezone: str | None = None
    employer: str = ANY_EMPLOYER
    holidays: tuple[date, ...] = ()
    country: str | None = None
