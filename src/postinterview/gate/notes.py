"""Keep what the gate knows beside the processes: recipients, and words that wait for a person.

Each is a note: a text under the key of a process. Notes are few and are written by people, so whoever writes
some holds all of them. What depends on several notes (whose an address is, whether a word still waits) is
then decided by plain code.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import RLock
from typing import Literal, Protocol, TypeAlias

from attrs import frozen

from postinterview.stores.forks import FORKS

Kind: TypeAlias = Literal["recipient", "pending"]


@frozen(kw_only=True)
class Note:
    """A note about a process.

    Attributes:
        kind: what it is about.
        key: the keeper's key of the process.
        id: what it is called, unique among the notes of this kind and process.
        text: what it says, in JSON.
    """

    kind: Kind
    key: str
    id: str
    text: str


class HeldNotes(Protocol):
    """The notes, while nobody else writes them."""

    def find(self, kind: Kind, *, prefix: str = "", key: str | None = None) -> tuple[Note, ...]:
        """Return the notes of a process, or of all whose keys begin with ``prefix``, by key and id."""
        ...

    def put(self, note: Note) -> None:
        """Write a note, in place of one with the same kind, key and id."""
        ...

    def drop(self, key: str, *, kind: Kind | None = None, id: str | None = None) -> int:
        """Erase notes of a process, all by default; return how many there were."""
        ...


class Notes(Protocol):
    """A place where notes are kept. What is written is seen by everybody who looks afterwards."""

    def find(self, kind: Kind, *, prefix: str = "", key: str | None = None) -> tuple[Note, ...]:
        """Return the notes of a process, or of all whose keys begin with ``prefix``, by key and id."""
        ...

    def writing(self) -> AbstractContextManager[HeldNotes]:
        """Hold the notes. What was written is kept if the block ends without an error, and else nothing."""
        ...


class MemoryNotes:
    """Keeps notes as long as the object lives, for tests. Threads may share it."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], Note] = {}
        self._lock = RLock()
        FORKS.told.add(self)

    def __repr__(self) -> str:
        return f"<MemoryNotes: {len(self._kept)}>"

    def before_fork(self) -> None:
        """Do nothing: what is kept is whole at any moment."""

    def in_child(self, *, in_use: bool) -> None:
        """Replace the lock, which a thread may hold that the child does not have."""
        self._lock = RLock()

    def find(self, kind: Kind, *, prefix: str = "", key: str | None = None) -> tuple[Note, ...]:
        return _found(self._kept, kind, prefix, key)

    @contextmanager
    def writing(self) -> Iterator[HeldNotes]:
        with self._lock:
            held = _Held(dict(self._kept))
            yield held
            self._kept = held.kept


class _Held:
    """A copy of the notes that replaces them afterwards, so that whoever reads sees all or nothing."""

    def __init__(self, kept: dict[tuple[str, str, str], Note]) -> None:
        self.kept = kept

    def find(self, kind: Kind, *, prefix: str = "", key: str | None = None) -> tuple[Note, ...]:
        return _found(self.kept, kind, prefix, key)

    def put(self, note: Note) -> None:
        self.kept[note.kind, note.key, note.id] = note

    def drop(self, key: str, *, kind: Kind | None = None, id: str | None = None) -> int:
        gone = [
            place
            for place, note in self.kept.items()
            if note.key == key and kind in (None, note.kind) and id in (None, note.id)
        ]
        for place in gone:
            del self.kept[place]
        return len(gone)


def _found(
    kept: dict[tuple[str, str, str], Note], kind: Kind, prefix: str, key: str | None
) -> tuple[Note, ...]:
    return tuple(
        note
        for (of, _, _), note in sorted(kept.items())
        if of == kind and (note.key.startswith(prefix) if key is None else note.key == key)
    )
