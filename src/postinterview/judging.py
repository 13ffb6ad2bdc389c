"""Judge rules: find slips in their files, prove their promises, compare what two rulebooks allow.

`import postinterview` imports this module, so what costs time to import (yaml, and the proof) is imported
where it is used.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from math import inf
from typing import TYPE_CHECKING, Any

from postinterview.core.values.errors import MisuseError
from postinterview.files import (
    DEFAULT,
    PROMISES,
    as_text,
    by_name,
    packaged_sources,
    read_file,
    read_packaged,
)
from postinterview.rulebooks import (
    RulesError,
    check_path,
    known_promises,
    load_known,
    read_loaded,
    sound,
    to_prove,
)

if TYPE_CHECKING:
    from postinterview.core.process import Rulebook
    from postinterview.core.rules.definitions import Definition, Source
    from postinterview.describing.names import Names
    from postinterview.linting import Rules
    from postinterview.loading import LoadedRules
    from postinterview.loading.diagnostics import Diagnostic
    from postinterview.proof.comparison import Comparison
    from postinterview.proof.model.renaming import Renaming
    from postinterview.proof.promises.promise import Promise, Promises
    from postinterview.proof.promises.tags import Milder, Trusted
    from postinterview.proof.prove import Proof


def lint(loaded: LoadedRules) -> tuple[Diagnostic, ...]:
    """Return a warning for each slip in a rule file that changes what its rules mean without an error.

    The file is compared with the one that it extends, or with the packaged rules if it is a copy of them.
    """
    from postinterview.linting import lint as find_slips

    pair = compared(loaded)
    if pair is None:
        return ()
    rules, known = pair
    found = find_slips(rules, known, loosened=() if known is None else _loosened_acts(rules.definition))
    return tuple(loaded.at_own_lines(found))


def compared(loaded: LoadedRules) -> tuple[Rules, Rules | None] | None:
    """Return the rules of a file, and those that it extends or is a copy of, if there are any.

    Return None if one of the two has a fault.
    """
    from postinterview.linting import Rules
    from postinterview.loading.copies import is_copy

    if loaded.definition is None or loaded.whole is None:
        return None
    rules = Rules(loaded.definition, loaded.whole)
    extends = len(loaded.texts) > 1
    above = (loaded.texts[1].file, loaded.texts[1].text) if extends else read_packaged(DEFAULT)
    parent = load_known(*above)
    if parent.definition is None or parent.whole is None:
        return None
    known = Rules(parent.definition, parent.whole)
    if not extends and (
        known.definition.sources == rules.definition.sources or not is_copy(rules.whole, known.whole)
    ):
        return rules, None
    return rules, known


def _loosened_acts(definition: Definition) -> frozenset[str]:
    """Return the acts that a promise judges which the file loosens."""
    if not definition.loosens:
        return frozenset()
    from postinterview.proof.promises.promise import judges

    loosened = (promise for promise in known_promises(definition.keeps) if promise.id in definition.loosens)
    clauses = [clause for promise in loosened for clause in promise.clauses]
    acts = definition.events.values()
    return frozenset(act.name for act in acts if any(judges(definition, clause, act) for clause in clauses))


def prove(
    rulebook: Rulebook,
    *,
    promises: Iterable[str | os.PathLike[str]] = (),
    max_zones: int | None = None,
    max_seconds: float | None = None,
) -> Proof:
    """Prove that no path through the rules is pushy, or find the shortest one that is.

    The packaged promises are always among those that are judged; ``promises`` are files with more. For
    them an event of the packaged rules is what these say as well as what the rulebook says of it. A
    promise is proved, violated, or unknown where a search would take more than ``max_zones`` states
    or the whole more than ``max_seconds`` of processor time.

    Raises `RulesError` for what a promise file says, `UnreadableError` where it can't be read, and
    `MisuseError` where the arguments can't mean anything.
    """
    check_proof(rulebook, promises, max_zones, max_seconds)
    return prove_promises(rulebook, load_promises(rulebook, *promises), max_zones, max_seconds)


def prove_promises(
    rulebook: Rulebook, promises: Promises, max_zones: int | None, max_seconds: float | None
) -> Proof:
    """Prove these promises, and no others. Everything else is as for `prove`."""
    from time import thread_time  # noqa: TID251 - it measures the proof, and decides nothing in it

    from attrs import evolve

    from postinterview.proof.prove import MAX_SECONDS, MAX_ZONES, Prover
    from postinterview.proof.search.replay import willing
    from postinterview.proof.vacuous import vacuous

    definition, found, believed = held_to_packaged(rulebook.definition)
    prover = Prover(
        rulebook if definition is rulebook.definition else willing(definition, rulebook),
        thread_time,
        max_zones=MAX_ZONES if max_zones is None else max_zones,
        max_seconds=MAX_SECONDS if max_seconds is None else max_seconds,
    )
    proof = prover.prove(promises)
    return evolve(proof, milder=found, trusted=believed, vacuous=vacuous(prover, proof.results))


def compare(
    old: Rulebook,
    new: Rulebook,
    *,
    max_zones: int | None = None,
    max_seconds: float | None = None,
) -> Comparison:
    """Find what the new rules allow and the old ones refused, after the same history, act by act.

    For each act: none, some with the shortest story, or unknown where a search would take more than
    ``max_zones`` states or the whole more than ``max_seconds`` of processor time, or where the files differ
    in what an event is.

    What a migration of either rulebook renames from the other one is one thing for both.

    Raises `MisuseError` for what is no rulebook, and for limits that no search can keep.
    """
    from time import thread_time  # noqa: TID251 - it measures the proof, and decides nothing in it

    from postinterview.proof.compare import Comparer
    from postinterview.proof.model.renaming import SAME_NAMES, inverse
    from postinterview.proof.prove import MAX_SECONDS, MAX_ZONES

    for each in (old, new):
        check_rulebook(each)
    check_limits(max_zones, max_seconds)
    names = inverse(_names(new, old)) if (forth := _names(old, new)) == SAME_NAMES else forth
    return Comparer(
        old,
        new,
        thread_time,
        names=names,
        max_zones=MAX_ZONES if max_zones is None else max_zones,
        max_seconds=MAX_SECONDS if max_seconds is None else max_seconds,
    ).compare()


def _names(old: Rulebook, new: Rulebook) -> Renaming:
    """Return what the new rulebook says that it renamed since the old one."""
    from postinterview.proof.model.renaming import SAME_NAMES, renaming_of
    from postinterview.saving.migration import migration_from
    from postinterview.saving.saved import book_of

    migration = migration_from(new.definition, book_of(old.definition))
    return SAME_NAMES if migration is None else renaming_of(migration, old.definition, new.definition)


def held_to_packaged(
    definition: Definition,
) -> tuple[Definition, tuple[Milder, ...], tuple[Trusted, ...]]:
    """Return the definition as promises are to read it, its milder tags, and what is only trusted of it.

    The default rules are known, and the packs that the definition comes from.
    """
    from attrs import evolve

    from postinterview.proof.promises.tags import held, milder, only_trusted

    names = [DEFAULT, *(name for source, name in packaged_sources().items() if source in definition.sources)]
    found = (load_known(*read_packaged(name)).definition for name in dict.fromkeys(names))
    known = [each for each in found if each is not None]
    packs = evolve(known[0], events={name: kind for each in known for name, kind in each.events.items()})
    return held(definition, packs), milder(definition, packs), only_trusted(definition, packs)


def names_of(rules: str) -> Names:
    """Return what there is to say of each name in a rule file, a path or a packaged name.

    Raises `RulesError` for what a file says, and `UnreadableError` where it can't be read.
    """
    from postinterview.describing.names import Names

    loaded = read_loaded(rules)
    rulebook = to_prove(sound(loaded))
    return Names.of(rulebook.definition, by_name(loaded.texts), load_promises(rulebook), loaded.whole)


def load_promises(rulebook: Rulebook, *paths: str | os.PathLike[str]) -> Promises:
    """Read the packaged promises, those that the rules keep by themselves, and those of the files.

    Raises `RulesError` for what a file says, and `UnreadableError` where it can't be read.
    """
    from postinterview.proof.promises.parsing import read_promises
    from postinterview.proof.promises.promise import Promises

    for path in paths:
        check_path(path)
    found: list[Promise] = []
    sources: list[Source] = []
    kept = [(each.file, each.text) for each in rulebook.definition.keeps]
    for number, (shown, data) in enumerate([read_packaged(PROMISES), *kept, *map(read_file, paths)]):
        taken = [promise.id for promise in found]
        read = read_promises(data, shown, known=rulebook.definition if number else None, taken=taken)
        if read.promises is None:
            raise RulesError(read.diagnostics, {shown: as_text(data)})
        found += read.promises.promises
        sources += read.promises.sources
    return Promises(tuple(found), tuple(sources))


def check_proof(rulebook: object, promises: object, max_zones: object, max_seconds: object) -> None:
    """Raise `MisuseError` for what nothing can be proved of, or with."""
    check_rulebook(rulebook)
    if isinstance(promises, str | bytes | os.PathLike) or not isinstance(promises, Iterable):
        raise MisuseError(f"`promises` can't be {promises!r}", 'give a list of paths: promises=["mine.yaml"]')
    check_limits(max_zones, max_seconds)


def check_rulebook(rulebook: object) -> None:
    """Raise `MisuseError` for what is no rulebook."""
    from postinterview.core.process import Rulebook

    if not isinstance(rulebook, Rulebook):
        raise MisuseError(f"`{rulebook!r}` is no rulebook", "give what load_rulebook answers with")


def check_limits(max_zones: Any, max_seconds: Any) -> None:
    """Raise `MisuseError` for limits that no search can keep."""
    if max_zones is not None and (type(max_zones) is not int or max_zones < 1):
        raise MisuseError(f"`max_zones` can't be {max_zones!r}", "give a whole number above 0")
    if max_seconds is not None and not (type(max_seconds) in (int, float) and 0 < max_seconds < inf):
        raise MisuseError(f"`max_seconds` can't be {max_seconds!r}", "give a finite number above 0")
