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
from postinterview.core.values.errors import MisuseError, SavedError
from postinterview.core.values.formatting import shorten
from postinterview.stores import ConflictError, Due, Standing, StoredEntry, StoredProcess, StoreError
from postinterview.stores.checks import check_key, check_keys, check_limit, check_text
from postinterview.stores.failures import CURES, lost_a_race, store_error
from postinterview.stores.forks import FORKS
from postinterview.stores.protocol import each_of
from postinterview.stores.rows import ENTRY, PROCESS, RowStore, stored
from postinterview.stores.ticks import FIRST_TICK

VENDORS = ("sqlite", "postgresql")
"""The databases in which a store's promises are tested."""
_CURES = (
    (
        "locked|lock timeout",
        "set `timeout` and `transaction_mode`, or call `store.hold(key)` first",
    ),
    ("readonly|read-only", "let this program write it"),
    ("no such table|does not exist", "run `manage.py migrate`"),
    *CURES,
)


class DjangoStore(RowStore[Any]):
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
                self._hold(connection, key)

    def load(self, key: str, since: int = 0) -> StoredProcess | None:
        check_key("key", key)
        mine, lines = self._processes().filter(key=key), self._entries().filter(process=key)
        if since:
            lines = lines.filter(sequence__gte=since)
        with self._reading():
            rows = sorted(_whole(mine, lines))
        return stored(rows) if rows else None

    def load_many(self, keys: Collection[str]) -> Mapping[str, StoredProcess | SavedError]:
        check_keys(keys)
        mine, lines = self._processes().filter(key__in=keys), self._entries().filter(process__in=keys)
        with self._reading():
            rows = sorted(_whole(mine, lines))
        return each_of(rows, stored)

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

    def _insert(self, within: Any, key: str, version: int, standing: Standing) -> None:
        self._processes().create(key=key, version=version, **asdict(standing))

    def _advance(self, within: Any, key: str, version: int, standing: Standing) -> bool:
        found = self._processes().filter(key=key, version=version)
        return bool(found.update(version=version + 1, **asdict(standing)))

    def _hold(self, within: Any, key: str) -> None:
        self._processes().filter(key=key).update(version=models.F("version"))

    def _has_entries(self, within: Any, key: str) -> bool:
        return bool(self._entries().filter(process=key).exists())

    def _add(self, within: Any, key: str, entries: Sequence[StoredEntry]) -> None:
        self._entries().bulk_create(Entry(process_id=key, **asdict(each)) for each in entries)

    def _clear(self, within: Any, key: str) -> int:
        return int(self._entries().filter(process=key).delete()[0])

    def _erase(self, within: Any, key: str) -> int:
        return int(self._processes().filter(key=key).delete()[0])

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
    def _writing(self, conflict: str) -> Iterator[Any]:
        connection, committing = db.connections[self.using], False
        CARRIED.check(connection)
        inside = connection.in_atomic_block
        try:
            with transaction.atomic(using=self.using):
                yield connection
                committing = not inside
        except db.IntegrityError:
            raise ConflictError(conflict) from None
        except db.Error as error:
            raise _failure(error, inside=inside, committing=committing) from error


def _whole(processes: Any, entries: Any) -> Iterator[Any]:
    """Yield the rows of processes and their entries: one statement, so that it sees one moment."""

    def column(value: object, field: models.Field) -> Cast:
        return Cast(models.Value(value), field)

    kind, due = models.SmallIntegerField(), models.BigIntegerField()
    # A column's place must not depend on whether Django puts annotations last, as it did before 5.2.
    process = processes.annotate(kind=column(PROCESS, kind), when=Cast("due", due))
    entry = entries.annotate(kind=column(ENTRY, kind), when=column(None, due))
    found = process.values_list("key", "version", "head", "snapshot", "kind", "when").union(
        entry.values_list("process", "sequence", "text", "once", "kind", "when"), all=True
    )
    for key, number, head, snapshot, kind, when in found:
        place = (0, number) if kind == PROCESS else (number, 0)
        yield key, kind, *place, head, snapshot, when


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
