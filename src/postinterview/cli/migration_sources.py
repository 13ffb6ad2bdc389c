"""Where saved processes are: in files, or in a store. Both are asked about first, and written after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar, Protocol

from attrs import define, field

from postinterview.cli.atomic_write import replace
from postinterview.cli.inputs import Found, find, read
from postinterview.cli.store_option import unreadable
from postinterview.core.rulebook import Rulebook
from postinterview.files import UnreadableError
from postinterview.saving.answers import Answer, answer, may_be_saved
from postinterview.stores import Keeper, StoreError
from postinterview.stores.migrating import ask, carry_over

Refuse = Callable[[UnreadableError], object]
"""What is told of a file or store that can't be read or written."""


class Place(Protocol):
    """Processes with their names, which are of a ``kind``."""

    kind: ClassVar[str]

    def ask(self) -> Iterator[tuple[str, Answer]]:
        """What would become of each."""
        ...

    def write(self) -> Iterator[tuple[str, Answer]]:
        """Write what is to be written anew, as it is now; also what can't be any more."""
        ...


@define
class Files:
    """Files, and folders of them. ``skipped``: those in folders that hold no saved process."""

    kind: ClassVar[str] = "file"

    rulebook: Rulebook
    paths: tuple[str, ...]
    refuse: Refuse
    skipped: list[str] = field(factory=list)
    _changing: list[tuple[str, str]] = field(factory=list)

    def ask(self) -> Iterator[tuple[str, Answer]]:
        for name, text, path in self._texts(self.paths):
            found = answer(self.rulebook, text)
            if found.changes:
                self._changing.append((name, path))
            yield name, found

    def write(self) -> Iterator[tuple[str, Answer]]:
        for name, path in self._changing:
            try:
                found = answer(self.rulebook, read(path)[1])
                if found.changes and found.process is not None:
                    replace(path, found.process.to_json())
            except UnreadableError as error:
                self.refuse(error)
            else:
                if found.fate != "unchanged":
                    yield name, found

    def _texts(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes, str]]:
        seen: set[str] = set()
        for path in paths:
            try:
                for found in find(path, seen):
                    yield from self._text(found)
            except UnreadableError as error:
                self.refuse(error)

    def _text(self, found: Found) -> Iterator[tuple[str, bytes, str]]:
        if found.in_folder and not found.path.endswith(".json"):
            return
        try:
            name, text = read(found.path)
        except UnreadableError as error:  # the other files of the folder can still be read
            self.refuse(error)
            return
        if found.in_folder and not may_be_saved(text):
            self.skipped.append(name)
        else:
            yield name, text, found.path


@define
class InStore:
    """All that a keeper keeps. ``text``: what named its store."""

    kind: ClassVar[str] = "key"

    keeper: Keeper
    text: str
    refuse: Refuse

    def ask(self) -> Iterator[tuple[str, Answer]]:
        return self._tried(ask(self.keeper))

    def write(self) -> Iterator[tuple[str, Answer]]:
        return self._tried(carry_over(self.keeper))

    def _tried(self, found: Iterator[tuple[str, Answer]]) -> Iterator[tuple[str, Answer]]:
        try:
            yield from found
        except StoreError as error:
            self.refuse(unreadable(self.text, error))
