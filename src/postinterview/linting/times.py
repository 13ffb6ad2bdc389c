"""Find acts that are due before they can open, or after they closed.

Each event and date that a due moment hangs on makes a plain story: it comes to pass at a time called 0, and
nothing else does. In that story the due moment and the moments of the guards are intervals from 0 on, since
business days take more days than one knows. A slip is reported if every such story that says anything shows
it, so a rule that fits one of its events is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TypeAlias

from postinterview.core.rules import definitions as d
from postinterview.linting.compared import Rules, Slip, place, slip
from postinterview.linting.strength import implies
from postinterview.loading.diagnostics import Label
from postinterview.loading.report import span_of

Interval: TypeAlias = tuple[timedelta, timedelta]
Fact: TypeAlias = tuple[str, str]
"""An event or a date: ``("event", "interview")``, ``("date", "promised")``."""

_DAY = timedelta(days=1)
_LONGEST_BREAK = 12
"""So many days in a row without business are the most that an employer has, such as over New Year."""


def late_and_early(rules: Rules) -> Iterator[Slip]:
    """Yield the transitions whose due moment lies outside of the time in which their guards hold."""
    for rule in rules.transitions.values():
        if rule.due is None:
            continue
        asked = list(_asked(rules, rule))
        early, late = None, None
        judged = [_judge(rule.due, fact, asked) for fact in sorted(facts_of(rule.due))]
        told = [each for each in judged if each is not None]
        if told and all(each[0] is not None for each in told):
            early = told[0][0]
        elif told and all(each[1] is not None for each in told):
            late = told[0][1]
        guard = early or late
        if guard is not None:
            yield _slip(rules, rule, rule.due, guard, is_early=early is not None)


def stays_open(rules: Rules, rule: d.Transition) -> bool:
    """Return whether the act can be done until some time after its due moment, and then no more.

    A machine closes it if each of its transitions has a guard that does.
    """

    def closes(each: d.Transition, fact: Fact, moment: Interval) -> bool:
        values = (_value(guard.moment, fact) for guard in each.guards if isinstance(guard, d.NotAfter))
        return any(value is not None and moment[1] <= value[0] for value in values)

    moments = {fact: _value(rule.due, fact) for fact in facts_of(rule.due)} if rule.due else {}
    return bool(moments) and all(
        moment is not None
        and any(
            all(closes(each, fact, moment) for each in heard) for heard in rules.heard[rule.event].values()
        )
        for fact, moment in moments.items()
    )


def facts_of(moment: d.Moment) -> frozenset[Fact]:
    """Return the events and dates that a moment hangs on."""
    match moment.anchor:
        case d.OfEvents(events):
            return frozenset(("event", name) for name in events.members)
        case d.OfDate(name):
            return frozenset({("date", name)})
        case d.FirstKnown(options) | d.LatestKnown(options):
            return frozenset(fact for option in options for fact in facts_of(option))


def _asked(rules: Rules, rule: d.Transition) -> Iterator[d.Guard]:
    """Yield the guards that must hold for the act: those of the rule, and those that other machines ask."""
    yield from rule.guards
    for machine, heard in rules.heard[rule.event].items():
        if machine == rule.machine:
            continue
        scope = rules.definition.machines[machine].scope
        for guard in heard[0].guards:
            if all(any(implies(each, guard, scope) for each in other.guards) for other in heard[1:]):
                yield guard


def _judge(due: d.Moment, fact: Fact, asked: list[d.Guard]) -> tuple[d.Guard | None, d.Guard | None] | None:
    """Return the guard that opens after the due moment, and the one that closes before it."""
    moment = _value(due, fact)
    if moment is None:
        return None
    early: d.Guard | None = None
    late: d.Guard | None = None
    for guard in asked:
        if guard.unless:
            continue
        match guard:
            case d.NotBefore(moment=opens):
                value = _value(opens, fact)
                early = guard if value is not None and moment[1] < value[0] else early
            case d.Apart(of=of, duration=duration) if fact[0] == "event" and fact[1] in of.members:
                early = guard if moment[1] < duration else early
            case d.NotAfter(moment=closes):
                value = _value(closes, fact)
                late = guard if value is not None and moment[0] > value[1] else late
            case _:
                pass
    return early, late


def _value(moment: d.Moment, fact: Fact) -> Interval | None:
    """Return when a moment comes if the fact is all that is known; None if it is not known then."""
    if fact not in facts_of(moment):
        return None
    low = high = timedelta()
    if isinstance(moment.anchor, d.FirstKnown | d.LatestKnown):
        values = [value for each in moment.anchor.options if (value := _value(each, fact)) is not None]
        if isinstance(moment.anchor, d.FirstKnown):
            values = values[:1]
        low, high = max(low for low, _ in values), max(high for _, high in values)
    more = _span(moment.plus)
    return low + more[0], high + more[1]


def _span(plus: timedelta | d.BusinessDays | None) -> Interval:
    if isinstance(plus, d.BusinessDays):
        return (plus.count - 1) * _DAY, (2 * plus.count + _LONGEST_BREAK) * _DAY
    return plus or timedelta(), plus or timedelta()


def _slip(rules: Rules, rule: d.Transition, due: d.Moment, guard: d.Guard, *, is_early: bool) -> Slip:
    path = (*rules.path_of(rule.origin), "due")
    where = span_of(rules.entries[path][1])
    if is_early:
        code, message = "PI510", f"the agenda asks for `{rule.event}` before the rules allow it"
        label = f"`{due.text}` is too soon for `{guard.id}`"
        help = "write a later `due`, or an earlier moment there (or is it `not_after` that is meant?)"
        if not isinstance(guard, d.NotBefore):
            help = f"write a later `due`, or let `{guard.id}` ask for less"
    else:
        code, message = "PI511", f"the agenda asks for `{rule.event}` when the rules refuse it again"
        label = f"`{due.text}` is too late for `{guard.id}`"
        help = "write an earlier `due`, or a later moment there"
    other = Label(place(guard.origin, guard.id), "this guard")
    return slip(code, rule.id, where, message, label, help, path=path, others=(other,))
