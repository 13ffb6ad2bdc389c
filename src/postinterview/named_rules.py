"""Rules as files name them: by a packaged name, or by the path from the folder of the file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import define, field

from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import Source
from postinterview.core.values.errors import MisuseError
from postinterview.files import UnreadableError, host_pack, is_bare, packaged_sources
from postinterview.loading.diagnostics import Diagnostic
from postinterview.loading.reading import FileContent
from postinterview.loading.render import summary
from postinterview.rulebooks import RulesError, load_rulebook, rule_texts


@define
class Rulebooks:
    """Loads the rules that files name, each once. ``files``: those that were read, or could not be."""

    files: set[str] = field(factory=set)
    _loaded: dict[str, Rulebook] = field(factory=dict)

    def load(self, rules: str, beside: str = "") -> Rulebook:
        """Load rules by a packaged name, or by a path from the file ``beside``.

        Raise as `load_rulebook` does.
        """
        path = self._path(rules, beside)
        if path not in self._loaded:
            self.files.add(path)
            try:
                self._loaded[path] = load_rulebook(path)
            except RulesError as error:
                self.files.update(error.sources)
                raise
            definition = self._loaded[path].definition
            self.files.update(each.name for each in definition.sources)
            self.files.update(each.file for each in definition.keeps)
        return self._loaded[path]

    def load_for(
        self, content: FileContent, path: str, sources: Mapping[str, str], override: str | None = None
    ) -> Rulebook:
        """Load the rules that a file names, or ``override``.

        Raise `RulesError` with what is wrong with the file so far, with the place that names the rules, and
        with the rules; `UnreadableError` if ``override`` can't be read. ``sources`` has the file's text.
        """
        try:
            return self.load(content.rules, path) if override is None else self.load(override)
        except RulesError as error:
            rules = self._path(content.rules, path)
            message = f"the rules `{rules}` can't be used: {summary(error.diagnostics)}"
            help, found, texts = "mend them first", error.diagnostics, error.sources
        except (UnreadableError, MisuseError) as error:
            if override is not None:
                raise
            message, help, found, texts = error.message, error.help, (), {}
        if override is None:
            named = Diagnostic(
                code="PI706", message=message, where=content.rules_at, label="named here", help=help
            )
            found = (named, *found)
        raise RulesError((*content.diagnostics, *found), {**texts, **sources})

    def texts(self, rulebook: Rulebook) -> dict[str, str]:
        """Return the text of the rules by the name that diagnostics use."""
        path = next(path for path, found in self._loaded.items() if found is rulebook)
        try:
            return rule_texts(path)
        except UnreadableError:  # it was there a moment ago
            return {}

    def _path(self, rules: str, beside: str) -> str:
        return rules if is_bare(rules) else _join(Path(beside).parent, rules)


def named_from(folder: Path, rules: str) -> str:
    """Return the rules as a file in the folder names them: a packaged name, or the path from there."""
    own = host_pack(rules) if is_bare(rules) else rules
    return path_from(folder, own) if own else rules


def names_from(folder: Path, file: str, sources: Sequence[Source]) -> dict[str, str]:
    """Return a rule file, and what belongs to it, as a file in the folder names them, by their names."""
    known = packaged_sources()
    first, *others = sources
    found = {each.name: known.get(each) or path_from(folder, each.name) for each in others}
    return {first.name: named_from(folder, file), **found}


def path_from(folder: Path, file: str) -> str:
    """Return the path of a file as one in the folder names it."""
    path = Path(os.path.relpath(Path(file).resolve(), folder.resolve())).as_posix()
    return path if "/" in path else f"./{path}"


def _join(folder: Path, path: str) -> str:
    """Return the path from the folder, without `..` if that leads to the same file."""
    joined = str(Path(folder, path))
    short = os.path.normpath(joined)
    return short if real_path(short) == real_path(joined) else joined


def real_path(path: str) -> str:
    """Return one name for each file, however it is reached."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):  # no such name can be, or the current folder was deleted
        return path
