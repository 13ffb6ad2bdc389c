"""Explain why an act is refused, and what has to come before it can be allowed."""

from __future__ import annotations

from datetime import datetime, tzinfo

from postinterview.core.asking import who
from postinterview.core.certainty import leaves_people_open
from postinterview.core.definitions import EventKind
from postinterview.core.engine import Engine
from postinterview.core.events import make_key
from postinterview.core.formatting import say_list, short_name
from postinterview.core.guards import UNKNOWN
from postinterview.core.machine import RuleTransition
from postinterview.core.names import MAIN
from postinterview.core.naming import application_name, person_name
from postinterview.core.opening_times import ListeningInstance, instances_of, opening
from postinterview.core.rule_text import one_of, stands, state_text, title_of, words_of
from postinterview.core.situation import Situation
from postinterview.core.stacks import upwards
from postinterview.core.suggest import SHORT, closest, ticked
from postinterview.core.verdict import Reason, Verdict, new_verdict, with_answer


def refusal(engine: Engine, situation: Situation, at: datetime, zone: tzinfo | None) -> Verdict:
    """Return the verdict on an act that is refused at ``at``."""
    application, _, to = situation.place
    kind = situation.kind
    instances = instances_of(engine, situation)
    reasons: list[Reason] = []
    opens_at: datetime | None = None
    if situation.unstarted:
        reasons.append(_unstarted(engine, situation))
    if situation.unknown_person:
        needed = _people_openers(engine)
        reasons.append(_stranger(engine, situation, needed))
        # A round in which the person never interviewed has no instance: the reason before says it.
        instances = [instance for instance in instances if not instance.listener.scope.round]
    else:
        opens_at = opening(instances, situation, at)
        needed = () if opens_at is not None else _needed(engine, instances, situation, at)
        if situation.unstarted:
            sets = [set(engine.starting)] if opens_at is not None else [set(engine.starting), set(needed)]
            opens_at, needed = None, _in_order(engine, kind, _tightest(sets))
    for instance in instances:
        reasons += _reasons(engine, instance, situation, at, zone)
    titles = _titles(engine, situation, needed)
    at_once = all(_opens_at_once(engine, each) for each in instances)
    verdict = new_verdict(
        kind.name,
        at.astimezone(zone),
        application,
        to,
        False,
        tuple(reasons),
        None if opens_at is None else opens_at.astimezone(zone),
        None,
        needed,
        title_of(kind, to, application, situation.employer),
        _advice(engine, situation, needed, titles, at_once=at_once),
        titles,
    )
    unnamed = _unnamed(engine, situation) if situation.unknown_person else []
    return with_answer(verdict, "amended", say_list(unnamed, "and")) if unnamed else verdict


def _opens_at_once(engine: Engine, instance: ListeningInstance) -> bool:
    """Return whether one event can bring the machine where the act is possible, if it isn't there."""
    listener = instance.listener
    if instance.candidates:
        return True
    return engine.enters_at_once(listener.name, instance.state, frozenset(listener.moves))


def _titles(engine: Engine, situation: Situation, needed: tuple[str, ...]) -> tuple[str, ...]:
    """Return events by their titles, and fields and functions by their names."""
    application, _, to = situation.place
    events, employer = engine.definition.events, situation.employer
    return tuple(
        title_of(events[name], to or "an interviewer", application, employer) if name in events else name
        for name in needed
    )


