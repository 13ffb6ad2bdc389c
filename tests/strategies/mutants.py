"""A rulebook, changed a little: guards dropped, loosened and tightened, transitions that lead elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from attrs import evolve
from hypothesis import strategies as st

from postinterview.core.rules.definitions import (
    Apart,
    AtMost,
    Carries,
    Definition,
    Guard,
    Happened,
    Hours,
    InState,
    LatestKnown,
    NotAfter,
    NotBefore,
    Scope,
    Transition,
)
from tests.strategies.hand import Draw, Hand

MINUTE = timedelta(minutes=1)


def changed(guard: Guard) -> Iterator[Guard]:
    """The guard, asking for a little more or less."""
    if guard.unless:
        yield evolve(guard, unless=())
    if guard.in_every_application:
        yield evolve(guard, in_every_application=False)
    match guard:
        case AtMost(within=timedelta() as within):
            yield evolve(guard, limit=guard.limit + 1)
            yield evolve(guard, within=within + MINUTE)
            yield evolve(guard, within=within - MINUTE)
            yield evolve(guard, within=within / 2)
            yield evolve(guard, within=None)
            if not guard.in_every_application:
                yield evolve(guard, scope=Scope())
        case AtMost():
            yield evolve(guard, limit=guard.limit + 1)
            if guard.limit > 1:
                yield evolve(guard, limit=guard.limit - 1)
            yield evolve(guard, since=None)
            yield evolve(guard, scope=Scope())
        case Happened():
            yield evolve(guard, since=None)
            yield evolve(guard, scope=Scope())
        case Apart():
            yield evolve(guard, duration=guard.duration + MINUTE)
            yield evolve(guard, duration=guard.duration - MINUTE)
            yield evolve(guard, if_never_holds=not guard.if_never_holds)
        case NotBefore() | NotAfter():
            yield evolve(guard, if_never_holds=not guard.if_never_holds)
            if isinstance(guard.moment.plus, timedelta):
                yield evolve(guard, moment=evolve(guard.moment, plus=guard.moment.plus + MINUTE))
                yield evolve(guard, moment=evolve(guard.moment, plus=guard.moment.plus - MINUTE))
            yield evolve(guard, moment=evolve(guard.moment, plus=timedelta(hours=30)))
            match guard.moment.anchor:
                case LatestKnown(options=(*some, _)) if some:
                    yield evolve(guard, moment=evolve(guard.moment, anchor=LatestKnown(tuple(some))))
        case Carries() if len(guard.fields) > 1:
            yield evolve(guard, fields=guard.fields[1:])
        case Hours():
            yield evolve(guard, weekdays=guard.weekdays | {5})
            yield evolve(guard, weekdays=guard.weekdays - {min(guard.weekdays)} or guard.weekdays)
        case InState():
            yield evolve(guard, negated=not guard.negated)
        case _:
            pass


@st.composite
def mutants(draw: Draw, definition: Definition) -> Definition:
    """The definition with one to three changes in the transitions of acts."""
    hand = Hand(draw)
    for _ in range(hand.number(1, 3)):
        machine = definition.machines[hand.one(list(definition.machines))]
        rules = [rule for rule in machine.transitions if definition.events[rule.event].is_act]
        if rules:
            rule = hand.one(rules)
            after = _changed_rule(hand, definition, rule, list(machine.states))
            kept = tuple(after if each is rule else each for each in machine.transitions)
            machines = {**definition.machines, machine.name: evolve(machine, transitions=kept)}
            definition = evolve(definition, machines=machines)
    return definition


def _changed_rule(hand: Hand, definition: Definition, rule: Transition, states: list[str]) -> Transition:
    if rule.guards and hand.chance(75):
        guard = hand.one(rule.guards)
        instead = [None, *changed(guard)]
        put = hand.one(instead)
        guards = tuple(new for each in rule.guards for new in ((put,) if each is guard else (each,)))
        return evolve(rule, guards=tuple(each for each in guards if each is not None))
    taken = {
        source
        for other in definition.machines[rule.machine].transitions
        if other.event == rule.event and other is not rule
        for source in other.sources
    }
    free = [state for state in states if state not in taken]
    if free and hand.chance(50):
        return evolve(rule, sources=tuple(hand.some(free, 1)))
    return evolve(rule, target=hand.one([None, *states]))
