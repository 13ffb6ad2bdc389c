"""Keep processes in the tables of the app, in the transaction of whoever calls."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from attrs import asdict
from django import db
from django.db import models, router, transaction
from django.db.models.functions import Cast

from postinterview.contrib.django.models import Entry, Process
from postinterview.core.errors import MisuseError, SavedError
from postinterview.core.formatting import shorten
from postinterview.stores import ConflictError, Due, Standing, StoredEntry, StoredProcess, StoreError
from postinterview.stores.checks import MOST, check_key, check_keys, check_limit, check_text, check_written
from postinterview.stores.failures import lost_a_race, store_error, torn
from postinterview.stores.forks import FORKS
from postinterview.stores.protocol import each_of, first_version
from postinterview.stores.ticks import FIRST_TICK, moment

VENDORS = ("sqlite", "postgresql")
"""The databases in which a store's promises are tested."""
_PROCESS, _ENTRY = 0, 1
_CURES = (
    (
        "locked|lock timeout",
        "set `timeout` and `transaction_mode`, or call `store.hold(key)` first",
    ),
    ("readonly|read-only", "let this program write it"),
    ("is full|No space|could not extend", "make room on its disk"),
    ("unable to open", "is its folder there, and may this program write in it?"),
    ("no such table|does not exist", "run `manage.py migrate`"),
)


class DjangoStore:
    """Keeps processes in the tables ``postinterview_process`` and ``postinterview_entry`` of a site.

    In a transaction of yours (``transaction.atomic``, ``ATOMIC_REQUESTS``) it writes under a savepoint and
    never commits: the event and your rows are both there, or both absent. Outside, each write is a
    transaction of its own.

    Args:
        using: the alias of the database; by default the one that the routers name.

    Raises:
        MisuseError: the database is neither SQLite nor PostgreSQL.
    """

    def __init__(self, using: str | None = None) -> None:
        self.using: str = using or router.db_for_write(Process)
        vendor = db.connections[self.using].vendor
        if vendor not in VENDORS:
            raise MisuseError(f"a store can't be in {vendor}", "use SQLite or PostgreSQL")

    def __repr__(self) -> str:
        return shorten(f"<DjangoStore in the database {self.using!r}>")

    @property
    def commits(self) -> bool:
        """Return whether each write is there for good once it has returned: there is no transaction."""
        return not db.connections[self.using].in_atomic_block

    def hold(self, key: str) -> None:
        """Lock a process until your transaction ends: others who write it wait. Call it first.

        It is ``SELECT ... FOR UPDATE``. SQLite has no such statement; there a write that changes nothing
        locks the file. Without it, SQLite refuses at once to write in a transaction that read before
        another program wrote.

        Raises:
            MisuseError: there is no transaction.
        """
        check_key("key", key)
        with self._reading() as connection:
            if not connection.in_atomic_block:
                message = "a process is held for a transaction, and there is none"
                raise MisuseError(message, "call it inside `transaction.atomic()`")
            found = self._processes().filter(key=key)
            if connection.features.has_select_for_update:
                found.select_for_update().values_list("version").first()
            else:
                found.update(version=models.F("version"))

    def load(self, key: str, since: int = 0) -> StoredProcess | None:
        check_key("key", key)
        mine, lines = self._processes().filter(key=key), self._entries().filter(process=key)
        if since:
            lines = lines.filter(sequence__gte=since)
        with self._reading():
            rows = sorted(_whole(mine, lines))
        return _stored(rows) if rows else None

    def load_many(self, keys: Collection[str]) -> Mapping[str, StoredProcess | SavedError]:
        check_keys(keys)
        mine, lines = self._processes().filter(key__in=keys), self._entries().filter(process__in=keys)
        with self._reading():
            rows = sorted(_whole(mine, lines))
        return each_of(rows, _stored)

    def create(self, key: str, standing: Standing, entries: Sequence[StoredEntry] = ()) -> None:
        check_written(key, standing, entries)
        with self._writing(f"there is a process `{key}` already"):
            self._make(key, standing, entries)

    def append(self, key: str, version: int, entries: Sequence[StoredEntry], standing: Standing) -> None:
        check_written(key, standing, entries)
        with self._writing(f"the process `{key}` has this entry or idempotency key already"):
            self._advance(key, version, standing)
            self._add(key, entries)

    def rewrite(self, key: str, version: int, entries: Sequence[StoredEntry], standing: Standing) -> None:
        check_written(key, standing, entries)
        with self._writing(f"the process `{key}` has an entry or idempotency key twice"):
            self._advance(key, version, standing)
            self._entries().filter(process=key).delete()
            self._add(key, entries)

    def move(
        self, key: str, version: int, new: str, standing: Standing, entries: Sequence[StoredEntry]
    ) -> None:
        check_written(new, standing, entries)
        with self._writing(f"there is a process `{new}` already"):
            self._advance(key, version, standing)
            self._make(new, standing, entries)
            self._erase(key)

    def forget(self, key: str) -> bool:
        check_key("key", key)
        with self._writing(f"the process `{key}` was written meanwhile"):
            # The process's row comes first: whoever appends meanwhile waits for it, and finds it gone.
            self._processes().filter(key=key).update(version=models.F("version"))
            return self._erase(key)

    def due(self, by: datetime, *, after: Due | None = None, limit: int = 100) -> tuple[Due, ...]:
        check_limit(limit)
        found = self._processes().filter(due__lte=by).order_by("due", "key")
        if after is None:
            found = found.filter(due__gte=FIRST_TICK)
        else:
            later, same = models.Q(due__gt=after.due), models.Q(due=after.due, key__gt=after.key)
            found = found.filter(later | same)
        with self._reading():
            return tuple(Due(*row) for row in found.values_list("due", "key")[:limit])

    def keys(self, *, after: str | None = None, limit: int = 100) -> tuple[str, ...]:
        check_limit(limit)
        found = self._processes().order_by("key").values_list("key", flat=True)
        if after is not None:
            check_text("after", after)
            found = found.filter(key__gt=after)
        with self._reading():
            return tuple(found[:limit])

    # --- rows ---------------------------------------------------------------------------------------

    def _processes(self) -> Any:
        return Process.objects.using(self.using)

    def _entries(self) -> Any:
        return Entry.objects.using(self.using)

    def _make(self, key: str, standing: Standing, entries: Sequence[StoredEntry]) -> None:
        # The first statement writes, so that SQLite waits for others instead of refusing.
        self._processes().create(key=key, version=first_version(), **asdict(standing))
        if self._entries().filter(process=key).exists():
            raise ConflictError(f"there is a process `{key}` already, or what is left of one")
        self._add(key, entries)

    def _erase(self, key: str) -> bool:
        entries, _ = self._entries().filter(process=key).delete()
        processes, _ = self._processes().filter(key=key).delete()
        return bool(entries + processes)

    def _advance(self, key: str, version: int, standing: Standing) -> None:
        """Raise the version: the first statement of a write, where the second writer waits and then fails."""
        found = self._processes().filter(key=key, version=version)
        if not 0 <= version < MOST or not found.update(version=version + 1, **asdict(standing)):
            raise ConflictError(f"the process `{key}` is not at version {version} any more")

    def _add(self, key: str, entries: Sequence[StoredEntry]) -> None:
        self._entries().bulk_create(Entry(process_id=key, **asdict(each)) for each in entries)

    # --- transactions -------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        connection = db.connections[self.using]
        CARRIED.check(connection)
        try:
            yield connection
        except db.Error as error:
            raise _failure(error, inside=connection.in_atomic_block) from error

    @contextmanager
    def _writing(self, conflict: str) -> Iterator[None]:
        connection, committing = db.connections[self.using], False
        CARRIED.check(connection)
        inside = connection.in_atomic_block
        try:
            with transaction.atomic(using=self.using):
                yield
                committing = not inside
        except db.IntegrityError:
            raise ConflictError(conflict) from None
        except db.Error as error:
            raise _failure(error, inside=inside, committing=committing) from error


