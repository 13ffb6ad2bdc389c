"""Find and read files: the packaged rules, and those that users name.

`import postinterview` imports this module, so what costs time to import is imported where it is used.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from postinterview.core.values.errors import HelpfulError
from postinterview.core.values.suggest import closest

if TYPE_CHECKING:
    from postinterview.core.rules.definitions import PromiseFile, Source
    from postinterview.loading import FileText, Missing

DEFAULT = "default"
"""The packaged rulebook that `load_rulebook` takes when nothing is named."""

PROMISES = "courtesy"
"""The packaged promises: in the same folder, and no rules. So are files whose names begin with this word."""

FOLDER_VARIABLE = "POSTINTERVIEW_RULES"
"""The environment variable that names a folder with a host's own packs."""

LIMIT = 16_000_000
"""A file of more bytes is not read: it can't be what was meant. (The loader takes less, and says so.)"""

SUFFIXES = (".yaml", ".yml", ".json")
"""How the files in a folder end that rules, scenarios and maps are read from."""

_SUFFIX = ".yaml"


class UnreadableError(HelpfulError):
    """A file that could not be read: which, why, and what to type instead. ``path`` is as it was named."""

    def __init__(self, path: str, message: str, help: str = "") -> None:
        super().__init__(message, help)
        self.args = (path, message, help)
        self.path = path


def packaged() -> tuple[str, ...]:
    """Return the names of the packaged rule files, such as ``default``, in alphabetical order."""
    return tuple(sorted(name for name in _packaged_files() if not name.startswith(PROMISES)))


def is_bare(rules: str) -> bool:
    """Return whether this is a word, with neither folder nor ending: the name of packaged rules or a pack."""
    return not os.path.dirname(rules) and "." not in rules


def named_beside(rules: str, path: str) -> str:
    """Return the packaged name, or the path, of rules that the file at ``path`` names."""
    return rules if is_bare(rules) else os.path.join(os.path.dirname(path), rules)


def packs_folder(folder: str | os.PathLike[str] | None = None) -> str:
    """Return the folder with a host's own packs: the one given, or else that of the environment variable."""
    return os.environ.get(FOLDER_VARIABLE, "") if folder is None else os.fspath(folder)


def host_pack(name: str, folder: str | os.PathLike[str] | None = None) -> str:
    """Return the path of the pack that a bare name means in a host's folder; empty if there is none."""
    own = packs_folder(folder)
    path = os.path.join(own, name + _SUFFIX) if own else ""
    return path if os.path.isfile(path) else ""


def packs_in(folder: str) -> tuple[str, ...]:
    """Return the names of the files in a host's folder, without their ending and in alphabetical order.

    Not each can be used as the name of a pack: it may have a dot, or be that of packaged rules, or a folder.
    Raises `UnreadableError` where it can't be listed.
    """
    try:
        names = os.listdir(folder)
    except OSError as error:
        message = f"the folder of packs `{folder}` can't be listed"
        raise UnreadableError(folder, message, error.strerror or "") from None
    found = (name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))
    return tuple(sorted(name for name in found if name))


def usable_packs(folder: str | os.PathLike[str] | None = None) -> tuple[str, ...]:
    """Return the names by which files in a host's folder can be used, as `packs_in` does."""
    own = packs_folder(folder)
    taken = _packaged_files()
    return tuple(
        name
        for name in (packs_in(own) if own else ())
        if is_bare(name) and name not in taken and host_pack(name, own)
    )


def read_rules(
    rules: str | os.PathLike[str], folder: str | os.PathLike[str] | None = None
) -> tuple[str, bytes]:
    """Return the name to show for packaged rules, for a host's pack or for a file, and its bytes.

    Raises `UnreadableError` as `read_named` and `read_file` do.
    """
    if rules == "":
        raise UnreadableError("", "the name of the rules is empty", f"name a file, or `{DEFAULT}`")
    return read_named(rules, folder) if isinstance(rules, str) and is_bare(rules) else read_file(rules)


