"""A page of processes comes with one query, and one that is damaged hides no other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from attrs import evolve

import postinterview as pi
from postinterview.stores import Keeper, MemoryStore, Store, StoredProcess
from postinterview.stores.protocol import MOST_LOADED
from postinterview.stores.sql import SqlStore
from tests.core.helpers import default
from tests.stores.kinds import DJANGO, SHARED, engine_in, opened
from tests.stores.telling import LATER, OVERDUE, interviewed

SEVERAL = [f"company {number}" for number in range(7)]
IN_SQL = pytest.mark.parametrize("kind", [*SHARED, *DJANGO])


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """Collect the statements that the database is asked."""
    said: list[str] = []
    if isinstance(store, SqlStore):

        def note(_: object, __: object, statement: str, *___: object) -> None:
            said.append(statement)

        engine = engine_in(store)
        sa.event.listen(engine, "before_cursor_execute", note)
        yield said
        sa.event.remove(engine, "before_cursor_execute", note)
        return
    from django.db import connections

    def wrap(execute: Callable[..., object], statement: str, *more: object) -> object:
        said.append(statement)
        return execute(statement, *more)

    with connections[store.using].execute_wrapper(wrap):  # type: ignore[attr-defined]
        yield said


def filled(store: Store) -> Keeper:
    """Seven companies, of which every other one was followed up."""
    keeper = Keeper(default(), store)
    for number, key in enumerate(SEVERAL):
        interviewed(keeper, key)
        if number % 2:
            keeper.do(key, "follow_up", at=OVERDUE, channel="email")
    return keeper


@IN_SQL
def test_the_agendas_of_a_page_take_one_query(kind: str) -> None:
    with opened(kind) as store:
        keeper = filled(store)
        with counted(store) as said:
            found = keeper.agendas([*SEVERAL, "nobody"], at=LATER)
        assert len(said) == 1
        assert found == {key: keeper.agenda(key, at=LATER) for key in SEVERAL}


@IN_SQL
def test_what_is_due_takes_one_query_a_page(kind: str) -> None:
    with opened(kind) as store:
        keeper = filled(store)
        with counted(store) as said:
            assert len(list(keeper.due(by=LATER, page=500))) == len(SEVERAL)
        assert len(said) == 1
        with counted(store) as said:
            due = [each.key for each in keeper.due(by=LATER, of=["follow_up"], page=500)]
        assert due == SEVERAL[::2]
        assert len(said) == 2  # the processes themselves as well


@IN_SQL
@pytest.mark.parametrize("of", [None, ["follow_up"]])
def test_what_to_do_is_what_the_agendas_of_due_processes_say_is_overdue_or_unknown(
    kind: str, of: list[str] | None
) -> None:
    with opened(kind) as store:
        keeper = filled(store)
        keeper.unknown(SEVERAL[2], "message", until=LATER)
        spoil(store, SEVERAL[1])
        noted: dict[str, pi.PostInterviewError] = {}
        with counted(store) as said:
            found = list(keeper.to_do(at=LATER, of=of, unreadable=noted.__setitem__))
        assert len(said) == (2 if of is None else 3)
        keys = [each.key for each in keeper.due(by=LATER, of=of) if each.key != SEVERAL[1]]
        wanted = [(key, line) for key in keys for line in keeper.agenda(key, at=LATER, of=of)]
        assert sorted(found, key=str) == sorted(
            (each for each in wanted if each[1].kind in ("overdue", "tell")), key=str
        )
        assert list(dict.fromkeys(key for key, _ in found)) == keys
        assert {line.kind for _, line in found} == {"overdue", "tell"}
        assert list(noted) == [SEVERAL[1]]
        assert list(keeper.to_do(at=LATER, prefix="nobody")) == []
        with pytest.raises(pi.SavedError):
            list(keeper.to_do(at=LATER))


@IN_SQL
def test_a_damaged_process_hides_no_other_of_its_page(kind: str) -> None:
    with opened(kind) as store:
        keeper = filled(store)
        for key, change in ((SEVERAL[1], tear), (SEVERAL[2], spoil)):
            change(store, key)
        noted: dict[str, pi.PostInterviewError] = {}
        found = keeper.agendas(SEVERAL, at=LATER, unreadable=noted.__setitem__)
        assert list(found) == [SEVERAL[0], *SEVERAL[3:]]
        assert list(noted) == SEVERAL[1:3]
        for key, error in noted.items():
            with pytest.raises(pi.SavedError) as alone:
                keeper.load(key)
            assert str(alone.value) == str(error)
        with pytest.raises(pi.SavedError, match="its row is missing"):
            keeper.load_many(SEVERAL)
        due = sorted(each.key for each in keeper.due(by=LATER, of=["follow_up"]))
        assert due == [SEVERAL[0], *SEVERAL[2::2]]


def tear(store: Store, key: str) -> None:
    """Take away the row of a process, and leave its entries."""
    if isinstance(store, SqlStore):
        with engine_in(store).begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            else:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.execute(sa.text("DELETE FROM postinterview_processes WHERE key = :key"), {"key": key})
        return
    from django.db import connections

    connection = connections[store.using]  # type: ignore[attr-defined]
    off = (
        "PRAGMA foreign_keys = OFF"
        if connection.vendor == "sqlite"
        else "SET session_replication_role = replica"
    )
    with connection.cursor() as cursor:
        cursor.execute(off)
        cursor.execute("DELETE FROM postinterview_process WHERE key = %s", [key])


def spoil(store: Store, key: str) -> None:
    """Write a snapshot that is not that of the history."""
    kept = store.load(key)
    assert kept is not None
    standing = evolve(kept.standing, snapshot="{}")
    store.append(key, kept.version, [], standing)


def test_a_process_that_is_later_than_the_page_is_noted() -> None:
    keeper = filled(MemoryStore())
    keeper.record("company 3", "message", at=LATER + timedelta(days=2))
    noted: dict[str, pi.PostInterviewError] = {}

    found = keeper.agendas(SEVERAL, at=LATER, unreadable=noted.__setitem__)

    assert list(found) == [key for key in SEVERAL if key != "company 3"]
    assert list(noted) == ["company 3"]
    with pytest.raises(pi.TimeError) as error:
        keeper.agendas(SEVERAL, at=LATER)
    assert error.value.__notes__ == ["this is the process `company 3`"]


def test_a_page_may_be_of_any_length_and_its_keys_whole_numbers() -> None:
    asked: list[int] = []

    class Watched(MemoryStore):
        def load_many(self, keys: Collection[str]) -> Mapping[str, StoredProcess | pi.SavedError]:
            asked.append(len(keys))
            return super().load_many(keys)

    keeper = Keeper(default(), Watched())
    keeper.start(MOST_LOADED, timezone="UTC")
    assert list(keeper.load_many(range(MOST_LOADED + 1))) == [str(MOST_LOADED)]
    assert asked == [MOST_LOADED, 1]


def test_a_single_key_is_no_page() -> None:
    keeper = filled(MemoryStore())
    with pytest.raises(pi.MisuseError, match="`keys` is the text 'company 1'"):
        keeper.agendas("company 1", at=LATER)
    with pytest.raises(pi.UnknownNameError):
        keeper.agendas([], at=LATER, of=["nonsense"])
    with pytest.raises(pi.TimeError):
        keeper.agendas([], at=LATER.replace(tzinfo=None))


@pytest.mark.parametrize("kind", ["memory", "sqlite", "django-sqlite"])
def test_a_store_loads_no_more_than_a_statement_has_room_for(kind: str) -> None:
    with opened(kind) as store, pytest.raises(pi.MisuseError, match="can't load 401 processes at once"):
        store.load_many([str(number) for number in range(MOST_LOADED + 1)])
