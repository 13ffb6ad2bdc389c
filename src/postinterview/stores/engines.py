"""How the store in SQL stands to its database: connections, transactions, and what is said when they fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

from postinterview.core.errors import MisuseError
from postinterview.stores.forks import FORKS
from postinterview.stores.protocol import ConflictError, StoreError

try:
    import sqlalchemy as sa
except ImportError:
    raise MisuseError(
        "a store in SQL needs `sqlalchemy`, which is not installed", "pip install 'postinterview[sql]'"
    ) from None

__all__ = ["Engines", "sa"]

TROUBLE = (sa.exc.DBAPIError, sa.exc.TimeoutError)
"""What is no fault of the caller's: the database, the way to it, no connection free."""

_SUCH_AS = 'such as "sqlite:///mine.db" or "postgresql+psycopg://host/name"'
_MASK = "a `@`, `:` or `/` in a password is written %40, %3A, %2F"
_AFTER_THE_MARK = "correct what follows the `?`, or leave it out"
_SYNCHRONOUS = {"sqlite": "sqlite:///", "postgresql": "postgresql+psycopg://"}
"""Each database that a store can be in, and the beginning of its URL."""
_LOST_RACES = ("40001", "40P01")
_CURES = (
    ("locked|lock timeout", "others hold it: let them finish, or give a longer `busy_timeout`"),
    ("readonly|read-only", "let this program write it; to read alone, `create=False` is enough"),
    ("is full|No space|could not extend", "make room on its disk"),
    ("unable to open", "is its folder there, and may this program write in it?"),
    ("no such table|does not exist", "make the database and its tables: `create=True`, or your migrations"),
    ("not a database|malformed|disk I/O", "is the file what it should be, and its disk sound?"),
    ("connection option|bad value for|invalid .* value|no such access mode", _AFTER_THE_MARK),
    ("QueuePool", "more threads ask at once than it has connections: give an engine with a larger pool"),
)
_UNREACHED = "is the database running, and can it be reached?"


class Engines:
    """An engine, and how the store connects with it: one statement to read, a transaction to write.

    An engine of the host's keeps its pool, its settings and its own transactions as they are.
    """

    def __init__(self, where: str | sa.URL | sa.Engine, busy_timeout: timedelta, *, create: bool) -> None:
        self.ours = not isinstance(where, sa.Engine)
        self.whole = where if isinstance(where, sa.Engine) else _engine(where, busy_timeout, create)
        self.backend = self.whole.dialect.name
        if self.backend == "postgresql":
            # A write is decided by the version in its first statement, which waits for the holder of the row
            # and then looks again. READ COMMITTED is enough for that.
            self._reads: sa.Engine = self.whole.execution_options(isolation_level="AUTOCOMMIT")
            self._writes: sa.Engine = self.whole.execution_options(isolation_level="READ COMMITTED")
        elif self.backend == "sqlite":
            self._reads = self._writes = self.whole
        else:
            raise MisuseError(f"a store can't be in {self.backend}", "use SQLite or PostgreSQL")
        self._at_fork: sa.Pool | None = None
        self._refused: sa.Pool | None = None
        FORKS.told.add(self)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Connect for one statement, which sees one moment in either database."""
        try:
            with self._held(), self._reads.connect() as connection:
                yield connection
        except TROUBLE as error:
            raise trouble(error) from error

    @contextmanager
    def writing(self, conflict: str) -> Iterator[sa.Connection]:
        """Connect for a transaction. ``conflict`` is the message if a row is there already."""
        committing = False
        try:
            with self._held(), self._writes.connect() as connection, connection.begin() as transaction:
                _take_the_lock(connection)
                yield connection
                committing = True
                transaction.commit()
        except sa.exc.IntegrityError:
            raise ConflictError(conflict) from None
        except TROUBLE as error:
            raise trouble(error, committing=committing) from error

    # --- forks ------------------------------------------------------------------------------------

    def _held(self) -> AbstractContextManager[None]:
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
        self._at_fork = self.whole.pool if _has_connections(self.whole.pool) else None

    def in_child(self, *, in_use: bool) -> None:
        if not self.ours:
            self._refused = self._at_fork or self._refused
        elif self.backend == "postgresql":
            self.whole.dispose(close=False)
        elif in_use:
            self._refused = self.whole.pool


def _has_connections(pool: sa.Pool) -> bool:
    """Whether a pool has open connections, or can't say so."""
    if isinstance(pool, sa.QueuePool):
        return pool.checkedin() + pool.checkedout() > 0
    return not isinstance(pool, sa.NullPool)


