"""The ways in which a rulebook refuses an act.

An act is refused when some machine that listens has no transition whose conditions all hold, or when its
person never interviewed. So a refusal picks a machine, and for each of its transitions one condition that
fails. A condition on the history fails when its atoms do, and each atom has an exact opposite. Other
conditions fail apart from the history: the act leaves out a field that only these rules ask for, the moment
lies outside these hours and inside the other rulebook's, or a custom function answers no.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import assert_never

from attrs import evolve, frozen

from postinterview.core import definitions as d
from postinterview.proof import conditions as c
from postinterview.proof.labels import TooManyError, stages_of
from postinterview.proof.relation import Condition, choices_of
from postinterview.proof.tally import Tallied

MOST = 2000
"""The largest number of refusals of one act that are looked at."""


@frozen
class Refusal:
    """One way to refuse an act, open while all atoms of one of ``goals`` hold.

    ``omits``: fields that the act then lacks. ``noes``: custom functions that then answer no. ``apart``:
    conditions that fail apart from the history; if another rulebook asks the same, this way is closed.
    """

    goals: tuple[tuple[c.Atom, ...], ...]
    omits: frozenset[str] = frozenset()
    noes: frozenset[str] = frozenset()
    apart: tuple[Condition, ...] = ()


def refusals(definition: d.Definition, act: d.EventKind) -> tuple[Refusal, ...]:
    """Return every way in which the rulebook refuses the act.

    Raises:
        TooManyError: there are more than are looked at.
    """
    found: dict[Refusal, None] = {}
    for choices in choices_of(definition, act):
        ways: list[Refusal] = [Refusal(((),))]
        for conditions in choices:
            fails = [one for each in conditions for one in _fails(act, each)]
            ways = [both for way in ways for one in fails if (both := _together(way, one)) is not None]
            if len(ways) > MOST:
                raise TooManyError(f"the old rules refuse `{act.name}` in too many ways")
        found |= dict.fromkeys(ways)
    return tuple(found)


def _fails(act: d.EventKind, condition: Condition) -> Iterator[Refusal]:
    """Yield the ways in which one condition fails."""
    apart = Refusal(((),), apart=(condition,))
    match condition.guard:
        case d.Carries(fields=fields):
            yield from (evolve(apart, omits=frozenset({name})) for name in fields)
        case d.Custom(function=function):
            yield evolve(apart, noes=frozenset({function}))
        case d.Hours():
            yield apart
        case _ if not condition.is_exact:
            yield apart
        case _:
            if goals := tuple(_goals(act, condition.options)):
                yield Refusal(goals)


def _goals(act: d.EventKind, options: c.Options) -> Iterator[tuple[c.Atom, ...]]:
    """Yield conjunctions of which one holds where no option does."""
    ways = product(*([opposite(act, atom) for atom in option] for option in options))
    goals = dict.fromkeys(c.conjunction(chosen) for chosen in ways)
    return (goal for goal in goals if not c.contradicts(goal))


def opposite(act: d.EventKind, atom: c.Atom) -> c.Atom:
    """Return the atom that holds exactly where this one does not."""
    match atom:
        case c.AtLeast() | Tallied() | c.IsKnown() | c.HasCome():
            return evolve(atom, negated=not atom.negated)
        case c.InStates():
            return evolve(atom, states=frozenset(atom.variable.kind.states) - atom.states)
        case c.InStage():
            return c.InStage(frozenset(stages_of(act)) - atom.stages)
        case _:
            assert_never(atom)


def _together(one: Refusal, other: Refusal) -> Refusal | None:
    pairs = (c.conjunction(mine, its) for mine in one.goals for its in other.goals)
    goals = tuple(dict.fromkeys(goal for goal in pairs if not c.contradicts(goal)))
    if len(goals) > MOST:
        raise TooManyError("the old rules refuse it in too many ways")
    if not goals:
        return None
    apart = tuple(dict.fromkeys((*one.apart, *other.apart)))
    return Refusal(goals, one.omits | other.omits, one.noes | other.noes, apart)


def holds_with(condition: Condition, other: Condition) -> bool:
    """Return whether a condition that depends on more than the history holds wherever another one does.

    The two may be of different rulebooks.
    """
    if (condition.scope, condition.instants) != (other.scope, other.instants):
        return False
    match condition.guard, other.guard:
        case d.Hours() as mine, d.Hours() as its:
            days = its.weekdays <= mine.weekdays
            inside = mine.opens <= its.opens < its.closes <= mine.closes
            return days and inside and (its.business_days_only or not mine.business_days_only)
        case d.Custom() as mine, d.Custom() as its:
            return mine.function == its.function
        case (d.NotBefore() as mine, d.NotBefore() as its) | (d.NotAfter() as mine, d.NotAfter() as its):
            return (mine.moment, mine.if_never_holds) == (its.moment, its.if_never_holds)
        case _:
            return False
