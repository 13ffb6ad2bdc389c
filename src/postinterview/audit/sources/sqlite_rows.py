"""Read the rows of a table or a query of a SQLite database. The database is opened read-only."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from attrs import define

from postinterview.audit.short_text import short
from postinterview.audit.sources.rows import LONGEST, FileSettings, Row, row_of_table
from postinterview.core.values.suggest import closest, help_for, ticked
from postinterview.files import UnreadableError

_WAL = b"\x02\x02"
"""The bytes 18 and 19 of a database that keeps its latest changes in a write-ahead log."""

_READS = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
_TABLES = "select name from sqlite_master where type in ('table', 'view') and name not glob 'sqlite_*'"


@contextmanager
def sqlite_rows(path: str, shown: str, settings: FileSettings) -> Iterator[SqliteTable]:
    """Open a database, and yield the rows of the table or query that the map names, or of its only table."""
    _check_size(path, shown)
    with closing(_connect(path, shown)) as database:
        with _sound(shown):
            table = _table(database, shown, settings)
        yield table


@contextmanager
def _sound(shown: str) -> Iterator[None]:
    """Turn an error of SQLite into an UnreadableError."""
    try:
        yield
    except sqlite3.Error as error:
        raise _refused(shown, error) from None


@define
class SqliteTable:
    """The answer to a query as rows. ``shown``: the name of the database."""

    cursor: sqlite3.Cursor
    shown: str
    header: tuple[str, ...]

    @property
    def names(self) -> Collection[str]:
        return self.header

    def rows(self) -> Iterator[Row]:
        with _sound(self.shown):  # a fault in the file may come to light at any row
            for number, values in enumerate(self.cursor, 1):
                yield row_of_table(self.header, number, values)


def _check_size(path: str, shown: str) -> None:
    """Raise if the file is shorter than its first page says."""
    with open(path, "rb") as file:  # noqa: PTH123 - as `files` does
        head = file.read(100)
    page, count = int.from_bytes(head[16:18]), int.from_bytes(head[28:32])
    wanted = (65536 if page == 1 else page) * count
    # The count is only sound if the version that wrote it is that of the last change.
    if len(head) < 100 or (head[24:28] == head[92:96] and os.path.getsize(path) < wanted):  # noqa: PTH202
        message = f"`{shown}` is a SQLite database that ends in the middle"
        raise UnreadableError(shown, message, "copy it again, while no program has it open")


def _connect(path: str, shown: str) -> sqlite3.Connection:
    """Open a database so that nothing beside it is written, if its latest changes do not lie in a WAL."""
    with open(path, "rb") as file:  # noqa: PTH123
        file.seek(18)
        is_wal = file.read(2) == _WAL
    beside = f"{path}-wal"
    has_wal = os.path.exists(beside) and os.path.getsize(beside) > 0  # noqa: PTH110, PTH202
    mode = "mode=ro&immutable=1" if is_wal and not has_wal else "mode=ro"
    with _sound(shown):
        uri = f"{Path(path).absolute().as_uri()}?{mode}"
        database = sqlite3.connect(uri, uri=True, isolation_level=None)
    database.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4 * LONGEST)
    return database


def _table(database: sqlite3.Connection, shown: str, settings: FileSettings) -> SqliteTable:
    names = [name for (name,) in database.execute(_TABLES)]
    query = settings.query or _select(names, shown, settings.table)
    database.set_authorizer(_only_reading)
    cursor = database.execute(query)
    if cursor.description is None:
        raise UnreadableError(
            shown, f"`{shown}`: the `query` of the map selects nothing", "begin it with `select`"
        )
    return SqliteTable(cursor, shown, tuple(column[0] for column in cursor.description))


def _select(names: list[str], shown: str, table: str | None) -> str:
    listed = ticked(map(short, names[:12]), "and")
    if not names:
        raise UnreadableError(
            shown, f"`{shown}` is a SQLite database without a table", "is it the right file?"
        )
    if table is None:
        if len(names) > 1:
            help = f"say in the map which one holds the rows: `table: {short(names[0])}`, or write a `query`"
            message = f"`{shown}` is a SQLite database with {len(names)} tables: {listed}"
            raise UnreadableError(shown, message, help)
        table = names[0]
    elif table.casefold() not in map(str.casefold, names):
        help = help_for(closest(table, names), ()) or f"its tables are {listed}"
        raise UnreadableError(shown, f"`{shown}` has no table `{short(table)}`", help)
    quoted = table.replace('"', '""')
    return f'select * from "{quoted}"'  # noqa: S608 - quoted as SQLite wants names


def _only_reading(action: int, _one: str | None, two: str | None, *_: object) -> int:
    allowed = action in _READS and (two or "").casefold() != "load_extension"
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _refused(shown: str, error: sqlite3.Error) -> UnreadableError:
    said = str(error)
    if "malformed" in said or "not a database" in said or "disk image" in said:
        message, help = (
            f"`{shown}` is a damaged SQLite database ({said})",
            "copy it again, while no program has it open",
        )
    elif "unable to open" in said or "readonly" in said or "locked" in said:
        message = f"`{shown}` is a SQLite database that can't be opened for reading alone ({said})"
        help = (
            "close the program that it belongs to, or copy it together with its files `-wal` and `-journal`"
        )
    elif "not authorized" in said or "prohibited" in said:
        message, help = f"`{shown}`: the `query` of the map may only read ({said})", "write one `select`"
    elif "too big" in said:
        message, help = f"`{shown}` holds a cell that is too long", "leave its column out, with a `query`"
    else:
        message, help = f"`{shown}`: SQLite refuses it ({said})", "correct the `query` or `table` of the map"
    return UnreadableError(shown, message, help)
