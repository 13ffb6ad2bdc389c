"""Connect a store to its SQL database: engines, transactions, and what to say when they fail."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep  # noqa: TID251 - how long another holds a file is no matter of the rules
from typing import Any

from postinterview.core.values.errors import ConflictError, MisuseError, StoreError
from postinterview.stores.failures import CURES, store_error
from postinterview.stores.forks import FORKS

try:
    import sqlalchemy as sa
except ImportError:
    message = "a store in SQL needs `sqlalchemy`, which is not installed"
    raise MisuseError(message, "pip install 'postinterview[sql]'") from None

__all__ = ["FAILURES", "Engines", "failure", "sa"]

_SUCH_AS = 'such as "sqlite:///mine.db" or "postgresql+psycopg://host/name"'
_MASK = "write a `@`, `:` or `/` in a password as %40, %3A, %2F"
_SETTINGS = "correct what follows the `?`, or leave it out"
_BEGINNINGS = {"sqlite": "sqlite:///", "postgresql": "postgresql+psycopg://"}
"""Each database that a store can be in, and how its URL begins."""

_SQLITE_SETTINGS = {"timeout", "isolation_level", "detect_types", "check_same_thread", "cached_statements"}
FAILURES = (sa.exc.DBAPIError, sa.exc.TimeoutError)
_CURES = (
    *CURES,
    ("locked|lock timeout", "others hold it: let them finish, or give a longer `busy_timeout`"),
    ("readonly|read-only", "let this program write it; to read alone, `create=False` is enough"),
    ("no such table|does not exist", "make the database and its tables: `create=True`, or your migrations"),
    ("connection option|bad value for|invalid .* value|no such access mode", _SETTINGS),
    ("QueuePool", "more threads ask at once than it has connections: give an engine with a larger pool"),
)


class Engines:
    """An engine, and how the store uses it: a connection for one statement to read, a transaction to write.

    ``ours``: the store made the engine. An engine of the host keeps its pool, settings and transactions.
    """

    def __init__(self, where: str | sa.URL | sa.Engine, busy_timeout: timedelta, *, create: bool) -> None:
        self.ours = not isinstance(where, sa.Engine)
        self.whole = where if isinstance(where, sa.Engine) else _engine(where, busy_timeout, create)
        self.backend = self.whole.dialect.name
        if self.backend not in _BEGINNINGS:
            raise MisuseError(f"a store can't be in {self.backend}", "use SQLite or PostgreSQL")
        self.reads: sa.Engine = self.whole
        self.writes: sa.Engine = self.whole
        if self.backend == "postgresql":
            # The first statement of a write decides it by the version. It waits for whoever holds the row
            # and then looks again, so READ COMMITTED is enough.
            self.reads = self.whole.execution_options(isolation_level="AUTOCOMMIT")
            self.writes = self.whole.execution_options(isolation_level="READ COMMITTED")
        self._at_fork: sa.Pool | None = None
        self._refused: sa.Pool | None = None
        FORKS.told.add(self)

    def __repr__(self) -> str:
        return f"at {self.whole.url.set(query={})!r}"

    def close(self) -> None:
        """Close all connections, unless the engine is the host's."""
        if self.ours:
            self.whole.dispose()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Connect for one statement, which sees one moment in both databases."""
        try:
            with self._held(), self.reads.connect() as connection:
                yield connection
        except FAILURES as error:
            raise failure(error) from error

    @contextmanager
    def writing(self, conflict: str) -> Iterator[sa.Connection]:
        """Connect for a transaction. ``conflict`` is the message if a row exists already."""
        committing = False
        try:
            with self._held(), self.writes.connect() as connection, connection.begin() as transaction:
                driver: Any = connection.connection.dbapi_connection
                if self.backend == "sqlite" and not driver.in_transaction:  # unless the host began one
                    # Take the lock now, since it will be written.
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
                committing = True
                transaction.commit()
        except sa.exc.IntegrityError:
            raise ConflictError(conflict) from None
        except FAILURES as error:
            raise failure(error, committing=committing) from error

    # --- forks ------------------------------------------------------------------------------------

    def _held(self) -> AbstractContextManager[None]:
        """Hold off forks, or refuse to use the connections of the parent process."""
        if self._refused is not None and (self._refused is self.whole.pool or self.backend == "sqlite"):
            raise StoreError(
                "a fork gave this process the open connections of its parent",
                "call `engine.dispose()` before the fork, while no thread uses the store"
                if self.backend == "sqlite"
                else "call `engine.dispose(close=False)` in each child, before anything uses the engine",
            )
        return FORKS.held_off() if self.ours else nullcontext()

    def before_fork(self) -> None:
        if self.ours:
            self.whole.dispose()
        pool = self.whole.pool
        is_empty = isinstance(pool, sa.NullPool) or (
            isinstance(pool, sa.QueuePool) and pool.checkedin() + pool.checkedout() == 0
        )
        self._at_fork = None if is_empty else pool

    def in_child(self, *, in_use: bool) -> None:
        if not self.ours:
            self._refused = self._at_fork or self._refused
        elif self.backend == "postgresql":
            self.whole.dispose(close=False)
        elif in_use:
            self._refused = self.whole.pool


# --- URLs ---------------------------------------------------------------------------------------------


def _engine(where: object, busy_timeout: timedelta, create: bool) -> sa.Engine:
    """Make an engine whose messages never show what is stored."""
    url = _url(where)
    milliseconds = busy_timeout // timedelta(milliseconds=1)
    if url.get_backend_name() == "sqlite":
        _check_file(url, create=create)
        engine = _made(url, connect_args={"timeout": milliseconds / 1000})
        setup = ["PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON"]
    else:
        engine = _made(url, pool_pre_ping=True)  # replaces connections that were cut while idle
        setup = [f"SET lock_timeout = {max(milliseconds, 1)}"]  # 0 would wait for ever

    def set_up(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        if create and url.get_backend_name() == "sqlite":
            _log_ahead(cursor, busy_timeout)
        for statement in setup:
            cursor.execute(statement)
        cursor.close()
        connection.commit()

    sa.event.listen(engine, "connect", set_up)
    return engine


def _log_ahead(cursor: sqlite3.Cursor, busy_timeout: timedelta) -> None:
    """Give the file a write-ahead log, so that readers need not wait. The file keeps it.

    SQLite does not wait here for another that has begun to write, whatever its timeout: of several that open
    a new file at once, some would be told that it is locked.
    """
    give_up = monotonic() + busy_timeout.total_seconds()
    while True:
        try:
            if cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or monotonic() >= give_up:
                raise
            sleep(0.01)
        else:
            return


def _url(where: object) -> sa.URL:
    """Return the URL of a database that a store can be in, with a driver that it can use."""
    if not isinstance(where, str | sa.URL):
        message = f"a store can't be in a value of the type `{type(where).__name__}`"
        raise MisuseError(message, f"give a URL, {_SUCH_AS}, or an `Engine` of SQLAlchemy")
    try:
        url = sa.make_url(where)
    except (sa.exc.ArgumentError, ValueError):
        url = None  # the error shows parts of the text, and one may be a password
    if url is None or "@" in (url.host or ""):
        raise MisuseError("this is not the URL of a database", f"give one {_SUCH_AS}; {_MASK}")
    backend = url.get_backend_name()
    if backend not in _BEGINNINGS:
        raise MisuseError(f"a store can't be in {backend}", "use SQLite or PostgreSQL")
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    try:
        asynchronous = url.get_dialect().is_async
    except (ImportError, sa.exc.NoSuchModuleError):
        raise _not_installed(url) from None
    if asynchronous:
        message = f"the driver `{url.get_driver_name()}` is asynchronous, and the store is not"
        raise MisuseError(message, f"let the URL begin with {_BEGINNINGS[backend]}")
    return url


def _check_file(url: sa.URL, *, create: bool) -> None:
    """Check that the URL names a SQLite file, which exists unless it is to be made."""
    if url.host or url.username or url.port:
        raise MisuseError("a SQLite file has no host and no user", f"give a URL {_SUCH_AS}")
    name = url.database or ":memory:"
    if ":memory:" in name or url.query.get("mode") == "memory":
        raise MisuseError("a SQLite database in memory can't be shared", "use `MemoryStore`, or name a file")
    if "\0" in name or ("uri" in url.query and not name.startswith("file:")):
        raise MisuseError(f"a SQLite file can't be named {name!r}", f"give a URL {_SUCH_AS}")
    unknown = url.query.keys() - _SQLITE_SETTINGS
    if unknown and "uri" not in url.query:
        raise MisuseError(f"SQLite has no setting `{min(unknown)}`", _SETTINGS)
    if not create and not name.startswith("file:") and not Path(name).exists():
        raise StoreError(
            f"there is no file `{name}`", "give the path of a SQLite file that has a store, or a URL"
        )


def _made(url: sa.URL, **settings: Any) -> sa.Engine:
    try:
        return sa.create_engine(url, hide_parameters=True, **settings)
    except (ImportError, sa.exc.NoSuchModuleError):
        raise _not_installed(url) from None
    except (sa.exc.ArgumentError, TypeError, ValueError) as error:
        said = " ".join(str(error).split())
        raise MisuseError(f"the URL has a setting that can't be used: {said}", _SETTINGS) from None


def _not_installed(url: sa.URL) -> MisuseError:
    backend, _, driver = url.drivername.partition("+")
    begin = f"let the URL begin with {_BEGINNINGS[backend]}"
    help_ = begin if backend == "sqlite" else f"pip install 'postinterview[postgresql]', and {begin}"
    return MisuseError(f"the driver `{driver}` is not installed", help_)


def failure(error: Exception, *, committing: bool = False) -> StoreError:
    """Return what to raise for an error of SQLAlchemy. ``committing``: nobody knows whether it was done."""
    cause = getattr(error, "orig", None) or error
    disconnected = getattr(error, "connection_invalidated", False)
    return store_error(cause, _CURES, disconnected=disconnected, committing=committing)
