"""Keep notes in the database of a store, in a table beside its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from attrs import frozen

from postinterview.gate.notes import HeldNotes, Kind, Note
from postinterview.stores.engines import sa
from postinterview.stores.rows import PREFIX
from postinterview.stores.sql import SqlStore

__all__ = ["SqlNotes"]

_WRITING_NOTES = 7_265_813_403
"""The advisory lock that PostgreSQL holds while notes are written. SQLite locks the file."""
_LAST = "\U0010ffff"


def notes_table(prefix: str = PREFIX, metadata: sa.MetaData | None = None) -> sa.Table:
    """Return the table of notes, defined in ``metadata``, for a host's own migrations."""
    # With this collation keys sort by their characters, as in SQLite.
    key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    return sa.Table(
        f"{prefix}notes",
        sa.MetaData() if metadata is None else metadata,
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("process", key, primary_key=True),
        sa.Column("id", key, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
    )


class SqlNotes:
    """Keeps notes in the table ``<prefix>notes`` of a store's database. Programs may share it.

    Args:
        store: the store; its connections are used.
        prefix: the beginning of the table's name.
        create: make the table if it is missing.
    """

    def __init__(self, store: SqlStore, *, prefix: str = PREFIX, create: bool = True) -> None:
        self._table = notes_table(prefix)
        self._engines = store.engines
        if create:
            store.make(self._table)

    def __repr__(self) -> str:
        return f"<SqlNotes {self._engines!r}>"

    def find(self, kind: Kind, *, prefix: str = "", key: str | None = None) -> tuple[Note, ...]:
        with self._engines.reading() as connection:
            return _Held(connection, self._table).find(kind, prefix=prefix, key=key)

    @contextmanager
    def writing(self) -> Iterator[HeldNotes]:
        with self._engines.writing("others wrote notes at the same moment") as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITING_NOTES)))
            yield _Held(connection, self._table)


@frozen
class _Held:
    """The notes in a transaction."""

    connection: sa.Connection
    table: sa.Table

    def find(self, kind: Kind, *, prefix: str = "", key: str | None = None) -> tuple[Note, ...]:
        columns = self.table.c
        wanted = sa.select(columns.process, columns.id, columns.text).where(columns.kind == kind)
        if key is not None:
            wanted = wanted.where(columns.process == key)
        elif prefix:
            wanted = wanted.where(columns.process >= prefix, columns.process < prefix + _LAST)
        rows = self.connection.execute(wanted.order_by(columns.process, columns.id))
        return tuple(Note(kind=kind, key=row[0], id=row[1], text=row[2]) for row in rows)

    def put(self, note: Note) -> None:
        self.drop(note.key, kind=note.kind, id=note.id)
        row = {"kind": note.kind, "process": note.key, "id": note.id, "text": note.text}
        self.connection.execute(sa.insert(self.table).values(row))

    def drop(self, key: str, *, kind: Kind | None = None, id: str | None = None) -> int:
        columns = self.table.c
        gone = sa.delete(self.table).where(columns.process == key)
        if kind is not None:
            gone = gone.where(columns.kind == kind)
        if id is not None:
            gone = gone.where(columns.id == id)
        return self.connection.execute(gone).rowcount
