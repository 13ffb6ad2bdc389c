"""Tell that a condition of one rulebook holds wherever a condition of another one does, without a search.

An edit that asks for more allows nothing new. Where the atoms of both conditions show that, `conflicts`
tells. They don't where a condition looks at more than they follow: all applications, hours, many events, or
business days after hours. Then the guards are compared themselves: a class that is a part of another one, a
window that is longer, a moment that is never earlier.

Example: the old rules say ``not_after: last_word + 60 days``, the new ones ``last_word + 40 business days``.
Forty business days take at most 57 days where weekends are the only free days. So whoever keeps to the new
rules keeps to the old ones.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import product, zip_longest

from attrs import frozen

from postinterview.core.rules import definitions as d
from postinterview.core.values.moments import LocalCalendar
from postinterview.proof.model.business_days import is_within, span
from postinterview.proof.model.conflicts import Conflicts, comes_no_later, is_part
from postinterview.proof.model.instants import Choice, Instant, Resolved, Step
from postinterview.proof.model.refusals import opposites
from postinterview.proof.model.relation import Condition
from postinterview.proof.model.variables import DAY


@frozen
class Implication:
    """Compares a condition of the old rulebook with one of the new one.

    ``alike``: the new one knows every event of the old one, so it knows of each application that the old one
    knows of. ``old`` and ``new``: their calendars. ``conflicts``: which atoms exclude each other.
    """

    alike: bool
    old: LocalCalendar
    new: LocalCalendar
    conflicts: Conflicts

    def holds_with(self, condition: Condition, other: Condition) -> bool:
        """Return whether the condition of the old rulebook holds wherever the new one's does."""
        guard, its = condition.guard, other.guard
        if guard is None or its is None:
            return False
        excuses = dict(condition.unless)
        if any(not set(values) <= set(excuses.get(name, ())) for name, values in other.unless):
            return False
        if guard.in_every_application and not (
            its.in_every_application
            and condition.scope == other.scope
            and (self.alike or _holds_of_nothing(condition))
        ):
            return False
        return self._asks_no_more(condition, other)

    def _asks_no_more(self, condition: Condition, other: Condition) -> bool:
        match condition.guard, other.guard:
            case d.Hours() as mine, d.Hours() as its:
                days = its.weekdays <= mine.weekdays
                inside = mine.opens <= its.opens < its.closes <= mine.closes
                business = its.business_days_only and is_within(self.new, self.old)
                return days and inside and (business or not mine.business_days_only)
            case d.Custom() as mine, d.Custom() as its:
                return mine.function == its.function
            case d.Carries() as mine, d.Carries() as its:
                return set(mine.fields) <= set(its.fields)
            case d.AtMost(within=timedelta() as window) as mine, d.AtMost(since=None) as its:
                long_enough = its.within is None or window <= its.within
                counts = mine.of.members <= its.of.members and is_part(condition.scope, other.scope)
                return long_enough and counts and mine.limit >= its.limit
            case d.NotAfter() as mine, d.NotAfter() as its if condition.moment and other.moment:
                known_alike = mine.if_never_holds and _is_known_with(condition.moment, other.moment)
                return self.is_never_earlier(condition.moment, other.moment, self.old, self.new) and (
                    known_alike or not its.if_never_holds
                )
            case d.NotBefore() as mine, d.NotBefore() as its if condition.moment and other.moment:
                known_alike = not its.if_never_holds and _is_known_with(other.moment, condition.moment)
                return self.is_never_earlier(other.moment, condition.moment, self.new, self.old) and (
                    known_alike or mine.if_never_holds
                )
            case ((d.AtMost(within=None) | d.Happened() | d.Apart() | d.InState() | d.Spends()), _):
                pairs = product(opposites(condition.asks), other.asks)
                return all(self.conflicts.exclude(*pair, None) for pair in pairs)
            case _:
                return False

    def is_never_earlier(
        self, one: Resolved, other: Resolved, its: LocalCalendar, others: LocalCalendar
    ) -> bool:
        """Return whether one moment is known wherever the other one is, and is never earlier.

        ``its`` and ``others``: the calendars by which they count business days. False says nothing.
        """
        calendars = its, others
        match one, other:
            case _, Choice(latest=True) | Choice(among=(_,)):
                return all(self.is_never_earlier(one, each, *calendars) for each in other.parts)
            case Choice(latest=True) | Choice(among=(_,)), _:
                return any(self.is_never_earlier(each, other, *calendars) for each in one.parts)
            case Choice(), Choice():
                pairs = list(zip(one.parts, other.parts, strict=False))
                return len(one.parts) == len(other.parts) and all(
                    self.is_never_earlier(*two, *calendars) and _is_known_with(*two) for two in pairs
                )
            case Instant(), Instant():
                return comes_no_later(other.anchor, one.anchor) and _take_no_less(
                    one.steps, other.steps, *calendars
                )
            case _:
                return False


def _holds_of_nothing(condition: Condition) -> bool:
    """Return whether it holds in an application of which only the other rulebook knows that there is one."""
    return any(
        all(atom.variable is not None and atom.holds(atom.variable.start) is not None for atom in option)
        for option in condition.asks
    )


def _is_known_with(one: Resolved, other: Resolved) -> bool:
    """Return whether the second moment is known wherever the first one is."""
    theirs = [each.anchor for each in other.instants]
    return all(any(comes_no_later(each.anchor, its) for its in theirs) for each in one.instants)


def _take_no_less(
    steps: tuple[Step, ...], others: tuple[Step, ...], its: LocalCalendar, theirs: LocalCalendar
) -> bool:
    """Return whether as much time is added by one chain of steps as by another one, from every moment."""
    if sum(_least(each, its) for each in steps) >= sum(_most(each, theirs) for each in others):
        return True
    pairs = zip_longest(steps, others, fillvalue=Step())
    return all(_takes_no_less(*two, its, theirs) for two in pairs)


def _takes_no_less(one: Step, other: Step, its: LocalCalendar, theirs: LocalCalendar) -> bool:
    if one.days and other.days and one.from_date <= other.from_date:
        return one.days >= other.days and is_within(its, theirs)
    return _least(one, its) >= _most(other, theirs)


def _least(step: Step, calendar: LocalCalendar) -> int:
    """Return the least time that a step adds to any moment, in microseconds."""
    return step.micros + ((span(calendar, step.days)[0] - 1) * DAY if step.days else 0)


def _most(step: Step, calendar: LocalCalendar) -> int:
    """Return the most time that a step adds to any moment, in microseconds."""
    return step.micros + (span(calendar, step.days)[1] * DAY if step.days else 0)
