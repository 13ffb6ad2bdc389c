"""Short ways to prove the packaged promises, or one of a test's own, of a rulebook."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from time import process_time  # noqa: TID251 - a prover asks a clock for its limit
from typing import Any

import postinterview as pi
from postinterview.core.process import Process
from postinterview.proof.compare import Comparer
from postinterview.proof.model.relation import Relation, relation_of
from postinterview.proof.model.trace import Trace
from postinterview.proof.model.view import View
from postinterview.proof.promises.parsing import read_promises
from postinterview.proof.promises.promise import MoreThan, Promises
from postinterview.proof.prove import Proof, Prover, Result
from postinterview.proof.search.replay import StoryReplay
from tests.strategies.writing import written

ROOT = Path(__file__).parents[2]

PATIENT = 60.0
"""Seconds for a test that expects a definite answer, however busy the machine is."""


def slow_clock() -> float:
    """A tenth of the processor time, where a clock is all that can be given: the limit is the usual one."""
    return process_time() / 10


def patient(old: pi.Rulebook, new: pi.Rulebook) -> Comparer:
    """Compare with a limit that only a test of the limit should reach."""
    return Comparer(old, new, process_time, max_seconds=PATIENT)


def courtesy() -> Promises:
    read = read_promises((ROOT / "rules" / "courtesy.yaml").read_bytes(), "rules/courtesy.yaml")
    assert read.promises is not None
    return read.promises


PROMISES = courtesy()


def allowed_by_both(
    process: Process, event: str, at: datetime, to: str | None = None, application: str | None = "main"
) -> bool:
    """Whether the engine allows an act at the moment; the model says the same of its whole relation."""
    verdict = process.may(event, at=at, to=to, application=application)
    assert allowed_by_model(process, event, at, to, verdict.application) is verdict.allowed, verdict
    return verdict.allowed


def allowed_by_model(
    process: Process, event: str, at: datetime, to: str | None, application: str | None
) -> bool:
    """Whether all that the history tells lets the act happen: every condition of some way is met."""
    relation = relation_for(process.rulebook, event)
    options = [option for each in relation.conditions.values() for option in each.options]
    trace = Trace(View(relation, options, relation.gates.values()), process, application, to)
    trace.follow(at)
    assert not trace.strays
    met = {
        key: any(trace.meets(option, at) for option in each.options)
        for key, each in relation.conditions.items()
    }
    return any(all(met[each.key] for each in way) for way in relation.ways)


@lru_cache(maxsize=64)
def relation_for(rulebook: pi.Rulebook, event: str) -> Relation:
    return relation_of(rulebook.definition, rulebook.definition.events[event])


class Blunt(Prover):
    """Tells the first story that it finds; to look for one without breaches may take seconds."""

    def _politer(self, made: StoryReplay, *_asked: object) -> StoryReplay:
        return made


def prove(rulebook: pi.Rulebook, *acts: str, max_seconds: float = PATIENT, blunt: bool = False) -> Proof:
    prover = (Blunt if blunt else Prover)(rulebook, process_time, max_seconds=max_seconds)
    return prover.prove(PROMISES, acts or None)


def counts_allowed(result: Result) -> bool:
    """Whether the promise counts only acts that the rules allowed."""
    clauses = (clause.when for clause in result.promise.clauses)
    return all(isinstance(when, MoreThan) and when.count == "allowed" for when in clauses)


def prove_all(rulebook: pi.Rulebook, promises: dict[str, Any]) -> Proof:
    """Judge promises that are given as plain data, and no packaged ones."""
    text = written({"format": "1", "title": "Drawn at random", "promises": promises})
    read = read_promises(text, "own.yaml", known=rulebook.definition)
    assert read.promises is not None, read.diagnostics
    return Prover(rulebook, process_time, max_seconds=PATIENT).prove(read.promises, None)


def prove_own(rulebook: pi.Rulebook, promise: str, *acts: str) -> Proof:
    """Judge one promise, given by its clause, and no packaged ones."""
    text = f"{{format: 1, title: Own, promises: {{own: {{{promise}}}}}}}"
    read = read_promises(text, "own.yaml", known=rulebook.definition)
    assert read.promises is not None
    return Prover(rulebook, process_time, max_seconds=PATIENT).prove(read.promises, acts or None)
