"""Advise beside the promises, for `check` and `prove`: mend a broken one, and know what none speaks of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from time import thread_time  # noqa: TID251 - it limits the search for advice

from postinterview.core.definitions import Definition
from postinterview.core.formatting import say_list
from postinterview.core.suggest import ticked
from postinterview.files import DEFAULT, PROMISES, packaged, read_packaged
from postinterview.layout import Line, line
from postinterview.loading.conduct import at_any_hour as without_hours
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
    if result.promise.origin.file == read_packaged(PROMISES)[0]:
        packs = ticked(_packs_that_loosen(result.id), "and")
        named = f", as the pack {packs} does" if packs else ""
        yield f"to break it on purpose, write `loosens: {{{result.id}: {{why: ...}}}}`{named}"


@cache
def _packs_that_loosen(promise: str) -> tuple[str, ...]:
    """Return the names of the packaged packs that loosen a packaged promise."""
    some = (name for name in packaged() if b"loosens:" in read_packaged(name)[1])
    return tuple(name for name in some if promise in load_rulebook(name).definition.loosens)


_packaged = cache(load_rulebook)


def at_any_hour(definition: Definition) -> tuple[str, ...]:
    """Return the chases and attempts that nothing keeps to certain hours, but those of the packaged rules.

    The packaged rules leave `counter_offer` open: it answers an offer, and may be a mail.
    """
    found = without_hours(definition)
    known = without_hours(_packaged().definition) if found else ()
    return tuple(name for name in found if name not in known)


def hours_lines(acts: Collection[str]) -> Iterator[Line]:
    """Yield that nothing keeps these chases and attempts to certain hours: no promise speaks of hours."""
    if acts:
        named = say_list((f"`{name}`" for name in acts), "and")
        yield line(f"at any hour: {named}; no promise speaks of hours, and no `hours` guard is there")
