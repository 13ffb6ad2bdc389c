"""Make rulebooks of rule files. Bad arguments are misuse.

`import postinterview` imports this module, so what costs time to import (yaml, and the proof) is imported
where it is used.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from postinterview.core.values.errors import MisuseError, PostInterviewError
from postinterview.core.values.formatting import shorten
from postinterview.files import (
    DEFAULT,
    PROMISES,
    by_name,
    named_parent_of,
    parent_of,
    read_packaged,
    read_rules,
)

if TYPE_CHECKING:
    from postinterview.core.guards import CustomGuard
    from postinterview.core.process import Rulebook
    from postinterview.core.rules.definitions import Definition, PromiseFile
    from postinterview.loading import Finder, LoadedRules
    from postinterview.loading.diagnostics import Diagnostic
    from postinterview.loading.merged_values import MergedValue
    from postinterview.loading.pack_changes import Change
    from postinterview.proof.promises.promise import Promise

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

    read = partial(
        load,
        file=shown,
        name=os.path.splitext(os.path.basename(shown))[0],
        custom=custom,
        countries=known_codes,
        promises=_names_to_loosen,
        finder=finder,
    )
    loaded = read(source)
    if loaded.definition is not None or loaded.whole is None or loaded.extended is not None:
        return loaded
    from attrs import evolve

    from postinterview.loading.copies import beside, if_a_pack, is_copy
    from postinterview.loading.merged_values import read_merged

    file, text = read_packaged(DEFAULT)
    original = read_merged(text, file, finder).record
    if original is not None and is_copy(loaded.whole, original.node):
        return evolve(loaded, diagnostics=beside(loaded.diagnostics, loaded.whole, original.node))
    line = f"\nextends: {DEFAULT}\n"
    return if_a_pack(loaded, read(source + line if isinstance(source, str) else source + line.encode()))


def _names_to_loosen(inherited: Collection[PromiseFile]) -> tuple[str, ...]:
    """Return the names of the promises that a file can loosen: packaged ones, and those of its parents."""
    return tuple(promise.id for promise in known_promises(inherited))


def known_promises(kept: Collection[PromiseFile]) -> Iterator[Promise]:
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


def read_loaded(path: str | os.PathLike[str]) -> LoadedRules:
    """Load a rule file, with all that is wrong with it. Raises `UnreadableError` if it can't be read."""
    return load_text(*_source((path,), None, None))


def changes_by(path: str | os.PathLike[str], *, text: bytes | None = None) -> tuple[Change, ...]:
    """Return what a rule file changes in the one that it extends. ``text`` as `load_to_prove` takes it."""
    source = _source((path,), None, None) if text is None else (os.fspath(path), text)
    return load_text(*source).changes


@lru_cache(maxsize=16)
def load_known(shown: str, text: str | bytes) -> LoadedRules:
    """Load a rule file that other rules are compared with. It is read, and not compiled."""
    return load_text(shown, text)


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
