"""Questions for provers, and the answer of each: its verdict, how many states it looked at, and its time.

A question is a clause of a promise and an act that may break it. Every prover begins with the
rulebook's definition, so each pays for its own relation of the act.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from time import process_time  # noqa: TID251 a benchmark reads the clock
from typing import TypeAlias

from attrs import define, field, frozen

from benchmarks.timing import clock
from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import Definition, EventKind
from postinterview.proof.model.asked import AskedActs, tally_of
from postinterview.proof.model.relation import ConditionKey, relation_of
from postinterview.proof.model.view import View, view_of
from postinterview.proof.promises.promise import Promise, Promises, broken_by, judges
from postinterview.proof.prove import Prover
from postinterview.proof.search.refinement import Part, ProofVerdict
from postinterview.proof.search.search import Bad, Safe, search


class DisagreementError(Exception):
    """Two provers gave different verdicts on one question."""


@define
class Stopwatch:
    """Measures the CPU seconds of this process since it was made."""

    begun: int = field(factory=clock)

    @property
    def seconds(self) -> float:
        return (clock() - self.begun) / 1e9


@frozen
class Answer:
    """``verdict`` is unknown if the time was up; ``states`` is None if they can't be counted."""

    verdict: ProofVerdict
    states: int | None
    seconds: float


@frozen
class Question:
    """The question whether the act is ever allowed where it breaks the clause of a promise."""

    definition: Definition
    promise: Promise
    clause: int
    act: EventKind

    def view(self, keys: Collection[ConditionKey] | None = None) -> View:
        """Return the view of these conditions; of all of them by default."""
        relation = relation_of(self.definition, self.act)
        atoms = broken_by(self.definition, self.promise.clauses[self.clause], self.act)
        every = {**AskedActs(relation, tally_of((atoms,)), ()).conditions, **relation.conditions}
        return view_of(relation, every if keys is None else keys, (atoms,))

    def decide(self) -> Part:
        """Return the answer of the library's prover."""
        atoms = broken_by(self.definition, self.promise.clauses[self.clause], self.act)
        return Prover(Rulebook(self.definition), process_time, max_seconds=60.0).decide(self.act, atoms)


Needed: TypeAlias = tuple[ConditionKey, ...]
"""The conditions that a proof rests on."""


def questions(definition: Definition, promises: Promises) -> list[Question]:
    """Return every question that a proof of the promises has to answer."""
    return [
        Question(definition, promise, number, act)
        for promise in promises.promises
        for number, clause in enumerate(promise.clauses)
        for act in definition.events.values()
        if judges(definition, clause, act)
    ]


def by_prover(question: Question) -> Answer:
    """Return the answer of the library: localised, refined, minimised and checked."""
    stopwatch = Stopwatch()
    part = question.decide()
    return Answer(part.verdict, part.states, stopwatch.seconds)


def by_search(question: Question, seconds: float, keys: Needed | None = None) -> Answer:
    """Return the answer of the search alone, with these conditions (None: all of them)."""
    stopwatch = Stopwatch()
    found = search(question.view(keys), 10**9, lambda: stopwatch.seconds > seconds)
    match found:
        case Safe(reached):
            return Answer("proved", len(reached), stopwatch.seconds)
        case Bad():
            return Answer("violated", found.states, stopwatch.seconds)
        case _:
            return Answer("unknown", found.states, stopwatch.seconds)


def together(answers: Iterable[Answer]) -> Answer:
    """Return several answers as one: the worst verdict, and the sums."""
    found = list(answers)
    verdicts = {answer.verdict for answer in found}
    verdict = next((v for v in ("violated", "unknown") if v in verdicts), "proved")
    states = [answer.states for answer in found]
    count = None if None in states else sum(each for each in states if each is not None)
    return Answer(verdict, count, sum(answer.seconds for answer in found))  # type: ignore[arg-type]


def agree(what: str, answers: Iterable[Answer]) -> None:
    """Check that no two provers that know the answer disagree.

    Raises:
        DisagreementError: somebody does.
    """
    verdicts = {answer.verdict for answer in answers} - {"unknown"}
    if len(verdicts) > 1:
        raise DisagreementError(f"{what}: {', '.join(sorted(verdicts))}")
