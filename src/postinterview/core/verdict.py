"""Answers: why not, may I, and what happened."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from postinterview.core.events import Event, Key

if TYPE_CHECKING:
    from postinterview.core.process import Process


@frozen(kw_only=True)
class Reason:
    """One guard that failed.

    ``id`` is the guard's id, or ``state`` where no transition leaves the present state; ``machine``
    and ``transition`` say whose. ``file`` and ``line`` are where the rule is written. ``has`` and
    ``needs`` are short phrases (``has`` is ``unknown`` where an imported past leaves it open).
    ``opens_at`` is the moment at which this guard alone would hold, or None; then ``opens_after``
    names the events of which one must come first, or all the fields that the act lacks, and is
    empty where nothing can help.
    """

    id: str
    machine: str
    transition: str
    file: str
    line: int
    has: str
    needs: str
    opens_at: datetime | None = None
    opens_after: tuple[str, ...] = ()


@define
class Verdict:
    """The answer to "may I?". True in a condition where the act is allowed.

    ``opens_at``: the first moment from ``at`` on at which the act is allowed if nothing else
    happens (``at`` itself where it is allowed now), or None; then ``opens_after`` names the events
    of which one must come first, and after them the fields that the act lacks, all of which it
    must carry; it is empty where nothing can help. Both are in the order of the rulebook.
    ``closes_at``: for an allowed act, the first later moment at which it would be refused, or None.
    Moments are in the zone of ``at``.
    """

    event: str
    at: datetime
    application: str | None
    to: str | None
    allowed: bool
    reasons: tuple[Reason, ...] = ()
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    opens_after: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.allowed

    def as_json(self) -> dict[str, Any]:
        """The verdict in plain types, moments as ISO 8601 text with their offset."""
        return {
            "event": self.event,
            "to": self.to,
            "application": self.application,
            "allowed": self.allowed,
            "opens_at": _iso(self.opens_at),
            "closes_at": _iso(self.closes_at),
            "opens_after": list(self.opens_after),
            "reasons": [
                {
                    "id": reason.id,
                    "file": reason.file,
                    "line": reason.line,
                    "has": reason.has,
                    "needs": reason.needs,
                    "opens_at": _iso(reason.opens_at),
                    "opens_after": list(reason.opens_after),
                }
                for reason in self.reasons
            ],
        }


@define
class Move:
    """A machine's instance went from one state to another. Never changed once built."""

    machine: str
    key: Key
    source: str
    target: str


@define
class Outcome:
    """What ``do``, ``record``, ``retract`` or ``unknown`` made of a process.

    ``process`` is the process afterwards; after a refusal it is the one before. ``event`` is None
    where nothing was recorded. ``verdict`` is None for a fact. ``breach``: the act was against the
    rules and is recorded. ``unexpected``: a fact for which some machine listens, and none had a
    transition in its state. ``now_breaches``/``no_longer_breaches``: the numbers of other events
    that a late or retracted one turned.
    """

    process: Process = field(repr=False)
    event: Event | None
    verdict: Verdict | None = None
    moves: tuple[Move, ...] = ()
    breach: bool = False
    unexpected: bool = False
    now_breaches: tuple[int, ...] = ()
    no_longer_breaches: tuple[int, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the act was asked for and refused: nothing was recorded."""
        return self.verdict is not None and not self.verdict.allowed and not self.breach


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
