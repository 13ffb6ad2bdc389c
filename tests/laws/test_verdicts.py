"""A verdict's moments are exact: nothing opens before ``opens_at``, nothing but ``opens_after`` helps without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import event, given, settings

import postinterview as pi
from tests.laws.twins import Twins, examples
from tests.oracle import oracle, reading
from tests.oracle.days import DAY, TICK, first_instant, local_day
from tests.oracle.guards import Asked, World, holds
from tests.strategies.runs import Case, Step, cases, constants

FAR = (30 * DAY, 400 * DAY)


@settings(max_examples=examples(3))
@given(cases(questions=2))
def test_opens_at_and_closes_at_are_the_first_moments_of_their_kind(case: Case) -> None:
    twins = _told(case)
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


@settings(max_examples=examples(2))
@given(cases(questions=2))
def test_each_reason_opens_at_the_first_moment_at_which_its_guard_holds(case: Case) -> None:
    twins = _told(case)
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


@settings(max_examples=examples(4))
@given(cases(questions=1, later=10))
def test_without_an_opening_one_of_opens_after_must_come_first(case: Case) -> None:
    twins = _told(case)
    (question,) = case.run.questions
    verdict = twins.ask(question)
    if verdict.allowed or verdict.opens_at is not None:
        return
    happened: set[str] = set()
    for step in case.run.later:
        outcome = twins.take(step)
        assert outcome is not None
        happened |= set() if outcome.event is None else {outcome.event.name}
        world = twins.world()
        for carried in (question.fields, all_given(case, question.event)):
            asked = replace(question, at=step.at, fields=carried)
            if any(twins.allowed_in(world, replace(asked, at=at)) for at in moments(twins, step.at)):
                new = {name for name in carried if carried[name] != question.fields.get(name)}
                event("opened by an event" if happened & set(verdict.opens_after) else "opened by a field")
                assert (happened | new) & set(verdict.opens_after), (verdict.opens_after, happened, new)
                return


def _told(case: Case) -> Twins:
    twins = Twins.of(case)
    for step in case.run.steps:
        twins.take(step)
    return twins


def all_given(case: Case, name: str) -> dict[str, object]:
    """Every field of an act, neither empty nor false."""
    given: dict[str, object] = {}
    for field, declared in reading.fields(case.rules, name).items():
        values = {"bool": True, "text": "so", "number": 1, "people": ("ana",)}
        if declared["type"] == "date":
            given[field] = case.run.questions[0].at.date()
        else:
            given[field] = values.get(declared["type"]) or declared["choices"][0]
    return given


def moments(twins: Twins, start: datetime) -> list[datetime]:
    """The moments from ``start`` on at which something may turn, and those just before them."""
    zone = ZoneInfo(twins.run.zone)
    lengths = constants(twins.rules)
    found = {start, *(start + far for far in FAR)}
    for told in [*twins.history[-6:], {"at": start}]:
        if "at" in told:
            found |= {told["at"] + one + other for one in lengths for other in (timedelta(0), *lengths)}
    today = local_day(start, twins.run.zone)
    for day in (today + number * DAY for number in range(9)):
        found.add(first_instant(day, twins.run.zone))
        found |= {datetime.combine(day, time(hour, minute), zone) for hour, minute in ((9, 0), (17, 0), (8, 30))}
    utc = [at.astimezone(start.tzinfo) for at in found]
    return sorted(at for turn in utc for at in (turn - TICK, turn) if at >= start)


def test_the_probed_moments_start_with_the_first() -> None:
    text = "format: 1\ntitle: x\nevents: {}\n"
    twins = Twins({"events": {}, "machines": {}}, Case(text, {}, _NOWHERE).run, pi.load_rulebook().start("a", "UTC"))
    assert moments(twins, _NOON)[0] == _NOON
