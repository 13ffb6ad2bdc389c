"""Short ways to prove the packaged promises, or one of a test's own, of a rulebook."""

from __future__ import annotations

from pathlib import Path
from time import process_time  # noqa: TID251 - a prover asks a clock for its limit

import postinterview as pi
from postinterview.proof.promise_parsing import read_promises
from postinterview.proof.promises import Promises
from postinterview.proof.prove import Proof, Prover

ROOT = Path(__file__).parents[2]


def courtesy() -> Promises:
    read = read_promises((ROOT / "rules" / "courtesy.yaml").read_bytes(), "rules/courtesy.yaml")
    assert read.promises is not None
    return read.promises


PROMISES = courtesy()


def prove(rulebook: pi.Rulebook, *acts: str) -> Proof:
    return Prover(rulebook, process_time).prove(PROMISES, acts or None)


def prove_own(rulebook: pi.Rulebook, promise: str, *acts: str) -> Proof:
    """Judge one promise, given by its clause, and no packaged ones."""
    text = f"{{format: 1, title: Own, promises: {{own: {{{promise}}}}}}}"
    read = read_promises(text, "own.yaml", known=rulebook.definition)
    assert read.promises is not None
    return Prover(rulebook, process_time).prove(read.promises, acts or None)
