"""Random pairs of rulebooks: what is said to be no looser never is, and what is found replays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from time import process_time  # noqa: TID251 - it measures this program

from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.process import Process
from postinterview.proof.compare import Comparer, Comparison
from tests.strategies.hand import Draw
from tests.strategies.mutants import mutants
from tests.strategies.runs import Case, Step, cases


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


@given(pairs())
def test_where_nothing_new_is_said_to_be_allowed_no_history_shows_any(
    pair: tuple[Case, pi.Rulebook, pi.Rulebook],
) -> None:
    case, old, new = pair
    none = {each.act for each in compared(old, new).acts if each.verdict == "none"}
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


@given(pairs())
def test_what_is_newly_allowed_has_a_story_that_replays_in_both(
    pair: tuple[Case, pi.Rulebook, pi.Rulebook],
) -> None:
    _, old, new = pair
    for each in compared(old, new).acts:
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
