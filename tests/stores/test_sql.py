"""What is said of a database that can't do what it is asked."""

from __future__ import annotations

import importlib
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

import postinterview as pi
from postinterview.stores import Keeper, StoreError
from postinterview.stores.sql import SqlStore
from tests.core.helpers import default
from tests.stores.kinds import database, in_file
from tests.stores.telling import MONDAY, interviewed


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
        assert two.load("acme") == one.load("acme")


def test_the_file_is_in_wal_and_what_is_due_is_found_by_its_index(tmp_path: Path) -> None:
    path = tmp_path / "plan.db"
    with closing(SqlStore(in_file(path))) as store:
        interviewed(Keeper(default(), store))
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchall() == [("wal",)]
            asked = "SELECT due, key FROM postinterview_processes WHERE due <= 7 ORDER BY due, key LIMIT 9"
            plan = connection.execute(f"EXPLAIN QUERY PLAN {asked}").fetchall()
            assert [row[3] for row in plan] == [
                "SEARCH postinterview_processes USING COVERING INDEX postinterview_due (due<?)"
            ]


def test_a_locked_database_is_said_to_be_locked_and_nothing_is_half_written(tmp_path: Path) -> None:
    path = tmp_path / "locked.db"
    with (
        closing(SqlStore(in_file(path), busy_timeout=timedelta(milliseconds=50))) as store,
        closing(sqlite3.connect(path)) as other,
    ):
        keeper = Keeper(default(), store)
        interviewed(keeper)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="the database did not do it: database is locked"):
            keeper.record("acme", "message", at=MONDAY)
        assert len(keeper.load("acme").history) == 1
        other.rollback()
        assert len(keeper.record("acme", "message", at=MONDAY).process.history) == 2


def test_a_full_disk_is_said_and_nothing_is_half_written(tmp_path: Path) -> None:
    with closing(SqlStore(in_file(tmp_path / "full.db"))) as store:
        keeper = Keeper(default(), store)
        interviewed(keeper)
        with store._engines.whole.connect() as connection:  # noqa: SLF001 - no other way to a full disk
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

        def fill() -> None:
            for _ in range(999):
                keeper.record("acme", "message", at=MONDAY)

        with pytest.raises(StoreError, match="database or disk is full"):
            fill()
        before = keeper.load("acme").history
        assert [entry.number for entry in before] == list(range(1, len(before) + 1))


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
        with other._engines.whole.begin() as connection:  # noqa: SLF001 - as an administrator would
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid()"
            connection.exec_driver_sql(f"{cut} AND datname IS NOT NULL")
        assert len(keeper.record("acme", "message", at=MONDAY).process.history) == 2


def test_without_sqlalchemy_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    for name in ("sql", "engines"):
        monkeypatch.delitem(sys.modules, f"postinterview.stores.{name}")
    with pytest.raises(pi.MisuseError, match=r"pip install 'postinterview\[sql\]'"):
        importlib.import_module("postinterview.stores.sql")
