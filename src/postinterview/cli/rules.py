"""The rulebooks that scenario files name, each loaded once."""

from __future__ import annotations

import os
from pathlib import Path

from attrs import define, field, frozen

from postinterview.core.errors import MisuseError
from postinterview.core.rulebook import Rulebook
from postinterview.files import RulesError, UnreadableError, load_rulebook, read_file, read_packaged
from postinterview.loading.diagnostics import Diagnostic, Span
from postinterview.loading.render import summary


@frozen
class NoRules:
    """Why rules can't be had. ``diagnostics``: what is wrong in their file, if it could be read."""

    message: str
    help: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()

    def at(self, where: Span) -> Diagnostic:
        """The same, at the place that names the rules."""
        return Diagnostic(
            code="PI706",
            message=self.message,
            where=where,
            label="named here",
            help=self.help,
        )


@define
class Rulebooks:
    """Finds rules by a packaged name, or a path from the file that names them.

    ``sources``: the text of each rule file that diagnostics may show.
    """

    sources: dict[str, str] = field(factory=dict)
    _loaded: dict[str, Rulebook | NoRules] = field(factory=dict)

    def find(self, rules: str, beside: str) -> Rulebook | NoRules:
        """The rules; ``beside`` is the path of the file that names them."""
        path = rules if is_packaged(rules) else _join(Path(beside).parent, rules)
        found = self._loaded.get(path)
        if found is None:
            found = self._loaded[path] = self._load(path)
        return found

    def text_of(self, rulebook: Rulebook) -> None:
        """Put the text of the rules among the sources, for diagnostics that point into it."""
        for source in rulebook.definition.sources:
            if source.name in self.sources:
                continue
            for path, known in self._loaded.items():
                if known is rulebook:
                    self.sources[source.name] = _text(path)

    def _load(self, path: str) -> Rulebook | NoRules:
        try:
            return load_rulebook(path)
        except RulesError as error:
            self.sources |= error.sources
            count = summary(error.diagnostics)
            return NoRules(f"the rules `{path}` can't be used: {count}", "mend them first", error.diagnostics)
        except (UnreadableError, MisuseError) as error:
            return NoRules(error.message, error.help)


def is_packaged(rules: str) -> bool:
    """Whether it is a bare word: the name of packaged rules, as `load_rulebook` takes it."""
    return not {"/", os.sep, "."}.intersection(rules)


def named_from(folder: Path, rules: str) -> str:
    """The rules as a scenario in the folder names them: a packaged name, or the path from there."""
    return rules if is_packaged(rules) else path_from(folder, rules)


def path_from(folder: Path, file: str) -> str:
    """The path of a file as one in the folder names it."""
    path = Path(os.path.relpath(Path(file).resolve(), folder.resolve())).as_posix()
    return path if "/" in path else f"./{path}"


def _join(folder: Path, path: str) -> str:
    """Return the path from the folder, without `..` if that leads to the same file."""
    joined = str(Path(folder, path))
    short = os.path.normpath(joined)
    try:
        return short if os.path.realpath(short) == os.path.realpath(joined) else joined
    except OSError:  # the current folder was deleted
        return joined


def _text(path: str) -> str:
    try:
        _, data = read_packaged(path) if is_packaged(path) else read_file(path)
    except UnreadableError:
        return ""
    return data.decode("utf-8-sig", "replace")
