"""Keep processes in a SQL database: a SQLite file or PostgreSQL, through SQLAlchemy.

There are two tables, with a row for each process and a row for each entry. Entries are only ever added,
unless a migration renames them. A unique constraint lets one writer win a race. Moments are microseconds
since 1970, in UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import asdict

from postinterview.core.errors import ConflictError, MisuseError, SavedError, StoreError
from postinterview.core.formatting import shorten
from postinterview.core.moments import MICROSECOND
from postinterview.stores.checks import (
    MOST,
    check_duration,
    check_key,
    check_limit,
    check_text,
    check_written,
)
from postinterview.stores.engines import Engines, sa
from postinterview.stores.protocol import (
    Due,
    Standing,
    StoredEntry,
    StoredProcess,
    first_version,
)
from postinterview.stores.ticks import EPOCH, FIRST_TICK, moment, ticks

__all__ = ["SqlStore", "tables"]

HALF_A_MINUTE = timedelta(seconds=30)
PREFIX = "postinterview_"
_PROCESS, _ENTRY = 0, 1
_MAKING_TABLES = 7_265_813_402
"""The advisory lock that PostgreSQL holds while tables are made: a number that no other program uses."""


class SqlStore:
    """Keeps processes in the tables ``<prefix>processes`` and ``<prefix>entries`` of a database.

    Threads, programs and forked children may share it. An engine that is carried over a fork with open
    connections is refused in the child, with a `StoreError` that says what to do.

    From a URL, SQLite uses WAL with ``synchronous = FULL``, and connections to PostgreSQL are tested before
    they are used. An engine of the host stays as it is: durability, timeouts and dead connections are its own
    business. Writes to SQLite begin with ``BEGIN IMMEDIATE`` in both cases.

    Args:
        where: a URL such as ``sqlite:///mine.db`` or ``postgresql+psycopg://host/name``, or the host's
            engine.
        prefix: the beginning of the tables' names.
        metadata: the object in which the tables are defined, if the host has migrations of its own (see
            `tables`).
        create: make missing tables. If false, a database without them is a `StoreError` and stays as it is.
        busy_timeout: how long a write waits for others that hold the SQLite file or the PostgreSQL row.

    Raises:
        MisuseError: no store can be at ``where``, another argument can't be used, or a package is not
            installed.
        StoreError: the database can't be opened.
    """

    def __init__(
        self,
        where: str | sa.URL | sa.Engine,
        *,
        prefix: str = PREFIX,
        metadata: sa.MetaData | None = None,
        create: bool = True,
        busy_timeout: timedelta = HALF_A_MINUTE,
    ) -> None:
        self._processes, self._entries = tables(prefix, metadata)
        self._whole = _whole(self._processes.c, self._entries.c)
        self._moved = sa.update(self._processes).where(
            self._processes.c.key == sa.bindparam("wanted"), self._processes.c.version == sa.bindparam("seen")
        )
        check_duration("busy_timeout", busy_timeout, "timedelta(seconds=30)")
        self._engines = Engines(where, busy_timeout, create=create)
        if not create:
            self._find_tables(prefix)
            return
        with self._engines.writing("") as connection:
            if connection.dialect.name == "postgresql":  # many programs may start at once
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MAKING_TABLES)))
            self._processes.metadata.create_all(connection, [self._processes, self._entries])

    def _find_tables(self, prefix: str) -> None:
        with self._engines.reading() as connection:
            names = sa.inspect(connection).get_table_names(self._processes.schema)
        ends = ("processes", "entries")
        firsts, seconds = ({name.removesuffix(end) for name in names if name.endswith(end)} for end in ends)
        found = firsts & seconds
        if prefix not in found:
            others = ", ".join(f"`{each}`" for each in sorted(found)) or "none at all"
            message = f"the database has no store whose tables begin with `{prefix}` (it has: {others})"
            raise StoreError(message, "give the prefix of its tables, or make them with `create=True`")

    def __repr__(self) -> str:
        return shorten(f"<SqlStore at {self._engines.whole.url.set(query={})!r}>")

    def close(self) -> None:
        """Close all connections, unless the engine is the host's."""
        if self._engines.ours:
            self._engines.whole.dispose()

    def load(self, key: str) -> StoredProcess | None:
        check_key("key", key)
        with self._engines.reading() as connection:
            rows = connection.execute(self._whole, {"wanted": key}).all()
        if not rows:
            return None
        (kind, _, version, head, snapshot, due), *lines = rows
        if kind != _PROCESS:
            help_ = "restore it from a backup, or forget it"
            raise SavedError("its row is missing, and its entries are there", help_, f"process `{key}`")
        if not isinstance(version, int) or not 0 <= version <= MOST:
            raise SavedError(
                f"its version can't be {version!r}", "write a whole number there", f"process `{key}`"
            )
        return StoredProcess(
            version=version,
            standing=Standing(head=head, snapshot=snapshot, due=moment(due)),
            entries=tuple(StoredEntry(sequence=row[1], text=row[3], once=row[4]) for row in lines),
        )

    def create(self, key: str, standing: Standing, entries: Sequence[StoredEntry] = ()) -> None:
        check_written(key, standing, entries)
        with self._engines.writing(f"there is a process `{key}` already") as connection:
            self._make(connection, key, standing, entries)

    def append(self, key: str, version: int, entries: Sequence[StoredEntry], standing: Standing) -> None:
        check_written(key, standing, entries)
        with self._engines.writing(
            f"the process `{key}` has this entry or idempotency key already"
        ) as connection:
            self._advance(connection, key, version, standing)
            self._add(connection, key, entries)

    def rewrite(self, key: str, version: int, entries: Sequence[StoredEntry], standing: Standing) -> None:
        check_written(key, standing, entries)
        with self._engines.writing(
            f"the process `{key}` has an entry or idempotency key twice"
        ) as connection:
            self._advance(connection, key, version, standing)
            connection.execute(sa.delete(self._entries).where(self._entries.c.process == key))
            self._add(connection, key, entries)

    def move(
        self, key: str, version: int, new: str, standing: Standing, entries: Sequence[StoredEntry]
    ) -> None:
        check_written(new, standing, entries)
        with self._engines.writing(f"there is a process `{new}` already") as connection:
            self._advance(connection, key, version, standing)
            self._make(connection, new, standing, entries)
            self._erase(connection, key)

    def forget(self, key: str) -> bool:
        check_key("key", key)
        processes = self._processes
        with self._engines.writing(f"the process `{key}` was written meanwhile") as connection:
            # The process's row comes first: whoever appends meanwhile waits for it, and finds it gone.
            held = sa.update(processes).where(processes.c.key == key).values(version=processes.c.version)
            connection.execute(held)
            return self._erase(connection, key)

    def due(self, by: datetime, *, after: Due | None = None, limit: int = 100) -> tuple[Due, ...]:
        check_limit(limit)
        due, key = self._processes.c.due, self._processes.c.key
        wanted = sa.select(due, key).where(due <= ticks(by)).order_by(due, key).limit(limit)
        if after is None:
            wanted = wanted.where(due >= FIRST_TICK)
        else:
            wanted = wanted.where(sa.tuple_(due, key) > sa.tuple_(ticks(after.due), after.key))
        with self._engines.reading() as connection:
            return tuple(Due(EPOCH + row[0] * MICROSECOND, row[1]) for row in connection.execute(wanted))

    def keys(self, *, after: str | None = None, limit: int = 100) -> tuple[str, ...]:
        check_limit(limit)
        key = self._processes.c.key
        wanted = sa.select(key).order_by(key).limit(limit)
        if after is not None:
            check_text("after", after)
            wanted = wanted.where(key > after)
        with self._engines.reading() as connection:
            return tuple(connection.execute(wanted).scalars())

    # --- in a transaction -----------------------------------------------------------------------

    def _advance(self, connection: sa.Connection, key: str, version: int, standing: Standing) -> None:
        """Raise the version: the first statement of a write, where the second writer waits and then fails."""
        values = {"wanted": key, "seen": version, "version": version + 1, **_columns(standing)}
        if not 0 <= version < MOST or connection.execute(self._moved, values).rowcount != 1:
            raise ConflictError(f"the process `{key}` is not at version {version} any more")

    def _make(
        self, connection: sa.Connection, key: str, standing: Standing, entries: Sequence[StoredEntry]
    ) -> None:
        left = sa.select(self._entries.c.sequence).where(self._entries.c.process == key).limit(1)
        if connection.execute(left).first() is not None:
            raise ConflictError(f"there is a process `{key}` already, or what is left of one")
        row = sa.insert(self._processes).values(key=key, version=first_version(), **_columns(standing))
        connection.execute(row)
        self._add(connection, key, entries)

    def _erase(self, connection: sa.Connection, key: str) -> bool:
        entries = connection.execute(sa.delete(self._entries).where(self._entries.c.process == key))
        process = connection.execute(sa.delete(self._processes).where(self._processes.c.key == key))
        return bool(entries.rowcount + process.rowcount)

    def _add(self, connection: sa.Connection, key: str, entries: Sequence[StoredEntry]) -> None:
        if entries:
            rows = [{"process": key, **asdict(each)} for each in entries]
            connection.execute(sa.insert(self._entries), rows)


