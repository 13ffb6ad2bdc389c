"""Find differences of words alone, such as titles and reasons, which change no answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

import attrs
from attrs import evolve

from postinterview.core.rules.definitions import Definition
from postinterview.core.values.formatting import say_list
from postinterview.diffing.change import Change

_PLACES = ("origin", "origins", "changes", "sources", "loosened_above", "removals")
_OWN = ("version", "trust", "migrations")
"""What a file doesn't take over from one that it extends: its author did not change it by leaving it out."""
_WORDS = ("meta", "loosens", "keeps", *_OWN)
_ROOM = 6


Kind: TypeAlias = Literal["words", "acts", "all"]
"""Which differences count: those of words alone, those that can decide an act, or all."""

_SAID = ("title", "why", "version")
_UNDECIDING = (*_SAID, *_WORDS, "due", "moments")


def words_changed(old: Definition, new: Definition) -> Iterator[Change]:
    """Yield one change that names the parts whose words differ, if there are any."""
    found = list(dict.fromkeys(_differing(_spoken(old, new), _spoken(new, old), "", "words")))
    if found:
        more = [f"{len(found) - _ROOM} more"] if len(found) > _ROOM else []
        said = say_list((*found[:_ROOM], *more), "and")
        yield Change(mark="~", part="words", name="words", after=said, where=tuple(found))


def is_alike(old: Definition, new: Definition, kind: Kind = "all") -> bool:
    """Return whether the definitions are the same but for the places in their files.

    With ``acts``: but for words and suggestions, too, so that both decide every act alike.
    """
    return next(_differing(_spoken(old, new), _spoken(new, old), "", kind), None) is None


def _spoken(side: Definition, other: Definition) -> Definition:
    """Return the definition without what the other file leaves out, if that extends one."""
    if len(other.sources) < 2:
        return side
    said: dict[str, Any] = {}
    for each in _OWN:
        mine, theirs = getattr(side, each), getattr(other, each)
        if isinstance(mine, Mapping):
            said[each] = {name: value for name, value in mine.items() if name in theirs}
        elif not theirs:
            said[each] = theirs
    return evolve(side, **said)


def _differing(old: Any, new: Any, path: str, kind: Kind) -> Iterator[str]:
    """Yield the paths of the values that differ."""
    if attrs.has(type(old)) and type(old) is type(new):
        for each in attrs.fields(type(old)):
            skipped = each.name in (_PLACES if path else (*_PLACES, "name"))
            if not skipped and not (kind == "acts" and each.name in _UNDECIDING):
                one, other = (getattr(side, each.name) for side in (old, new))
                if each.name == "keeps":  # the files may lie elsewhere
                    one, other = ([kept.text for kept in side] for side in (one, other))
                yield from _differing(one, other, _joined(path, each.name), kind)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys((*old, *new)):
            if name in old and name in new:
                yield from _differing(old[name], new[name], _joined(path, str(name)), kind)
            elif kind != "words" or path in _WORDS:
                yield _joined(path, str(name))
    elif isinstance(old, tuple) and isinstance(new, tuple):
        ids = [{getattr(each, "id", number): each for number, each in enumerate(side)} for side in (old, new)]
        if kind != "words" and list(ids[0]) != list(ids[1]):
            yield path
        for id in ids[0]:
            if id in ids[1]:
                yield from _differing(ids[0][id], ids[1][id], _joined(path, str(id)), kind)
    elif old != new and (kind != "words" or path.rpartition(".")[2] in _SAID or _is_of_words(path)):
        yield path


def _is_of_words(path: str) -> bool:
    return path.partition(".")[0] in _WORDS


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
