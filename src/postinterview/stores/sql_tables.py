"""The tables of a store in SQL, and the statements that are the same for each process."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import shorten
from postinterview.stores.engines import sa
from postinterview.stores.rows import ENTRY, PREFIX, PROCESS


class Statements(NamedTuple):
    """The statements of a pair of tables.

    Attributes:
        whole: the query of a process and its entries; ``later``: and its entries from a number on.
        many: the query of several processes and their entries, one process after the other.
        moved: the update of a process that is still at the version that was seen.
    """

    whole: sa.CompoundSelect[Any]
    later: sa.CompoundSelect[Any]
    many: sa.CompoundSelect[Any]
    moved: sa.Update


@lru_cache(maxsize=64)
def statements(processes: sa.Table, entries: sa.Table) -> Statements:
    """Return the statements of a pair of tables, made once: each request may make a store of its own."""
    key, version = processes.c.key, processes.c.version
    moved = sa.update(processes).where(key == sa.bindparam("wanted"), version == sa.bindparam("seen"))
    one, since = sa.bindparam("wanted", type_=sa.Text), sa.bindparam("since", type_=sa.Integer)
    several: sa.BindParameter[Any] = sa.bindparam("wanted", expanding=True)
    whole = _whole(processes.c, entries.c, lambda column: column == one)
    later = _whole(processes.c, entries.c, lambda column: column == one, entries.c.sequence >= since)
    many = _whole(processes.c, entries.c, lambda column: column.in_(several))
    return Statements(
        whole.order_by("kind", "place"),
        later.order_by("kind", "place"),
        many.order_by("process", "kind", "place"),
        moved,
    )


def tables(prefix: str = PREFIX, metadata: sa.MetaData | None = None) -> tuple[sa.Table, sa.Table]:
    """Return the tables of processes and of entries, defined in ``metadata``, for a host's own migrations."""
    if not isinstance(prefix, str):
        raise MisuseError(f"`prefix` can't be {shorten(repr(prefix))}", f'give a text, such as "{PREFIX}"')
    if metadata is None:
        return _own_tables(prefix)
    if not isinstance(metadata, sa.MetaData):
        raise MisuseError(f"`metadata` can't be {shorten(repr(metadata))}", "give a `sqlalchemy.MetaData()`")
    found = [
        metadata.tables.get(f"{metadata.schema}.{prefix}{name}" if metadata.schema else f"{prefix}{name}")
        for name in ("processes", "entries")
    ]
    if found[0] is not None and found[1] is not None:
        return found[0], found[1]
    return _made(prefix, metadata)


@lru_cache(maxsize=64)
def _own_tables(prefix: str) -> tuple[sa.Table, sa.Table]:
    """Return the same tables for each store, so that SQLAlchemy compiles each statement once."""
    return _made(prefix, sa.MetaData())


def _made(prefix: str, metadata: sa.MetaData) -> tuple[sa.Table, sa.Table]:
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


def _whole(
    processes: Any,
    entries: Any,
    is_wanted: Callable[[Any], sa.ColumnElement[bool]],
    *of_entries: sa.ColumnElement[bool],
) -> sa.CompoundSelect[Any]:
    """Return the query of processes and their entries: one statement, so that it sees one moment."""
    process = sa.select(
        processes.key.label("process"),
        sa.literal(PROCESS).label("kind"),
        sa.literal(0).label("place"),
        processes.version,
        processes.head,
        processes.snapshot,
        processes.due,
    ).where(is_wanted(processes.key))
    lines = sa.select(
        entries.process,
        sa.literal(ENTRY),
        entries.sequence,
        sa.literal(0),
        entries.text,
        entries.once,
        sa.null(),
    ).where(is_wanted(entries.process), *of_entries)
    return process.union_all(lines)
