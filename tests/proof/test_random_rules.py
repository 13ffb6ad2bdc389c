"""Prover, checker, z3, engine and oracle agree about every promise of random rulebooks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import event, given

import postinterview as pi
from postinterview.core.process import Process
from postinterview.core.rules.definitions import Definition
from postinterview.proof.model.checker import objections
from postinterview.proof.model.relation import Relations
from postinterview.proof.model.trace import Trace
from postinterview.proof.model.view import View, view_of
from postinterview.proof.promises.promise import broken_by
from postinterview.proof.prove import MAX_SECONDS, Proof, Result
from postinterview.proof.search.refinement import Part
from postinterview.proof.search.replay import StoryReplay, replay, start
from tests.proof.helpers import counts_allowed, prove
from tests.proof.oracle import broken
from tests.proof.solver import z3_accepts
from tests.proof.test_relation import histories
from tests.strategies.packaged import packaged
from tests.strategies.runs import Case, cases
from tests.strategies.scale import IS_LONG, tried


@lru_cache(maxsize=8)
def proof_of(text: str) -> Proof:
    """A proof of a rulebook; the few questions that take long are unknown, but for the long profile."""
    return prove(pi.load_rulebook(text=text), max_seconds=MAX_SECONDS if IS_LONG else 0.5)


def parts(proof: Proof) -> Iterator[tuple[Result, Part]]:
    for result in proof.results:
        for part in result.parts:
            yield result, part


@lru_cache(maxsize=8)
def relations_of(definition: Definition) -> Relations:
    return Relations(definition)


@lru_cache(maxsize=256)
def view_of_part(proof: Proof, result: Result, part: Part) -> View:
    """The view that the part of a proof is about."""
    definition = proof.definition
    act = definition.events[part.act]
    atoms = broken_by(definition, result.promise.clauses[part.clause], act)
    return view_of(relations_of(definition).of(act), part.rests_on, (atoms,))


def is_inside(part: Part, trace: Trace, at: datetime) -> bool:
    """Whether the state lies in one of the part's zones, or in one of a larger count."""
    n, covering = trace.view.size, trace.view.covering(trace.state)
    readings = [0, *(trace.reading(clock, at) for clock in range(1, n))]
    for values, zone in part.reached:
        if values in covering and all(
            (one := readings[i]) is None
            or (other := readings[j]) is None
            or zone[i * n + j] >= 2 * (one - other) + 1
            for i in range(n)
            for j in range(n)
        ):
            return True
    return False


def condemned(rulebook: pi.Rulebook, found: StoryReplay) -> set[str]:
    """The promises that the oracle sees broken by a story, told anew to the engine, which must allow it."""
    again = replay(start(rulebook), found.story)
    assert again is not None
    assert again.verdict.allowed
    act = again.story.act
    return broken(again.process, act.event, act.at, to=act.to, application=act.application)


def allowed_and_wrong(process: Process, at: datetime) -> Iterator[tuple[pi.Verdict, set[str]]]:
    """The acts that are allowed now, and the promises that the oracle sees broken by them."""
    for verdict in process.allowed(at=at):
        yield verdict, broken(process, verdict.event, at, to=verdict.to, application=verdict.application)


def objections_to(proof: Proof) -> list[str]:
    """Where checker or z3 contradict the prover."""
    found = []
    for result, part in parts(proof):
        if part.verdict == "proved":
            view = view_of_part(proof, result, part)
            found += [f"{result.id} of {part.act}: {each}" for each in objections(view, part.reached)]
            if not z3_accepts(view, part.reached):
                found.append(f"{result.id} of {part.act}: z3 sees a way out")
    return found


def disagreements(text: str, proof: Proof) -> list[str]:
    """Where checker, z3, engine or oracle contradict the prover."""
    rulebook = pi.load_rulebook(text=text)
    return objections_to(proof) + [
        f"{result.id} of {part.act}: the oracle sees nothing broken"
        for result, part in parts(proof)
        if part.replay is not None and result.id not in condemned(rulebook, part.replay)
    ]


@pytest.mark.slow
@tried(300, 10_000)
@given(cases(corrections=False, most=8, rulebooks=packaged()))
def test_prover_checker_z3_engine_and_oracle_agree_about_random_rulebooks(case: Case) -> None:
    proof = proof_of(case.text)
    for _, part in parts(proof):
        event(part.verdict)
    assert not disagreements(case.text, proof)
    proved = {result.id for result in proof.results if result.verdict == "proved"}
    for process, at in histories(case):
        for verdict, wrong in allowed_and_wrong(process, at):
            assert not wrong & proved, (verdict, wrong & proved)


CASES = Path(__file__).parent / "cases"
KEPT: dict[str, dict[str, tuple[str, ...]]] = {
    "a-round-sets-one-clock-and-frees-another": {},
    "an-invitation-to-nobody": {"one_invite": ("hello", "hello", "linkedin_invite")},
    "instants-are-no-events": {
        "one_chase": ("hello", "follow_up"),
        "one_follow_up": ("hello", "follow_up"),
        "a_week_apart": ("follow_up",),
        "few_nudges": 3 * ("follow_up",),
        "few_in_two_months": 6 * ("follow_up",),
    },
}
"""Rulebooks about which two of the judges once disagreed: the promises that they break, and what happens
in the shortest story before the act that breaks it. All others are proved. Acts of several applications
can share a story in many ways, so of promises that count allowed acts only the acts are compared.
"""


def test_every_kept_rulebook_is_judged() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} == set(KEPT)


@pytest.mark.parametrize("name", KEPT)
def test_the_judges_agree_about_rulebooks_on_which_they_did_not(name: str) -> None:
    text = (CASES / f"{name}.yaml").read_text(encoding="utf-8")
    proof = proof_of(text)
    stories = {
        result.id: tuple(
            line.happening.event
            for line in result.violation.lines
            if not (counts_allowed(result) and line.happening.event == "hello")
        )
        for result in proof.results
        if result.violation is not None
    }
    assert stories == KEPT[name]
    assert all(result.verdict == "proved" or result.id in stories for result in proof.results)
    assert not disagreements(text, proof)


@tried(30, 3000)
@given(cases(corrections=False, most=10, rulebooks=packaged()))
def test_every_history_lies_inside_the_certificate(case: Case) -> None:
    proof = proof_of(case.text)
    last = None
    for last in histories(case):  # noqa: B007 - the states on the way to the last are the last of others
        pass
    if last is None:
        return
    process, at = last
    for verdict in process.verdicts(at=at):
        for result, part in parts(proof):
            if part.act == verdict.event and part.verdict == "proved":
                trace = Trace(view_of_part(proof, result, part), process, verdict.application, verdict.to)
                trace.follow(at)
                assert not trace.strays, (result.id, verdict)
                assert is_inside(part, trace, at), (result.id, verdict)
