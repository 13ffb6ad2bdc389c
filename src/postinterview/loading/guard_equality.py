"""Compare what guards say, apart from their ids and places: which are the same, and which are opposites."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any, TypeAlias, assert_never

from attrs import evolve, fields, frozen

from postinterview.core.rules import definitions as d

_NOT_SAID = frozenset(
    {
        "id",
        "origin",
        "changes",
        "text",
        "scope",
        "negated",
        "if_never_holds",
        "unless",
        "in_every_application",
    }
)
"""The attributes that tell guards apart without changing what they ask, or that `Content` has itself."""

_OPPOSITE = {d.InState: d.InState, d.Happened: d.Happened, d.NotBefore: d.NotAfter, d.NotAfter: d.NotBefore}
"""The kinds of guards that may exclude each other, and the kind that does."""


@frozen(cache_hash=True)
class Content:
    """The meaning of a guard; equal for guards that say the same."""

    kind: type
    scope: d.Scope | None
    asks: tuple[Any, ...]
    negated: bool
    if_never_holds: bool
    unless: frozenset[Any] = frozenset()
    in_every_application: bool = False


def content(guard: d.Guard, scope: d.Scope) -> Content:
    """Return what the guard says on a transition of a machine that is kept by ``scope``."""
    # These look at the same, wherever they stand.
    own = (
        None
        if isinstance(guard, d.InState | d.Spends | d.Carries | d.Hours | d.Custom)
        else guard.scope or scope
    )
    kind: type = type(guard)
    asks = tuple([_said(getattr(guard, name)) for name in _asking(kind)])
    unless = frozenset([(name, frozenset(values)) for name, values in guard.unless])
    negated, never = getattr(guard, "negated", False), getattr(guard, "if_never_holds", False)
    return Content(kind, own, asks, negated, never, unless, guard.in_every_application)


@cache
def _asking(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.name not in _NOT_SAID)


def _said(value: object) -> object:
    if isinstance(value, d.EventSet):
        return value.members
    if isinstance(value, d.Moment):
        return anchor(value), value.plus
    return frozenset(value) if isinstance(value, tuple) else value


def counted(guard: d.AtMost, scope: d.Scope) -> Content:
    """Return what a count is of, whatever its limit and its window."""
    return content(evolve(guard, limit=0, within=None), scope)


def includes(one: d.AtMost, other: d.AtMost) -> bool:
    """Return whether ``other`` holds whenever ``one`` does, where they count the same."""
    longer = one.within is None or (other.within is not None and one.within >= other.within)
    return longer and one.limit <= other.limit


def opposites(said: Content) -> tuple[Content, ...]:
    """Return the guards that hold exactly where this one does not, so that they never hold together.

    A guard with exceptions has none: both would let through the acts that they don't apply to. Nor has one
    that is asked in every application, since two of them may answer differently.
    """
    kind = _OPPOSITE.get(said.kind)
    if kind is None or said.unless or said.in_every_application:
        return ()
    if kind is said.kind:
        return (evolve(said, negated=not said.negated),)
    blocks = evolve(said, kind=kind, if_never_holds=False)
    return (blocks,) if said.if_never_holds else (blocks, evolve(blocks, if_never_holds=True))


Anchor: TypeAlias = tuple[Any, ...]


def anchor(moment: d.Moment) -> Anchor:
    """Return what the moment hangs on."""
    match moment.anchor:
        case d.OfEvents(events):
            return "events", events.members
        case d.OfDate(name):
            return "date", name
        case d.FirstKnown(options):
            return "first", *((anchor(option), option.plus) for option in options)
        case d.LatestKnown(options):
            return "latest", frozenset((anchor(option), option.plus) for option in options)
    assert_never(moment.anchor)


def dates_in(moment: d.Moment) -> tuple[str, ...]:
    """Return the dates set by fields that the moment hangs on."""
    match moment.anchor:
        case d.OfDate(name):
            return (name,)
        case d.FirstKnown(options) | d.LatestKnown(options):
            return tuple(name for option in options for name in dates_in(option))
        case _:
            return ()


def is_no_later(one: timedelta | d.BusinessDays | None, other: timedelta | d.BusinessDays | None) -> bool:
    """Return whether ``anchor + one`` comes at or before ``anchor + other``, whatever the anchor."""
    if one is None:
        return True
    if isinstance(one, d.BusinessDays):
        return isinstance(other, d.BusinessDays) and one.count <= other.count
    return isinstance(other, timedelta) and one <= other
