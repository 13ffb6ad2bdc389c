"""Find what an unknown past blocks, and what to ask about it.

The unknown blocks an act that some rule wants done in one of three ways: its due moment hangs on an event
that may have happened, nothing but such events refuses it, or it may have been done itself. Every question is
about one gap of the past, and about the employer's events or the candidate's own acts. With promises and
messages unknown until 12 March, and an interview on the 2nd:

    follow_up is due after `promised` or 7 days after the interview, so nobody knows when
    it is refused while a message may have come in the last 7 days
    -> one question: was there a date for the answer or a message since 2 March?
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from attrs import define, field

from postinterview.core.decide import decide
from postinterview.core.due import Duty, duty_of, hangs_on_undated, has_ended, nothing_left, wish_of
from postinterview.core.engine import Engine
from postinterview.core.guards import UNKNOWN
from postinterview.core.refusal import check_behind
from postinterview.core.situation import Situation
from postinterview.core.verdict import Reason


@define(eq=False)
class Blocked:
    """A part of the unknown past that blocks acts: events of one side, and where they may have happened.

    Attributes:
        until: the moment, in UTC, from which on the history is complete.
        application: the only application in which they may have happened; None if it is any.
        known_in: the applications in which it is known all the same.
        of: the events that may have happened, all of the employer or all of the candidate.
        acts: the acts that are blocked, each in its place.
    """

    until: datetime
    application: str | None
    known_in: frozenset[str]
    of: set[str] = field(factory=set)
    acts: list[Situation] = field(factory=list)


def next_due(engine: Engine, situations: Iterable[Situation], at: datetime) -> datetime | None:
    """Return the first moment (UTC) at which a line of the agenda of ``at`` is due."""
    found: dict[object, datetime | None] = {}
    search = BlockedSearch(engine, at)
    for situation in situations:
        duty = duty_of(engine, situation, at)
        search.look_at(situation, duty)
        if duty is not None:
            found.setdefault(duty.subject, duty.due)
    moments = (*found.values(), *(blocked.until for blocked in search.found))
    return min((moment for moment in moments if moment is not None), default=None)


@define(eq=False)
class BlockedSearch:
    """Collects what the unknown blocks at a moment (UTC), act by act."""

    engine: Engine
    at: datetime
    _found: dict[tuple[object, ...], Blocked] = field(factory=dict)

    @property
    def found(self) -> tuple[Blocked, ...]:
        """What blocks the acts so far, one for each question."""
        return tuple(self._found.values())

    def look_at(self, situation: Situation, duty: Duty | None) -> None:
        """Note what blocks the act. ``duty``: where it stands, by `duty_of`."""
        unknowns = situation.snapshot.unknowns
        if not unknowns or situation.kind.name not in self.engine.timed:
            return
        kinds = self.engine.definition.events
        for watched in self._blocking(situation, duty):
            gaps = [gap for gap in unknowns if gap.of & watched]
            for gap in [gap for gap in gaps if gap.reaches(situation.place.application)] or gaps:
                for name in gap.of & watched:
                    key = gap.application, gap.known_in, kinds[name].is_act
                    blocked = self._found.setdefault(key, Blocked(gap.until, gap.application, gap.known_in))
                    blocked.until = max(blocked.until, gap.until)
                    blocked.of.add(name)
                    if situation not in blocked.acts:
                        blocked.acts.append(situation)

    def _blocking(self, situation: Situation, duty: Duty | None) -> list[frozenset[str]]:
        """Return the sets of events of which something unknown blocks the act."""
        wish = duty.wish if duty is not None else wish_of(self.engine, situation, self.at)
        if wish is None or nothing_left(self.engine, situation):
            return []
        if duty is not None and duty.stands in ("open", "coming"):
            return [frozenset({situation.kind.name})] if duty.due is None else []
        if not wish.is_unknown and not wish.resolved and not hangs_on_undated(situation, wish):
            return []
        if not wish.is_unknown and has_ended(self.engine, situation, wish):
            return []
        reasons = decide(self.engine, situation, self.at, UTC)[0].reasons
        shut = {_way(each) for each in reasons if each.opens_at is None and each.has != UNKNOWN}
        open_ = {_way(each) for each in reasons} - shut
        if {machine for machine, _ in shut} - {machine for machine, _ in open_}:
            return []  # it is refused all the same
        reasons = tuple(each for each in reasons if each.has == UNKNOWN and _way(each) in open_)
        checks = [check_behind(self.engine, situation, reason) for reason in reasons]
        found = [check.watched for check in checks if check is not None]
        return [frozenset(wish.anchor.changed_by), *found] if wish.is_unknown else found


def _way(reason: Reason) -> tuple[str, str]:
    """Return the machine and the transition of a reason: of several transitions one must be free."""
    return reason.machine, reason.transition