def _advice(
    engine: Engine, situation: Situation, needed: tuple[str, ...], titles: tuple[str, ...], *, at_once: bool
) -> str:
    """Return what has to come before the act, in sentences: one of the events, and all of the fields.

    ``at_once``: one event can bring every machine where the act is possible.

    A field that no guard asks for is one whose value decides whether a guard applies.

    The events are necessary and perhaps not sufficient, since other guards may refuse the act afterwards.
    """
    events = engine.definition.events
    said_first = [title for name, title in zip(needed, titles, strict=True) if name in events]
    carried = [name for name in needed if name in situation.kind.fields]
    asked = engine.asked_fields[situation.kind.name]
    fields = [name for name in carried if name in asked]
    others = [name for name in carried if name not in asked]
    functions = [name for name in needed if name not in events and name not in carried]
    said = []
    if said_first:
        lead = "First, at least:" if at_once else "More than one event must come first. The last of them:"
        said.append(f"{lead} {say_list(said_first)}.")
    if fields:
        said.append(f"It needs the field{'s' if len(fields) > 1 else ''} {ticked(fields, 'and')}.")
    if others:
        said.append(f"{'Or it needs' if said_first else 'It needs'} another {ticked(others, 'or')}.")
    if functions:
        said.append(f"It depends on {ticked(functions)}.")
    return " ".join(said)


def _unstarted(engine: Engine, situation: Situation) -> Reason:
    """Return that nothing is recorded that starts the act's application, and which one may be meant."""
    events, starting = engine.definition.events, engine.starting
    application, employer = situation.place.application or MAIN, short_name(situation.employer)
    where = "this application" if application == MAIN else application_name(application)
    theirs = [name for name in starting if events[name].by == "employer"]
    acts = [ticked((name,)) for name in starting if name not in theirs]
    has = f"nothing {'' if acts else f'from {employer} '}is recorded of {where} yet"
    known = situation.snapshot.applications
    if known and application not in known:
        meant = [application_name(each) for each in closest(application, known)]
        others = ", ".join(map(application_name, known)) if len(known) <= SHORT else f"{len(known)} others"
        has += f" (did you mean {say_list(meant)}?)" if meant else f" (known: {others})"
    if situation.unknown_until(frozenset(starting), make_key(application)) is not None:
        has = UNKNOWN
    needs = say_list([*words_of(theirs, events, situation.employer), *acts])
    return _of_place(situation, has, needs, starting)


def _stranger(engine: Engine, situation: Situation, needed: tuple[str, ...]) -> Reason:
    application, _, to = situation.place
    rounds = situation.snapshot.streams[engine.openers]
    met_in = [placed for placed in upwards(rounds) if application in (None, placed.application)]
    met = [person for placed in met_in for person in placed.people]
    meant = [person_name(name) for name in closest(to or "", dict.fromkeys(met))]
    to = person_name(to or "")
    where = "here" if application is None or application == MAIN else f"in {application_name(application)}"
    has = f"{to} has not interviewed you {where}"
    has += f" (did you mean {say_list(meant)}?)" if meant else ""
    if _unnamed(engine, situation):
        has = UNKNOWN
    needs = f"{one_of(needed, engine.definition.events)} with {to}" if needed else ""
    return _of_place(situation, has, needs, needed)


def _unnamed(engine: Engine, situation: Situation) -> list[str]:
    """Return what to say of the talks of which nobody said who was met: ``who was at the interview``."""
    application, rounds = situation.place.application, upwards(situation.snapshot.streams[engine.openers])
    met_in = [placed for placed in rounds if application in (None, placed.application)]
    names = dict.fromkeys(placed.name for placed in met_in if leaves_people_open(engine, placed))
    return [who(engine.definition.events[name], situation.employer) for name in names]


def _of_place(situation: Situation, has: str, needs: str, opens_after: tuple[str, ...]) -> Reason:
    """Return a reason that belongs to no machine: the act's place refuses it."""
    origin = situation.kind.origin
    return Reason(
        id="state",
        machine="",
        transition="",
        file=origin.file,
        line=origin.line,
        has=has,
        needs=needs,
        opens_after=opens_after,
    )


