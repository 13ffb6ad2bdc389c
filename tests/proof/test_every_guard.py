"""Every guard of every packaged rule file decides alone somewhere, for the engine as for the model.

Search and checker share the model of the rules, so a guard that the model reads wrongly would mislead both.
Here each guard is met by a history in which it is the only reason for a refusal: the engine says so, the
model says so, and without the guard both allow the act. Each bound in time is tried on the tick and a
microsecond before.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

import pytest
from attrs import evolve, frozen

import postinterview as pi
from postinterview.core.definitions import Carries, Custom, EventKind, Guard, Hours, Transition
from postinterview.core.moments import MICROSECOND
from postinterview.proof.conditions import Atom, HasCome, conjunction, contradicts
from postinterview.proof.explain import with_guard
from postinterview.proof.path import Happening, Story, tell
from postinterview.proof.refusals import opposite
from postinterview.proof.relation import Condition, Relation, relation_of
from postinterview.proof.replay import StoryReplay, ask, replay, start, willing
from postinterview.proof.search import Bad, search
from postinterview.proof.trace import Trace
from postinterview.proof.view import View
from tests.proof.test_relation import whole_view


@frozen
class Place:
    """A guard on one way to allow an act."""

    rulebook: pi.Rulebook
    act: EventKind
    way: tuple[Condition, ...]
    condition: Condition
    rule: Transition
    guard: Guard


@cache
def relation(rulebook: pi.Rulebook, act: str) -> Relation:
    return relation_of(rulebook.definition, rulebook.definition.events[act])


def places() -> Iterator[Any]:
    for name in pi.packaged():
        rulebook = willing(pi.load_rulebook(name).definition)
        rules = [rule for m in rulebook.definition.machines.values() for rule in m.transitions]
        for act in rulebook.acts:
            for way in relation(rulebook, act.name).ways:
                for condition in way:
                    for rule in rules:
                        for guard in rule.guards:
                            if condition.key == (rule.machine, rule.id, guard.id):
                                place = Place(rulebook, act, way, condition, rule, guard)
                                yield pytest.param(place, id=f"{name}-{rule.id}-{guard.id}")


def found(place: Place, *goals: tuple[Atom, ...]) -> StoryReplay:
    """The shortest story after which all other conditions of the way hold, and one of the goals."""
    others = (each.options for each in place.way if each is not place.condition)
    bad = [conjunction(goal, *chosen) for chosen in product(*others) for goal in goals]
    view = View(relation(place.rulebook, place.act.name), [each for each in bad if not contradicts(each)])
    path = search(view, 20_000, lambda: False)
    assert isinstance(path, Bad)
    process = start(place.rulebook)
    story = tell(view, path, process.calendar, {})
    assert story is not None
    made = replay(process, story)
    assert made is not None
    return made


def in_model(rulebook: pi.Rulebook, made: StoryReplay, act: Happening) -> bool:
    """Tell whether the model allows the act at its moment, after the history that the engine has."""
    kind = rulebook.definition.events[act.event]
    application = None if kind.employer_wide else act.application or "main"
    trace = Trace(whole_view(relation_of(rulebook.definition, kind)), made.process, application, act.to)
    trace.follow(act.at)
    assert not trace.strays
    return trace.is_bad(act.at)


@pytest.mark.parametrize("place", tuple(places()))
def test_every_guard_refuses_an_act_alone_and_without_it_the_act_is_allowed(place: Place) -> None:
    guard, fails = place.guard, [[opposite(place.act, atom) for atom in o] for o in place.condition.options]
    in_history = not isinstance(guard, Carries | Hours | Custom)
    made = found(place, *(tuple(chosen) for chosen in product(*fails))) if in_history else found(place, ())
    act = made.story.act
    if isinstance(guard, Carries):
        act = evolve(act, carried=tuple(each for each in act.carried if each[0] not in guard.fields))
    verdict = ask(made.process, act, act.at)
    without = willing(with_guard(place.rulebook.definition, place.rule, guard, None))
    again = replay(start(without), Story(made.story.happenings, act))

    assert not isinstance(guard, Hours | Custom), "no packaged guard is asked of more than the act carries"
    assert not verdict.allowed
    assert {reason.id for reason in verdict.reasons} == {guard.id}
    assert again is not None
    assert again.verdict.allowed
    assert in_model(without, again, act)
    assert in_model(place.rulebook, made, act) is not in_history


def bounds() -> Iterator[Any]:
    for param in places():
        place: Place = param.values[0]
        for number, option in enumerate(place.condition.options):
            for atom in option:
                if isinstance(atom, HasCome):
                    yield pytest.param(place, option, atom, id=f"{param.id}-{number}")


@pytest.mark.parametrize(("place", "option", "atom"), tuple(bounds()))
def test_every_bound_in_time_turns_on_the_tick_and_not_a_microsecond_sooner(
    place: Place, option: tuple[Atom, ...], atom: HasCome
) -> None:
    waiting = tuple(evolve(each, negated=not each.negated) if each is atom else each for each in option)
    made = found(place, waiting if not atom.negated else option)
    turn = made.verdict.closes_at if atom.negated else made.verdict.opens_at
    assert turn is not None
    for at in (turn - MICROSECOND, turn, turn + MICROSECOND):
        act = evolve(made.story.act, at=at)
        verdict = ask(made.process, act, at)
        assert verdict.allowed is ((at >= turn) is not atom.negated), at
        assert verdict.allowed or {reason.id for reason in verdict.reasons} == {place.guard.id}
        assert in_model(place.rulebook, made, act) is verdict.allowed, at
