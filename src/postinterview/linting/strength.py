"""Tell which of two guards asks for more: `implies` is the one order that all lints use."""

from __future__ import annotations

from postinterview.core.rules import definitions as d
from postinterview.loading.guard_equality import anchor, content, is_no_later


def implies(one: d.Guard, other: d.Guard, scope: d.Scope, other_scope: d.Scope | None = None) -> bool:
    """Return whether ``other`` holds whenever ``one`` does. False may mean that it is not known.

    ``scope`` is that of the machine of ``one``, and of ``other`` unless ``other_scope`` is given.
    """
    scopes = one.scope or scope, other.scope or other_scope or scope
    if content(one, scopes[0]) == content(other, scopes[1]):
        return True
    if type(one) is not type(other) or (other.in_every_application and not one.in_every_application):
        return False
    excepted = [{(name, value) for name, values in each.unless for value in values} for each in (one, other)]
    if not excepted[0] <= excepted[1]:
        return False
    same, coarser = scopes[0] == scopes[1], _is_within(scopes[1], scopes[0])
    match one, other:
        case d.AtMost(), d.AtMost():
            return (
                one.limit <= other.limit
                and one.of.members >= other.of.members
                and _counts_longer(one, other, same=same, coarser=coarser)
            )
        case d.NotBefore(), d.NotBefore():
            later = anchor(one.moment) == anchor(other.moment) and is_no_later(
                other.moment.plus, one.moment.plus
            )
            return same and later and (other.if_never_holds or not one.if_never_holds)
        case d.NotAfter(), d.NotAfter():
            sooner = anchor(one.moment) == anchor(other.moment) and is_no_later(
                one.moment.plus, other.moment.plus
            )
            return same and sooner and (other.if_never_holds or not one.if_never_holds)
        case d.Apart(), d.Apart():
            never = other.if_never_holds or (
                not one.if_never_holds and one.of.members == other.of.members and same
            )
            return coarser and never and one.duration >= other.duration and one.of.members >= other.of.members
        case d.Hours(), d.Hours():
            days = one.weekdays <= other.weekdays and (one.business_days_only or not other.business_days_only)
            return days and other.opens <= one.opens and one.closes <= other.closes
        case d.Carries(), d.Carries():
            return set(other.fields) <= set(one.fields)
        case d.InState(), d.InState():
            one_states, other_states = set(one.states), set(other.states)
            if one.machine != other.machine or one.negated != other.negated:
                return False
            return one_states >= other_states if one.negated else one_states <= other_states
        case d.Happened(negated=True), d.Happened(negated=True):
            seen = one.of.members >= other.of.members
            return seen and (coarser if one.since is None else same and _is_part(one.since, other.since))
        case d.Happened(negated=False), d.Happened(negated=False):
            seen = one.of.members <= other.of.members
            return seen and same and (other.since is None or _is_part(other.since, one.since))
        case _:
            return False


def is_weaker(mine: d.Guard, theirs: d.Guard, scope: d.Scope, their_scope: d.Scope) -> bool:
    """Return whether a guard is sure to ask for less than another one."""
    return implies(theirs, mine, their_scope, scope) and not implies(mine, theirs, scope, their_scope)


def coarser_key(mine: d.Guard, theirs: d.Guard, scope: d.Scope, their_scope: d.Scope) -> str:
    """Return the key by which a count without an end is kept no more: ``person`` or ``round``; or nothing."""
    if not isinstance(mine, d.AtMost) or mine.since is not None or mine.within is not None:
        return ""
    here, there = mine.scope or scope, theirs.scope or their_scope
    if there.interviewer and not here.interviewer:
        return "person"
    return "round" if there.round and not here.round else ""


def _counts_longer(one: d.AtMost, other: d.AtMost, *, same: bool, coarser: bool) -> bool:
    if one.within is not None:
        return coarser and other.within is not None and one.within >= other.within
    if one.since is not None:
        return same and _is_part(one.since, other.since)
    return coarser


def _is_part(one: d.EventSet, other: d.EventSet | None) -> bool:
    return other is not None and one.members <= other.members


def _is_within(finer: d.Scope, coarser: d.Scope) -> bool:
    """Return whether everything in the one scope is in the other one, too."""
    return not (
        (coarser.application and not finer.application)
        or (coarser.round and not finer.round)
        or (coarser.interviewer and not finer.interviewer)
    )
