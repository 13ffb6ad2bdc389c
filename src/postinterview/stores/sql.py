"""A store in a SQL database, through SQLAlchemy: SQLite in a file, or PostgreSQL.

Two tables: a row a process, a row an entry. Entries are only ever added (but for rules that renamed them),
and no two of a process have the same sequence, whoever wins a race. Moments are whole microseconds since
1970, in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from postinterview.core.errors import MisuseError
from postinterview.stores.protocol import ConflictError, Due, Kept, Line, Standing, StoreError

try:
    import sqlalchemy as sa
except ImportError:
    raise MisuseError(
        "a store in SQL needs `sqlalchemy`, which is not installed", "pip install 'postinterview[sql]'"
    ) from None

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
_MAKING_TABLES = 7_265_813_402
"""Any number that no other program locks."""

BUSY = 30.0
"""Seconds to wait for others who write the same SQLite file."""


class SqlStore:
    """Keeps processes in the tables ``<prefix>processes`` and ``<prefix>entries`` of a database.

    ``url`` is SQLAlchemy's, such as ``sqlite:///mine.db`` or ``postgresql+psycopg://host/name`` (with the
    driver `psycopg` installed). The tables are made where they are missing; with ``create=False`` a
    database without them is a `StoreError`, and is left as it is. Threads and programs may share the
    database; a store is not to be carried over a fork.
    """

    def __init__(self, url: str, *, prefix: str = "postinterview_", create: bool = True) -> None:
        self._processes, self._entries = _tables(prefix)
        self._engine = _engine(url, create=create)
        if not create:
            self._find_tables(prefix)
            return
        with self._asked(write=True) as connection:
            if connection.dialect.name == "postgresql":  # many programs may start at once
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MAKING_TABLES)))
            self._processes.metadata.create_all(connection)

    def _find_tables(self, prefix: str) -> None:
        with self._asked() as connection:
            names = sa.inspect(connection).get_table_names()
        found = [
            name.removesuffix("processes")
            for name in names
            if name.endswith("processes") and f"{name.removesuffix('processes')}entries" in names
        ]
        if prefix not in found:
            others = ", ".join(f"`{each}`" for each in sorted(found)) or "none at all"
            message = f"the database has no store whose tables begin with `{prefix}` (it has: {others})"
            raise StoreError(message)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def load(self, key: str) -> Kept | None:
        processes, entries = self._processes.c, self._entries.c
        # One statement, so that it is as of one moment wherever the database stands.
        wanted = (
            sa.select(
                processes.version,
                processes.head,
                processes.snapshot,
                processes.due,
                entries.sequence,
                entries.text,
                entries.once,
            )
            .select_from(self._processes.outerjoin(self._entries))
            .where(processes.key == key)
            .order_by(entries.sequence)
        )
        with self._asked() as connection:
            rows = connection.execute(wanted).all()
        if not rows:
            return None
        version, head, snapshot, due = rows[0][:4]
        standing = Standing(head=head, snapshot=snapshot, due=None if due is None else EPOCH + due * TICK)
        lines = tuple(
            Line(sequence=row.sequence, text=row.text, once=row.once)
            for row in rows
            if row.sequence is not None
        )
        return Kept(version=version, standing=standing, lines=lines)

    def create(self, key: str, standing: Standing, lines: Sequence[Line] = ()) -> None:
        with self._writing(f"there is a process `{key}` already") as connection:
            connection.execute(sa.insert(self._processes).values(key=key, version=0, **_columns(standing)))
            self._add(connection, key, lines)

    def append(self, key: str, version: int, line: Line, standing: Standing) -> None:
        with self._writing(f"the process `{key}` has this entry or idempotency key already") as connection:
            self._advance(connection, key, version, standing)
            self._add(connection, key, [line])

    def rewrite(self, key: str, version: int, lines: Sequence[Line], standing: Standing) -> None:
        with self._writing(f"the process `{key}` has an entry or idempotency key twice") as connection:
            self._advance(connection, key, version, standing)
            connection.execute(sa.delete(self._entries).where(self._entries.c.process == key))
            self._add(connection, key, lines)

    def due(self, by: datetime, *, after: Due | None = None, limit: int = 100) -> tuple[Due, ...]:
        due, key = self._processes.c.due, self._processes.c.key
        wanted = sa.select(due, key).where(due <= _ticks(by)).order_by(due, key).limit(limit)
        if after is not None:
            wanted = wanted.where(sa.tuple_(due, key) > sa.tuple_(_ticks(after.due), after.key))
        with self._asked() as connection:
            return tuple(Due(EPOCH + row[0] * TICK, row[1]) for row in connection.execute(wanted))

    def keys(self, *, after: str | None = None, limit: int = 100) -> tuple[str, ...]:
        key = self._processes.c.key
        wanted = sa.select(key).order_by(key).limit(limit)
        if after is not None:
            wanted = wanted.where(key > after)
        with self._asked() as connection:
            return tuple(connection.execute(wanted).scalars())

    # --- in a transaction -----------------------------------------------------------------------

    def _advance(self, connection: sa.Connection, key: str, version: int, standing: Standing) -> None:
        processes = self._processes.c
        done = connection.execute(
            sa.update(self._processes)
            .where(processes.key == key, processes.version == version)
            .values(version=version + 1, **_columns(standing))
        )
        if done.rowcount != 1:
            raise ConflictError(f"the process `{key}` is not at version {version} any more")

    def _add(self, connection: sa.Connection, key: str, lines: Sequence[Line]) -> None:
        if lines:
            rows = [
                {"process": key, "sequence": line.sequence, "text": line.text, "once": line.once}
                for line in lines
            ]
            connection.execute(sa.insert(self._entries), rows)

    @contextmanager
    def _writing(self, conflict: str) -> Iterator[sa.Connection]:
        """A transaction that is wholly done or not at all; what is taken is the conflict that is named."""
        with self._asked(write=True) as connection:
            try:
                yield connection
            except sa.exc.IntegrityError:
                raise ConflictError(conflict) from None

    @contextmanager
    def _asked(self, *, write: bool = False) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as connection:
                connection.info["write"] = write
                with connection.begin():
                    yield connection
        except sa.exc.DBAPIError as error:
            raise StoreError(f"the database did not do it: {error.orig}") from error


def _tables(prefix: str) -> tuple[sa.Table, sa.Table]:
    # Keys sort by their characters in every database.
    key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    metadata = sa.MetaData()
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


def _engine(url: str, *, create: bool) -> sa.Engine:
    try:
        named = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise MisuseError(
            f"{url!r} is no URL of a database", 'give one such as "sqlite:///mine.db"'
        ) from None
    if named.get_backend_name() == "postgresql":
        return sa.create_engine(named, isolation_level="READ COMMITTED")
    if named.get_backend_name() != "sqlite":
        raise MisuseError(f"a store can't be in {named.get_backend_name()}", "use SQLite or PostgreSQL")
    if not create and _is_missing(named.database):
        raise StoreError(f"there is no file `{named.database}`")
    engine = sa.create_engine(named, connect_args={"timeout": BUSY})
    if create:
        sa.event.listen(engine, "connect", _let_readers_go_on)
    sa.event.listen(engine, "connect", _set_up_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _is_missing(file: str | None) -> bool:
    """Whether to connect would make an empty file."""
    return file not in (None, "", ":memory:") and not file.startswith("file:") and not Path(file).exists()


def _let_readers_go_on(connection: Any, _: object) -> None:
    """The file keeps this."""
    connection.execute("PRAGMA journal_mode = WAL").close()


def _set_up_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """Who is to write takes the lock at once, and waits for it; readers wait for nobody."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.info.get("write") else "BEGIN")


def _columns(standing: Standing) -> dict[str, Any]:
    due = None if standing.due is None else _ticks(standing.due)
    return {"head": standing.head, "snapshot": standing.snapshot, "due": due}


def _ticks(at: datetime) -> int:
    return (at - EPOCH) // TICK