def _reasons(
    engine: Engine, instance: ListeningInstance, situation: Situation, at: datetime, zone: tzinfo | None
) -> list[Reason]:
    if not instance.candidates:
        return [_no_transition(engine, instance, situation)]
    if any(candidate.holds(situation, at) for candidate in instance.candidates):
        return []
    found = []
    for candidate in instance.candidates:
        for check in candidate.checks:
            window = check.window(situation, at)
            if window is not None and window[0] <= at:
                continue
            has, needs = check.explain(situation, at, zone)
            found.append(
                Reason(
                    id=check.guard.id,
                    machine=instance.listener.name,
                    transition=candidate.rule.id,
                    file=check.guard.origin.file,
                    line=check.guard.origin.line,
                    has=has,
                    needs=needs,
                    opens_at=None if window is None else window[0].astimezone(zone),
                    opens_after=_in_order(engine, situation.kind, set(check.openers(situation, at)))
                    if window is None
                    else (),
                )
            )
    return found


def _no_transition(engine: Engine, instance: ListeningInstance, situation: Situation) -> Reason:
    listener = instance.listener
    machine = engine.definition.machines[listener.name]
    goal = listener.machine.goal(situation.kind.name)
    wanted = [name for name in machine.states if name in goal]
    if listener.scope.round and not situation.place.round:
        openers = [name for name, kind in engine.definition.events.items() if kind.opens_round]
        has, needs = "there is no round yet", one_of(openers, engine.definition.events)
        origin = situation.kind.origin
    else:
        has, needs = stands(machine, instance.state), say_list(state_text(machine, each) for each in wanted)
        origin = machine.states[instance.state].origin
    return Reason(
        id="state",
        machine=listener.name,
        transition="",
        file=origin.file,
        line=origin.line,
        has=has,
        needs=needs,
        opens_after=_in_order(
            engine, situation.kind, set(engine.entering(listener.name, instance.state, goal))
        ),
    )


def _needed(
    engine: Engine, instances: list[ListeningInstance], situation: Situation, at: datetime
) -> tuple[str, ...]:
    """Return the events of which one must come before the act can be allowed, and the fields it lacks."""
    if len(instances) == 1:
        stuck = instances
    else:
        stuck = [instance for instance in instances if instance.opening(situation, at) is None]
    if not stuck:  # each machine opens, but never two of them at the same time
        found = {
            n
            for instance in instances
            for c in instance.candidates
            for k in c.checks
            for n in k.openers(situation, at)
        }
        found |= {n for instance in instances for n in _elsewhere(engine, instance, situation, at)}
        return _in_order(engine, situation.kind, found)
    needed = []
    for instance in stuck:
        helping = _elsewhere(engine, instance, situation, at)
        for candidate in instance.candidates:
            helping |= _helping(candidate, situation, at)
        needed.append(helping)
    return _in_order(engine, situation.kind, _tightest(needed))


def _helping(candidate: RuleTransition, situation: Situation, at: datetime) -> set[str]:
    """Return what must come before the transition's guards can hold; empty: nothing can help."""
    shut = [check for check in candidate.checks if check.window(situation, at) is None]
    if shut:
        return _tightest([set(check.openers(situation, at)) for check in shut])
    return {name for check in candidate.checks for name in check.openers(situation, at)}


def _tightest(needed: list[set[str]]) -> set[str]:
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


def _people_openers(engine: Engine) -> tuple[str, ...]:
    return tuple(
        name for name, kind in engine.definition.events.items() if kind.opens_round and kind.names_people
    )


def _in_order(engine: Engine, kind: EventKind, names: set[str]) -> tuple[str, ...]:
    """Return events, then the act's fields, in the order of the rulebook; then functions by name."""
    wanted = names - {kind.name}  # the act itself is no help
    if len(wanted) < 2:
        return tuple(wanted)
    ranks = engine.ranks
    if wanted <= ranks.keys():
        return tuple(sorted(wanted, key=ranks.__getitem__))
    known = dict.fromkeys((*ranks, *kind.fields))
    return tuple(name for name in (*known, *sorted(wanted - known.keys())) if name in wanted)
