"""Find how long an act may close itself in other applications, by the rules alone."""

from __future__ import annotations

from datetime import timedelta

from postinterview.core.rules.definitions import (
    Apart,
    AtMost,
    Custom,
    Definition,
    EventSet,
    FirstKnown,
    Happened,
    InState,
    LatestKnown,
    Moment,
    NotAfter,
    NotBefore,
    OfEvents,
    Spends,
)


def closes_others_for(definition: Definition, event: str) -> timedelta:
    """Return for how long the act may close itself in other applications, at most; `timedelta.max`: for good.

    It does so by what is counted or kept apart in more than one application, by a credit, and by a machine
    that they share.
    """
    longest = timedelta(0)
    for kind in definition.machines.values():
        rules = [rule for rule in kind.transitions if rule.event == event]
        if not kind.scope.application and any(rule.target is not None for rule in rules):
            return timedelta.max
        for guard in (guard for rule in rules for guard in rule.guards):
            scope = kind.scope if guard.scope is None else guard.scope
            shared = guard.in_every_application or not scope.application
            match guard:
                case Apart(of=of, duration=time) | AtMost(of=of, within=timedelta() as time):
                    if shared and event in of.members:
                        longest = max(longest, time)
                case AtMost(of=of) | Happened(of=of, negated=True) if shared and event in of.members:
                    return timedelta.max
                case Happened(since=EventSet(members=members), negated=False) if shared and event in members:
                    return timedelta.max
                case NotBefore(moment=moment) | NotAfter(moment=moment) if shared and _hangs_on(
                    moment, event
                ):
                    return timedelta.max
                case Spends(credit=credit) if not definition.credits[credit].scope.application:
                    return timedelta.max
                case Custom() | InState(in_every_application=True):
                    return timedelta.max
                case _:
                    pass
    return longest


def _hangs_on(moment: Moment, event: str) -> bool:
    match moment.anchor:
        case OfEvents(events):
            return event in events.members
        case FirstKnown(options) | LatestKnown(options):
            return any(_hangs_on(option, event) for option in options)
        case _:
            return False
