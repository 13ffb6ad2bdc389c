"""What a guard says, apart from its id and place: to tell which guards are the same, or opposites."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeAlias, assert_never

from postinterview.core.definitions import (
    Apart,
    AtMost,
    BusinessDays,
    Carries,
    Custom,
    EventSet,
    FirstKnown,
    Guard,
    Happened,
    Hours,
    InState,
    Moment,
    NotAfter,
    NotBefore,
    OfDate,
    OfEvents,
    Scope,
    Spends,
)

Content: TypeAlias = tuple[Any, ...]
"""Equal for guards that say the same; the kind of guard comes first."""

_OPPOSITE = {
    "state": "not_state",
    "not_state": "state",
    "happened": "not_happened",
    "not_happened": "happened",
    "not_before": "not_after",
    "not_after": "not_before",
}


def content(guard: Guard, scope: Scope) -> Content:
    """What the guard says in a machine of this scope."""
    scope = guard.scope or scope
    match guard:
        case AtMost():
            return "at_most", guard.limit, guard.of.members, _members(guard.since), scope
        case NotBefore():
            return "not_before", anchor(guard.moment), guard.moment.plus, scope, guard.if_never_holds
        case NotAfter():
            return "not_after", anchor(guard.moment), guard.moment.plus, scope, guard.if_never_holds
        case Apart():
            return "apart", guard.duration, guard.of.members, scope, guard.if_never_holds
        case InState():
            return "not_state" if guard.negated else "state", guard.machine, frozenset(guard.states)
        case Happened():
            kind = "not_happened" if guard.negated else "happened"
            return kind, guard.of.members, _members(guard.since), scope
        case Spends():
            return "spends", guard.credit
        case Carries():
            return "fields", frozenset(guard.fields)
        case Hours():
            return "hours", guard.opens, guard.closes, guard.weekdays, guard.business_days_only
        case Custom():
            return "custom", guard.function
    assert_never(guard)


def opposites(said: Content) -> tuple[Content, ...]:
    """What holds exactly where this does not, so that they never hold together."""
    kind = _OPPOSITE.get(said[0])
    if kind is None:
        return ()
    if kind in ("not_before", "not_after"):
        hangs_on = (kind, *said[1:4])
        never_blocks = ((*hangs_on, False),)
        return never_blocks if said[4] else (*never_blocks, (*hangs_on, True))
    return ((kind, *said[1:]),)


def anchor(moment: Moment) -> Content:
    """What the moment hangs on."""
    match moment.anchor:
        case OfEvents(events):
            return "events", events.members
        case OfDate(name):
            return "date", name
        case FirstKnown(options):
            return "first", *((anchor(option), option.plus) for option in options)
    assert_never(moment.anchor)


def dates_in(moment: Moment) -> tuple[str, ...]:
    """The dates set by fields that the moment hangs on."""
    match moment.anchor:
        case OfDate(name):
            return (name,)
        case FirstKnown(options):
            return tuple(name for option in options for name in dates_in(option))
        case _:
            return ()


def is_no_later(one: timedelta | BusinessDays | None, other: timedelta | BusinessDays | None) -> bool:
    """Whether ``anchor + one`` comes at or before ``anchor + other``, whatever the anchor."""
    if one is None:
        return True
    if isinstance(one, BusinessDays):
        return isinstance(other, BusinessDays) and one.count <= other.count
    return isinstance(other, timedelta) and one <= other


def _members(events: EventSet | None) -> frozenset[str] | None:
    return None if events is None else events.members