def read_named(name: str, folder: str | os.PathLike[str] | None = None) -> tuple[str, bytes]:
    """Return the name to show for what a bare name means, and its bytes: a packaged file, or a host's pack.

    A host's pack can't have the name of a packaged file: what `germany` means in a story or a saved process
    must not depend on the host. Raises `UnreadableError` then, and where nothing has this name.
    """
    path = host_pack(name, folder)
    if path:
        if name in _packaged_files():
            help = f"rename it, or delete it: there are packaged rules `{name}`"
            raise UnreadableError(name, f"`{path}` has the name of packaged rules", help)
        return read_file(path)
    if name in _packaged_files():
        return read_packaged(name)
    own = packs_folder(folder)
    path = os.path.join(own, name + _SUFFIX)
    if own and os.path.isdir(path):
        raise UnreadableError(name, f"`{path}` is a folder", "a pack is a file: rename the folder")
    if own and os.path.lexists(path):
        return read_file(path)  # which says why not
    return read_packaged(name, usable_packs(folder))


def read_packaged(name: str, others: tuple[str, ...] = ()) -> tuple[str, bytes]:
    """Return the name to show for a packaged rule file, and its bytes.

    The shown name is ``rules/default.yaml`` however the package was installed. ``others`` are names that may
    be meant, too. Raises `UnreadableError` where no packaged file has this name.
    """
    if name not in _packaged_files():
        names = (*packaged(), *others)
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
            f"{meant_by(name, names)}; name a file of yours with its ending, such as {name}{_SUFFIX}",
        )
    _, data = read_file(os.path.join(packaged_folder(), name + _SUFFIX))
    return f"rules/{name}{_SUFFIX}", data


def meant_by(name: str, names: tuple[str, ...]) -> str:
    """Return the help for a name that is none of these."""
    close = closest(name, names)
    meant = f"did you mean `{close[0]}`? There are: " if close else "there are: "
    return f"{meant}{', '.join(names)}"


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
        if os.path.islink(shown):
            message = f"`{shown}` is a link to `{os.readlink(shown)}`, which is not there"
            advice = "delete the link, or mend it"
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


def parent_of(named: str, child: str, folder: str | os.PathLike[str] | None = None) -> FileText | Missing:
    """Find what a rule file names: packaged rules or a host's pack by a bare name, or a file beside it."""
    from postinterview.loading import FileText, Missing

    try:
        if is_bare(named):
            return FileText(*read_named(named, folder))
        path = os.path.join(os.path.dirname(child), named)
        short = os.path.normpath(path)  # leads elsewhere if a folder on the way is a link
        return FileText(*read_file(short if os.path.realpath(short) == os.path.realpath(path) else path))
    except UnreadableError as error:
        return Missing(error.message, error.help)


def named_parent_of(
    named: str, _child: str, folder: str | os.PathLike[str] | None = None
) -> FileText | Missing:
    """Find bare names alone: rules given as text, perhaps by somebody else, make no other file be read."""
    from postinterview.loading import Missing

    if is_bare(named):
        return parent_of(named, "", folder)
    return Missing(
        "rules given as text name packaged rules and packs only", "write them to a file, and load that"
    )


def packaged_sources() -> dict[Source, str]:
    """Return the packaged files as definitions and proofs name them, each with the name that people use."""
    from postinterview.loading.reading import source_of

    found = ((name, *read_packaged(name)) for name in _packaged_files())
    return {source_of(data, shown): name for name, shown, data in found}


def by_name(texts: Iterable[FileText | PromiseFile]) -> dict[str, str]:
    """Return the texts by the names that origins use, as `as_text` does; of two with one name, the first."""
    found: dict[str, str] = {}
    for each in texts:
        found.setdefault(each.file, as_text(each.text))
    return found


def _packaged_files() -> tuple[str, ...]:
    """Return the names of all packaged files: rules and promises."""
    return tuple(
        name.removesuffix(_SUFFIX) for name in os.listdir(packaged_folder()) if name.endswith(_SUFFIX)
    )


def as_text(source: str | bytes) -> str:
    """Return what a diagnostic can show lines of, even where the encoding is its subject."""
    return source if isinstance(source, str) else source.decode("utf-8-sig", "replace")


def packaged_folder() -> str:
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
