"""Decide whether a refused act is a breach for certain, whatever an unknown past was.

A reason holds for certain if nothing that may have happened could undo it: a second follow-up of one round is
against the rules, unless an interview in between is unknown, which would have opened another round.
"""

from __future__ import annotations

from postinterview.core.definitions import Custom
from postinterview.core.engine import Engine
from postinterview.core.events import Placed
from postinterview.core.situation import Situation
from postinterview.core.stacks import downwards
from postinterview.core.verdict import UNKNOWN, Reason, Verdict


def is_certain(engine: Engine, situation: Situation, verdict: Verdict) -> bool:
    """Return whether some reason of a refusal holds whatever the unknown past was."""
    return any(reason.has != UNKNOWN and _holds(engine, situation, reason) for reason in verdict.reasons)


def _holds(engine: Engine, situation: Situation, reason: Reason) -> bool:
    unknown = _unknown_for(engine, situation, reason)
    if not unknown:
        return True
    rules = engine.undo_rules
    if isinstance(rules.guard(reason), Custom):
        return False
    happened = {placed.name for placed in downwards(situation.snapshot.past)}
    return not rules.undoing(reason, happened | unknown) & unknown


def _unknown_for(engine: Engine, situation: Situation, reason: Reason) -> set[str]:
    """Return the events that may have happened where the reason looks.

    A meeting with unknown people may have been one more with any person.
    """
    application, rules = situation.place.application, engine.undo_rules
    where = application if rules.is_own(reason) else None
    unknown = {name for gap in situation.snapshot.unknowns if gap.reaches(where) for name in gap.of}
    if rules.is_personal(reason, situation.kind.name):
        meetings = downwards(situation.snapshot.streams[engine.openers])
        unknown |= {placed.name for placed in meetings if leaves_people_open(engine, placed)}
    return unknown


def leaves_people_open(engine: Engine, placed: Placed) -> bool:
    """Return whether nobody said who was met: a field of people is left out, and not merely empty."""
    fields = engine.definition.events[placed.name].fields
    unsaid = fields.keys() - {name for name, _ in placed.event.carried}
    return engine.undo_rules.leaves_people_open(placed.name, unsaid)
