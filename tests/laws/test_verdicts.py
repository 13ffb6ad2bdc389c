"""A verdict's moments are exact: nothing opens before ``opens_at``; without it, ``opens_after`` tells all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hypothesis import event, given, settings

import postinterview as pi
from tests.laws.turns import FAR, moments
from tests.laws.twins import Twins, examples, told
from tests.oracle import oracle, reading
from tests.oracle.days import DAY, TICK
from tests.oracle.guards import Asked, World, holds, project
from tests.strategies.custom import CUSTOM
from tests.strategies.runs import Case, Step, all_given, cases


@settings(max_examples=examples(2))
@given(cases(questions=2, custom=True))
def test_opens_at_and_closes_at_are_the_first_moments_of_their_kind(case: Case) -> None:
    twins = told(case)
    world = twins.world()
    for question in case.run.questions:
        verdict = twins.ask(question)
        turns = moments(twins, question.at)
        event("allowed" if verdict else "opens later" if verdict.opens_at else "no opening")
        if verdict.allowed:
            assert (verdict.opens_at, verdict.opens_after) == (question.at, ())
            _changes_first_at(twins, world, question, verdict.closes_at, turns, to=False)
        else:
            assert verdict.closes_at is None
            assert verdict.opens_at is None or verdict.opens_after == ()
            _changes_first_at(twins, world, question, verdict.opens_at, turns, to=True)


def _changes_first_at(
    twins: Twins, world: World, question: Step, at: datetime | None, turns: list[datetime], *, to: bool
) -> None:
    """Whether the act is allowed stays as it is until ``at`` (None: for ever), and changes then."""
    if at is not None:
        assert at > question.at
        assert _allowed(twins, world, question, at) == to
        assert _allowed(twins, world, question, at - TICK) != to
    for turn in turns:
        if at is None or turn < at:
            assert twins.allowed_in(world, replace(question, at=turn)) != to, turn


def _allowed(twins: Twins, world: World, question: Step, at: datetime) -> bool:
    """What both say at a moment."""
    asked = replace(question, at=at)
    allowed = twins.allowed_in(world, asked)
    assert twins.ask(asked).allowed == allowed, at
    return allowed


@settings(max_examples=examples(1))
@given(cases(questions=2, custom=True))
def test_each_reason_opens_at_the_first_moment_at_which_its_guard_holds(case: Case) -> None:
    twins = told(case)
    world = twins.world()
    for question in case.run.questions:
        place = oracle.place_of(world, question.event, twins.application(question), question.to)
        for reason in twins.ask(question).reasons:
            if reason.id == "state":
                assert reason.opens_at is None
                continue
            machine = case.rules["machines"][reason.machine]
            guard = machine["transitions"][reason.transition]["guards"][reason.id]
            holding = {
                at: holds(world, guard, machine["per"], Asked(question.event, at, place, question.fields))
                for at in (*moments(twins, question.at), *_beside(reason.opens_at))
            }
            assert not holding[question.at]
            opened = reason.opens_at
            assert opened is None or (opened > question.at and reason.opens_after == () and holding[opened])
            assert not any(held for at, held in holding.items() if held and (opened is None or at < opened))


def _beside(at: datetime | None) -> tuple[datetime, ...]:
    return () if at is None else (at - TICK, at)


@settings(max_examples=examples(3))
@given(cases(questions=1, later=10, custom=True))
def test_without_an_opening_one_of_opens_after_must_come_first(case: Case) -> None:
    twins = told(case)
    (question,) = case.run.questions
    verdict = twins.ask(question)
    if verdict.allowed or verdict.opens_at is not None:
        return
    happened: set[str] = set()
    for step in case.run.later:
        outcome = twins.take(step)
        assert outcome is not None
        happened |= set() if outcome.event is None else {outcome.event.name}
        for carried in (question.fields, all_given(case.rules, question.event, question.at)):
            now = twins.ask(replace(question, at=step.at, fields=carried))
            if now.opens_at is not None:  # exact, says the first law
                new = {name for name in carried if not question.fields.get(name)}
                awaited = set(verdict.opens_after)
                event("opened by an event" if happened & awaited else "opened by a field or a function")
                assert (happened | new | set(CUSTOM)) & awaited, (awaited, happened, new)
                return


@settings(max_examples=examples(2))
@given(cases(questions=1, later=8, custom=True))
def test_a_reason_without_an_opening_waits_for_one_of_its_opens_after(case: Case) -> None:
    twins = told(case)
    (question,) = case.run.questions
    waiting = [reason for reason in twins.ask(question).reasons if reason.opens_at is None]
    happened: set[str] = set()
    for step in case.run.later if waiting else ():
        outcome = twins.take(step)
        assert outcome is not None
        happened |= set() if outcome.event is None else {outcome.event.name}
        world = twins.world()
        for carried in (question.fields, all_given(case.rules, question.event, question.at)):
            new = {name for name in carried if not question.fields.get(name)}
            asked = [replace(question, at=step.at + far, fields=carried) for far in (0 * DAY, *FAR)]
            for reason in waiting:
                if any(_holds(twins, world, reason, one) for one in asked):
                    event(f"held after an event: {reason.id.partition('_')[0]}")
                    awaited = set(reason.opens_after)
                    assert (happened | new | set(CUSTOM)) & awaited, (reason, happened, new)


def _holds(twins: Twins, world: World, reason: pi.Reason, asked: Step) -> bool:
    """Whether what a reason missed is there now."""
    place = oracle.place_of(world, asked.event, twins.application(asked), asked.to)
    question = Asked(asked.event, asked.at, place, asked.fields)
    if not reason.machine:
        return not oracle.is_to_a_stranger(world, question)
    machine = twins.rules["machines"][reason.machine]
    if reason.id != "state":
        return holds(
            world, machine["transitions"][reason.transition]["guards"][reason.id], machine["per"], question
        )
    if not oracle.is_kept_for(machine, place):
        return False
    present = world.state(reason.machine, project(machine["per"], place))
    return bool(reading.leaves(machine, asked.event, present))
