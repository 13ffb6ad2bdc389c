"""Random rulebooks: what is proved is never broken, what is violated replays, and the oracle agrees."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from time import process_time  # noqa: TID251 - it measures this program

from hypothesis import given

import postinterview as pi
from postinterview.proof.promises import broken_by
from postinterview.proof.prove import Part, Proof, Prover
from postinterview.proof.trace import Trace
from postinterview.proof.view import View, view_of
from tests.proof.oracle import broken
from tests.proof.test_default_rules import PROMISES
from tests.proof.test_relation import histories
from tests.strategies.runs import Case, cases


@lru_cache(maxsize=8)
def proof_of(text: str) -> Proof:
    return Prover(pi.load_rulebook(text=text), process_time).prove(PROMISES)


def view_of_part(proof: Proof, promise: int, part: Part) -> View:
    """The view that the part of a proof is about."""
    definition = proof.definition
    act = definition.events[part.act]
    clause = proof.results[promise].promise.clauses[part.clause]
    relation = Prover(pi.Rulebook(definition), process_time).relation(act)
    return view_of(relation, part.rests_on, broken_by(definition, clause, act))


def is_inside(part: Part, trace: Trace, at: datetime) -> bool:
    """Whether the state lies in one of the part's zones."""
    n = trace.view.size
    readings = [0, *(trace.reading(clock, at) for clock in range(1, n))]
    for values, zone in part.reached:
        if values == trace.state and all(
            (one := readings[i]) is None
            or (other := readings[j]) is None
            or zone[i * n + j] >= 2 * (one - other) + 1
            for i in range(n)
            for j in range(n)
        ):
            return True
    return False


@given(cases(corrections=False, most=8))
def test_a_violated_promise_has_a_story_that_replays_and_that_the_oracle_condemns(case: Case) -> None:
    for result in proof_of(case.text).results:
        for part in result.parts:
            if part.replay is not None:
                act = part.replay.story.act
                again = part.replay.process.may(
                    act.event, at=act.at, to=act.to, application=act.application, **act.fields
                )
                assert again.allowed
                assert result.id in broken(
                    part.replay.process, act.event, act.at, to=act.to, application=act.application
                )


@given(cases(corrections=False, most=10))
def test_a_proved_promise_is_never_broken_and_every_history_lies_inside_its_certificate(case: Case) -> None:
    proof = proof_of(case.text)
    views: dict[tuple[int, int], View] = {}
    for process, at in histories(case):
        for verdict in process.verdicts(at=at):
            wrong = set()
            if verdict.allowed:
                wrong = broken(process, verdict.event, at, to=verdict.to, application=verdict.application)
            for number, result in enumerate(proof.results):
                for index, part in enumerate(result.parts):
                    if part.act != verdict.event or part.verdict != "proved":
                        continue
                    if (number, index) not in views:
                        views[number, index] = view_of_part(proof, number, part)
                    trace = Trace(views[number, index], process, verdict.application, verdict.to)
                    trace.follow(at)
                    assert is_inside(part, trace, at), (result.id, verdict)
                if result.verdict == "proved":
                    assert result.id not in wrong, verdict
