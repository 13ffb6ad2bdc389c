"""Find and read what the command line names: files, folders, standard input, and rules that files name."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import click
from attrs import define, field, frozen

from postinterview.core.definitions import Source
from postinterview.core.errors import MisuseError
from postinterview.core.process import Rulebook
from postinterview.core.suggest import closest, help_for
from postinterview.files import LIMIT, UnreadableError, host_pack, is_bare, packaged_sources, read_file
from postinterview.loading.diagnostics import Diagnostic
from postinterview.loading.reading import FileContent
from postinterview.loading.render import summary
from postinterview.rulebooks import RulesError, load_rulebook, rule_texts
from postinterview.scenario.model import Scenario

SUFFIXES = (".yaml", ".yml", ".json")
STDIN = "-"
STDIN_NAME = "<stdin>"

Complain = Callable[[UnreadableError], object]
"""Shows that a file, folder or store can't be read or written."""


@frozen
class Found:
    """A file, and whether it was named itself or lies in a folder that was."""

    path: str
    in_folder: bool = False


def read_all(
    paths: Iterable[str], complain: Complain, suffixes: tuple[str, ...] = SUFFIXES
) -> Iterator[tuple[Found, str, bytes]]:
    """Yield each file that is named or lies in a folder that is, with its name to show and its bytes.

    In a folder these are all that end in one of the ``suffixes``, at any depth, in order; nothing hidden. No
    file is read twice. ``complain`` is called for each file or folder that can't be read, and the others
    follow.
    """
    for found in _find(paths, complain):
        if found.in_folder and not found.path.endswith(suffixes):
            continue
        try:
            shown, data = read(found.path)
        except UnreadableError as error:
            complain(error)
        else:
            yield found, shown, data


def _find(paths: Iterable[str], complain: Complain) -> Iterator[Found]:
    seen: set[str] = set()
    for path in paths:
        is_folder = os.path.isdir(path)  # noqa: PTH112 - `Path.is_dir` raises if a name is too long
        try:
            for found in _in_folder(path) if is_folder else (Found(path),):
                real = _real_path(found.path)
                if real not in seen:
                    seen.add(real)
                    yield found
        except UnreadableError as error:
            complain(error)


def files_in(paths: Iterable[str]) -> Iterator[str]:
    """Yield the files that are named or lie in a named folder. A folder that can't be read has none."""
    for found in _find(paths, lambda _error: None):
        yield found.path


def read(path: str, *, limit: int = LIMIT) -> tuple[str, bytes]:
    """Return the name to show for a file or standard input, and its bytes, at most ``limit``.

    Raise `UnreadableError` if the system refuses.
    """
    if path != STDIN:
        return read_file(path, limit=limit)
    source = open_stdin()
    try:
        data = source.read(limit + 1)
    except OSError as error:
        raise UnreadableError(STDIN_NAME, "standard input can't be read", str(error)) from None
    if len(data) > limit:
        raise UnreadableError(STDIN_NAME, f"standard input is larger than {limit // 1_000_000} MB")
    return STDIN_NAME, data


def open_stdin() -> IO[bytes]:
    """Return standard input, or raise `UnreadableError` if it is closed."""
    if sys.stdin is None:
        raise UnreadableError(STDIN_NAME, "standard input is closed")
    return sys.stdin.buffer


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
    return short if _real_path(short) == _real_path(joined) else joined


def _real_path(path: str) -> str:
    """Return one name for each file, however it is reached."""
    try:
        return path if path == STDIN else os.path.realpath(path)
    except (OSError, ValueError):  # no such name can be, or the current folder was deleted
        return path


def _in_folder(folder: str) -> Iterator[Found]:
    def refuse(error: OSError) -> None:
        message = f"the folder `{error.filename}` can't be listed"
        raise UnreadableError(str(error.filename), message, error.strerror or "")

    for here, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(SUFFIXES) and not name.startswith("."):
                yield Found(str(Path(here, name)), in_folder=True)


def choose_scenario(scenarios: tuple[Scenario, ...], name: str | None) -> Scenario:
    """Return the scenario of a name, or of a number from 1; without one the first."""
    if name is None:
        return scenarios[0]
    known = {scenario.name: scenario for scenario in scenarios}
    numbered = {str(number): scenario for number, scenario in enumerate(scenarios, 1)}
    if name not in known and name in numbered:
        return numbered[name]
    if name not in known:
        help = help_for(closest(name, known), known)
        raise click.BadParameter(
            f"no scenario is called `{name}`; {help}".rstrip("; "), param_hint="--scenario"
        )
    return known[name]
