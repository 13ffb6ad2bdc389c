"""Tell which ways to refuse an act are closed by a way to allow it, without a search.

Most edits change one guard. Then nearly every way in which the old rulebook refuses an act is closed by what
the new one asks of it: the same condition, or one that asks for more (see `conflicts`).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import TypeAlias

from attrs import define, field

from postinterview.core.rules.definitions import Hours
from postinterview.core.values.moments import LocalCalendar
from postinterview.proof.model.conditions import Atom
from postinterview.proof.model.implied import Implication
from postinterview.proof.model.refusals import Failing, Refusal
from postinterview.proof.model.relation import Condition
from postinterview.proof.model.working_hours import WorkingHours

Goals: TypeAlias = tuple[tuple[Atom, ...], ...]


def hours_of(way: Iterable[Condition], calendar: LocalCalendar) -> WorkingHours | None:
    """Return hours outside of which the way does not allow an act, whatever it carries."""
    guards = (each.guard for each in way if not each.unless)
    return next((WorkingHours(each, calendar) for each in guards if isinstance(each, Hours)), None)


@define
class Closing:
    """What closes the refusals of an old rulebook. ``implication``: how its conditions are compared."""

    implication: Implication
    _excluded: dict[tuple[int, int, WorkingHours | None], tuple[bool, object, object]] = field(
        factory=dict, init=False
    )

    def open_goals(self, way: tuple[Condition, ...], refusal: Refusal) -> Goals:
        """Return the goals of a refusal that no condition of the way closes, as the atoms alone tell."""
        hours = hours_of(way, self.implication.new)
        excluded = (self._excludes(mine, its, hours) for its in refusal.failing for mine in way)
        if any(excluded) or self._closes(way, refusal):
            return ()
        asked = [each.asks if refusal.leaves_out(each) else each.options for each in way]
        return tuple(
            goal
            for goal in refusal.goals
            if not any(
                all(self.implication.conflicts.exclude(goal, option, hours) for option in options)
                for options in asked
            )
        )

    def _excludes(self, condition: Condition, failing: Failing, hours: WorkingHours | None) -> bool:
        """Return whether the old condition can't fail where the new one is asked, as the atoms alone tell."""
        known, key = self._excluded, (id(condition), id(failing[0]), hours)
        if key not in known:
            pairs = product(failing[1], condition.options)
            found = all(self.implication.conflicts.exclude(goal, option, hours) for goal, option in pairs)
            found = found or self.implication.holds_with(failing[0], condition)
            known[key] = found, condition, failing  # which keeps the identities
        return known[key][0]

    def _closes(self, way: tuple[Condition, ...], refusal: Refusal) -> bool:
        """Return whether the new rulebook, on this way, asks for what has to fail apart from the history."""
        if any(refusal.omits & set(getattr(each.guard, "fields", ())) for each in way if not each.unless):
            return True
        return any(self.implication.holds_with(its, mine) for its in refusal.apart for mine in way)
