"""The ways in which a rulebook refuses an act.

An act is refused when some machine that listens has no transition whose conditions all hold, or when its
person never interviewed. So a refusal picks a machine, and for each of its transitions one condition that
fails. A condition on the history fails when its atoms do, and each atom has an exact opposite. Other
conditions fail apart from the history: the act leaves out a field that only these rules ask for, the moment
lies outside these hours and inside the other rulebook's, a custom function answers no, or there is something
in another application. A guard with exceptions fails of an act that carries none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import TypeAlias, assert_never

from attrs import evolve, field, frozen

from postinterview.core.rules import definitions as d
from postinterview.proof.model import conditions as c
from postinterview.proof.model import guards
from postinterview.proof.model.labels import STAGES, TooManyError
from postinterview.proof.model.relation import STARTED, Condition, choices_of
from postinterview.proof.model.tally import Tallied
from postinterview.proof.model.words import PLAIN, Words

MOST = 2000
"""The largest number of refusals of one act that are looked at."""

Failing: TypeAlias = tuple[Condition, tuple[tuple[c.Atom, ...], ...]]
"""A condition, and conjunctions of which one holds where it fails."""


@frozen
class Refusal:
    """One way to refuse an act, open while all atoms of one of ``goals`` hold.

    ``omits``: fields that the act then lacks. ``noes``: custom functions that then answer no. ``apart``:
    conditions that fail apart from the history; if another rulebook asks the same, this way is closed.
    ``failing``: the conditions that fail by the history.
    """

    goals: tuple[tuple[c.Atom, ...], ...]
    omits: frozenset[str] = frozenset()
    noes: frozenset[str] = frozenset()
    apart: tuple[Condition, ...] = ()
    failing: tuple[Failing, ...] = field(default=(), eq=False)

    def leaves_out(self, condition: Condition) -> bool:
        """Return whether the act carries nothing that excepts it from the condition."""
        excuses = {(name, value) for each in self.apart for name, values in each.unless for value in values}
        its = {(name, value) for name, values in condition.unless for value in values}
        return condition.guard is not None and bool(its) and its <= excuses


def refusals(
    definition: d.Definition, act: d.EventKind, is_started: Callable[[], bool], words: Words = PLAIN
) -> tuple[Refusal, ...]:
    """Return every way in which the rulebook refuses the act.

    ``is_started`` says whether it takes every application as started that the other rulebook takes so.
    ``words``: how conditions are said so that they can be compared.

    Raises:
        TooManyError: there are more than are looked at.
    """
    found: dict[Refusal, None] = {}
    for choices in choices_of(definition, act):
        if any(each.transition == STARTED and is_started() for each in choices[0][:1]):
            continue
        ways: list[Refusal] = [Refusal(((),))]
        for conditions in choices:
            failing = [one for each in conditions for one in fails(definition, act, each, words)]
            ways = [both for way in ways for one in failing if (both := _together(way, one)) is not None]
            if len(ways) > MOST:
                raise TooManyError(f"the old rules refuse `{act.name}` in too many ways")
        found |= dict.fromkeys(ways)
    return tuple(found)


def fails(
    definition: d.Definition, act: d.EventKind, plain: Condition, words: Words = PLAIN
) -> Iterator[Refusal]:
    """Yield the ways in which one condition fails.

    An exception to a guard lies outside the history: the guard fails of an act that carries none.
    """
    condition = words.condition(plain)
    guard = condition.guard
    apart = Refusal(((),), apart=(condition,))
    if isinstance(guard, d.Carries):
        yield from (evolve(apart, omits=frozenset({name})) for name in guard.fields)
    elif isinstance(guard, d.Custom):
        yield evolve(apart, noes=frozenset({guard.function}))
    elif not condition.is_told:
        yield apart
    elif goals := words.options(_opposites(definition, act, plain)):
        yield Refusal(goals, apart=(condition,) if condition.unless else (), failing=((condition, goals),))


def _opposites(
    definition: d.Definition, act: d.EventKind, condition: Condition
) -> Iterator[tuple[c.Atom, ...]]:
    """Yield conjunctions of which one holds where the condition fails."""
    if isinstance(condition.guard, d.NotBefore | d.NotAfter):
        goals = guards.refused_at(definition, act, condition.guard, condition.scope)
    else:
        goals = opposites(condition.asks)
    return (goal for goal in goals if not c.contradicts(goal))


def opposites(options: c.Options) -> c.Options:
    """Return conjunctions of which one holds where none of the options does."""
    ways = product(*([opposite(atom) for atom in option] for option in options))
    return tuple(dict.fromkeys(c.conjunction(chosen) for chosen in ways))


def opposite(atom: c.Atom) -> c.Atom:
    """Return the atom that holds exactly where this one does not."""
    match atom:
        case c.AtLeast() | Tallied() | c.IsKnown() | c.HasCome():
            return evolve(atom, negated=not atom.negated)
        case c.InStates():
            return evolve(atom, states=frozenset(atom.variable.kind.states) - atom.states)
        case c.InStage():
            return c.InStage(STAGES - atom.stages)
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
    omits, noes = one.omits | other.omits, one.noes | other.noes
    return Refusal(goals, omits, noes, apart, (*one.failing, *other.failing))
