"""Find stories by the proof: a guard alone decides in them, or they need a transition, or reach a state.

A guard is dropped, and the rules without it are compared with the rules: the shortest story after which an
act is newly allowed is one in which this guard alone refuses. If the comparison proves that there is none,
the guard never matters. For a transition, a copy of its act is added that can take no other one, and for a
state an act that only leaves it: the prover looks for the shortest story that allows the added act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Literal, TypeAlias

from attrs import evolve, frozen

from postinterview.core.past.events import Value
from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import Definition, EventKind, FieldType, Guard, Transition
from postinterview.core.steps.fold import steps
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.moments import ONE_DAY
from postinterview.coverage.seen import decisive_of
from postinterview.proof.compare import Comparer
from postinterview.proof.comparison import Compared
from postinterview.proof.explain import with_guard
from postinterview.proof.promises.promise import broken_by, judges
from postinterview.proof.prove import MAX_SECONDS, Prover, Result
from postinterview.proof.reports.story_file import refused_before, scenario_of, step_of
from postinterview.proof.search.pace import Pace
from postinterview.proof.search.path import THEM, Happening, Story
from postinterview.proof.search.refinement import Part as SearchedPart
from postinterview.proof.search.replay import StoryReplay, recorded, replay, start, willing

Clock: TypeAlias = Callable[[], float]
_PROBE = "is it reached?"
"""The name of the added act. It has blanks, so no event of a file is called so."""


@frozen
class Deciding:
    """Return whether there is a story, and the story as a scenario that the rules play as it expects.

    ``verdict``: ``none`` if it is proved that no story shows it. ``scenario`` may be None all the same, such
    as for a story that only a custom function decides. ``alone``: whether a guard alone refuses in it; one
    that spends a credit may decide by the credit that it took before.
    """

    verdict: Literal["none", "some", "unknown"]
    scenario: dict[str, Any] | None = None
    why_unknown: str = ""
    alone: bool = True


def deciding_story(
    rulebook: Rulebook, rule: Transition, guard: Guard, clock: Clock, *, max_seconds: float = MAX_SECONDS
) -> Deciding:
    """Find the shortest story in which the guard alone refuses the act of its transition."""
    without = willing(with_guard(rulebook.definition, rule, guard, None), rulebook)
    found = _compared(rulebook, without, rule.event, clock, max_seconds)
    key = rule.machine, rule.id, guard.id
    alone = found.refused is None or decisive_of(found.refused.verdict, key) is not None
    name = f"{rule.id}.{guard.id} {'alone refuses' if alone else 'decides by the credit that it takes'}"
    scenario = refused_before(found)
    if scenario is not None:
        scenario |= {"name": name, "why": "Without this guard the act would be allowed."}
    return Deciding(found.verdict, scenario, found.why_unknown, alone)


def taking_story(
    rulebook: Rulebook, rule: Transition, clock: Clock, *, max_seconds: float = MAX_SECONDS
) -> Deciding:
    """Find the shortest story at the end of which an allowed act takes its transition."""
    probed, act = _with_copy(rulebook.definition, rule)
    part = Prover(willing(probed, rulebook), clock, max_seconds=max_seconds).decide(act, ())
    if part.replay is None:
        return Deciding("none" if part.verdict == "proved" else "unknown", None, part.why_unknown)
    story = part.replay.story
    told = replay(start(rulebook), Story(story.happenings, evolve(story.act, event=rule.event)))
    if told is None or not told.verdict.allowed or rule not in told.taken():
        return Deciding("unknown", None, "in the shortest story another transition is taken")
    return Deciding("some", scenario_of(f"{rule.id} is taken", told, "The shortest way there."))


def reaching_story(
    rulebook: Rulebook,
    machine: str,
    states: tuple[str, ...],
    clock: Clock,
    *,
    max_seconds: float = MAX_SECONDS,
) -> Deciding:
    """Find the shortest story after which the machine is in one of the states."""
    part = _reached(rulebook, machine, states, clock, max_seconds)
    if part.replay is None:
        return Deciding("none" if part.verdict == "proved" else "unknown", None, part.why_unknown)
    reached = f"{machine} is {' or '.join(states)}"
    scenario = scenario_of(reached, part.replay, "The shortest way there.")
    del scenario["steps"][-1]
    return Deciding("some", scenario if scenario["steps"] else None)


def hearing_story(
    rulebook: Rulebook, rule: Transition, clock: Clock, *, max_seconds: float = MAX_SECONDS
) -> Deciding:
    """Find a story at the end of which a fact takes its transition. If a guard prevents it, there is none."""
    part = _reached(rulebook, rule.machine, rule.sources, clock, max_seconds)
    if part.replay is None:
        return Deciding("none" if part.verdict == "proved" else "unknown", None, part.why_unknown)
    kind, probe = rulebook.definition.events[rule.event], part.replay.story.act
    to = probe.to if kind.to_person else None
    fact = evolve(probe, event=rule.event, to=to, carried=tuple(_values(kind, probe.at)))
    if not _takes(part.replay, fact, rule):
        return Deciding("unknown", None, "a guard of the fact prevents it in the shortest story")
    scenario = scenario_of(f"{rule.id} is taken", part.replay, "The shortest way there.")
    scenario["steps"][-1] = step_of(part.replay, fact, "recorded")
    return Deciding("some", scenario)


def _takes(before: StoryReplay, fact: Happening, rule: Transition) -> bool:
    """Return whether the fact takes the transition of this machine and id after the story."""
    try:
        process = recorded(before.process, fact).process
    except MisuseError:
        return False
    snapshot = process._snapshot  # noqa: SLF001 - no host asks for it
    *_, last = steps(process.rulebook.engine, process.calendar, snapshot)
    taken = ((listener.name, transition.rule.id) for listener, *_, transition in last.choices)
    return (rule.machine, rule.id) in taken


def _values(kind: EventKind, at: datetime) -> Iterator[tuple[str, Value]]:
    """Yield a value for each field that the fact must have."""
    for name, declared in kind.fields.items():
        if not declared.optional:
            values: dict[FieldType, Value] = {
                "text": "something",
                "bool": True,
                "number": 1,
                "date": (at + ONE_DAY).date(),
                "people": (THEM,),
            }
            yield name, values[declared.type] if declared.type != "choice" else declared.choices[0]


def edge_story(
    rulebook: Rulebook, result: Result, clock: Clock, *, max_seconds: float = MAX_SECONDS
) -> Deciding:
    """Find a story in which an act that the promise judges is refused by a guard that the promise needs.

    At best the promise would be broken without the guard. If two guards each keep it, the guard decides.
    """
    deadline = clock() + max_seconds
    needed = tuple(_needed(rulebook.definition, result))
    for part, rule, guard in needed:
        told = None if clock() > deadline else _at_edge(rulebook, result, part, rule, guard, clock, deadline)
        if told is not None:
            why = f"{rule.id}.{guard.id} keeps it."
            return Deciding("some", scenario_of(f"At the edge of {result.id}", told, why))
    for _, rule, guard in needed:
        if clock() < deadline:
            found = deciding_story(rulebook, rule, guard, clock, max_seconds=deadline - clock())
            if found.scenario is not None:
                return found
    return Deciding("unknown", None, "it rests on no guard that can be dropped alone")


def _needed(definition: Definition, result: Result) -> Iterator[tuple[SearchedPart, Transition, Guard]]:
    """Yield the guards that the proof of a promise needs, each with the part that needs it."""
    rules = {(r.machine, r.id): r for machine in definition.machines.values() for r in machine.transitions}
    for part in result.parts:
        for machine, transition, id in sorted(part.rests_on):
            rule = rules.get((machine, transition))
            for guard in rule.guards if rule is not None and rule.event == part.act else ():
                if guard.id == id and rule is not None:
                    yield part, rule, guard


def _at_edge(
    rulebook: Rulebook,
    result: Result,
    part: SearchedPart,
    rule: Transition,
    guard: Guard,
    clock: Clock,
    deadline: float,
) -> StoryReplay | None:
    """Return the story that breaks the promise without the guard, as the rules refuse it."""
    without = with_guard(rulebook.definition, rule, guard, None)
    clause, act = result.promise.clauses[part.clause], without.events[part.act]
    if not judges(without, clause, act):
        return None
    prover = Prover(willing(without, rulebook), clock, max_seconds=deadline - clock())
    broken = prover.decide(act, broken_by(without, clause, act)).replay
    told = None if broken is None else replay(start(rulebook), broken.story)
    return None if told is None or told.verdict.allowed else told


def _reached(
    rulebook: Rulebook, machine: str, states: tuple[str, ...], clock: Clock, max_seconds: float
) -> SearchedPart:
    """Search for the shortest story that allows an act which only leaves these states."""
    with_probe, act = _with_probe(rulebook.definition, machine, states)
    return Prover(willing(with_probe, rulebook), clock, max_seconds=max_seconds).decide(act, ())


def _compared(old: Rulebook, new: Rulebook, act: str, clock: Clock, max_seconds: float) -> Compared:
    pace = clock if isinstance(clock, Pace) else None
    (found,) = Comparer(old, new, clock, max_seconds=max_seconds, pace=pace).compare([act]).acts
    return found


def _with_copy(definition: Definition, rule: Transition) -> tuple[Definition, EventKind]:
    """Return the definition with a copy of the act that can take only this transition in its machine."""
    act = evolve(definition.events[rule.event], name=_PROBE)
    copied = evolve(definition, events={**definition.events, _PROBE: act})
    for name, machine in definition.machines.items():
        leaving = [
            each
            for each in machine.transitions
            if each.event == rule.event and (name != rule.machine or each is rule)
        ]
        copies = (evolve(each, id=f"{_PROBE} {each.id}", event=_PROBE) for each in leaving)
        copied = _with_rules(copied, name, (*machine.transitions, *copies))
    return copied, act


def _with_probe(
    definition: Definition, machine: str, states: tuple[str, ...]
) -> tuple[Definition, EventKind]:
    kind = definition.machines[machine]
    act = EventKind(
        name=_PROBE,
        by="candidate",
        contact="none",
        sign_of_life=False,
        to_person=kind.scope.interviewer,
        origin=kind.origin,
    )
    leaving = Transition(id=_PROBE, machine=machine, event=_PROBE, sources=states, origin=kind.origin)
    probed = evolve(definition, events={**definition.events, _PROBE: act})
    return _with_rules(probed, machine, (*kind.transitions, leaving)), act


def _with_rules(definition: Definition, machine: str, rules: tuple[Transition, ...]) -> Definition:
    changed = evolve(definition.machines[machine], transitions=rules)
    return evolve(definition, machines={**definition.machines, machine: changed})


def guard_stories(
    rulebook: Rulebook, id: str, clock: Clock, *, max_seconds: float = MAX_SECONDS
) -> Iterator[tuple[Transition, Deciding]]:
    """Yield the transitions of acts that ask the guard of this id, each with a story in which it decides."""
    clock = Pace(clock, max_seconds)
    definition, deadline = rulebook.definition, clock() + max_seconds
    for machine in definition.machines.values():
        for rule in machine.transitions:
            for guard in rule.guards if definition.events[rule.event].is_act else ():
                left = deadline - clock()
                if guard.id == id and left > 0:
                    yield rule, deciding_story(rulebook, rule, guard, clock, max_seconds=left)
