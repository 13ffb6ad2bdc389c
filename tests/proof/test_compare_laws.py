"""Comparisons of random pairs of rulebooks hide nothing, and their stories replay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from time import process_time  # noqa: TID251 - it measures this program

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.process import Process
from postinterview.proof.compare import Comparer
from postinterview.proof.comparison import Comparison
from tests.strategies.hand import Draw
from tests.strategies.mutants import mutants
from tests.strategies.runs import Case, Step, cases
from tests.strategies.scale import tried


@lru_cache(maxsize=8)
def load(text: str) -> pi.Rulebook:
    return pi.load_rulebook(text=text)


@st.composite
def pairs(draw: Draw) -> tuple[Case, pi.Rulebook, pi.Rulebook]:
    """A story, and two rulebooks to tell it to: one drawn, and the same changed a little."""
    case = draw(cases(corrections=False, most=10))
    one = load(case.text)
    other = pi.Rulebook(draw(mutants(one.definition)))
    return case, *((one, other) if draw(st.booleans()) else (other, one))


def compared(old: pi.Rulebook, new: pi.Rulebook) -> Comparison:
    return Comparer(old, new, process_time, max_zones=150, max_seconds=0.3).compare()


def told(process: Process, step: Step) -> Process:
    """The same history for both: what was refused happened all the same."""
    return process.record(
        step.event, at=step.at, to=step.to, application=step.application, **step.fields
    ).process


def both(case: Case, old: pi.Rulebook, new: pi.Rulebook) -> Iterator[tuple[Process, Process, Step, datetime]]:
    """The two processes before each step."""
    one = old.start("acme", case.run.zone, holidays=case.run.holidays)
    two = new.start("acme", case.run.zone, holidays=case.run.holidays)
    for step in case.run.steps:
        if one.timeline and step.at < one.timeline[-1].at:
            continue
        yield one, two, step, step.at
        one, two = told(one, step), told(two, step)


def check(case: Case, old: pi.Rulebook, new: pi.Rulebook) -> None:
    """Hold a comparison to a history of its own, and to its stories."""
    comparison = compared(old, new)
    nothing_new_is_hidden(comparison, case, old, new)
    every_story_replays(comparison, old, new)


@tried(12, 12)
@given(pairs())
def test_what_is_newly_allowed_replays_and_nothing_else_is_newly_allowed(
    pair: tuple[Case, pi.Rulebook, pi.Rulebook],
) -> None:
    check(*pair)


@pytest.mark.slow
@tried(120, 3000)
@given(pairs())
def test_many_comparisons_hide_nothing_new_and_their_stories_replay(
    pair: tuple[Case, pi.Rulebook, pi.Rulebook],
) -> None:
    check(*pair)


def nothing_new_is_hidden(comparison: Comparison, case: Case, old: pi.Rulebook, new: pi.Rulebook) -> None:
    none = {each.act for each in comparison.acts if each.verdict == "none"}
    for before, after, step, at in both(case, old, new):
        for verdict in after.allowed(at=at):
            if verdict.event in none:
                assert before.may(
                    verdict.event,
                    at=at,
                    to=verdict.to,
                    application=verdict.application,
                    **given_fields(new, verdict.event, at),
                ).allowed, verdict
        if step.event in none:
            asked = {"at": at, "to": step.to, "application": step.application, **step.fields}
            assert not after.may(step.event, **asked) or before.may(step.event, **asked), step


def given_fields(rulebook: pi.Rulebook, event: str, at: datetime) -> dict[str, object]:
    """Every field of the act, neither empty nor false."""
    values = {"bool": True, "text": "it", "number": 1, "people": ("ana",), "date": at.date()}
    fields = rulebook.definition.events[event].fields.values()
    return {f.name: f.choices[0] if f.type == "choice" else values[f.type] for f in fields}


def every_story_replays(comparison: Comparison, old: pi.Rulebook, new: pi.Rulebook) -> None:
    for each in comparison.acts:
        if each.verdict != "some":
            continue
        assert each.allowed is not None
        assert each.refused is not None
        answers = []
        for rulebook in (new, old):
            process = rulebook.start("the employer", "UTC")
            for one in each.allowed.story.happenings:
                process = process.record(
                    one.event, at=one.at, to=one.to, application=one.application, **one.fields
                ).process
            act = each.allowed.story.act
            answers.append(
                process.may(act.event, at=act.at, to=act.to, application=act.application, **act.fields)
            )
        assert [answer.allowed for answer in answers] == [True, False]
        assert answers[1].reasons == each.refused.verdict.reasons
