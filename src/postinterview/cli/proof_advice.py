"""The advice on a broken promise: reads the texts that it quotes, and proves the packaged rules beside."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from time import perf_counter  # noqa: TID251 - it measures the proof

from postinterview.core.rulebook import Rulebook
from postinterview.files import DEFAULT, UnreadableError, load_rulebook, read_file, read_packaged
from postinterview.proof.advice import advice
from postinterview.proof.prove import Proof, Prover, Result

_SECONDS = 2.0
"""So long the packaged rules are asked at most: advice is not worth more waiting."""


def advised(proof: Proof, result: Result) -> Iterator[str]:
    """What to change, where a promise is broken and the packaged rules have the same act."""
    if result.violation is None:
        return iter(())
    shown, text = read_packaged(DEFAULT)
    here = {source.name: _text(source.name) for source in proof.definition.sources}
    packaged = Prover(_packaged(), perf_counter, max_seconds=_SECONDS)
    return advice(proof.definition, packaged, result, here, {shown: text.decode("utf-8")})


@lru_cache(maxsize=1)
def _packaged() -> Rulebook:
    return load_rulebook()


def _text(file: str) -> str:
    try:
        return read_file(file)[1].decode("utf-8-sig", "replace")
    except UnreadableError:  # the packaged rules themselves
        return ""
