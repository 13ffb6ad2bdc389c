"""Keep processes in the SQLite file of a host, in the transactions of its own `sqlite3.Connection`.

The tables are those of `SqlStore`, which can read what this store wrote. It needs no other package.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from postinterview.core.values.errors import ConflictError, MisuseError, SavedError, StoreError
from postinterview.core.values.formatting import shorten
from postinterview.core.values.moments import MICROSECOND
from postinterview.stores.checks import check_key, check_keys, check_limit, check_text
from postinterview.stores.failures import CURES, repeat_the_whole, store_error
from postinterview.stores.protocol import Due, Standing, StoredEntry, StoredProcess, each_of
from postinterview.stores.rows import ENTRY, PREFIX, PROCESS, RowStore, columns, stored
from postinterview.stores.ticks import EPOCH, FIRST_TICK, ticks

__all__ = ["SqliteStore", "schema"]

_CURES = (
    ("same thread", "let each thread connect by itself, and make its own store"),
    ("locked", "others hold it: let them finish, or connect with a longer `timeout`"),
    ("readonly", "let this program write it"),
    ("closed database", "open the connection again, and make the store anew"),
    ("no such table", "make the tables: `connection.executescript(schema())`"),
    *CURES,
)


class SqliteStore(RowStore[sqlite3.Cursor]):
    """Keeps processes in the tables ``<prefix>processes`` and ``<prefix>entries`` of a host's connection.

    It never commits: the event and the host's own rows are there once the host commits, or both are absent.
    If no transaction is open, the first write begins one with ``BEGIN IMMEDIATE``, as `sqlite3` begins one
    for the host's own writes. A write that fails ends the transaction that it began; in a transaction of the
    host it is undone by a savepoint, and what the host wrote before stays.

    If others wrote the process meanwhile, the keeper asks the rules again in the same transaction. If the
    host began to read in a transaction before others wrote, SQLite refuses the write, and a `StoreError` says
    to repeat the whole transaction. Begin with ``BEGIN IMMEDIATE`` to avoid this.

    Args:
        connection: the host's. Its row factory is not used.
        prefix: the beginning of the tables' names (see `schema`).

    Raises:
        MisuseError: it is no connection, or its texts are no `str`.
    """

    def __init__(self, connection: sqlite3.Connection, *, prefix: str = PREFIX) -> None:
        self._connection = _checked(connection)
        self._program = os.getpid()
        self._processes, self._entries = _names(prefix)

    def __repr__(self) -> str:
        return shorten(f"<SqliteStore in a transaction of the host's {type(self._connection).__name__}>")

    @property
    def commits(self) -> bool:
        """Return whether each write is there for good once it has returned: the host commits."""
        return False

    def load(self, key: str, since: int = 0) -> StoredProcess | None:
        check_key("key", key)
        rows = self._rows([key], since)
        return stored(rows) if rows else None

    def load_many(self, keys: Collection[str]) -> Mapping[str, StoredProcess | SavedError]:
        check_keys(keys)
        return each_of(self._rows(list(keys)), stored)

    def due(self, by: datetime, *, after: Due | None = None, limit: int = 100) -> tuple[Due, ...]:
        check_limit(limit)
        is_next = "due >= ?" if after is None else "(due, key) > (?, ?)"
        first = (FIRST_TICK,) if after is None else (ticks(after.due), after.key)
        query = f"SELECT due, key FROM {self._processes} WHERE due <= ? AND {is_next} ORDER BY 1, 2 LIMIT ?"  # noqa: S608
        with self._reading() as cursor:
            found = cursor.execute(query, (ticks(by), *first, limit)).fetchall()
        return tuple(Due(EPOCH + due * MICROSECOND, key) for due, key in found)

    def keys(self, *, after: str | None = None, limit: int = 100) -> tuple[str, ...]:
        check_limit(limit)
        if after is not None:
            check_text("after", after)
        query = f"SELECT key FROM {self._processes} WHERE ? IS NULL OR key > ? ORDER BY key LIMIT ?"  # noqa: S608
        with self._reading() as cursor:
            return tuple(key for (key,) in cursor.execute(query, (after, after, limit)))

    # --- statements: the only values in their text are the names of the tables ----------------------

    def _rows(self, keys: list[str], since: int = 0) -> list[tuple[object, ...]]:
        """Return the rows of processes (see `stored`): one statement, so that it sees one moment."""
        wanted = ", ".join("?" * len(keys))
        query = (
            f"SELECT key, {PROCESS} AS kind, 0 AS place, version, head, snapshot, due"  # noqa: S608
            f" FROM {self._processes} WHERE key IN ({wanted})"
            f" UNION ALL SELECT process, {ENTRY}, sequence, 0, text, once, NULL"
            f" FROM {self._entries} WHERE process IN ({wanted}) AND sequence >= ? ORDER BY 1, 2, 3"
        )
        with self._reading() as cursor:
            return cursor.execute(query, (*keys, *keys, since)).fetchall()

    def _insert(self, within: sqlite3.Cursor, key: str, version: int, standing: Standing) -> None:
        row = {"key": key, "version": version, **columns(standing)}
        names = "key, version, head, snapshot, due"
        values = ":key, :version, :head, :snapshot, :due"
        within.execute(f"INSERT INTO {self._processes} ({names}) VALUES ({values})", row)  # noqa: S608

    def _advance(self, within: sqlite3.Cursor, key: str, version: int, standing: Standing) -> bool:
        statement = (
            f"UPDATE {self._processes} SET version = version + 1, head = :head, snapshot = :snapshot,"  # noqa: S608
            " due = :due WHERE key = :key AND version = :version"
        )
        row = {"key": key, "version": version, **columns(standing)}
        return within.execute(statement, row).rowcount == 1

    def _hold(self, within: sqlite3.Cursor, key: str) -> None:
        within.execute(f"UPDATE {self._processes} SET version = version WHERE key = ?", (key,))  # noqa: S608

    def _has_entries(self, within: sqlite3.Cursor, key: str) -> bool:
        query = f"SELECT 1 FROM {self._entries} WHERE process = ? LIMIT 1"  # noqa: S608
        return within.execute(query, (key,)).fetchone() is not None

    def _add(self, within: sqlite3.Cursor, key: str, entries: Sequence[StoredEntry]) -> None:
        statement = f"INSERT INTO {self._entries} (process, sequence, text, once) VALUES (?, ?, ?, ?)"  # noqa: S608
        within.executemany(statement, [(key, each.sequence, each.text, each.once) for each in entries])

    def _clear(self, within: sqlite3.Cursor, key: str) -> int:
        return within.execute(f"DELETE FROM {self._entries} WHERE process = ?", (key,)).rowcount  # noqa: S608

    def _erase(self, within: sqlite3.Cursor, key: str) -> int:
        return within.execute(f"DELETE FROM {self._processes} WHERE key = ?", (key,)).rowcount  # noqa: S608

    # --- transactions -------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Cursor]:
        if self._program != os.getpid():
            message = "a fork gave this process an open connection of its parent"
            raise StoreError(message, "connect after the fork")
        try:
            cursor = sqlite3.Cursor(self._connection)  # without the host's row factory
            cursor.row_factory = None
            yield cursor
        except sqlite3.Error as error:
            raise repeat_the_whole(error) or store_error(error, _CURES) from error

    @contextmanager
    def _writing(self, conflict: str) -> Iterator[sqlite3.Cursor]:
        connection = self._connection
        with self._reading() as cursor:
            begins = not connection.in_transaction
            if begins and _commits_each_statement(connection):
                message = "the connection commits each statement by itself, so the event without your rows"
                help_ = 'begin a transaction first: `connection.execute("BEGIN IMMEDIATE")`'
                raise MisuseError(message, help_)
            cursor.execute("BEGIN IMMEDIATE" if begins else "SAVEPOINT postinterview")
            try:
                yield cursor
            except BaseException as error:
                if begins:
                    connection.rollback()
                elif connection.in_transaction:  # SQLite undoes all of it if its disk is full, say
                    cursor.execute("ROLLBACK TO postinterview")
                    cursor.execute("RELEASE postinterview")
                if isinstance(error, sqlite3.IntegrityError):
                    raise ConflictError(conflict) from None
                raise
            if not begins:
                cursor.execute("RELEASE postinterview")


def schema(prefix: str = PREFIX) -> str:
    """Return the statements that make the two tables, if they are missing, for ``executescript``.

    ``prefix``: the beginning of the tables' names. `executescript` commits what was open
    before; with ``autocommit=False`` you commit the tables, too.
    """
    processes, entries = _names(prefix)
    due, once = (f'"{prefix}{name}"' for name in ("due", "once"))
    return (
        f"CREATE TABLE IF NOT EXISTS {processes} (key TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL,\n"
        "    head TEXT NOT NULL, snapshot TEXT NOT NULL, due BIGINT);\n"
        f"CREATE INDEX IF NOT EXISTS {due} ON {processes} (due, key);\n"
        f"CREATE TABLE IF NOT EXISTS {entries} (process TEXT NOT NULL REFERENCES {processes} (key),\n"
        "    sequence INTEGER NOT NULL, text TEXT NOT NULL, once TEXT, PRIMARY KEY (process, sequence),\n"
        f"    CONSTRAINT {once} UNIQUE (process, once));\n"
    )


def _checked(connection: object) -> sqlite3.Connection:
    if not isinstance(connection, sqlite3.Connection):
        message = f"a store can't be in a value of the type `{type(connection).__name__}`"
        raise MisuseError(message, 'give a connection, such as `sqlite3.connect("mine.db")`')
    if connection.text_factory is not str:
        raise MisuseError("the connection's `text_factory` is not `str`", "leave it as it is by default")
    return connection


def _names(prefix: object) -> tuple[str, str]:
    """Return the names of the tables, as statements write them."""
    if not isinstance(prefix, str) or '"' in prefix or "\0" in prefix:
        raise MisuseError(f"`prefix` can't be {shorten(repr(prefix))}", f'give a text, such as "{PREFIX}"')
    return f'"{prefix}processes"', f'"{prefix}entries"'


def _commits_each_statement(connection: sqlite3.Connection) -> bool:
    """Return whether a statement outside a transaction is committed at once."""
    autocommit = getattr(connection, "autocommit", -1)  # since Python 3.12; -1: `isolation_level` decides
    return connection.isolation_level is None if autocommit == -1 else bool(autocommit)
