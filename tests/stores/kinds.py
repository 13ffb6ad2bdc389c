"""A fresh store of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from postinterview.stores import MemoryStore, Store
from postinterview.stores.sql import SqlStore

KINDS = ("memory", "sqlite")


@contextmanager
def opened(kind: str) -> Iterator[Store]:
    """A store of this kind in which nothing is kept."""
    if kind == "memory":
        yield MemoryStore()
        return
    with TemporaryDirectory() as folder, closing(SqlStore(in_file(Path(folder) / "processes.db"))) as store:
        yield store


def in_file(path: Path) -> str:
    return f"sqlite:///{path}"
