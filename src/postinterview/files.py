"""The rim that reads files: finds the packaged rules, and makes a rulebook of what was named.

`import postinterview` imports this module, so what costs time to import (yaml, and pathlib too) is
imported where it is used, or not at all.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from postinterview.arguments import check_path, check_proof, check_rules
from postinterview.core.errors import MisuseError, PostInterviewError

if TYPE_CHECKING:
    from postinterview.core.definitions import Definition, Source
    from postinterview.core.guards import CustomGuard
    from postinterview.core.process import Rulebook
    from postinterview.loading.diagnostics import Diagnostic
    from postinterview.proof.compare import Comparison
    from postinterview.proof.promises import Promise, Promises
    from postinterview.proof.prove import Proof
    from postinterview.proof.tags import Milder

DEFAULT = "default"
"""The packaged rulebook that `load_rulebook` takes when nothing is named."""

PROMISES = "courtesy"
"""The packaged promises: in the same folder, and no rules."""

LIMIT = 16_000_000
"""A file of more bytes is not read: it can't be what was meant. (The loader takes less, and says so.)"""

_SUFFIX = ".yaml"


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


class UnreadableError(PostInterviewError):
    """A file that could not be read: which, why, and what to type instead.

    ``path`` is as it was named; ``message`` and ``help`` are like those of `MisuseError`.
    """

    def __init__(self, path: str, message: str, help: str = "") -> None:
        super().__init__(path, message, help)
        self.path = path
        self.message = message
        self.help = help

    def __str__(self) -> str:
        return f"{self.message} ({self.help})" if self.help else self.message


def load_rulebook(
    *paths: str | os.PathLike[str],
    text: str | bytes | None = None,
    name: str | None = None,
    custom: Mapping[str, CustomGuard] | None = None,
) -> Rulebook:
    """Make a rulebook of a rule file, or raise all that is wrong with it at once.

    A bare word such as ``"default"`` is the name of packaged rules, and what is taken when nothing is
    named; everything else (``"mine.yaml"``, ``"./mine"``, a `pathlib.Path`) is a file's path. With ``text``
    the rules are given instead of read, and ``name`` is what diagnostics and reasons call them.
    ``custom`` has the functions that guards of the kind ``custom`` name. The rulebook's own name is
    the file's without folder and ending.

    Raises `RulesError` for what the file says, `UnreadableError` where it can't be read, and
    `MisuseError` where the arguments can't mean anything.
    """
    from postinterview.core.process import Rulebook
    from postinterview.countries import public_holidays

    check_rules(text, name, custom)
    definition = _definition(*_source(paths, text, name), tuple(custom or ()))
    country = definition.calendar.country
    free = None if country is None else public_holidays(country)
    return Rulebook(definition, custom=custom, is_public_holiday=free, free_days_of=public_holidays)


def load_to_prove(path: str | os.PathLike[str]) -> Rulebook:
    """Return the rulebook of a rule file whose custom functions are not there, as on the command line.

    They always say yes in it: a proof counts them as "may hold or not" whatever they say.

    Raises as `load_rulebook` does.
    """
    from postinterview.proof.replay import willing

    return willing(_definition(*_source((path,), None, None), None))