def _whole(processes: Any, entries: Any) -> Any:
    """Return the query of processes and their entries: one statement, so that it sees one moment."""

    def column(value: object, field: models.Field) -> Cast:
        return Cast(models.Value(value), field)

    kind, due = models.SmallIntegerField(), models.BigIntegerField()
    # A column's place must not depend on whether Django puts annotations last, as it did before 5.2.
    process = processes.annotate(kind=column(_PROCESS, kind), when=Cast("due", due))
    entry = entries.annotate(kind=column(_ENTRY, kind), when=column(None, due))
    found = process.values_list("key", "version", "head", "snapshot", "kind", "when").union(
        entry.values_list("process", "sequence", "text", "once", "kind", "when"), all=True
    )
    return ((key, kind, *columns, when) for key, *columns, kind, when in found)


def _stored(rows: Sequence[Any]) -> StoredProcess:
    """Return the process of the rows that the query of a process returns."""
    (key, kind, version, head, snapshot, due), *lines = rows
    if kind != _PROCESS:
        raise torn(key)
    return StoredProcess(
        version=version,
        standing=Standing(head=head, snapshot=snapshot, due=moment(due)),
        entries=tuple(StoredEntry(sequence=row[2], text=row[3], once=row[4]) for row in lines),
    )


def _failure(error: db.Error, *, inside: bool, committing: bool = False) -> StoreError:
    cause = error.__cause__ or error
    if inside and lost_a_race(cause):
        # A snapshot of the whole transaction stays as it is, however often this call is repeated.
        return StoreError("others wrote at the same moment", "repeat the whole transaction")
    return store_error(cause, _CURES, committing=committing)


# --- forks --------------------------------------------------------------------------------------------


class _Carried:
    """The open connections that a fork copied into this process. Its parent still uses them."""

    def __init__(self) -> None:
        self._open: list[object] = []
        self._refused: list[object] = []
        FORKS.told.add(self)

    def before_fork(self) -> None:
        found = (each.connection for each in db.connections.all(initialized_only=True))
        self._open = [each for each in found if each is not None]

    def in_child(self, *, in_use: bool) -> None:
        self._refused += self._open

    def check(self, connection: Any) -> None:
        if any(connection.connection is each for each in self._refused):
            raise StoreError(
                "a fork gave this process an open connection of its parent",
                "call `django.db.connections.close_all()` before the fork",
            )


CARRIED = _Carried()
