"""List packs: packaged ones and a host's, each with what it changes, what it loosens, and its worst case.

The worst case is searched once and stored, in ``bounds.json`` beside the packs. It is named with the hashes
of the files that it is about, so what is stored of other files is never shown. A test searches the packaged
ones again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from attrs import field, frozen

from postinterview.bounds import bounds
from postinterview.core.rules.definitions import Acknowledged, Definition
from postinterview.core.values.formatting import say_duration
from postinterview.files import (
    DEFAULT,
    UnreadableError,
    host_pack,
    is_bare,
    meant_by,
    packaged,
    packaged_folder,
    packs_folder,
    packs_in,
    parent_of,
    read_file,
    read_named,
    usable_packs,
)
from postinterview.loading.merged_values import read_merged
from postinterview.loading.pack_changes import Change
from postinterview.proof.bound import TABLE
from postinterview.rulebooks import load_text, sound, to_prove

STORED = "bounds.json"
QUESTIONS = TABLE[:2]
"""What is stored of each pack: the most follow-ups and calls in 14 and in 60 days."""


@frozen
class Pack:
    """Rules with a name of their own.

    ``file``: the name to show. ``extends``: what the file names there, empty for nothing. ``worst_case``: the
    most follow-ups and calls that an employer gets, by the time; empty if it is not stored for these files.
    """

    name: str
    file: str
    extends: str
    definition: Definition
    changes: tuple[Change, ...] = ()
    worst_case: Mapping[str, str] = field(factory=dict, hash=False)

    @property
    def title(self) -> str:
        """What people call the rules."""
        return self.definition.title

    @property
    def loosens(self) -> tuple[Acknowledged, ...]:
        """The packaged promises that these rules do not keep."""
        return tuple(self.definition.loosens.values())

    @property
    def loosened_above(self) -> tuple[str, ...]:
        """The promises that only a file which these rules extend loosens: it does so for itself alone."""
        return tuple(name for name in self.definition.loosened_above if name not in self.definition.loosens)


def pack_names(folder: str | os.PathLike[str] | None = None) -> tuple[str, ...]:
    """Return the names of the packaged rules, `default` first, and of the packs in a host's folder.

    ``folder``: the host's; by default the one that the environment variable names. Scenarios and promises in
    it are left out, and so is what can't be used; see `unusable_packs`. Raises `UnreadableError` where it
    can't be listed.
    """
    own = packs_folder(folder)
    found = [name for name in usable_packs(folder) if _is_rules(name, own)]
    return (DEFAULT, *(name for name in packaged() if name != DEFAULT), *found)


def unusable_packs(folder: str | os.PathLike[str] | None = None) -> Iterator[UnreadableError]:
    """Yield why each other file in a host's folder can't be used by its name.

    Raises `UnreadableError` where the folder can't be listed.
    """
    own = packs_folder(folder)
    for name in packs_in(own) if own else ():
        path = str(Path(own, f"{name}.yaml"))
        if not is_bare(name):
            help = "a pack is used by its name, which has no dot: rename the file"
            yield UnreadableError(path, f"`{path}` has a dot in its name", help)
        elif name not in usable_packs(own):
            try:
                read_named(name, own)
            except UnreadableError as error:
                yield error


def read_pack(name: str, folder: str | os.PathLike[str] | None = None) -> Pack:
    """Return a pack by its bare name. Packaged rules are never those of a host's folder.

    Raises `UnreadableError` where nothing has this name, and `RulesError` for what its files say.
    """
    if name in packaged():
        folder = ""
    elif name not in usable_packs(folder) and not host_pack(name, folder):
        raise UnreadableError(name, f"no pack is called `{name}`", meant_by(name, pack_names(folder)))
    shown, text = read_named(name, folder)
    finder = partial(parent_of, folder=folder)
    loaded = load_text(shown, text, None, finder)
    definition = sound(loaded)
    extends = Path(loaded.texts[1].file).stem if len(loaded.texts) > 1 else ""
    changed = loaded.changes
    packs = packaged_folder() if name in packaged() else packs_folder(folder)
    return Pack(name, shown, extends, definition, changed, _stored(packs, name, definition))


def searched_bounds(found: Iterable[Pack], folder: str = "") -> str:
    """Search the worst case of each pack, and return what ``bounds.json`` is to hold.

    ``folder``: keep what is stored there of other packs.
    """
    stored = _read_stored(folder) if folder else None
    data = stored if isinstance(stored, dict) else {}
    for pack in found:
        made = bounds(to_prove(pack.definition), QUESTIONS)
        within = map(_within, QUESTIONS)
        data[pack.name] = {
            "sha256": [source.sha256 for source in pack.definition.sources],
            "worst_case": {
                time: each.formula
                for time, each in zip(within, made, strict=True)
                if each.verdict == "bounded"
            },
        }
    return json.dumps(data, indent=1) + "\n"


def _stored(folder: str, name: str, definition: Definition) -> Mapping[str, str]:
    """Return the worst case that is stored of these files."""
    try:
        found = _read_stored(folder)[name]
        same = found["sha256"] == [source.sha256 for source in definition.sources]
        return {str(time): str(most) for time, most in found["worst_case"].items() if same}
    except (KeyError, TypeError, AttributeError):  # nothing is stored, or the file is none of ours
        return {}


def _read_stored(folder: str) -> Any:
    try:
        return json.loads(Path(folder, STORED).read_bytes())
    except (OSError, ValueError):
        return None


def _within(question: Any) -> str:
    return say_duration(question.within)


def _is_rules(name: str, folder: str) -> bool:
    """Return whether a file holds rules, or can't be read: then it is reported as one."""
    try:
        shown, text = read_file(Path(folder, f"{name}.yaml"))
    except UnreadableError:
        return True
    content = read_merged(text, shown, partial(parent_of, folder=folder))
    return content.language == "rules" or not content.readable
