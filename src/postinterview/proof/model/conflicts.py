"""Tell that atoms can't hold together, from what they say alone.

Most edits change one number. Then nearly every way in which the old rulebook refuses an act is closed by the
new one's condition on the same thing, and that shows without a search. Example: an old guard fails while less
than 5 days have come since a message, and the new one asks for 7 days since a message or an offer. The last
of two kinds of events came no earlier than the last of one of them, so no history has both.
"""

from __future__ import annotations

from typing import TypeAlias

from attrs import define, field, frozen

from postinterview.core.rules.definitions import Scope
from postinterview.proof.model import conditions as c
from postinterview.proof.model import variables as v
from postinterview.proof.model.business_days import is_within
from postinterview.proof.model.credits import CreditBucket
from postinterview.proof.model.working_hours import WorkingHours, never_between

_Excluding: TypeAlias = dict[tuple[int, bool], tuple[int, int]]
"""By an atom's number and whether its anchor is known: the atoms looked at, and those that exclude it."""


@frozen
class _Part:
    """Atoms that hold together, as bits of a `Conflicts`.

    ``atoms``: all of them. ``known``: the anchors that are known where they hold. ``denials``: those that
    another atom can make false, since they are negated or say where something is; each with its anchor.
    """

    atoms: int
    known: int
    denials: tuple[tuple[int, int], ...]


@define(eq=False)
class Conflicts:
    """Which atoms exclude each other. Conjunctions share atoms, so each pair of atoms is looked at once."""

    _numbers: dict[c.Atom, int] = field(factory=dict, init=False)
    _atoms: list[c.Atom] = field(factory=list, init=False)
    _anchors: dict[v.TimeAnchor, int] = field(factory=dict, init=False)
    _parts: dict[int, tuple[_Part, tuple[c.Atom, ...]]] = field(factory=dict, init=False)
    _in_hours: dict[WorkingHours | None, _Excluding] = field(factory=dict, init=False)

    def exclude(
        self, atoms: tuple[c.Atom, ...], others: tuple[c.Atom, ...], hours: WorkingHours | None
    ) -> bool:
        """Return whether one of the atoms can't hold with one of the others in the hours.

        False says nothing.
        """
        mine, its = self._part(atoms), self._part(others)
        known = mine.known | its.known
        excluding = self._in_hours.setdefault(hours, {})
        for one, other in ((mine, its), (its, mine)):
            for number, anchor in other.denials:
                key = number, bool(known & anchor)
                looked_at, found = excluding.get(key, (0, 0))
                if new := one.atoms & ~looked_at:
                    found |= self._excluding(*key, new, hours)
                    excluding[key] = looked_at | new, found
                if found & one.atoms:
                    return True
        return False

    def _excluding(self, number: int, is_known: bool, atoms: int, hours: WorkingHours | None) -> int:
        """Return those of the atoms that make the one of this number false."""
        denied, bits = self._atoms[number], [each for each in range(atoms.bit_length()) if atoms >> each & 1]
        return sum(1 << each for each in bits if _exclude(self._atoms[each], denied, is_known, hours))

    def _part(self, atoms: tuple[c.Atom, ...]) -> _Part:
        key = id(atoms)  # goals and options are asked about often, and are long to compare
        if key not in self._parts:
            bits, known, denials = 0, 0, list[tuple[int, int]]()
            for each in atoms:
                number = self._numbers.setdefault(each, len(self._atoms))
                self._atoms += [each] if number == len(self._atoms) else []
                bits |= 1 << number
                anchor = self._bit(each.variable) if isinstance(each.variable, v.TimeAnchor) else 0
                known |= anchor if isinstance(each, c.IsKnown) and not each.negated else 0
                if isinstance(each, c.InStates | c.InStage) or each.negated:
                    denials.append((number, anchor))
            self._parts[key] = _Part(bits, known, tuple(denials)), atoms  # which keeps the identity
        return self._parts[key][0]

    def _bit(self, anchor: v.TimeAnchor) -> int:
        return 1 << self._anchors.setdefault(anchor, len(self._anchors))


def _exclude(one: c.Atom, other: c.Atom, is_known: bool, hours: WorkingHours | None) -> bool:
    """Return whether the other atom is false in the hours where the first one holds.

    ``is_known``: the other one's anchor is known there.
    """
    if _clash(one, other, is_known=is_known):
        return True
    return hours is not None and is_known and _is_never_open_between(one, other, hours)


