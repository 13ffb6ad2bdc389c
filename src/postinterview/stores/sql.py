"""Keep processes in a SQL database: a SQLite file or PostgreSQL, through SQLAlchemy.

There are two tables, with a row for each process and a row for each entry. Entries are only ever added,
unless a migration renames them. A unique constraint lets one writer win a race. Moments are microseconds
since 1970, in UTC.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from attrs import asdict

from postinterview.core.values.errors import SavedError, StoreError
from postinterview.core.values.formatting import shorten
from postinterview.core.values.moments import MICROSECOND
from postinterview.stores.callers import CallersTransaction
from postinterview.stores.checks import check_duration, check_key, check_keys, check_limit, check_text
from postinterview.stores.engines import Engines, sa
from postinterview.stores.protocol import Due, Standing, StoredEntry, StoredProcess, each_of
from postinterview.stores.rows import PREFIX, RowStore, columns, stored
from postinterview.stores.sql_tables import statements, tables
from postinterview.stores.ticks import EPOCH, FIRST_TICK, ticks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["SqlStore", "tables"]

HALF_A_MINUTE = timedelta(seconds=30)
_MAKING_TABLES = 7_265_813_402
"""The advisory lock that PostgreSQL holds while tables are made: a number that no other program uses."""


class SqlStore(RowStore[sa.Connection]):
    """Keeps processes in the tables ``<prefix>processes`` and ``<prefix>entries`` of a database.

    Threads, programs and forked children may share it. An engine that is carried over a fork with open
    connections is refused in the child, with a `StoreError` that says what to do.

    From a URL, SQLite uses WAL with ``synchronous = FULL``, and connections to PostgreSQL are tested before
    they are used. An engine of the host stays as it is: durability, timeouts and dead connections are its own
    business. Writes to SQLite begin with ``BEGIN IMMEDIATE`` in both cases.

    In a connection or session of the host, the store takes part in its transaction and never commits: what
    is written is there once the host commits, with the host's own rows. Make such a store for each
    transaction; it costs nothing. If others wrote the process meanwhile, the keeper asks the rules again in
    the same transaction. Where the database refuses that (see `CallersTransaction`), a `StoreError` says to
    repeat the whole transaction.

    Args:
        where: a URL such as ``sqlite:///mine.db`` or ``postgresql+psycopg://host/name``, or the host's
            engine, connection or session.
        prefix: the beginning of the tables' names.
        metadata: the object in which the tables are defined, if the host has migrations of its own (see
            `tables`).
        create: make missing tables, as is the default for a URL and an engine. If false, a database without
            them is a `StoreError` and stays as it is. The default for a connection or session is neither.
        busy_timeout: how long a write waits for others that hold the SQLite file or the PostgreSQL row.

    Raises:
        MisuseError: no store can be at ``where``, another argument can't be used, or a package is not
            installed.
        StoreError: the database can't be opened.
    """

    def __init__(
        self,
        where: str | sa.URL | sa.Engine | sa.Connection | Session,
        *,
        prefix: str = PREFIX,
        metadata: sa.MetaData | None = None,
        create: bool | None = None,
        busy_timeout: timedelta = HALF_A_MINUTE,
    ) -> None:
        self._processes, self._entries = tables(prefix, metadata)
        self._statements = statements(self._processes, self._entries)
        check_duration("busy_timeout", busy_timeout, "timedelta(seconds=30)")
        self.engines: Engines | CallersTransaction
        if isinstance(where, str | sa.URL | sa.Engine):
            create = create is not False
            self.engines = Engines(where, busy_timeout, create=create)
            if not create:
                self._find_tables(prefix)
        else:
            self.engines = CallersTransaction(where)
        if create:
            self.make(self._processes, self._entries)

    def make(self, *tables: sa.Table) -> None:
        """Make those of these tables that are missing: its own, or others beside them."""
        with self.engines.writing("") as connection:
            if connection.dialect.name == "postgresql":  # many programs may start at once
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MAKING_TABLES)))
            for each in tables:
                each.create(connection, checkfirst=True)

    def _find_tables(self, prefix: str) -> None:
        with self.engines.reading() as connection:
            names = sa.inspect(connection).get_table_names(self._processes.schema)
        ends = ("processes", "entries")
        firsts, seconds = ({name.removesuffix(end) for name in names if name.endswith(end)} for end in ends)
        found = firsts & seconds
        if prefix not in found:
            others = ", ".join(f"`{each}`" for each in sorted(found)) or "none at all"
            message = f"the database has no store whose tables begin with `{prefix}` (it has: {others})"
            raise StoreError(message, "give the prefix of its tables, or make them with `create=True`")

    def __repr__(self) -> str:
        return shorten(f"<SqlStore {self.engines!r}>")

    @property
    def commits(self) -> bool:
        """Return whether each write is there for good once it has returned."""
        return isinstance(self.engines, Engines)

    def close(self) -> None:
        """Close all connections, unless they are the host's."""
        self.engines.close()

    def load(self, key: str, since: int = 0) -> StoredProcess | None:
        check_key("key", key)
        with self.engines.reading() as connection:
            if since:
                rows = connection.execute(self._statements.later, {"wanted": key, "since": since}).all()
            else:
                rows = connection.execute(self._statements.whole, {"wanted": key}).all()
        return stored(rows) if rows else None

    def load_many(self, keys: Collection[str]) -> Mapping[str, StoredProcess | SavedError]:
        check_keys(keys)
        with self.engines.reading() as connection:
            rows = connection.execute(self._statements.many, {"wanted": list(keys)}).all()
        return each_of(rows, stored)

    def due(self, by: datetime, *, after: Due | None = None, limit: int = 100) -> tuple[Due, ...]:
        check_limit(limit)
        due, key = self._processes.c.due, self._processes.c.key
        wanted = sa.select(due, key).where(due <= ticks(by)).order_by(due, key).limit(limit)
        if after is None:
            wanted = wanted.where(due >= FIRST_TICK)
        else:
            wanted = wanted.where(sa.tuple_(due, key) > sa.tuple_(ticks(after.due), after.key))
        with self.engines.reading() as connection:
            return tuple(Due(EPOCH + row[0] * MICROSECOND, row[1]) for row in connection.execute(wanted))

    def keys(self, *, after: str | None = None, limit: int = 100) -> tuple[str, ...]:
        check_limit(limit)
        key = self._processes.c.key
        wanted = sa.select(key).order_by(key).limit(limit)
        if after is not None:
            check_text("after", after)
            wanted = wanted.where(key > after)
        with self.engines.reading() as connection:
            return tuple(connection.execute(wanted).scalars())

    # --- in a transaction -----------------------------------------------------------------------

    def _writing(self, conflict: str) -> AbstractContextManager[sa.Connection]:
        return self.engines.writing(conflict)

    def _insert(self, within: sa.Connection, key: str, version: int, standing: Standing) -> None:
        within.execute(sa.insert(self._processes).values(key=key, version=version, **columns(standing)))

    def _advance(self, within: sa.Connection, key: str, version: int, standing: Standing) -> bool:
        values = {"wanted": key, "seen": version, "version": version + 1, **columns(standing)}
        return within.execute(self._statements.moved, values).rowcount == 1

    def _hold(self, within: sa.Connection, key: str) -> None:
        processes = self._processes
        within.execute(sa.update(processes).where(processes.c.key == key).values(version=processes.c.version))

    def _has_entries(self, within: sa.Connection, key: str) -> bool:
        left = sa.select(self._entries.c.sequence).where(self._entries.c.process == key).limit(1)
        return within.execute(left).first() is not None

    def _add(self, within: sa.Connection, key: str, entries: Sequence[StoredEntry]) -> None:
        if entries:
            within.execute(sa.insert(self._entries), [{"process": key, **asdict(each)} for each in entries])

    def _clear(self, within: sa.Connection, key: str) -> int:
        return within.execute(sa.delete(self._entries).where(self._entries.c.process == key)).rowcount

    def _erase(self, within: sa.Connection, key: str) -> int:
        return within.execute(sa.delete(self._processes).where(self._processes.c.key == key)).rowcount
