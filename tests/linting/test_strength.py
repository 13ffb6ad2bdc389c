"""Where the lint says that a guard asks for more than another one, the engine never allows more under it."""

from __future__ import annotations

from collections.abc import Iterator
from time import thread_time  # noqa: TID251 - it limits the searches

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.process import Process
from postinterview.core.rules.definitions import (
    Apart,
    AtMost,
    Definition,
    Guard,
    Happened,
    NotBefore,
    Scope,
    Transition,
)
from postinterview.linting.strength import implies, is_weaker
from postinterview.proof.compare import Comparer
from postinterview.proof.search.replay import willing
from tests.proof.test_relation import play
from tests.strategies.hand import Hand
from tests.strategies.mutants import changed
from tests.strategies.runs import Case, Step, cases
from tests.strategies.scale import tried

DEFINITION = pi.load_rulebook().definition
SCOPES = [
    Scope(),
    *(
        Scope(application=True, round=round, interviewer=to)
        for round in (False, True)
        for to in (False, True)
    ),
]


def variants(guard: Guard) -> Iterator[Guard]:
    """Guards that ask for a little more or less, or that count in another scope."""
    yield from changed(guard)
    if isinstance(guard, AtMost | Apart | Happened | NotBefore) and not guard.in_every_application:
        yield from (evolve(guard, scope=scope) for scope in SCOPES)


def with_only(definition: Definition, rule: Transition, guard: Guard) -> Definition:
    """The definition with this guard as the only one of a transition."""
    machine = definition.machines[rule.machine]
    rules = tuple(evolve(each, guards=(guard,)) if each is rule else each for each in machine.transitions)
    return evolve(
        definition, machines={**definition.machines, rule.machine: evolve(machine, transitions=rules)}
    )


def pairs(definition: Definition) -> list[tuple[Transition, Guard, Guard]]:
    """Transitions of acts, each with a guard and one that the lint says holds whenever that does."""
    found = []
    for machine in definition.machines.values():
        for rule in machine.transitions:
            if definition.events[rule.event].is_act:
                for guard in rule.guards:
                    for other in variants(guard):
                        for strong, weak in ((guard, other), (other, guard)):
                            if strong != weak and implies(strong, weak, machine.scope):
                                found.append((rule, strong, weak))
    return found


def allowed(process: Process, step: Step, event: str) -> set[tuple[str | None, str | None]]:
    """Whom the act may be done to now, and in which applications; and with the fields of the step."""
    found = {(each.to, each.application) for each in process.allowed(at=step.at) if each.event == event}
    if step.event == event:
        verdict = process.may(event, at=step.at, to=step.to, application=step.application, **step.fields)
        found |= {(f"{step.to} as told", step.application)} if verdict.allowed else set()
    return found


def allows_more(rule: Transition, guard: Guard, other: Guard) -> str:
    """Whether the proof finds a story in which a guard allows what another one refuses."""
    old, new = (willing(with_only(DEFINITION, rule, each)) for each in (other, guard))
    return Comparer(old, new, thread_time, max_seconds=2).compare([rule.event]).verdict


def test_no_story_is_found_in_which_a_stricter_guard_allows_more() -> None:
    for rule, strong, weak in pairs(DEFINITION)[::30]:
        assert allows_more(rule, strong, weak) != "some", (rule, strong, weak)
    rule, strong, weak = next(each for each in pairs(DEFINITION) if isinstance(each[1], Apart))
    assert allows_more(rule, weak, strong) == "some"


@pytest.mark.slow
def test_no_story_is_found_for_any_pair() -> None:
    for rule, strong, weak in pairs(DEFINITION):
        assert allows_more(rule, strong, weak) != "some", (rule, strong, weak)


@tried(60, 5_000)
@given(cases(corrections=False, most=12), st.data())
def test_what_asks_for_more_never_allows_more(case: Case, data: st.DataObject) -> None:
    definition = pi.load_rulebook(text=case.text).definition
    known = pairs(definition)
    assume(known)
    rule, *guards = Hand(data.draw).one(known)
    strong, weak = (
        willing(with_only(definition, rule, guard)).start("acme", case.run.zone, holidays=case.run.holidays)
        for guard in guards
    )
    for step in case.run.steps:
        if strong.timeline and step.at < strong.timeline[-1].at:
            continue
        less, more = (allowed(process, step, rule.event) for process in (strong, weak))
        assert less <= more, (rule, guards, step)
        if less != more:
            return
        strong, weak = play(strong, step), play(weak, step)


def test_a_guard_is_weaker_than_itself_never_and_than_a_stricter_one_of_its_kind() -> None:
    for rule, strong, weak in pairs(DEFINITION):
        scope = DEFINITION.machines[rule.machine].scope
        assert not is_weaker(strong, strong, scope, scope)
        if not implies(weak, strong, scope):
            assert is_weaker(weak, strong, scope, scope)
            assert not is_weaker(strong, weak, scope, scope)
    kinds = {type(strong) for _, strong, weak in pairs(DEFINITION)}
    assert {AtMost, Apart, NotBefore, Happened} <= kinds
