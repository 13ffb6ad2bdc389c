"""Find what has to come before a refused act can be allowed: events, or fields that it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from postinterview.core.answers.verdict import Verdict
from postinterview.core.guards import Check
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.listeners import ListeningInstance
from postinterview.core.judging.machine import RuleTransition
from postinterview.core.judging.opening_times import outlook_of
from postinterview.core.past.situation import Situation
from postinterview.core.rules.definitions import EventKind


def needed(
    engine: Engine, instances: Sequence[ListeningInstance], situation: Situation, at: datetime
) -> tuple[str, ...]:
    """Return the events of which one must come before the act can be allowed, and the fields it lacks."""
    if len(instances) == 1:
        stuck = instances
    else:
        outlook = outlook_of(engine, situation)
        stuck = [
            instance
            for instance in instances
            if all(outlook.stretch(each, at) is None for each in instance.candidates)
        ]
    if not stuck:  # each machine opens, but never two of them at the same time
        found = {
            n
            for instance in instances
            for c in instance.candidates
            for k in c.checks
            for n in k.openers(situation, at)
        }
        found |= {n for instance in instances for n in _elsewhere(engine, instance, situation, at)}
        return in_order(engine, situation.kind, found)
    needed = []
    for instance in stuck:
        helping = _elsewhere(engine, instance, situation, at)
        for candidate in instance.candidates:
            helping |= _helping(candidate, situation, at)
        needed.append(helping)
    return in_order(engine, situation.kind, tightest(needed))


def _helping(candidate: RuleTransition, situation: Situation, at: datetime) -> set[str]:
    """Return what must come before the transition's guards can hold; empty: nothing can help."""
    shut = shut_checks(candidate, situation, at)
    if shut:
        return tightest([set(check.openers(situation, at)) for check in shut])
    return {name for check in candidate.checks for name in check.openers(situation, at)}


def shut_checks(candidate: RuleTransition, situation: Situation, at: datetime) -> list[Check]:
    """Return the guards of a transition that never hold from ``at`` on, if nothing else happens."""
    return [check for check in candidate.checks if check.window(situation, at) is None]


def is_pointless(engine: Engine, situation: Situation, at: datetime, refused: Verdict) -> bool:
    """Return whether waiting is pointless: no such act here, nothing to answer, too late, or never again.

    ``refused``: the verdict on the act, which is never allowed from ``at`` on if nothing else happens.
    """
    if situation.unknown_person or situation.unstarted:
        return True
    moot, is_helped = engine.moot[situation.kind.name], not situation.others
    for instance in outlook_of(engine, situation).standing.instances:
        candidates = instance.candidates
        if not candidates:
            return True
        shut = [shut_checks(each, situation, at) if each.checks else [] for each in candidates]
        is_late = any(check.guard.id in moot for checks in shut for check in checks)
        if is_late and not any(each.holds(situation, at) for each in candidates):
            return True
        awaited = (_is_awaited(*each, situation, at) for each in zip(candidates, shut, strict=True))
        is_helped = is_helped and any(awaited)
    # Nothing that anybody records opens it: done once, and that was all for ever.
    return not is_helped and not refused.opens_after and not situation.snapshot.unknowns


def _is_awaited(candidate: RuleTransition, shut: Sequence[Check], situation: Situation, at: datetime) -> bool:
    """Return whether a transition is open, or something else than the act itself opens each of ``shut``.

    If each machine has such a transition and the act is never allowed, `needed` has something to say; this
    finds out sooner.
    """
    act = situation.kind.name
    if not shut:
        return not candidate.checks
    return all(any(name != act for name in check.openers(situation, at)) for check in shut)


def tightest(needed: list[set[str]]) -> set[str]:
    """Return the events of the smallest sets: a set that includes another one needs no mention."""
    tight = [names for names in needed if not any(other < names for other in needed)]
    return set() if set() in tight else {name for names in tight for name in names}


def _elsewhere(engine: Engine, instance: ListeningInstance, situation: Situation, at: datetime) -> set[str]:
    """Return what must come before other transitions than those of the present state can be taken.

    If a guard refuses the act on all transitions of a state, it is no help to get there: what opens the guard
    must come, which may be what leads there.
    """
    here = tuple(candidate.rule for candidate in instance.candidates)  # empty: there is no instance yet
    free, shut, opening = set[str](), set[str](), set[str]()
    for rules, (transitions, states) in instance.listener.alike.items():
        if rules == here:
            continue
        if all(any(check.window(situation, at) is None for check in each.checks) for each in transitions):
            shut.update(states)
            opening.update(*(_helping(each, situation, at) for each in transitions))
        else:
            free.update(states)
    name, present = instance.listener.name, instance.state
    leading = set(engine.entering(name, present, frozenset(shut))) if shut else set[str]()
    if leading and (instance.candidates or opening <= leading):
        return opening.union(engine.entering(name, present, frozenset(free)) if free else ())
    return set(engine.entering(name, present, frozenset(free | shut)))


def people_openers(engine: Engine) -> tuple[str, ...]:
    return tuple(
        name for name, kind in engine.definition.events.items() if kind.opens_round and kind.names_people
    )


def in_order(engine: Engine, kind: EventKind, names: set[str]) -> tuple[str, ...]:
    """Return events, then the act's fields, in the order of the rulebook; then functions by name."""
    wanted = names - {kind.name}  # the act itself is no help
    if len(wanted) < 2:
        return tuple(wanted)
    ranks = engine.ranks
    if wanted <= ranks.keys():
        return tuple(sorted(wanted, key=ranks.__getitem__))
    known = dict.fromkeys((*ranks, *kind.fields))
    return tuple(name for name in (*known, *sorted(wanted - known.keys())) if name in wanted)