def _engine(where: object, busy_timeout: timedelta, create: bool) -> sa.Engine:
    """Make an engine of the store's own, whose messages never show what is kept."""
    url = _url(where)
    milliseconds = busy_timeout // timedelta(milliseconds=1)
    if milliseconds < 0:
        raise MisuseError(
            "`busy_timeout` can't be negative", "give a timedelta, such as timedelta(seconds=30)"
        )
    if url.get_backend_name() == "sqlite":
        _check_file(url, create=create)
        engine = _made(url, connect_args={"timeout": milliseconds / 1000})
        if create:
            sa.event.listen(engine, "connect", _let_readers_go_on)
        sa.event.listen(engine, "connect", _set_up_sqlite)
        return engine
    engine = _made(url, pool_pre_ping=True)  # connections that were cut while idle are replaced

    def wait_for_locks(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = {max(milliseconds, 1)}")  # 0 would wait for ever
        cursor.close()
        connection.commit()

    sa.event.listen(engine, "connect", wait_for_locks)
    return engine


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
    if backend not in _SYNCHRONOUS:
        raise MisuseError(f"a store can't be in {backend}", "use SQLite or PostgreSQL")
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    try:
        asynchronous = url.get_dialect().is_async
    except (ImportError, sa.exc.NoSuchModuleError):
        raise _not_installed(url) from None
    if asynchronous:
        message = f"the driver `{url.get_driver_name()}` is asynchronous, and the store is not"
        raise MisuseError(message, f"let the URL begin with {_SYNCHRONOUS[backend]}")
    return url


def _check_file(url: sa.URL, *, create: bool) -> None:
    """Check that the URL names a file of SQLite, which is there unless it is to be made."""
    if url.host or url.username or url.port:
        raise MisuseError("a SQLite file has no host and no user", f"give a URL {_SUCH_AS}")
    name = url.database or ":memory:"
    if ":memory:" in name or url.query.get("mode") == "memory":
        raise MisuseError("a SQLite database in memory can't be shared", "use `MemoryStore`, or name a file")
    if "\0" in name or ("uri" in url.query and not name.startswith("file:")):
        raise MisuseError(f"a SQLite file can't be named {name!r}", f"give a URL {_SUCH_AS}")
    if not create and _is_missing(name):
        raise StoreError(f"there is no file `{name}`")


def _made(url: sa.URL, **settings: Any) -> sa.Engine:
    try:
        return sa.create_engine(url, hide_parameters=True, **settings)
    except (ImportError, sa.exc.NoSuchModuleError):
        raise _not_installed(url) from None
    except (sa.exc.ArgumentError, TypeError, ValueError) as error:
        said = " ".join(str(error).split())
        raise MisuseError(f"the URL has a setting that can't be used: {said}", _AFTER_THE_MARK) from None


def _not_installed(url: sa.URL) -> MisuseError:
    backend, _, driver = url.drivername.partition("+")
    begin = f"let the URL begin with {_SYNCHRONOUS[backend]}"
    help_ = begin if backend == "sqlite" else f"pip install 'postinterview[postgresql]', and {begin}"
    return MisuseError(f"the driver `{driver}` is not installed", help_)


def _is_missing(file: str) -> bool:
    """Whether to connect would make an empty file."""
    return not file.startswith("file:") and not Path(file).exists()


def _let_readers_go_on(connection: Any, _: object) -> None:
    """The file keeps this."""
    connection.execute("PRAGMA journal_mode = WAL").close()


def _set_up_sqlite(connection: Any, _: object) -> None:
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _take_the_lock(connection: sa.Connection) -> None:
    """Who is to write to SQLite takes the lock at once, and waits for it; readers wait for nobody."""
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite" and not driver.in_transaction:  # else the host began it
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def trouble(error: Exception, *, committing: bool = False) -> StoreError:
    """What is said of it, and what to do; ``committing``: whether it was kept is not known."""
    cause = getattr(error, "orig", None) or error
    if (getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)) in _LOST_RACES:
        return ConflictError("others wrote at the same moment")  # PostgreSQL took all of it back
    said = " ".join(str(cause).split())
    cures = [cure for words, cure in _CURES if re.search(words, said)]
    if not cures and (getattr(error, "connection_invalidated", False) or "connection" in said):
        cures = [_UNREACHED]
    if committing:
        cures.append("it may have been kept or not: make the same call again, with the same `once`")
    return StoreError(f"the database did not do it: {said}", "; ".join(cures))
