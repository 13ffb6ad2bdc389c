"""Find the guard to blame for a broken promise: the one that asks most nearly what the promise asks.

A guard and a clause of a promise are compared by what they look at: the events they count or measure time
from, since when, in which window and scope. Example: the promise `one_chase` counts chases since a sign of
life. Of `one_follow_up: {at_most: 1, of: follow_up, per: round}` and `one_chase: {at_most: 2, of: chase,
since: sign_of_life, per: employer}` it is the second that asks for the same, and too little of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from attrs import frozen

from postinterview.core.rules import definitions as d
from postinterview.proof.promises import promise as p


@frozen
class _Question:
    """What a guard or a clause looks at.

    ``kind``: how many of something there were, how long to wait for it, until when it helps, or a credit.
    ``about``: events, or a date.
    """

    kind: Literal["count", "wait", "until", "credit"]
    about: frozenset[str]
    since: frozenset[str] = frozenset()
    rolling: bool = False
    scope: d.Scope = d.EMPLOYER

    def nearness(self, other: _Question) -> tuple[int, float]:
        """Return how near two questions are; the least is ``(0, 0)``, of those about different things."""
        shared = self.about & other.about
        if not shared or self.kind != other.kind:
            return (0, 0)
        alike = (self.since == other.since, self.rolling == other.rolling, self.scope == other.scope)
        return 1 + sum(alike), len(shared) / len(self.about | other.about)


def culprit(
    definition: d.Definition, clause: p.Clause, act: d.EventKind, taken: tuple[d.Transition, ...]
) -> tuple[d.Transition, d.Guard | None]:
    """Return the guard that asks nearly what the clause asks, or else the transition that the act takes.

    ``taken``: the transitions that allow the act, one of each machine.
    """
    asked = _of_clause(definition, clause, act)

    def nearness(rule: d.Transition, guard: d.Guard) -> tuple[int, float]:
        own = definition.machines[rule.machine].scope
        return max((asked.nearness(each) for each in _of_guard(guard, own)), default=(0, 0))

    guards = [(rule, guard) for rule in taken for guard in rule.guards]
    nearest = max(guards, key=lambda each: nearness(*each), default=None)
    return nearest if nearest is not None and nearness(*nearest)[0] else (taken[0], None)


def _of_clause(definition: d.Definition, clause: p.Clause, act: d.EventKind) -> _Question:
    def events(names: Iterable[str]) -> frozenset[str]:
        return p.events_of(definition, names)

    match clause.when:
        case p.MoreThan() as when:
            of = frozenset({act.name}) if when.each else events(clause.never) - events(clause.but)
            return _Question("count", of, events(when.since), when.within is not None, when.per)
        case p.After() as when:
            return _Question("count", events(when.of), events(when.until), scope=when.per)
        case p.Within() as when:
            return _Question("wait", events(when.of), scope=when.per)
        case p.LaterThan() as when:
            return _Question("until", events(when.of), scope=when.per)
        case p.Before() as when:
            return _Question("wait", _date(when.date), scope=d.APPLICATION)
        case p.Without() as when:
            return _Question("credit", _ANY_CREDIT, scope=when.per)


_ANY_CREDIT = frozenset({"any credit"})


def _of_guard(guard: d.Guard, own: d.Scope) -> Iterator[_Question]:
    """Yield what a guard looks at. ``own``: the scope of its machine."""
    scope = own if guard.scope is None else guard.scope
    match guard:
        case d.AtMost(of=of, since=since, within=within):
            yield _Question("count", of.members, _members(since), within is not None, scope)
        case d.Happened(of=of, since=since):
            yield _Question("count", of.members, _members(since), scope=scope)
        case d.Apart(of=of):
            yield _Question("wait", of.members, scope=scope)
            yield _Question("count", of.members, rolling=True, scope=scope)  # one in so long
        case d.NotBefore(moment=moment):
            yield from _of_moment("wait", moment, scope)
        case d.NotAfter(moment=moment):
            yield from _of_moment("until", moment, scope)
        case d.Spends():
            yield _Question("credit", _ANY_CREDIT, scope=scope)
        case _:
            pass  # a state, fields, hours and a function ask nothing that a promise asks


def _of_moment(kind: Literal["wait", "until"], moment: d.Moment, scope: d.Scope) -> Iterator[_Question]:
    match moment.anchor:
        case d.OfEvents(events=events):
            yield _Question(kind, events.members, scope=scope)
        case d.OfDate(name=name):
            yield _Question(kind, _date(name), scope=d.APPLICATION)
        case d.FirstKnown(options=options) | d.LatestKnown(options=options):
            for each in options:
                yield from _of_moment(kind, each, scope)


def _date(name: str) -> frozenset[str]:
    return frozenset({f"the date {name}"})


def _members(events: d.EventSet | None) -> frozenset[str]:
    return frozenset() if events is None else events.members
