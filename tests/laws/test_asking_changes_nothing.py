"""A question leaves no trace, a refusal changes nothing, and a snapshot is what its history folds to."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import postinterview as pi
from tests.core.helpers import at as said
from tests.core.helpers import start
from tests.laws.turns import moments
from tests.laws.twins import Twins, examples, reasons, started, told
from tests.oracle import reading
from tests.strategies.rulebooks import plain_rulebooks
from tests.strategies.runs import Case, Step, all_given, cases


@settings(max_examples=examples(1))
@given(cases(questions=2, custom=True))
def test_questions_and_refusals_leave_the_process_as_it_was(case: Case) -> None:
    twins = told(case)
    process = twins.process
    before = pickle.dumps((process.history, process.timeline, dict(process.states)))
    for question in case.run.questions:
        process.verdicts(at=question.at)
        process.agenda(at=question.at)
        verdict = twins.ask(question)
        outcome = process.do(
            question.event,
            at=question.at,
            to=question.to,
            application=question.application,
            **question.fields,
        )
        assert outcome.refused == (not verdict.allowed)
        if outcome.refused:
            assert outcome.process is process
            assert (outcome.event, outcome.moves, outcome.breach) == (None, (), False)
        else:
            assert outcome.process != process
        assert twins.ask(question) == verdict
    assert pickle.dumps((process.history, process.timeline, dict(process.states))) == before


AFTER = [timedelta(hours=hours) for hours in (0, 1, 26, 24 * 6, 24 * 15, 24 * 40)]
QUESTIONS: dict[str, Callable[[pi.Process, datetime], object]] = {
    "next_due": lambda process, _: process.next_due,
    "allowed": lambda process, at: process.allowed(at=at),
    "agenda": lambda process, at: process.agenda(at=at),
    "of": lambda process, at: process.agenda(at=at, of=[next(iter(process.rulebook.acts)).name]),
    "verdicts": lambda process, at: process.verdicts(at=at),
}


@settings(max_examples=examples(1))
@given(
    cases(rulebooks=plain_rulebooks(dues=90), questions=0),
    st.lists(st.tuples(st.sampled_from(sorted(QUESTIONS)), st.sampled_from(AFTER)), min_size=4, max_size=9),
)
def test_what_is_found_out_is_the_same_whatever_was_asked_before(
    case: Case, asked: list[tuple[str, timedelta]]
) -> None:
    process = told(case).process
    if not process.timeline or not process.rulebook.acts:
        return
    for name, later in asked:
        then = process.timeline[-1].at + later
        assert QUESTIONS[name](process, then) == QUESTIONS[name](evolve(process), then)


def test_what_opens_and_closes_is_found_out_in_any_order() -> None:
    process = start().record("interview", at=said("2026-03-02 10:00"), interviewers=["ana", "bo"]).process
    process = process.record("message", at=said("2026-03-03 10:00")).process
    for later in (*AFTER, *reversed(AFTER)):
        then = process.timeline[-1].at + later
        for ask in QUESTIONS.values():
            assert ask(process, then) == ask(evolve(process), then)


@settings(max_examples=examples(1))
@given(cases(custom=True))
def test_a_snapshot_is_the_fold_of_its_history(case: Case) -> None:
    process = told(case).process
    again = started(case)
    for entry in process.history:
        again = _recorded_again(again, entry).process
    assert again == process
    assert again == process


def _recorded_again(
    process: pi.Process, entry: pi.Event | pi.Retraction | pi.Unknown | pi.Known | pi.Change
) -> pi.Outcome:
    match entry:
        case pi.Event():
            fields: dict[str, Any] = entry.fields
            return process.record(
                entry.name,
                at=entry.at,
                to=entry.to,
                application=entry.application,
                late=entry.late,
                **fields,
            )
        case pi.Retraction():
            return process.retract(entry.of, at=entry.at, not_sent=entry.not_sent)
        case pi.Unknown():
            return process.unknown(*entry.of, until=entry.until, application=entry.application)
        case pi.Known():
            return process.known(*entry.of, until=entry.until, application=entry.application)
        case pi.Change():
            at, place = entry.at, {"timezone": entry.timezone, "country": entry.country}
            return process.change(at=at, employer=entry.employer, **place)


@settings(max_examples=examples(1))
@given(cases(questions=1, custom=True))
def test_what_is_allowed_are_the_verdicts_that_allow_whatever_was_asked_before(case: Case) -> None:
    twins = told(case)
    asked = moments(twins, case.run.questions[0].at)
    for at in (*asked[::7], *asked[::-5]):
        allowed = twins.process.allowed(at=at)
        assert allowed == tuple(verdict for verdict in twins.process.verdicts(at=at) if verdict.allowed)
        for verdict in allowed[:2]:
            fields = all_given(case.rules, verdict.event, at)
            step = Step("do", at, verdict.event, verdict.to, verdict.application, fields)
            assert twins.ask(step) == verdict or _spares(case, step)


@settings(max_examples=examples(1))
@given(cases(questions=1, custom=True))
def test_verdicts_tell_of_every_act_what_the_oracle_says_with_all_fields_given(case: Case) -> None:
    twins = told(case)
    at = case.run.questions[0].at
    verdicts = twins.process.verdicts(at=at)
    assert twins.process.allowed(at=at) == tuple(verdict for verdict in verdicts if verdict.allowed)
    places = [(verdict.event, verdict.application, verdict.to) for verdict in verdicts]
    assert len(set(places)) == len(places)
    world = twins.world()
    for verdict in verdicts:
        fields = all_given(case.rules, verdict.event, at)
        step = Step("do", at, verdict.event, verdict.to, verdict.application, fields)
        assert reasons(verdict) == twins.failures(step, world)
    for act, application, person in product(_acts(case), _applications(twins), _people(twins)):
        to = person if reading.names_person(case.rules, act) else None
        wide = reading.concerns_employer(case.rules, act)
        step = Step("do", at, act, to, application, all_given(case.rules, act, at))
        if twins.allowed_in(world, step):
            assert (act, None if wide else application, to) in places


def _spares(case: Case, step: Step) -> bool:
    """Whether a guard of an act does not apply to one of the values that were made up for it."""
    return any(
        reading.spares(case.rules, step.event, guard, dict(step.fields))
        for machine in case.rules["machines"].values()
        for transition in machine["transitions"].values()
        if transition["event"] == step.event
        for guard in reading.guards(case.rules, transition).values()
    )


def _acts(case: Case) -> list[str]:
    return [event for event in case.rules["events"] if reading.is_act(case.rules, event)]


def _applications(twins: Twins) -> list[str]:
    return list(twins.process.applications) or ["main"]


def _people(twins: Twins) -> list[str]:
    return sorted({person for placed in twins.placed() for person in placed["people"]}) or ["ana"]
