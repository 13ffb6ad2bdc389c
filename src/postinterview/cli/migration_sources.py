"""Find saved processes in files or in a store, predict what becomes of them, and write them again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import define, field

from postinterview.cli.atomic_write import replace
from postinterview.cli.inputs import Complain, read, read_all
from postinterview.cli.store_option import unreadable
from postinterview.core.process import Rulebook
from postinterview.files import UnreadableError
from postinterview.saving import Forecast, forecast
from postinterview.saving import read as read_saved
from postinterview.saving.resume import may_be_saved
from postinterview.stores import Keeper, StoreError
from postinterview.stores.migrating import carry_over, predict

Named = Iterator[tuple[str, Forecast]]
"""Processes by their names, with what becomes of each."""


@define
class Files:
    """Saved processes in files and folders. ``skipped`` has the files in folders that are none."""

    kind: ClassVar[str] = "file"

    rulebook: Rulebook
    paths: tuple[str, ...]
    complain: Complain
    skipped: list[str] = field(factory=list)
    _new: list[tuple[str, str]] = field(factory=list)

    def predict(self) -> Named:
        """Yield what becomes of each file."""
        for found, name, text in read_all(self.paths, self.complain, (".json",)):
            if found.in_folder and not may_be_saved(text):
                self.skipped.append(name)
                continue
            made = self._forecast(text)
            if made.is_new:
                self._new.append((name, found.path))
            yield name, made

    def write(self) -> Named:
        """Write the files that change, as they are now; yield them, and those that can no longer go on."""
        for name, path in self._new:
            try:
                made = self._forecast(read(path)[1])
                if made.is_new and made.process is not None:
                    replace(path, made.process.to_json())
            except UnreadableError as error:
                self.complain(error)
            else:
                if made.fate != "unchanged":
                    yield name, made

    def _forecast(self, text: bytes) -> Forecast:
        return forecast(self.rulebook, lambda: read_saved(text))


@define
class InStore:
    """All processes of a keeper. ``text`` is the name of its store."""

    kind: ClassVar[str] = "key"

    keeper: Keeper
    text: str
    complain: Complain

    def predict(self) -> Named:
        """Yield what becomes of each process."""
        return self._until_it_fails(predict(self.keeper))

    def write(self) -> Named:
        """Write the processes that change; yield them, and those that can no longer go on."""
        return self._until_it_fails(carry_over(self.keeper))

    def _until_it_fails(self, found: Named) -> Named:
        try:
            yield from found
        except StoreError as error:
            self.complain(unreadable(self.text, error))
