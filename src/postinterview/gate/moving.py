"""Give a process and its notes another key, so that nobody uses the notes before that has ended.

The keeper moves the process, and then the notes are moved. If a program is killed in between, the recipients
must not serve a new process that somebody starts under the old key: the employer would get twice as many
messages. So the notes are marked first. A marked note is out of use, and its recipient stays taken:

1. mark the notes under the old key: ``{"moving": "the new key", ...}``;
2. move the process;
3. give the notes the new key, without the mark.

The same call again does the rest.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, get_args

from attrs import evolve

from postinterview.core.values.errors import ConflictError, MisuseError, UnknownKeyError
from postinterview.gate.notes import HeldNotes, Kind, Note, Notes
from postinterview.stores import Keeper

_MARK = "moving"


def said(note: Note) -> dict[str, Any]:
    """Return what a note says, without the mark."""
    found: dict[str, Any] = json.loads(note.text)
    found.pop(_MARK, None)
    return found


def in_use(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return the notes that have no mark."""
    return tuple(each for each in notes if _target(each) is None)


def all_notes(notes: Notes | HeldNotes, *, prefix: str = "", key: str | None = None) -> tuple[Note, ...]:
    """Return the notes of all kinds, marked ones too, as `Notes.find` finds them."""
    return tuple(each for kind in get_args(Kind) for each in notes.find(kind, prefix=prefix, key=key))


def keys_on_the_way(notes: Notes | HeldNotes, prefix: str, to: str) -> set[str]:
    """Return the keys whose marked notes shall get the key ``to``."""
    return {each.key for each in all_notes(notes, prefix=prefix) if _target(each) == to}


def check_still(notes: Notes | HeldNotes, prefix: str, of: str, to: str | None = None) -> None:
    """Check that no note is on the way from or to one of two keys, but from ``of`` to ``to``.

    Raises:
        MisuseError: one is.
    """
    for each in all_notes(notes, prefix=prefix):
        way = (each.key, _target(each))
        if way[1] is not None and way != (of, to) and {of, to} & set(way):
            old, new = (str(key).removeprefix(prefix) for key in way)
            message = f"what belongs to `{old}` is on the way to `{new}`"
            raise MisuseError(message, "repeat the `move` or `join` that was interrupted")


def move(keeper: Keeper, notes: Notes, prefix: str, of: str, to: str) -> None:
    """Give a process and its notes another key, as `Approvals.move` does."""
    if of != to and keeper.store.load(to) is None:
        keeper.load(of)
    elif of != to and keeper.store.load(of) is not None:
        raise ConflictError(f"there is a process `{to}` already")

    def write(_: int) -> None:
        try:
            keeper.move(of, to)
        except UnknownKeyError:
            keeper.load(to)  # the process was moved, and then this was interrupted

    _carry(notes, prefix, of, to, write)


def join(keeper: Keeper, notes: Notes, prefix: str, of: str, to: str) -> None:
    """Record what happened in ``of`` in ``to``, with its notes, as `Approvals.join` does."""
    keeper.load(to)

    def write(marked: int) -> None:
        try:
            keeper.join(to, of)
        except UnknownKeyError:
            if not marked:
                raise
            keeper.load(to)  # they were joined, and then this was interrupted

    _carry(notes, prefix, of, to, write)


def _carry(notes: Notes, prefix: str, of: str, to: str, write: Callable[[int], None]) -> None:
    """Give the notes of a process another key, after ``write`` did so to the process.

    ``write`` takes the number of notes.
    """
    if of == to:
        write(0)
        return
    with notes.writing() as held:
        check_still(held, prefix, of, to)
        found = all_notes(held, key=of)
        for each in found:
            held.put(evolve(each, text=json.dumps({**said(each), _MARK: to})))
    write(len(found))
    with notes.writing() as held:
        found = all_notes(held, key=of)
        held.drop(of)
        for each in found:
            held.put(evolve(each, key=to, text=json.dumps(said(each))))


def _target(note: Note) -> str | None:
    """Return the key that a marked note shall get, or None."""
    found: str | None = json.loads(note.text).get(_MARK)
    return found
