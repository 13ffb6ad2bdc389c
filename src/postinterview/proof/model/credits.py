"""Credits in the proof: the variable that counts them, and which of them one act can take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from attrs import field, frozen

from postinterview.core.rules.definitions import Credit, Definition, Guard, Scope, Spends, Transition
from postinterview.proof.model.labels import EventLabel
from postinterview.proof.model.variables import NEW_ROUND, Effect, Op, Value, pair


@frozen(cache_hash=True)
class CreditBucket:
    """The number of credits: emptied, filled by one, and spent by one, in this order.

    ``credit``: its name in the rulebook; empty for a promise's own bucket, which every spender takes from.
    ``spenders`` take a credit on each of their transitions, ``sometimes`` only on some; see `spendings`. An
    act takes from the bucket of its own place, and that is this one if the label is of just the tracked
    place. An act that names the person in copy, or lies in no round, may take from another one.
    ``definition``: whose transitions decide, if some spend and some don't; two rulebooks may then take
    different ones.
    """

    credit: str
    givers: frozenset[str]
    spenders: frozenset[str]
    sometimes: frozenset[str]
    emptied_by: frozenset[str]
    max: int
    scope: Scope
    definition: Definition | None = field(default=None, eq=id, repr=False)

    start = (0, 0)

    def op(self, label: EventLabel) -> Op | None:
        event = label.event
        empties, gives = event in self.emptied_by, event in self.givers
        spends: bool | None = False
        if event in self.spenders and (not self.credit or label.is_of(self.scope)):
            spends = True
        elif event in self.spenders | self.sometimes:
            spends = None
        new = label.begins and self.scope.round
        if (spends is False and not empties and not gives) or not label.lies_in(self.scope):
            return NEW_ROUND if new else None
        return (empties, gives, spends, new, self.scope.round and label.round == "none")

    def apply(self, op: Op, value: Value, cap: int, spent: bool | None = None) -> tuple[Effect, ...]:
        """Return the values after it; ``spent``: whether a credit is taken, if the label leaves that open."""
        here, floor = pair(value)
        if op == NEW_ROUND:
            return (Effect((floor, floor)),)
        empties, gives, spends, new, also_floor = op
        here = floor if new else here
        chosen = spent if spends is None else bool(spends)

        def level(before: int, take: bool) -> int:
            filled = min((0 if empties else before) + bool(gives), self.max)
            return max(filled - take, 0)

        takes = (False, True) if chosen is None else (chosen,)
        return tuple(Effect((level(here, t), level(floor, t) if also_floor else floor)) for t in takes)


def bucket_of(definition: Definition, credit: Credit, scope: Scope) -> CreditBucket:
    """Return the bucket as the rulebook keeps it, for an act whose place has the keys of ``scope``."""
    spenders, sometimes = set[str](), set[str]()
    for name in definition.events:
        for rules in _listening(definition, name):
            takes = {credit.name in spends_of(rule) for rule in rules}
            if True in takes:
                (sometimes if False in takes else spenders).add(name)
    givers = frozenset(name for name, kind in definition.events.items() if credit.name in kind.gives)
    if scope != credit.scope:  # the act looks at several buckets at once, a breach at one of them
        spenders, sometimes = set(), spenders | sometimes
    taking = frozenset(spenders), frozenset(sometimes - spenders)
    emptied_by, decides = credit.emptied_by.members, definition if taking[1] else None
    return CreditBucket(credit.name, givers, *taking, emptied_by, credit.max, scope, decides)


def spends_of(rule: Transition) -> frozenset[str]:
    """Return the credits that a transition takes."""
    return frozenset(guard.credit for guard in rule.guards if isinstance(guard, Spends))


def _listening(definition: Definition, event: str) -> Iterator[list[Transition]]:
    """Yield the transitions on the event, machine by machine."""
    for machine in definition.machines.values():
        rules = [rule for rule in machine.transitions if rule.event == event]
        if rules:
            yield rules


def spendings(
    definition: Definition,
    event: str,
    filled: Mapping[str, bool],
    states: Mapping[str, str],
    held: Mapping[tuple[str, str, str], bool],
) -> tuple[frozenset[str], ...]:
    """Return the sets of credits that one act can take, by what is known when it happens.

    ``filled``: whether buckets hold a credit. ``states``: those of machines. ``held``: by machine, transition
    and id, whether guards hold.

    An allowed act takes the credits of the first transition whose guards hold, in each machine; one that is
    excused (``unless:``) takes a credit if there is one. A breach, which some machine refuses, takes those of
    the first transition that leaves the state; if none does, those of `breach_from: any`, or of all. Example:
    `answer` spends `reply`, and `answer_more`, written below it, spends `extra`; neither has other guards.
    Then an act with both credits takes `reply`, and with `extra` alone that.
    """
    allowed: list[dict[frozenset[str], None]] = []
    breaches: list[dict[tuple[frozenset[str], bool], None]] = []
    always_refusable = definition.events[event].to_person  # of a stranger
    for rules in _listening(definition, event):
        machine = definition.machines[rules[0].machine]
        ends = [rule for rule in rules if rule.breach_from_any]
        unmoved = spends_of(ends[0]) if ends else frozenset().union(*map(spends_of, rules))
        allowed.append({})
        breaches.append({(unmoved, True): None} if machine.scope.round else {})
        for state in (states[machine.name],) if machine.name in states else machine.states:
            leaving = [rule for rule in rules if state in rule.sources]
            refusable = True
            for rule in leaving:
                met = [_is_met(rule, guard, filled, held) for guard in rule.guards]
                if False not in met:
                    allowed[-1][spends_of(rule)] = None
                if all(met):
                    refusable = always_refusable or not _is_started(definition, event, spends_of(rule))
                    break
            breaches[-1][spends_of(leaving[0]) if leaving else unmoved, refusable] = None
    refused = (each for each in product(*breaches) if any(refusable for _, refusable in each))
    chosen = (*product(*allowed), *(tuple(spends for spends, _ in each) for each in refused))
    return tuple(dict.fromkeys(frozenset().union(*each) for each in chosen))


def _is_met(
    rule: Transition, guard: Guard, filled: Mapping[str, bool], held: Mapping[tuple[str, str, str], bool]
) -> bool | None:
    """Return whether a guard of a transition holds; None if that is not known."""
    if not isinstance(guard, Spends):
        return held.get((rule.machine, rule.id, guard.id))
    return filled.get(guard.credit) or (None if guard.unless else filled.get(guard.credit))


def _is_started(definition: Definition, event: str, taken: Iterable[str]) -> bool:
    """Return whether an act that finds these credits lies in a started application, or needs none.

    Nothing else than an event that starts the application can have given one of them.
    """
    kinds = definition.events.values()
    if not definition.events[event].needs_a_start:
        return True
    return any(
        definition.credits[name].scope.application
        and all(each.starts_application for each in kinds if name in each.gives)
        for name in taken
    )
