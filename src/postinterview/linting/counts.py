"""Find counts that shut out a later person or round, guards that never refuse, and forgotten signs of life.

All of it is judged by what the rules mean, so it needs no rules to compare with.
"""

from __future__ import annotations

from collections.abc import Iterator

from postinterview.core.rules import definitions as d
from postinterview.linting.compared import Rules, Slip, few, per_text, place, slip
from postinterview.linting.strength import coarser_key, implies
from postinterview.loading.diagnostics import Label

_SIGNS = "sign_of_life"
_MOST_COMPARED = 50
"""So many guards of one transition are compared; more would take too long."""
_MANY = 4
"""A file with fewer signs of life than this has none to forget."""


def once_for_all(rules: Rules, known: Rules | None = None) -> Iterator[Slip]:
    """Yield the counts without `per` that let one act of the application shut out all later ones.

    An act to a person is shut out for every other person, and a chase or an attempt for every later round.
    A `per:` that is written says what is meant. So does a lower limit of a count that has none in ``known``
    either: who writes 1 for 2 forgot no `per`.
    """
    definition = rules.definition
    reported = set[d.Origin]()
    rounds = any(kind.opens_round for kind in definition.events.values())
    for rule in rules.transitions.values():
        kind = definition.events[rule.event]
        scope = definition.machines[rule.machine].scope
        for guard in rule.guards:
            if guard.origin in reported or guard.scope is not None or not _is_for_ever(guard, kind.name):
                continue
            there = None if known is None else _counterpart(known, rule, guard)
            if there is not None and _is_counted_alike(there, guard):
                continue
            if kind.to_person and not scope.interviewer:
                rest, per = "person", "per: interviewer" if not rounds else "per: [round, interviewer]"
                lost = "once it was done for one person, it is refused for every other one"
            elif kind.contact in ("chase", "attempt") and rounds and not scope.round:
                rest, per = "round", "per: round"
                lost = "once it was done in one round, it is refused in every later one"
            else:
                continue
            reported.add(guard.origin)
            # Where the other rules count apart, `per: application` alone would be the next slip.
            apart = there is not None and coarser_key(guard, there, scope, scope) != ""
            now = "" if apart else f" (or write `{per_text(scope)}`, which is how it counts now)"
            yield slip(
                "PI512",
                guard.id,
                place(guard.origin, guard.id),
                f"`{guard.id}` allows `{kind.name}` for no second {rest}, ever",
                f"so more is refused: {lost}",
                f"add `{per}`{now}",
                path=rules.path_of(guard.origin),
                plain=not apart,
            )


def _is_for_ever(guard: d.Guard, event: str) -> bool:
    """Return whether one act of this name is enough for the guard to refuse from then on."""
    match guard:
        case d.AtMost(limit=1, of=of, since=None, within=None) | d.Happened(of=of, since=None, negated=True):
            return event in of.members and not guard.unless
        case _:
            return False


def _counterpart(known: Rules, rule: d.Transition, guard: d.Guard) -> d.Guard | None:
    """Return the guard of that id on the same transition of the other rules."""
    there = known.transitions.get((rule.machine, rule.id))
    return {each.id: each for each in there.guards}.get(guard.id) if there else None


def _is_counted_alike(there: d.Guard, guard: d.Guard) -> bool:
    """Return whether both count the same, but for the limit, which is higher there."""
    return (
        isinstance(guard, d.AtMost)
        and isinstance(there, d.AtMost)
        and there.limit > guard.limit
        and (there.of.members, there.scope, there.since, there.within)
        == (guard.of.members, guard.scope, guard.since, guard.within)
    )


def never_refusing(rules: Rules, known: Rules | None = None) -> Iterator[Slip]:
    """Yield the guards that hold wherever another guard of the same transition does.

    Where ``known`` has a guard of that id which asks for something else, that is what to write.
    """
    reported = set[d.Origin]()
    for rule in rules.transitions.values():
        for guard in rule.guards:
            if guard.origin in reported or isinstance(guard, d.Custom | d.Spends):
                continue
            if guard.origin.file != rules.file:
                continue  # a file may ask for more than the one that it extends, under another id
            holders = rules.holders(guard)
            covers = [_covering(rules, each, guard) for each in holders]
            first = covers[0]
            if first is None or any(each is None for each in covers):
                continue
            reported.add(guard.origin)
            label, help = (
                f"`{first.id}` refuses all that it would refuse",
                "delete it, or let it ask for more",
            )
            there = None if known is None else _counterpart(known, rule, guard)
            if known is not None and there is not None and there.origin != guard.origin:
                label += f", so more is allowed than in {known.file}"
                help = f"write `{guard.id}: {known.written(there.origin)}`"
            yield slip(
                "PI513",
                guard.id,
                place(guard.origin, guard.id),
                f"`{guard.id}` never refuses anything",
                label,
                help,
                path=rules.path_of(guard.origin),
                others=(Label(place(first.origin, first.id), "this refuses first"),),
            )


def _covering(rules: Rules, rule: d.Transition, guard: d.Guard) -> d.Guard | None:
    """Return a guard of the transition that asks for more than this one; counts of one scope are PI415's."""
    scope = rules.definition.machines[rule.machine].scope
    for other in rule.guards[:_MOST_COMPARED]:
        if other.origin != guard.origin and implies(other, guard, scope) and not implies(guard, other, scope):
            counts = isinstance(other, d.AtMost) and isinstance(guard, d.AtMost)
            if not (counts and (other.scope or scope) == (guard.scope or scope)):
                return other
    return None


def forgotten_signs(rules: Rules) -> Iterator[Slip]:
    """Yield the counts of a whole class of contacts that begin anew only after a few of the signs of life."""
    definition = rules.definition
    signs = definition.classes[_SIGNS].members if _SIGNS in definition.classes else frozenset()
    if len(signs) < _MANY:
        return
    reported = set[d.Origin]()
    for rule in rules.transitions.values():
        for guard in rule.guards:
            if guard.origin in reported or not isinstance(guard, d.AtMost) or guard.since is None:
                continue
            since = guard.since.members
            if guard.of.name in d.BUILT_IN_CLASSES and since < signs and 2 * len(since) < len(signs):
                reported.add(guard.origin)
                lost = [name for name in definition.events if name in signs - since]
                yield slip(
                    "PI517",
                    guard.id,
                    place(guard.origin, guard.id),
                    f"`{guard.id}` begins anew after few of the signs of life",
                    f"so more is refused: it does not begin anew after {few(lost)}",
                    f"write `since: {_SIGNS}`",
                    path=rules.path_of(guard.origin),
                )
