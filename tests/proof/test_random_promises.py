"""Prover, checker, z3, engine and the judge of bare histories agree about random promises of random rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import product
from typing import Any

import pytest
from attrs import frozen
from hypothesis import event, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.process import Process
from postinterview.proof.prove import Proof
from postinterview.proof.search.replay import StoryReplay, replay, start
from tests.oracle import reading
from tests.oracle.reading import Rules
from tests.proof import bare
from tests.proof.clauses import breaks
from tests.proof.helpers import prove_all
from tests.proof.test_random_rules import objections_to, parts
from tests.proof.test_relation import histories
from tests.strategies.hand import Draw
from tests.strategies.packaged import small_rulebooks
from tests.strategies.promises import promises
from tests.strategies.runs import PEOPLE, Case, Step, all_given, runs
from tests.strategies.scale import tried
from tests.strategies.writing import written


@frozen(repr=False)
class Promised:
    """A rulebook with a promise, and a story for it."""

    case: Case
    promise: dict[str, Any]

    def __repr__(self) -> str:
        return f"{self.promise}\n{self.case!r}"


@st.composite
def promised(draw: Draw) -> Promised:
    rules = draw(small_rulebooks())
    run = draw(runs(rules, corrections=False, most=10))
    return Promised(Case(written(rules), rules, run), draw(promises(rules)))


def proof_of(drawn: Promised) -> Proof:
    return prove_all(pi.load_rulebook(text=drawn.case.text), {"own": drawn.promise})


def is_condemned(rulebook: pi.Rulebook, found: StoryReplay, promise: dict[str, Any]) -> bool:
    """Whether a story, told anew to the engine, ends in an act that is allowed and breaks the promise."""
    again = replay(start(rulebook), found.story)
    assert again is not None
    act = again.story.act
    judged = bare.asked(again.process, act.event, act.at, to=act.to, application=act.application)
    return again.verdict.allowed and breaks(judged, promise)


def asks(rules: Rules, at: datetime) -> Iterator[Step]:
    """Every act with all its fields given, and with each of the values to which some guard does not apply."""
    for name in rules["events"]:
        if not reading.is_act(rules, name):
            continue
        people = PEOPLE if reading.names_person(rules, name) else (None,)
        wide = reading.concerns_employer(rules, name)
        for to, application in product(people, (None,) if wide else ("main", "other", "third")):
            for fields in carried(rules, name, at):
                yield Step("do", at, name, to, application, fields)


def carried(rules: Rules, name: str, at: datetime) -> Iterator[dict[str, Any]]:
    given = dict(all_given(rules, name, at))
    yield given
    for field, declared in reading.fields(rules, name).items():
        values = {"bool": (False,), "number": (2, 3), "text": ("nothing",)}.get(declared["type"], ())
        for value in declared.get("choices", ())[1:] or values:
            yield given | {field: value}


def broken_by(process: Process, rules: Rules, promise: dict[str, Any], at: datetime) -> Iterator[Step]:
    """The acts that are allowed now and break the promise."""
    for step in asks(rules, at):
        judged = bare.asked(process, step.event, at, to=step.to, application=step.application)
        if breaks(judged, promise):
            given = {"to": step.to, "application": step.application, **step.fields}
            if process.may(step.event, at=at, **given).allowed:
                yield step


@pytest.mark.slow
@tried(300, 10_000)
@given(promised())
def test_the_judges_agree_about_random_promises(drawn: Promised) -> None:
    proof = proof_of(drawn)
    (result,) = proof.results
    event(result.verdict)
    assert not objections_to(proof)
    rulebook = pi.load_rulebook(text=drawn.case.text)
    for _, part in parts(proof):
        if part.replay is not None:
            assert is_condemned(rulebook, part.replay, drawn.promise)
    if result.verdict == "proved":
        for process, at in histories(drawn.case):
            assert not list(broken_by(process, drawn.case.rules, drawn.promise, at))
