"""Every guard of every packaged rule file decides alone somewhere, for the engine as for the model.

Search and checker share the model of the rules, so a guard that the model reads wrongly would mislead both.
Here each guard is met by a history in which it is the only reason for a refusal: the engine says so, the
model says so, and without the guard both allow the act. Each bound in time is tried on the tick and a
microsecond before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from time import process_time  # noqa: TID251 - a prover asks a clock for its limit
from typing import Any

import pytest
from attrs import evolve, frozen

import postinterview as pi
from postinterview.core.rules.definitions import Carries, Definition, EventKind, Guard, Hours, Transition
from postinterview.core.values.moments import MICROSECOND, ONE_DAY
from postinterview.proof.explain import with_guard
from postinterview.proof.model.conditions import AtLeast, Atom, HasCome, conjunction
from postinterview.proof.model.refusals import fails
from postinterview.proof.model.relation import STATE, Condition
from postinterview.proof.search.path import Happening
from postinterview.proof.search.replay import StoryReplay, ask, replay, start, willing
from tests.proof.helpers import Blunt, allowed_by_model, relation_for
from tests.strategies.scale import one_in


@frozen
class Place:
    """A guard on one way to allow an act."""

    rulebook: pi.Rulebook
    act: EventKind
    condition: Condition
    rule: Transition
    guard: Guard


@cache
def without(place: Place) -> pi.Rulebook:
    return willing(with_guard(place.rulebook.definition, place.rule, place.guard, None))


def places() -> Iterator[Any]:
    """Each guard where it is written; those that are not about hours at any hour of the day."""
    for name in pi.packaged():
        definition = pi.load_rulebook(name).definition
        calm = definition
        for rule in rules_of(definition):
            for guard in filter(about_hours, rule.guards):
                kept = next(each for each in rules_of(calm) if each.id == rule.id)
                calm = with_guard(calm, kept, guard, None)
        for made in (definition, calm):
            rulebook = willing(made)
            for rule in rules_of(made):
                act = made.events[rule.event]
                own = [guard for guard in rule.guards if guard.origin.file == made.sources[0].name]
                for guard in own if act.is_act else ():
                    if about_hours(guard) is (made is definition) or calm is definition:
                        condition = relation_for(rulebook, act.name).conditions[
                            rule.machine, rule.id, guard.id
                        ]
                        place = Place(rulebook, act, condition, rule, guard)
                        yield pytest.param(place, id=f"{name}-{rule.id}-{guard.id}")


def rules_of(definition: Definition) -> list[Transition]:
    return [rule for machine in definition.machines.values() for rule in machine.transitions]


def about_hours(guard: Guard) -> bool:
    return isinstance(guard, Hours)


def reasons(made: StoryReplay, place: Place) -> set[str]:
    """What refuses the act on the transition: of another one there may be other reasons."""
    found = made.verdict.reasons
    return {reason.id for reason in found if reason.transition in ("", place.rule.id)}


def found(rulebook: pi.Rulebook, place: Place, goals: Iterable[tuple[Atom, ...]]) -> StoryReplay | None:
    """A story after which the rulebook allows the act on the transition, while one of the goals holds.

    None: that there is none is proved.
    """
    prover = Blunt(rulebook, process_time, max_seconds=30)
    act = rulebook.definition.events[place.act.name]
    wanted = [conjunction(goal, more) for goal in goals for more in alone(place)]
    unknown = []
    for goal in wanted:
        part = prover.decide(act, goal)
        if part.replay is not None:
            return part.replay
        unknown += [part.why_unknown] if part.verdict == "unknown" else []
    assert not unknown
    return None


def alone(place: Place) -> Iterator[tuple[Atom, ...]]:
    """What holds where the machine stands before the transition, and no other one lets the act happen."""
    conditions = relation_for(place.rulebook, place.act.name).conditions.values()
    of_machine = [each for each in conditions if each.machine == place.rule.machine]
    (here,) = (each.options for each in of_machine if (each.transition, each.id) == (place.rule.id, STATE))
    others = [rule for rule in rules_of(place.rulebook.definition) if is_beside(rule, place.rule)]
    ways = [
        [
            goal
            for each in of_machine
            if each.transition == rule.id and each.guard is not None
            for refusal in fails(place.rulebook.definition, place.act, each)
            for goal in refusal.goals
        ]
        for rule in others
    ]
    yield from (conjunction(*chosen) for chosen in product(here, *ways))


def is_beside(rule: Transition, other: Transition) -> bool:
    """Whether both may be taken from one state on the same event."""
    same = (rule.machine, rule.event) == (other.machine, other.event) and rule.id != other.id
    return same and bool({*rule.sources} & {*other.sources})


def in_model(rulebook: pi.Rulebook, made: StoryReplay, act: Happening) -> bool:
    """Tell whether the model allows the act at its moment, after the history that the engine has."""
    wide = rulebook.definition.events[act.event].employer_wide
    application = None if wide else act.application or "main"
    process = replay(start(rulebook), made.story)
    assert process is not None
    return allowed_by_model(process.process, act.event, act.at, act.to, application)


NEVER_ALONE = {"default-answer_their_question-reply_to_a_message"}
"""An open question has given a credit, and whatever takes or empties that settles the question."""

PLACES = tuple(places())
ALONE = [param for param in PLACES if param.id not in NEVER_ALONE]


@pytest.mark.parametrize("place", one_in(6, ALONE))
def test_every_guard_refuses_an_act_alone_and_without_it_the_act_is_allowed(place: Place) -> None:
    guard, condition = place.guard, place.condition
    here = evolve(condition, is_told=condition.is_told or guard.in_every_application)
    refusals = tuple(fails(place.rulebook.definition, place.act, here))
    made = found(without(place), place, [goal for each in refusals for goal in each.goals])
    assert made is not None
    unsaid = {name for name, _ in condition.unless}
    unsaid |= set(guard.fields) if isinstance(guard, Carries) else set()
    act = made.story.act
    act = evolve(act, carried=tuple(each for each in act.carried if each[0] not in unsaid))
    if isinstance(guard, Hours):
        act = evolve(act, at=(act.at + ONE_DAY).replace(hour=3))
    story = evolve(made.story, act=act)
    refused, again = (replay(start(each), story) for each in (place.rulebook, without(place)))
    assert refused is not None
    assert again is not None

    assert not refused.verdict.allowed
    assert reasons(refused, place) == {guard.id}
    assert again.verdict.allowed
    assert in_model(without(place), again, act)
    in_history = here.is_told and not condition.unless
    assert in_model(place.rulebook, refused, act) is not in_history


def turns(atom: Atom) -> bool:
    """Whether the atom has a bound in time."""
    return isinstance(atom, HasCome) or (isinstance(atom, AtLeast) and bool(atom.micros))


def closes(atom: Atom) -> bool:
    """Whether the atom holds before its bound, and no longer on it."""
    return atom.negated if isinstance(atom, HasCome) else not getattr(atom, "negated", False)


def bounds() -> Iterator[Any]:
    for param in PLACES:
        place: Place = param.values[0]
        if not place.condition.unless:
            options = place.condition.options
            atoms = dict.fromkeys(atom for option in options for atom in option if turns(atom))
            for number, atom in enumerate(atoms):
                yield pytest.param(place, atom, id=f"{param.id}-{number}")


@pytest.mark.parametrize(("place", "atom"), one_in(6, bounds()))
def test_every_bound_in_time_turns_on_the_tick_and_not_a_microsecond_sooner(place: Place, atom: Any) -> None:
    """A bound that can't be all that an act waits for is proved to be none."""
    options = [option for option in place.condition.options if atom in option]
    if closes(atom):
        made = found(place.rulebook, place, options)
        turn = None if made is None else made.verdict.closes_at
    else:
        waits = evolve(atom, negated=not atom.negated)
        waiting = [tuple(waits if each == atom else each for each in option) for option in options]
        allowed = found(without(place), place, waiting)
        made = None if allowed is None else replay(start(place.rulebook), allowed.story)
        opens = [] if made is None else [r.opens_at for r in made.verdict.reasons if r.id == place.guard.id]
        turn = next(iter(opens), None)
    if made is None:
        return
    assert turn is not None
    for at in (turn - MICROSECOND, turn, turn + MICROSECOND):
        act = evolve(made.story.act, at=at)
        asked = evolve(made, story=evolve(made.story, act=act), verdict=ask(made.process, act, at))
        assert (place.guard.id in reasons(asked, place)) is ((at >= turn) is closes(atom)), at
        assert in_model(place.rulebook, made, act) is asked.verdict.allowed, at