def tables(prefix: str = PREFIX, metadata: sa.MetaData | None = None) -> tuple[sa.Table, sa.Table]:
    """Return the tables of processes and of entries, defined in ``metadata``, for a host's own migrations."""
    if not isinstance(prefix, str):
        raise MisuseError(f"`prefix` can't be {shorten(repr(prefix))}", f'give a text, such as "{PREFIX}"')
    metadata = sa.MetaData() if metadata is None else metadata
    if not isinstance(metadata, sa.MetaData):
        raise MisuseError(f"`metadata` can't be {shorten(repr(metadata))}", "give a `sqlalchemy.MetaData()`")
    found = [
        metadata.tables.get(f"{metadata.schema}.{prefix}{name}" if metadata.schema else f"{prefix}{name}")
        for name in ("processes", "entries")
    ]
    if found[0] is not None and found[1] is not None:
        return found[0], found[1]
    # With this collation keys sort by their characters, as in SQLite.
    key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    processes = sa.Table(
        f"{prefix}processes",
        metadata,
        sa.Column("key", key, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("head", sa.Text, nullable=False),
        sa.Column("snapshot", sa.Text, nullable=False),
        sa.Column("due", sa.BigInteger),
        sa.Index(f"{prefix}due", "due", "key"),
    )
    entries = sa.Table(
        f"{prefix}entries",
        metadata,
        sa.Column("process", key, sa.ForeignKey(processes.c.key), primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("once", sa.Text),
        sa.UniqueConstraint("process", "once", name=f"{prefix}once"),
    )
    return processes, entries


def _whole(processes: Any, entries: Any) -> sa.CompoundSelect[Any]:
    """Return the query of a process and its entries: one statement, so that it sees one moment."""
    wanted = sa.bindparam("wanted", type_=sa.Text)
    process = sa.select(
        sa.literal(_PROCESS).label("kind"),
        sa.literal(0).label("place"),
        processes.version,
        processes.head,
        processes.snapshot,
        processes.due,
    ).where(processes.key == wanted)
    lines = sa.select(
        sa.literal(_ENTRY), entries.sequence, sa.literal(0), entries.text, entries.once, sa.null()
    ).where(entries.process == wanted)
    return process.union_all(lines).order_by("kind", "place")


def _columns(standing: Standing) -> dict[str, Any]:
    due = None if standing.due is None else ticks(standing.due)
    return {"head": standing.head, "snapshot": standing.snapshot, "due": due}
