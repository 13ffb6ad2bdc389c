"""Take part in a transaction of the host: read and write in it, and never commit.

Each write is a savepoint, so a write that fails leaves the host's own work as it was. A write that was
decided on an old version of the process changes no row, and the keeper reads again and asks the rules again:

- PostgreSQL, READ COMMITTED (its default): the write waits for whoever holds the row. The next read sees what
  they wrote.
- PostgreSQL, REPEATABLE READ or SERIALIZABLE: a transaction sees one moment, so reading again is no use. The
  host has to repeat the whole transaction.
- SQLite: the first write takes the lock of the file, with BEGIN IMMEDIATE if no transaction is open. From
  then on nobody else writes. If the host began to read in a transaction and others wrote since, SQLite
  refuses the lock, and the host has to repeat the whole transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from postinterview.core.values.errors import ConflictError, MisuseError, StoreError
from postinterview.stores.engines import FAILURES, failure, sa
from postinterview.stores.failures import repeat_the_whole

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_BACKENDS = ("sqlite", "postgresql")


class CallersTransaction:
    """The transaction of the host's connection or session. One that has not begun begins by itself."""

    def __init__(self, where: sa.Connection | Session) -> None:
        if hasattr(where, "run_sync"):
            message = f"the `{type(where).__name__}` is asynchronous, and the store is not"
            raise MisuseError(message, "use `AsyncKeeper` of `postinterview.contrib.sqlalchemy`")
        if not isinstance(where, sa.Connection) and not callable(getattr(where, "connection", None)):
            message = f"a store can't be in a value of the type `{type(where).__name__}`"
            help_ = (
                'give a URL, such as "sqlite:///mine.db", or an engine, connection or session of SQLAlchemy'
            )
            raise MisuseError(message, help_)
        self._where = where

    def __repr__(self) -> str:
        return f"in a transaction of the host's {type(self._where).__name__}"

    def close(self) -> None:
        """Do nothing: the connection is the host's."""

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give the host's connection, for one statement."""
        connection = self._connection()
        try:
            yield connection
        except FAILURES as error:
            raise _failure(error) from error

    @contextmanager
    def writing(self, conflict: str) -> Iterator[sa.Connection]:
        """Give the host's connection, in a savepoint. ``conflict`` is the message if a row exists already."""
        connection = self._connection()
        try:
            driver: Any = connection.connection.driver_connection
            if getattr(driver, "autocommit", None) is True:
                message = "the host's connection commits each statement by itself"
                raise MisuseError(message, 'give one without `isolation_level="AUTOCOMMIT"`')
            if connection.dialect.name == "sqlite" and not driver.in_transaction:
                # The driver would begin a transaction at the first INSERT only, after the savepoint.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            with connection.begin_nested():
                yield connection
        except sa.exc.IntegrityError:
            raise ConflictError(conflict) from None
        except FAILURES as error:
            raise _failure(error) from error

    def _connection(self) -> sa.Connection:
        found = self._where if isinstance(self._where, sa.Connection) else self._where.connection()
        if found.dialect.name not in _BACKENDS:
            raise MisuseError(f"a store can't be in {found.dialect.name}", "use SQLite or PostgreSQL")
        return found


def _failure(error: Exception) -> StoreError:
    return repeat_the_whole(getattr(error, "orig", None) or error) or failure(error)