def _definition(shown: str, source: str | bytes, custom: tuple[str, ...] | None) -> Definition:
    """Return what the text says. ``custom``: the functions there are; None: whichever it names."""
    from postinterview.countries import known_codes
    from postinterview.loading import load

    name = os.path.splitext(os.path.basename(shown))[0]
    loaded = load(source, shown, name=name, custom=custom, countries=known_codes)
    if loaded.definition is None:
        raise RulesError(loaded.diagnostics, {shown: _as_text(source)})
    return loaded.definition


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
    or the whole more than ``max_seconds``.

    Raises `RulesError` for what a promise file says, `UnreadableError` where it can't be read, and
    `MisuseError` where the arguments can't mean anything.
    """
    from time import perf_counter  # noqa: TID251 - it measures the proof, and decides nothing in it

    from attrs import evolve

    from postinterview.proof.prove import MAX_SECONDS, MAX_ZONES, Prover
    from postinterview.proof.replay import willing

    check_proof(rulebook, promises, max_zones, max_seconds)
    definition, found = held_to_packaged(rulebook.definition)
    prover = Prover(
        rulebook if definition is rulebook.definition else willing(definition),
        perf_counter,
        max_zones=MAX_ZONES if max_zones is None else max_zones,
        max_seconds=MAX_SECONDS if max_seconds is None else max_seconds,
    )
    return evolve(prover.prove(load_promises(rulebook, *promises)), milder=found)


def compare(
    old: Rulebook,
    new: Rulebook,
    *,
    max_zones: int | None = None,
    max_seconds: float | None = None,
) -> Comparison:
    """Find what the new rules allow and the old ones refused, after the same history, act by act.

    For each contact: none, some with the shortest story, or unknown where a search would take more than
    ``max_zones`` states or the whole more than ``max_seconds``, or where the files differ in what an
    event is.
    """
    from time import perf_counter  # noqa: TID251 - it measures the proof, and decides nothing in it

    from postinterview.proof.compare import Comparer
    from postinterview.proof.prove import MAX_SECONDS, MAX_ZONES

    return Comparer(
        old,
        new,
        perf_counter,
        max_zones=MAX_ZONES if max_zones is None else max_zones,
        max_seconds=MAX_SECONDS if max_seconds is None else max_seconds,
    ).compare()


def held_to_packaged(definition: Definition) -> tuple[Definition, tuple[Milder, ...]]:
    """Return the definition as promises are to read it, and where its tags are milder than the packaged."""
    from postinterview.proof.tags import held, milder

    packaged = load_rulebook().definition
    return held(definition, packaged), milder(definition, packaged)


def load_promises(rulebook: Rulebook, *paths: str | os.PathLike[str]) -> Promises:
    """Read the packaged promises, and those of the files, for a rulebook.

    Raises `RulesError` for what a file says, and `UnreadableError` where it can't be read.
    """
    from postinterview.proof.promise_parsing import read_promises
    from postinterview.proof.promises import Promises

    for path in paths:
        check_path(path)
    found: list[Promise] = []
    sources: list[Source] = []
    for number, (shown, data) in enumerate([read_packaged(PROMISES), *map(read_file, paths)]):
        taken = [promise.id for promise in found]
        read = read_promises(data, shown, known=rulebook.definition if number else None, taken=taken)
        if read.promises is None:
            raise RulesError(read.diagnostics, {shown: _as_text(data)})
        found += read.promises.promises
        sources += read.promises.sources
    return Promises(tuple(found), tuple(sources))


def packaged() -> tuple[str, ...]:
    """Return the names of the packaged rule files, such as ``default``, in alphabetical order."""
    return tuple(
        sorted(
            name.removesuffix(_SUFFIX)
            for name in os.listdir(_folder())
            if name.endswith(_SUFFIX) and name != PROMISES + _SUFFIX
        )
    )


def read_packaged(name: str) -> tuple[str, bytes]:
    """Return the name to show for a packaged rule file, and its bytes.

    The shown name is ``rules/default.yaml`` however the package was installed.
    Raises `UnreadableError` where no packaged file has this name.
    """
    names = packaged()
    if name not in (*names, PROMISES):
        if os.path.isdir(name):
            raise UnreadableError(
                name, f"`{name}` is a folder", f"name a file in it, such as {name}/mine{_SUFFIX}"
            )
        if os.path.exists(name):
            raise UnreadableError(
                name, f"no packaged rules are called `{name}`", f"for the file here, write ./{name}"
            )
        raise UnreadableError(
            name,
            f"no packaged rules are called `{name}`",
            f"there are: {', '.join(names)}; name a file of yours with its ending, such as {name}{_SUFFIX}",
        )
    _, data = read_file(os.path.join(_folder(), name + _SUFFIX))
    return f"rules/{name}{_SUFFIX}", data


def read_file(path: str | os.PathLike[str], *, limit: int = LIMIT) -> tuple[str, bytes]:
    """Return the name to show for a file, which is the path as it was given, and the file's bytes.

    Raises `UnreadableError` where the system refuses.
    """
    shown = os.fspath(path)
    try:
        with open(shown, "rb") as file:
            data = file.read(limit + 1)
        if len(data) <= limit:
            return shown, data
        message, advice = (
            f"`{shown}` is larger than {limit // 1_000_000} MB",
            "check that this is the right file",
        )
    except FileNotFoundError:
        message, advice = f"there is no file `{shown}`", _nearest(shown)
    except IsADirectoryError:
        message, advice = (
            f"`{shown}` is a folder",
            f"name a file in it, such as {shown.rstrip('/')}/mine{_SUFFIX}",
        )
    except PermissionError:
        message, advice = f"`{shown}` may not be read", "ask its owner, or read a copy of your own"
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        message, advice = f"`{shown}` can't be read", str(error)
    raise UnreadableError(shown, message, advice)


def _source(
    paths: tuple[str | os.PathLike[str], ...], text: str | bytes | None, name: str | None
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
    return read_packaged(path) if isinstance(path, str) and _is_bare(path) else read_file(path)


def _is_bare(path: str) -> bool:
    """Return whether this is a word, with neither folder nor ending: the name of packaged rules."""
    return not os.path.dirname(path) and "." not in path


def _as_text(source: str | bytes) -> str:
    """Return what a diagnostic can show lines of, even where the encoding is its subject."""
    return source if isinstance(source, str) else source.decode("utf-8-sig", "replace")


def _folder() -> str:
    """Return the folder of the packaged rule files: beside this file, or at the top of a working copy.

    They have one home, the working copy's ``rules``. A wheel carries it inside the package; an
    editable install leaves it where it is.
    """
    here = os.path.dirname(__file__)
    installed = os.path.join(here, "rules")
    if os.path.isdir(installed):
        return installed
    return os.path.join(os.path.dirname(os.path.dirname(here)), "rules")


def _nearest(path: str) -> str:
    """Return what may have been meant by a path that leads to no file."""
    from difflib import get_close_matches

    folder, name = os.path.split(path)
    try:
        neighbours = os.listdir(folder or os.curdir)
    except OSError:
        return (
            f"there is no folder `{folder}` either"
            if folder
            else "the current folder does not exist any more"
        )
    close = get_close_matches(name, sorted(neighbours), n=1)
    if close:
        return f"did you mean `{os.path.join(folder, close[0])}`?"
    try:
        return "" if os.path.isabs(path) else f"looked from {os.getcwd()}"
    except FileNotFoundError:
        return "the current folder was deleted; go to another one: cd"
