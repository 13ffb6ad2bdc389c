"""Make rulebooks of rule files, prove their promises and compare them. Bad arguments are misuse.

`import postinterview` imports this module, so what costs time to import (yaml, and the proof) is imported
where it is used.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from math import inf
from typing import TYPE_CHECKING, Any

from postinterview.core.errors import MisuseError, PostInterviewError
from postinterview.core.formatting import shorten
from postinterview.files import (
    DEFAULT,
    PROMISES,
    as_text,
    by_name,
    named_parent_of,
    packaged_sources,
    parent_of,
    read_file,
    read_packaged,
    read_rules,
)

if TYPE_CHECKING:
    from postinterview.core.definitions import Definition, Origin, PromiseFile, Source
    from postinterview.core.guards import CustomGuard
    from postinterview.core.process import Rulebook
    from postinterview.loading import Finder, LoadedRules
    from postinterview.loading.diagnostics import Diagnostic
    from postinterview.loading.merged_values import MergedValue
    from postinterview.loading.pack_changes import Change
    from postinterview.proof.comparison import Comparison
    from postinterview.proof.model.renaming import Renaming
    from postinterview.proof.promises.promise import Promise, Promises
    from postinterview.proof.promises.tags import Milder, Trusted
    from postinterview.proof.prove import Proof

_FUNCTIONS = 'give functions by the name that the guards use: custom={"free": free}'


class RulesError(PostInterviewError):
    """Rule files that say something wrong; all that was found, at once.

    ``diagnostics`` are in reading order, warnings among them; ``sources`` has the text of each file by
    the name that the diagnostics use. As text: every diagnostic with its line and caret.
    """

    def __init__(self, diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, str]) -> None:
        super().__init__(diagnostics, dict(sources))
        self.diagnostics = diagnostics
        self.sources = dict(sources)

    def __str__(self) -> str:
        from postinterview.loading import render

        return render.text(self.diagnostics, self.sources).rstrip("\n")

    def __repr__(self) -> str:
        first = f": {self.diagnostics[0].message}" if self.diagnostics else ""
        return shorten(
            f"<{type(self).__name__} {', '.join(self.sources)}, {len(self.diagnostics)} found{first}>"
        )


def load_rulebook(
    *paths: str | os.PathLike[str],
    text: str | bytes | None = None,
    name: str | None = None,
    custom: Mapping[str, CustomGuard] | None = None,
    folder: str | os.PathLike[str] | None = None,
) -> Rulebook:
    """Make a rulebook of a rule file, or raise all that is wrong with it at once.

    A bare word such as ``"default"`` is the name of packaged rules, and what is taken when nothing is
    named; everything else (``"mine.yaml"``, ``"./mine"``, a `pathlib.Path`) is a file's path. With ``text``
    the rules are given instead of read, and ``name`` is what diagnostics and reasons call them.
    ``custom`` has the functions that guards of the kind ``custom`` name. The rulebook's own name is
    the file's without folder and ending. ``folder`` has packs of the host's own: a bare word is a file there,
    too, here and under ``extends``. By default it is the folder that the environment variable
    ``POSTINTERVIEW_RULES`` names. A pack there can't have the name of packaged rules.

    Raises `RulesError` for what the file says, `UnreadableError` where it can't be read, and
    `MisuseError` where the arguments can't mean anything.
    """
    from postinterview.countries import with_holidays

    check_rules(text, name, custom)
    if folder is not None:
        check_path(folder)
    finder = partial(parent_of if text is None else named_parent_of, folder=folder)
    definition = _definition(*_source(paths, text, name, folder), tuple(custom or ()), finder)
    return with_holidays(definition, custom)


def load_to_prove(path: str | os.PathLike[str], *, text: bytes | None = None) -> Rulebook:
    """Return the rulebook of a rule file whose custom functions are not there, as on the command line.

    They always say yes in it: a proof counts them as "may hold or not" whatever they say. ``text``: the
    rules, if they were read already; ``path`` is then only their name.

    Raises as `load_rulebook` does.
    """
    return read_to_prove(path, text)[0]


def read_to_prove(path: str | os.PathLike[str], text: bytes | None = None) -> tuple[Rulebook, dict[str, str]]:
    """Return what `load_to_prove` returns, and the texts that it was read from, by their shown names."""
    source = _source((path,), None, None) if text is None else (os.fspath(path), text)
    loaded = load_text(*source)
    return to_prove(sound(loaded)), by_name(loaded.texts)


def to_prove(definition: Definition) -> Rulebook:
    """Return the rulebook of a definition for a proof.

    Its custom functions say yes, and it has the holidays of its country where those are known here.
    """
    from postinterview.countries import known_codes, with_holidays
    from postinterview.proof.search.replay import custom_functions, willing, yes

    country = definition.calendar.country
    if country is None or country not in (known_codes(country) or ()):
        return willing(definition)
    return with_holidays(definition, dict.fromkeys(custom_functions(definition), yes))


def _definition(
    shown: str, source: str | bytes, custom: tuple[str, ...] | None, finder: Finder = parent_of
) -> Definition:
    """Return what the text says. ``custom``: the functions there are; None: whichever it names.

    ``finder`` finds what it extends.
    """
    return sound(load_text(shown, source, custom, finder))


def sound(loaded: LoadedRules) -> Definition:
    """Return the definition, or raise all that is wrong with the file."""
    if loaded.definition is None:
        raise RulesError(loaded.diagnostics, by_name(loaded.texts))
    return loaded.definition


def load_text(
    shown: str, source: str | bytes, custom: tuple[str, ...] | None = None, finder: Finder = parent_of
) -> LoadedRules:
    """Load the text of a rule file, with all that is wrong with it; arguments as for `_definition`."""
    from postinterview.countries import known_codes
    from postinterview.loading import load

    name = os.path.splitext(os.path.basename(shown))[0]
    return load(
        source,
        shown,
        name=name,
        custom=custom,
        countries=known_codes,
        promises=_names_to_loosen,
        finder=finder,
    )


def _names_to_loosen(inherited: Collection[PromiseFile]) -> tuple[str, ...]:
    """Return the names of the promises that a file can loosen: packaged ones, and those of its parents."""
    return tuple(promise.id for promise in _made(inherited))


def _made(kept: Collection[PromiseFile]) -> Iterator[Promise]:
    """Yield the packaged promises, as they are for all rules, and those of the files that can be read."""
    from postinterview.proof.promises.parsing import read_promises

    for shown, data in (read_packaged(PROMISES), *((each.file, each.text) for each in kept)):
        read = read_promises(data, shown).promises
        yield from read.promises if read else ()


def values_of(shown: str, source: str | bytes) -> Iterator[MergedValue]:
    """Yield the values of a rule file and of those that it extends, each with the place that says it.

    ``shown`` is its name, as `read_rules` gives it, and ``source`` its text. Raises as `load_rulebook` does.
    """
    from postinterview.loading.merged_values import merged_values, read_merged

    _definition(shown, source, None)
    return merged_values(read_merged(source, shown, parent_of))


def rule_texts(path: str | os.PathLike[str]) -> dict[str, str]:
    """Return the texts of a rule file and of those that it extends, by the names that origins use.

    Raises `UnreadableError` where the file can't be read.
    """
    from postinterview.loading.merged_values import read_merged

    shown, source = _source((path,), None, None)
    return by_name(read_merged(source, shown, parent_of).texts)


def changes_by(path: str | os.PathLike[str], *, text: bytes | None = None) -> tuple[Change, ...]:
    """Return what a rule file changes in the one that it extends. ``text`` as `load_to_prove` takes it."""
    from postinterview.loading.pack_changes import changes_of

    source = _source((path,), None, None) if text is None else (os.fspath(path), text)
    return changes_of(load_text(*source), parent_of)


def whys_left(path: str | os.PathLike[str]) -> dict[Origin, Origin]:
    """Return the entries that a rule file changes without a new `why`, with the place of the old one.

    Raises `UnreadableError` where the file can't be read.
    """
    from postinterview.loading.merged_values import inherited_whys, read_merged

    shown, source = _source((path,), None, None)
    return inherited_whys(read_merged(source, shown, parent_of))


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
    found = (_load(*read_packaged(name)).definition for name in dict.fromkeys(names))
    known = [each for each in found if each is not None]
    packs = evolve(known[0], events={name: kind for each in known for name, kind in each.events.items()})
    return held(definition, packs), milder(definition, packs), only_trusted(definition, packs)


def lint(loaded: LoadedRules) -> tuple[Diagnostic, ...]:
    """Return a warning for each slip in a rule file that changes what its rules mean without an error.

    The file is compared with the one that it extends, or with the packaged rules if it is a copy of them.
    """
    from postinterview.linting import Rules
    from postinterview.linting import lint as find_slips

    if loaded.definition is None or loaded.whole is None:
        return ()
    rules = Rules(loaded.definition, loaded.whole)
    extends = len(loaded.texts) > 1
    above = (loaded.texts[1].file, loaded.texts[1].text) if extends else read_packaged(DEFAULT)
    parent = _load(*above)
    if parent.definition is None or parent.whole is None:
        return ()
    known = Rules(parent.definition, parent.whole)
    if not extends and (known.definition.sources == rules.definition.sources or not rules.is_copy_of(known)):
        return find_slips(rules, None)
    return find_slips(rules, known, loosened=_loosened_acts(rules.definition))


@lru_cache(maxsize=16)
def _load(shown: str, text: str | bytes) -> LoadedRules:
    """Load a rule file that other rules are compared with. It is read, and not compiled."""
    return load_text(shown, text)


def _loosened_acts(definition: Definition) -> frozenset[str]:
    """Return the acts that a promise judges which the file loosens."""
    if not definition.loosens:
        return frozenset()
    from postinterview.proof.promises.promise import judges

    loosened = (promise for promise in _made(definition.keeps) if promise.id in definition.loosens)
    clauses = [clause for promise in loosened for clause in promise.clauses]
    acts = definition.events.values()
    return frozenset(act.name for act in acts if any(judges(definition, clause, act) for clause in clauses))


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


def _source(
    paths: tuple[str | os.PathLike[str], ...],
    text: str | bytes | None,
    name: str | None,
    folder: str | os.PathLike[str] | None = None,
) -> tuple[str, str | bytes]:
    """Return the name to show for what the arguments of `load_rulebook` mean, and its content."""
    if text is not None:
        if paths:
            raise MisuseError("rules are given both as a file and as text", "give one of them")
        return name or "<text>", text
    if name is not None:
        raise MisuseError(
            "`name` names rules given as text, and there is no text", "leave it out, or give `text`"
        )
    if len(paths) > 1:
        raise MisuseError(f"{len(paths)} rule files are named", "a rulebook is made of one: name one")
    path = paths[0] if paths else DEFAULT
    check_path(path)
    if not os.fspath(path):
        raise MisuseError("the path of the rule file is empty", "leave it out for the packaged rules")
    return read_rules(path, folder)


def check_path(path: object) -> None:
    """Raise `MisuseError` for what is no path of a file."""
    if not isinstance(path, str | os.PathLike) or not isinstance(os.fspath(path), str):
        raise MisuseError(
            f"`{path!r}` is no path of a file", 'give a text such as "mine.yaml", or a pathlib.Path'
        )


def check_rules(text: object, name: object, custom: object) -> None:
    """Raise `MisuseError` for what can't describe rules."""
    if text is not None and not isinstance(text, str | bytes):
        raise MisuseError(f"`text` can't be {text!r}", "give the rules as a text or as bytes")
    if name is not None and not isinstance(name, str):
        raise MisuseError(f"`name` can't be {name!r}", 'give a text such as name="mine.yaml"')
    if custom is None:
        return
    if not isinstance(custom, Mapping):
        raise MisuseError(f"`custom` can't be {custom!r}", _FUNCTIONS)
    for key, function in custom.items():
        if not isinstance(key, str) or not callable(function):
            raise MisuseError(f"`custom` can't hold {key!r}: {function!r}", _FUNCTIONS)


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
