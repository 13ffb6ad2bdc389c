"""A verdict's moments are exact: nothing opens before ``opens_at``; without it, ``opens_after`` tells all."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import event, given, settings

import postinterview as pi
from tests.laws.twins import Twins, examples, told
from tests.oracle import oracle, reading
from tests.oracle.days import DAY, TICK
from tests.oracle.guards import holds
from tests.oracle.openings import guard_changes_at, verdict_changes_at
from tests.oracle.world import World, project
from tests.strategies.custom import CUSTOM
from tests.strategies.runs import Case, Step, all_given, cases

FAR = (0 * DAY, 30 * DAY, 400 * DAY)


@settings(max_examples=examples(2))
@given(cases(questions=2, custom=True))
def test_opens_at_and_closes_at_are_the_first_moments_of_their_kind(case: Case) -> None:
    twins = told(case)
    world = twins.world()
    for question in case.run.questions:
        verdict = twins.ask(question)
        expected = verdict_changes_at(world, twins.asked(world, question))
        event("allowed" if verdict else "opens later" if verdict.opens_at else "no opening")
        if verdict.allowed:
            assert (verdict.opens_at, verdict.opens_after, verdict.closes_at) == (question.at, (), expected)
        else:
            assert (verdict.opens_at, verdict.closes_at) == (expected, None)
            assert expected is None or verdict.opens_after == ()
        if expected is not None:
            assert twins.ask(replace(question, at=expected)).allowed != verdict.allowed
            assert twins.ask(replace(question, at=expected - TICK)).allowed == verdict.allowed


@settings(max_examples=examples(1))
@given(cases(questions=2, custom=True))
def test_each_reason_opens_at_the_first_moment_at_which_its_guard_holds(case: Case) -> None:
    twins = told(case)
    world = twins.world()
    for question in case.run.questions:
        asked = twins.asked(world, question)
        for reason in twins.ask(question).reasons:
            if reason.id == "state":
                assert reason.opens_at is None
                continue
            guard, per = twins.guard(reason)
            assert not holds(world, guard, per, asked)
            assert reason.opens_at == guard_changes_at(world, guard, per, asked)
            assert reason.opens_at is None or reason.opens_after == ()


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
                # Several events may be another way; of what helps by itself, nothing is left out.
                others = set() if question.event in happened else happened
                assert len(others) != 1 or (others | new | set(CUSTOM)) & awaited, (awaited, happened, new)
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
            asked = [replace(question, at=step.at + far, fields=carried) for far in FAR]
            for reason in waiting:
                if any(_holds(twins, world, reason, one) for one in asked):
                    event(f"held after an event: {reason.id.partition('_')[0]}")
                    awaited = set(reason.opens_after)
                    others = set() if question.event in happened else happened
                    found = (others | new | set(CUSTOM)) & awaited
                    assert len(others) != 1 or found, (reason, happened, new)


def _holds(twins: Twins, world: World, reason: pi.Reason, asked: Step) -> bool:
    """Whether what a reason missed is there now."""
    question = twins.asked(world, asked)
    if not reason.machine:
        return not oracle.is_nowhere(world, question)
    machine = twins.rules["machines"][reason.machine]
    if reason.id != "state":
        return holds(world, *twins.guard(reason), question)
    if not oracle.is_kept_for(machine, question.place):
        return False
    present = world.state(reason.machine, project(machine["per"], question.place))
    return bool(reading.leaves(machine, asked.event, present))
