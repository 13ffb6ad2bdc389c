"""Conditions on variables: what guards and promises ask, in the same five atoms.

A condition has options, and each option is a tuple of atoms that hold together. An atom looks at one
variable. If it speaks of time, it answers with bounds on that variable's clocks. Example: ``apart: 7 days,
from: message`` becomes two options: (a message is known, and 7 days have come since), or (no message is
known).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TypeAlias, assert_never

from attrs import astuple, evolve, frozen

from postinterview.core import definitions as d
from postinterview.core.moments import MICROSECOND
from postinterview.proof import variables as v
from postinterview.proof.labels import Stage, scope_of
from postinterview.proof.machine_states import MachineState, facts_of, moves_of
from postinterview.proof.tally import Tallied

Bounds: TypeAlias = tuple[tuple[v.ClockName, int, bool], ...]
"""Clocks of a variable, each with a constant in microseconds and whether it is below that (or at least)."""


@frozen
class AtLeast:
    """A count or a bucket has at least ``number``; negated: fewer.

    ``micros``: of the latest, those less than so many microseconds ago.
    """

    variable: v.EventCount | v.CreditBucket | v.Recent
    number: int
    negated: bool = False
    micros: int = 0

    def holds(self, value: v.Value) -> Bounds | None:
        if v.pair(value)[0] < self.number:
            return () if self.negated else None
        if not (self.micros and self.number):
            return None if self.negated else ()
        return ((self.number - 1, self.micros, not self.negated),)


@frozen
class IsKnown:
    """The anchor has happened, or its date is set; negated: not."""

    variable: v.TimeAnchor
    negated: bool = False

    def holds(self, value: v.Value) -> Bounds | None:
        return () if (v.pair(value)[0] > 0) is not self.negated else None


@frozen
class HasCome:
    """A known anchor's instant and ``micros`` microseconds after it have come; negated: not yet."""

    variable: v.TimeAnchor
    instant: int = 0
    micros: int = 0
    negated: bool = False

    def holds(self, value: v.Value) -> Bounds | None:
        if v.pair(value)[0] < 2 + self.instant:
            return () if self.negated else None
        if not self.micros:
            return None if self.negated else ()
        return ((self.instant, self.micros, self.negated),)


@frozen
class InStates:
    """The machine is in one of the states."""

    variable: MachineState
    states: frozenset[str]

    def holds(self, value: v.Value) -> Bounds | None:
        return () if value in self.states else None


@frozen
class InStage:
    """The place has come to one of the stages."""

    stages: frozenset[Stage]
    variable: None = None

    def holds(self, value: v.Value) -> Bounds | None:
        return () if value in self.stages else None


Atom: TypeAlias = AtLeast | Tallied | IsKnown | HasCome | InStates | InStage
"""``holds`` gives the bounds on clocks under which an atom holds of a value; None if it does not hold."""

Options: TypeAlias = tuple[tuple[Atom, ...], ...]

ALWAYS: Options = ((),)
NEVER: Options = ()


def conjunction(*lists: Iterable[Atom]) -> tuple[Atom, ...]:
    """Return all atoms of the lists, each once."""
    return tuple(dict.fromkeys(atom for atoms in lists for atom in atoms))


def contradicts(atoms: tuple[Atom, ...]) -> bool:
    """Return whether one of the atoms is the opposite of another."""
    signed = (atom for atom in atoms if isinstance(atom, AtLeast | Tallied | IsKnown | HasCome))
    return any(evolve(atom, negated=not atom.negated) in atoms for atom in signed)


def looked_at(options: Iterable[tuple[Atom, ...]]) -> set[object]:
    """Return the variables that the atoms look at; an atom without one stands for itself."""
    return {atom.variable or atom for option in options for atom in option}


