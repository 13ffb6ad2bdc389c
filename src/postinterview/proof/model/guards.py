"""What each guard asks of the history, as conditions on variables, and where it refuses.

A proof may rest only on what an act can't get around. So a guard with exceptions (``unless:``) counts as
held, since the act may carry one of them; and of a guard that is asked in every application, only the act's
own one counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import assert_never

from attrs import evolve

from postinterview.core.guards.wrapped import excuses_of
from postinterview.core.rules import definitions as d
from postinterview.core.values.moments import MICROSECOND
from postinterview.proof.model import variables as v
from postinterview.proof.model.conditions import ALWAYS, NEVER, AtLeast, HasCome, InStates, IsKnown, Options
from postinterview.proof.model.credits import bucket_of
from postinterview.proof.model.instants import resolved
from postinterview.proof.model.labels import scope_of
from postinterview.proof.model.machine_states import MachineState, facts_of, moves_of

MOST_CLOCKS = 6
"""The most events that a window is followed for. Each has a clock, and zones grow with the square of them."""


def options_of(definition: d.Definition, act: d.EventKind, guard: d.Guard, scope: d.Scope) -> Options:
    """Return what an act must meet in its own place if the guard allows it, whatever the act carries.

    ``scope``: that of the machine of the guard's transition.
    """
    return ALWAYS if excuses_of(guard, act) else asked_by(definition, act, guard, scope)


def asked_by(definition: d.Definition, act: d.EventKind, guard: d.Guard, scope: d.Scope) -> Options:
    """Return what a guard asks of an act that it applies to, in the act's own place.

    A guard that depends on more than the history (fields, hours, custom functions), or on more of it than the
    model follows, asks nothing.
    """
    own = scope_of(act, guard.scope or scope)
    match guard:
        case d.AtMost(within=timedelta() as within):
            if not is_followed(definition, guard, own):
                return ALWAYS
            recent = v.Recent(guard.of.members, own)
            return ((AtLeast(recent, guard.limit, negated=True, micros=within // MICROSECOND),),)
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
            return _of_moment(definition, act, guard, own, come=isinstance(guard, d.NotBefore))
        case d.InState():
            kind, named = definition.machines[guard.machine], frozenset(guard.states)
            goal = frozenset(kind.states) - named if guard.negated else named
            if (machine := machine_at(definition, act, guard.machine)) is None:
                return ALWAYS if kind.start in goal else NEVER
            return ((InStates(machine, goal),),)
        case d.Spends():
            credit = definition.credits[guard.credit]
            return ((AtLeast(bucket_of(definition, credit, scope_of(act, credit.scope)), 1),),)
        case d.Carries() | d.Hours() | d.Custom():
            return ALWAYS
        case _:
            assert_never(guard)


def refused_at(
    definition: d.Definition, act: d.EventKind, guard: d.NotBefore | d.NotAfter, scope: d.Scope
) -> Options:
    """Return what holds where a guard on an exact moment refuses: the opposite, and shorter than by atoms."""
    own = scope_of(act, guard.scope or scope)
    return _of_moment(definition, act, guard, own, come=isinstance(guard, d.NotAfter), refused=True)


def _of_moment(
    definition: d.Definition,
    act: d.EventKind,
    guard: d.NotBefore | d.NotAfter,
    own: d.Scope,
    *,
    come: bool,
    refused: bool = False,
) -> Options:
    moment = resolved(definition, act, guard.moment, own)
    never = (moment.unknown,) if guard.if_never_holds is not refused else ()
    return (*moment.options(come=come), *never)


def is_told(definition: d.Definition, act: d.EventKind, guard: d.Guard, scope: d.Scope) -> bool:
    """Return whether the history in the act's place alone tells if a guard holds, of an act it applies to."""
    own = scope_of(act, guard.scope or scope)
    match guard:
        case d.Carries() | d.Hours() | d.Custom():
            return False
        case d.NotBefore() | d.NotAfter():
            instants = resolved(definition, act, guard.moment, own).instants
            return not guard.in_every_application and all(each.exact for each in instants)
        case d.AtMost(within=timedelta()) if not is_followed(definition, guard, own):
            return False
        case _:
            return not guard.in_every_application


def is_followed(definition: d.Definition, guard: d.AtMost, own: d.Scope) -> bool:
    """Return whether the model follows a window that is counted by ``own``.

    It does not where there are too many events, nor where those of the employer as a whole lie in every
    round.
    """
    everywhere = own.round and any(definition.events[name].employer_wide for name in guard.of.members)
    return guard.limit <= MOST_CLOCKS and not everywhere


def machine_at(definition: d.Definition, act: d.EventKind, name: str) -> MachineState | None:
    """Return the machine's instance in the place of the act; None if the place lacks one of its keys."""
    kind = definition.machines[name]
    if scope_of(act, kind.scope) != kind.scope:
        return None
    facts = facts_of(definition)
    return MachineState(name, kind.scope, kind, facts, moves_of(kind, facts))


def started_by(kinds: Iterable[d.EventKind]) -> v.EventCount:
    """Return the number of events in the act's application that start it."""
    return v.EventCount(frozenset(kind.name for kind in kinds), frozenset(), d.APPLICATION)


def scope_asked(definition: d.Definition, act: d.EventKind, guard: d.Guard, scope: d.Scope) -> d.Scope:
    """Return the keys that a guard looks at, on a transition of a machine that is kept by ``scope``."""
    asked = guard.scope or scope
    if isinstance(guard, d.InState):
        asked = definition.machines[guard.machine].scope
    if isinstance(guard, d.NotBefore | d.NotAfter):
        dated = any(each.anchor.date for each in resolved(definition, act, guard.moment, asked).instants)
        asked = evolve(asked, application=asked.application or dated)
    return asked
