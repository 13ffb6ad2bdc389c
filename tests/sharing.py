"""Searches that tests of commands and pages ask for again and again, made once in a run.

What is found for equal rules, promises, questions and numbers of states is the same. What a limit has cut
short is searched again, and so are rules that can't be compared.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any
from unittest.mock import patch

import pytest

from postinterview.proof.bound import Bound
from postinterview.proof.bounder import Bounder
from postinterview.proof.compare import Comparer
from postinterview.proof.comparison import Comparison
from postinterview.proof.prove import Proof, Prover

_FOUND: dict[bytes, Any] = {}


def _once(search: Callable[..., Any], rules: Callable[[Any], object]) -> Callable[..., Any]:
    """The search, or what it has found before."""

    def found(self: Any, *asked: Any) -> Any:
        if _seconds_left(self) < 1:
            return search(self, *asked)
        key = sha256(pickle.dumps((search.__qualname__, type(self), rules(self), asked))).digest()
        if key not in _FOUND:
            answer = search(self, *asked)
            if "unknown" in _verdicts(answer):
                return answer
            _FOUND[key] = answer
        return _FOUND[key]

    return found


def _seconds_left(searching: Any) -> float:
    if isinstance(searching, Bounder):
        return searching.max_seconds
    limits = searching.limits if isinstance(searching, Prover) else searching._limits  # noqa: SLF001
    return float(limits.deadline - limits.clock())


def _verdicts(answer: Proof | Comparison | Bound) -> set[str]:
    match answer:
        case Proof():
            return {result.verdict for result in answer.results}
        case Comparison():
            return {act.verdict for act in answer.acts}
        case Bound():
            return {answer.verdict}


def _proved(prover: Prover) -> object:
    return prover.definition, prover.start.calendar, prover.limits.max_zones


def _compared(comparer: Any) -> object:
    rules = comparer.old, comparer.new, comparer._joint  # noqa: SLF001
    return rules, comparer._calendars, comparer._limits.max_zones  # noqa: SLF001


def _counted(bounder: Any) -> object:
    return _proved(bounder._prover)  # noqa: SLF001


@pytest.fixture(autouse=True)
def shared_proofs() -> Iterator[None]:
    """Let what this process runs search the same rules once. The texts that it prints are its own."""
    with (
        patch.object(Prover, "prove", _once(Prover.prove, _proved)),
        patch.object(Comparer, "compare", _once(Comparer.compare, _compared)),
        patch.object(Bounder, "bound", _once(Bounder.bound, _counted)),
    ):
        yield
