"""The model and the engine give the same answers about random rules and histories."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from hypothesis import given

import postinterview as pi
from postinterview.core.process import Process
from postinterview.core.rules.definitions import Carries, Custom, EventKind
from postinterview.proof.model.relation import Relation, relation_of
from postinterview.proof.model.trace import Trace
from postinterview.proof.model.view import View, view_of
from tests.strategies.runs import Case, Step, cases


def whole_view(relation: Relation) -> View:
    """The view of every condition and gate: bad is exactly that the act is allowed."""
    return view_of(relation, relation.conditions.keys() | relation.gates.keys(), ((),))


def is_exact(relation: Relation) -> bool:
    """Whether the view of the whole relation tells when the act is allowed with its fields as given."""
    return all(
        isinstance(each.guard, Carries | Custom) or (each.is_told and not each.unless)
        for each in relation.conditions.values()
    )


def play(process: Process, step: Step) -> Process:
    """What the step makes of the process: acts as they come, allowed or not."""
    if step.op == "do":
        return process.do(
            step.event, at=step.at, to=step.to, application=step.application, **step.fields
        ).process
    return process.record(
        step.event, at=step.at, to=step.to, application=step.application, **step.fields
    ).process


def histories(case: Case) -> Iterator[tuple[Process, datetime]]:
    """The process before each step, at the step's moment."""
    rulebook = pi.load_rulebook(text=case.text)
    process = rulebook.start("acme", case.run.zone, holidays=case.run.holidays)
    for step in case.run.steps:
        if process.timeline and step.at < process.timeline[-1].at:
            continue
        yield process, step.at
        process = play(process, step)


def kind_of(process: Process, verdict: pi.Verdict) -> EventKind:
    return process.rulebook.definition.events[verdict.event]


def trace(view: View, process: Process, verdict: pi.Verdict, at: datetime) -> Trace:
    found = Trace(view, process, verdict.application, verdict.to)
    found.follow(at)
    return found


@given(cases(corrections=False, most=8))
def test_histories_move_as_the_view_does_and_acts_are_allowed_where_it_allows_them(case: Case) -> None:
    views: dict[str, tuple[View, bool]] = {}
    for process, at in histories(case):
        for verdict in process.verdicts(at=at):
            kind = kind_of(process, verdict)
            if kind.name not in views:
                relation = relation_of(process.rulebook.definition, kind)
                views[kind.name] = whole_view(relation), is_exact(relation)
            view, exact = views[kind.name]
            found = trace(view, process, verdict, at)
            assert not found.strays
            if verdict.allowed:
                assert found.is_bad(at), verdict
            elif exact:
                assert not found.is_bad(at), verdict