def _is_never_open_between(one: c.Atom, other: c.Atom, hours: WorkingHours) -> bool:
    """Return whether the other atom is false in all of these hours in which the first one holds."""
    match one, other:
        case c.HasCome(negated=False), c.HasCome(negated=True):
            return one.variable.hangs_on == other.variable.hangs_on and never_between(one, other, hours)
        case _:
            return False


def _clash(one: c.Atom, other: c.Atom, *, is_known: bool) -> bool:
    """Return whether the other atom is false where the first one holds; ``is_known``: its anchor is known."""
    match one, other:
        case c.InStates(), c.InStates():
            return one.variable == other.variable and not one.states & other.states
        case c.InStage(), c.InStage():
            return not one.stages & other.stages
        case c.AtLeast(negated=False), c.AtLeast(negated=True):
            return _counts_no_less(one, other)
        case c.IsKnown(negated=False), c.IsKnown(negated=True):
            return comes_no_later(one.variable, other.variable)
        case c.HasCome(negated=False), c.IsKnown(negated=True):
            return comes_no_later(one.variable, other.variable)
        case c.IsKnown(negated=True), c.HasCome(negated=True, instant=0, micros=0) if is_known:
            return _is_over_with(one.variable, other.variable)
        case c.HasCome(negated=False), c.HasCome(negated=True) if is_known:
            if not other.instant and not other.micros and _is_over_with(one.variable, other.variable):
                return True
            is_earlier = comes_no_later(other.variable, one.variable) or _outlasts(
                one.variable, other.variable
            )
            return is_earlier and _waits_no_less(one, other)
        case _:
            return False


def _counts_no_less(one: c.AtLeast, other: c.AtLeast) -> bool:
    """Return whether there are as many as the other atom denies, where the first one holds."""
    mine, its = one.variable, other.variable
    if mine == its:
        return other.number <= one.number and (not other.micros or 0 < one.micros <= other.micros)
    if isinstance(mine, CreditBucket) or isinstance(its, CreditBucket) or not mine.of <= its.of:
        return False
    if isinstance(its, v.EventCount) and its.since:
        counts = isinstance(mine, v.EventCount) and its.since <= mine.since and mine.scope == its.scope
    else:
        counts = is_part(mine.scope, its.scope)
    within = not other.micros or 0 < one.micros <= other.micros
    return counts and within and other.number <= one.number


def is_part(scope: Scope, whole: Scope) -> bool:
    """Return whether whatever counts in the scope counts in the whole."""
    pairs = ((scope.application, whole.application), (scope.round, whole.round))
    return all(mine or not its for mine, its in (*pairs, (scope.interviewer, whole.interviewer)))


def comes_no_later(one: v.TimeAnchor, other: v.TimeAnchor) -> bool:
    """Return whether the other anchor is known where the first one is, and came no earlier."""
    if one.hangs_on == other.hangs_on:
        return True
    if one.date and other.openers <= one.openers:  # they end a date that is over
        return _is_over_with(one, other)
    return not one.date and not other.date and one.set_by <= other.set_by and is_part(one.scope, other.scope)


def _is_over_with(one: v.TimeAnchor, other: v.TimeAnchor) -> bool:
    """Return whether both are one date, which stands until its end alike, whatever a new round does then."""
    alike = (one.set_by, one.ended_by, one.scope) == (other.set_by, other.ended_by, other.scope)
    return bool(one.date) and one.date == other.date and alike


def _outlasts(date: v.TimeAnchor, event: v.TimeAnchor) -> bool:
    """Return whether the date, where it is known, ends no earlier than the last of the events came.

    Each of the events ends the date, or sets it anew, unless the date is still to come. So a date that
    stands was named after the last of them, or was still to come then. It ends after the day on which it was
    named, and business days after it come no earlier than as many after the event.
    """
    if not date.date or event.date or not is_part(event.scope, date.scope):
        return False
    return event.set_by <= date.openers | date.ended_by


def _waits_no_less(one: c.HasCome, other: c.HasCome) -> bool:
    """Return whether the first atom asks at least as much time after its anchor as the other denies."""
    mine, its = one.variable, other.variable
    if other.instant <= one.instant and other.micros <= one.micros:
        if not other.instant or mine.calendar is None or its.calendar is None:
            return True
        if is_within(mine.calendar, its.calendar):
            return True
    if other.instant and its.calendar is None:
        return False
    return its.comes_before(other.instant) + other.micros <= mine.comes_after(one.instant) + one.micros
