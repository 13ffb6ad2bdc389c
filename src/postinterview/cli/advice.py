"""Advice on a broken promise, for `check` and `prove`: what keeps it in the packaged rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from time import thread_time  # noqa: TID251 - it limits the search for advice

from postinterview.files import DEFAULT, read_packaged
from postinterview.proof.explain import advice
from postinterview.proof.prove import Proof, Prover, Result
from postinterview.rulebooks import load_rulebook

_SECONDS = 2.0
"""The packaged rules are searched no longer than this: advice is not worth more waiting."""


def advise(proof: Proof, sources: Mapping[str, str], result: Result) -> Iterator[str]:
    """Yield what to change where a promise is broken, if the packaged rules have the same act.

    ``sources``: the texts of the rule files, by their shown names.
    """
    shown, text = read_packaged(DEFAULT)
    prover = Prover(_packaged(), thread_time, max_seconds=_SECONDS)
    yield from advice(proof.definition, prover, result, sources, {shown: text.decode("utf-8")})


_packaged = cache(load_rulebook)
