"""What is said of a database that can't do what it is asked."""

from __future__ import annotations

import importlib
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import postinterview as pi
from postinterview.stores import Due, Keeper, Standing, StoreError
from postinterview.stores.sql import SqlStore
from tests.core.helpers import default
from tests.stores.kinds import database, engine_in, in_file, shared
from tests.stores.telling import MONDAY, interviewed

PRAGMAS = ("journal_mode", "synchronous", "foreign_keys")


@contextmanager
def connected(store: SqlStore) -> Iterator[sa.Connection]:
    """A connection as the store has them."""
    with engine_in(store).connect() as connection:
        yield connection


def test_what_is_kept_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    url = in_file(tmp_path / "kept.db")
    with closing(SqlStore(url)) as store:
        interviewed(Keeper(default(), store))
        wanted = Keeper(default(), store).load("acme")
    with closing(SqlStore(url)) as store:
        assert Keeper(default(), store).load("acme") == wanted


def test_two_prefixes_are_two_stores_in_one_file(tmp_path: Path) -> None:
    url = in_file(tmp_path / "both.db")
    with closing(SqlStore(url, prefix="a_")) as one, closing(SqlStore(url, prefix='b "; --')) as two:
        interviewed(Keeper(default(), one))
        assert two.load("acme") is None
        interviewed(Keeper(default(), two))
        kept, other = one.load("acme"), two.load("acme")
        assert kept is not None
        assert other is not None
        assert (kept.standing, kept.entries) == (other.standing, other.entries)


def test_the_file_is_in_wal_and_syncs_each_write(tmp_path: Path) -> None:
    with closing(SqlStore(in_file(tmp_path / "mine.db"))) as store, connected(store) as connection:
        said = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in PRAGMAS]
    assert said == ["wal", 2, 1]


@pytest.mark.parametrize(
    ("kind", "explain", "wanted"),
    [
        ("sqlite", "EXPLAIN QUERY PLAN", "COVERING INDEX postinterview_due ((due,key)>(?,?) AND due<?)"),
        ("postgresql", "EXPLAIN", "Index Only Scan using postinterview_due"),
    ],
)
def test_what_is_due_is_found_in_its_index_and_not_sorted(kind: str, explain: str, wanted: str) -> None:
    asked: list[tuple[str, Any]] = []
    with shared(kind) as url, closing(SqlStore(url)) as store, connected(store) as connection:
        for number in range(500):
            store.create(f"acme {number}", Standing(head="{}", snapshot="{}", due=MONDAY))
        connection.exec_driver_sql("ANALYZE")
        engine = engine_in(store)
        sa.event.listen(engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
        store.due(MONDAY, after=Due(MONDAY, "acme 1"), limit=10)
        statement, values = asked[0]
        lines = connection.exec_driver_sql(f"{explain} {statement}", values).all()
        plan = "\n".join(str(line[-1]) for line in lines)
    assert wanted in plan
    assert not [word for word in ("Sort", "B-TREE", "Seq") if word in plan]


def test_a_file_that_is_no_database_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "no.db"
    path.write_text("this is no database at all, and never was one" * 100)
    with pytest.raises(StoreError, match="file is not a database"):
        SqlStore(in_file(path))


def test_a_database_that_is_only_looked_for_is_left_as_it_is(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    with pytest.raises(StoreError, match=r"there is no file `.*missing\.db`"):
        SqlStore(in_file(missing), create=False)
    assert list(tmp_path.iterdir()) == []

    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE batch_processes (key)")
    before = other.read_bytes()
    said = r"the database has no store whose tables begin with `postinterview_` \(it has: none at all\)"
    with pytest.raises(StoreError, match=said):
        SqlStore(in_file(other), create=False)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"other.db": before}

    with closing(SqlStore(in_file(other), prefix="a_")) as store:
        interviewed(Keeper(default(), store))
    with pytest.raises(StoreError, match=r"\(it has: `a_`\)"):
        SqlStore(in_file(other), create=False)
    with closing(SqlStore(in_file(other), prefix="a_", create=False)) as store:
        assert store.keys() == ("acme",)


def test_a_connection_that_was_cut_while_idle_is_made_anew() -> None:
    with database() as url, closing(SqlStore(url)) as store, closing(SqlStore(url)) as other:
        keeper = Keeper(default(), store)
        interviewed(keeper)
        with engine_in(other).begin() as connection:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid()"
            connection.exec_driver_sql(f"{cut} AND datname IS NOT NULL")
        assert len(keeper.record("acme", "message", at=MONDAY).process.history) == 2


def test_without_sqlalchemy_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    for name in ("sql", "engines"):
        monkeypatch.delitem(sys.modules, f"postinterview.stores.{name}")
    with pytest.raises(pi.MisuseError, match=r"pip install 'postinterview\[sql\]'"):
        importlib.import_module("postinterview.stores.sql")
