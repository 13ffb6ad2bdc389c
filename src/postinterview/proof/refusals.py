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
from typing import TypeAlias, assert_never

from attrs import evolve, field, frozen

from postinterview.core.definitions import (
    Carries,
    Custom,
    Definition,
    EventKind,
    Guard,
    Hours,
    NotAfter,
    NotBefore,
    Scope,
    Transition,
)
from postinterview.proof.conditions import (
    AtLeast,
    Atom,
    HasCome,
    InStage,
    Instant,
    InStates,
    IsKnown,
    Options,
    conjunction,
    contradicts,
    instants,
)
from postinterview.proof.labels import TooManyError, scope_of, stages_of
from postinterview.proof.relation import Condition, ConditionKey, choices_of

MOST = 2000
"""The largest number of refusals of one act that are looked at."""

GuardAt: TypeAlias = tuple[Guard, Scope]
"""A guard, and the scope of its machine."""


@frozen
class Refusal:
    """One way to refuse an act, open while all atoms of one of ``goals`` hold.

    ``omits``: fields that the act then lacks. ``noes``: custom functions that then answer no. ``apart``:
    guards that fail apart from the history; if another rulebook asks the same guard, this way is closed.
    """

    goals: tuple[tuple[Atom, ...], ...]
    omits: frozenset[str] = frozenset()
    noes: frozenset[str] = frozenset()
    apart: tuple[GuardAt, ...] = field(default=())


def refusals(definition: Definition, act: EventKind) -> tuple[Refusal, ...]:
    """Return every way in which the rulebook refuses the act.

    Raises:
        TooManyError: there are more than are looked at.
    """
    guards = guards_of(definition, act.name)
    found: dict[Refusal, None] = {}
    for choices in choices_of(definition, act):
        ways: list[Refusal] = [Refusal(((),))]
        for conditions in choices:
            fails = [one for each in conditions for one in _fails(definition, act, each, guards)]
            ways = [both for way in ways for one in fails if (both := _together(way, one)) is not None]
            if len(ways) > MOST:
                raise TooManyError(f"the old rules refuse `{act.name}` in too many ways")
        found |= dict.fromkeys(ways)
    return tuple(found)


def guards_of(definition: Definition, event: str) -> dict[ConditionKey, GuardAt]:
    """Return the guards on the event, by the keys of their conditions."""
    rules = ((m, rule) for m in definition.machines.values() for rule in m.transitions if rule.event == event)
    return {_key(rule, guard): (guard, machine.scope) for machine, rule in rules for guard in rule.guards}


def _key(rule: Transition, guard: Guard) -> ConditionKey:
    return (rule.machine, rule.id, guard.id)


def _fails(
    definition: Definition, act: EventKind, condition: Condition, guards: dict[ConditionKey, GuardAt]
) -> Iterator[Refusal]:
    """Yield the ways in which one condition fails."""
    asked = guards.get(condition.key)
    if asked is not None:
        guard, _ = asked
        match guard:
            case Carries():
                for name in guard.fields:
                    yield Refusal(((),), omits=frozenset({name}), apart=(asked,))
                return
            case Hours():
                yield Refusal(((),), apart=(asked,))
                return
            case Custom():
                yield Refusal(((),), noes=frozenset({guard.function}), apart=(asked,))
                return
            case NotBefore() | NotAfter() if not is_exact(definition, act, asked):
                yield Refusal(((),), apart=(asked,))
                return
            case _:
                pass
    goals = tuple(_goals(act, condition.options))
    if goals:
        yield Refusal(goals)


def is_exact(definition: Definition, act: EventKind, asked: GuardAt) -> bool:
    """Whether the history alone tells when the guard's moment is."""
    return all(each.exact for each in _instants(definition, act, asked))


def _instants(definition: Definition, act: EventKind, asked: GuardAt) -> tuple[Instant, ...]:
    guard, scope = asked
    if not isinstance(guard, NotBefore | NotAfter):
        return ()
    return instants(definition, act, guard.moment, scope_of(act, guard.scope or scope))


def _goals(act: EventKind, options: Options) -> Iterator[tuple[Atom, ...]]:
    """Yield conjunctions of which one holds where no option does."""
    seen = set()
    for chosen in product(*([opposite(act, atom) for atom in option] for option in options)):
        goal = conjunction(chosen)
        if not contradicts(goal) and goal not in seen:
            seen.add(goal)
            yield goal


def opposite(act: EventKind, atom: Atom) -> Atom:
    """Return the atom that holds exactly where this one does not."""
    match atom:
        case AtLeast() | IsKnown() | HasCome():
            return evolve(atom, negated=not atom.negated)
        case InStates():
            return evolve(atom, states=frozenset(atom.variable.kind.states) - atom.states)
        case InStage():
            return InStage(frozenset(stages_of(act)) - atom.stages)
        case _:
            assert_never(atom)


def _together(one: Refusal, other: Refusal) -> Refusal | None:
    pairs = (conjunction(mine, its) for mine in one.goals for its in other.goals)
    goals = tuple(dict.fromkeys(goal for goal in pairs if not contradicts(goal)))
    if len(goals) > MOST:
        raise TooManyError("the old rules refuse it in too many ways")
    if not goals:
        return None
    return Refusal(
        goals,
        one.omits | other.omits,
        one.noes | other.noes,
        tuple(dict.fromkeys((*one.apart, *other.apart))),
    )


def settles(definition: Definition, act: EventKind, asked: GuardAt) -> object:
    """Return what decides a guard apart from its own words: its scope, and what its moment hangs on."""
    guard, scope = asked
    return scope_of(act, guard.scope or scope), _instants(definition, act, asked)


def holds_with(guard: Guard, other: Guard) -> bool:
    """Whether ``guard``, which depends on more than the history, holds wherever ``other`` does.

    Both must be settled by the same, see `settles`.
    """
    match guard, other:
        case Hours(), Hours():
            days = other.weekdays <= guard.weekdays
            inside = guard.opens <= other.opens < other.closes <= guard.closes
            return days and inside and (other.business_days_only or not guard.business_days_only)
        case Custom(), Custom():
            return guard.function == other.function
        case (NotBefore() | NotAfter(), NotBefore() | NotAfter()) if type(guard) is type(other):
            return guard.moment == other.moment and guard.if_never_holds == other.if_never_holds
        case _:
            return False