def options_of(definition: d.Definition, act: d.EventKind, guard: d.Guard, scope: d.Scope) -> Options:
    """Return what a guard asks, on a transition of a machine that is kept by ``scope``.

    A guard that depends on more than the history (fields, hours, custom functions), or on more of it than the
    model follows, counts as held.
    """
    own = scope_of(act, guard.scope or scope)
    match guard:
        case d.AtMost(within=timedelta() as within):
            recent = v.Recent(guard.of.members, own)
            few = AtLeast(recent, guard.limit, negated=True, micros=within // MICROSECOND)
            return ((few,),) if is_followed(definition, guard, own) else ALWAYS
        case d.AtMost() | d.Happened():
            since = frozenset() if guard.since is None else guard.since.members
            count = v.EventCount(guard.of.members, since, own)
            asked = (guard.limit, True) if isinstance(guard, d.AtMost) else (1, guard.negated)
            return ((AtLeast(count, *asked),),)
        case d.Apart():
            anchor = v.latest_of(guard.of.members, own)
            apart = (IsKnown(anchor), HasCome(anchor, 0, guard.duration // MICROSECOND))
            return (apart, (IsKnown(anchor, negated=True),)) if guard.if_never_holds else (apart,)
        case d.NotBefore() | d.NotAfter():
            return _moment(definition, act, guard, own)
        case d.InState():
            kind, named = definition.machines[guard.machine], frozenset(guard.states)
            goal = frozenset(kind.states) - named if guard.negated else named
            if (machine := machine_at(definition, act, guard.machine)) is None:
                return ALWAYS if kind.start in goal else NEVER
            return ((InStates(machine, goal),),)
        case d.Spends():
            credit = definition.credits[guard.credit]
            return ((AtLeast(v.bucket_of(definition, credit, scope_of(act, credit.scope)), 1),),)
        case d.Carries() | d.Hours() | d.Custom():
            return ALWAYS
        case _:
            assert_never(guard)


MOST_CLOCKS = 6
"""The most events that a window is followed for. Each has a clock, and zones grow with the square of them."""


def is_followed(definition: d.Definition, guard: d.AtMost, own: d.Scope) -> bool:
    """Return whether the model follows a window that is counted by ``own``; else its guard counts as held.

    It does not where there are too many, nor where events of the employer as a whole lie in every round.
    """
    everywhere = own.round and any(definition.events[name].employer_wide for name in guard.of.members)
    return guard.limit <= MOST_CLOCKS and not everywhere


def fewer_in(atom: Atom, of: frozenset[str], scope: d.Scope, micros: int) -> int | None:
    """Return a number of which fewer of the events in scope were within the time, if the atom holds.

    None: the atom does not say. It does if its window is no shorter and counts all that lie in the scope.
    """
    if not isinstance(atom, AtLeast) or not isinstance(window := atom.variable, v.Recent):
        return None
    wider = all(mine <= its for mine, its in zip(astuple(window.scope), astuple(scope), strict=True))
    return atom.number if atom.negated and wider and of <= window.of and micros <= atom.micros else None


def machine_at(definition: d.Definition, act: d.EventKind, name: str) -> MachineState | None:
    """Return the machine's instance in the place of the act; None if the place lacks one of its keys."""
    kind = definition.machines[name]
    if scope_of(act, kind.scope) != kind.scope:
        return None
    facts = facts_of(definition)
    return MachineState(name, kind.scope, kind, facts, moves_of(kind, facts))


def scope_asked(definition: d.Definition, act: d.EventKind, guard: d.Guard, scope: d.Scope) -> d.Scope:
    """Return the keys that a guard looks at, on a transition of a machine that is kept by ``scope``."""
    asked = guard.scope or scope
    if isinstance(guard, d.InState):
        asked = definition.machines[guard.machine].scope
    if isinstance(guard, d.NotBefore | d.NotAfter):
        dated = any(each.anchor.date for each in instants(definition, act, guard.moment, asked))
        asked = evolve(asked, application=asked.application or dated)
    return asked


@frozen
class Instant:
    """One way to resolve a moment.

    ``reached``: pairs of business days after the anchor and microseconds after those; the moment comes no
    earlier than any of them. If ``exact``, there is one pair, and the moment is just then.
    """

    anchor: v.TimeAnchor
    reached: tuple[tuple[int, int], ...] = ((0, 0),)
    exact: bool = True

    def after(self, duration: timedelta) -> Instant:
        """Return the instant a duration later."""
        later = tuple((days, micros + duration // MICROSECOND) for days, micros in self.reached)
        return Instant(self.anchor, later, self.exact)

    def business_days_after(self, count: int, *, exact: bool) -> Instant:
        """Return the start of a business day after the instant.

        If hours were added before, it is not known here on which day they end. The business day comes after
        the instant itself, and no earlier than the same business day after the anchor: both bounds are kept.
        """
        days, micros = self.reached[-1]
        exact = exact and self.exact and not micros
        kept = () if exact else self.reached
        return Instant(self.anchor, (*kept, (days + count, 0)), exact)


def _moment(
    definition: d.Definition, act: d.EventKind, guard: d.NotBefore | d.NotAfter, own: d.Scope
) -> Options:
    found: list[tuple[Atom, ...]] = []
    unknown: tuple[Atom, ...] = ()
    before = isinstance(guard, d.NotBefore)
    for instant in instants(definition, act, guard.moment, own):
        atoms: tuple[Atom, ...] = (*unknown, IsKnown(instant.anchor))
        if before or instant.exact:
            atoms += tuple(HasCome(instant.anchor, *each, negated=not before) for each in instant.reached)
        found.append(atoms)
        unknown += (IsKnown(instant.anchor, negated=True),)
    if guard.if_never_holds:
        found.append(unknown)
    return tuple(found)


def instants(
    definition: d.Definition, act: d.EventKind, moment: d.Moment, own: d.Scope
) -> tuple[Instant, ...]:
    """Return the ways in which the moment can resolve, the first known one first."""
    found: tuple[Instant, ...]
    match moment.anchor:
        case d.OfEvents(events):
            found = (Instant(v.latest_of(events.members, own)),)
        case d.OfDate(name):
            found = (Instant(v.date_of(definition, name, scope_of(act, d.APPLICATION))),)
        case d.FirstKnown(options) | d.LatestKnown(options):
            found = tuple(each for option in options for each in instants(definition, act, option, own))
        case _:
            assert_never(moment.anchor)
    match moment.plus:
        case None:
            return found
        case timedelta() as plus:
            return tuple(instant.after(plus) for instant in found)
        case d.BusinessDays(count):
            # A date named elsewhere resolves to the end of its day, which is the next day.
            direct = not isinstance(moment.anchor, d.FirstKnown)
            return tuple(instant.business_days_after(count, exact=direct) for instant in found)
        case _:
            assert_never(moment.plus)
