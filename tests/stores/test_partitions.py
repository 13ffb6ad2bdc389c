"""The page on stores puts the tables in PostgreSQL into partitions: a store works there as before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from postinterview.stores import ConflictError, Keeper
from postinterview.stores.sql import SqlStore
from tests.core.helpers import default
from tests.stores.kinds import database, engine_in
from tests.stores.telling import LATER, OVERDUE, interviewed

SQL = Path(__file__).parents[2] / "examples" / "embedding" / "partitions.sql"
KEYS = [f"company {number}" for number in range(40)]


@pytest.fixture
def partitioned() -> Iterator[SqlStore]:
    with database() as url, closing(SqlStore(url)) as store:
        for key in KEYS[:20]:
            interviewed(Keeper(default(), store), key)
        before = [store.load(key) for key in KEYS]
        with engine_in(store).begin() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute(SQL.read_text(encoding="utf-8").replace("BEGIN;", "").replace("COMMIT;", ""))
        assert [store.load(key) for key in KEYS] == before
        with closing(SqlStore(url)) as opened:  # finds its tables, and makes none
            yield opened


def rows(store: SqlStore, statement: str) -> list[str]:
    with engine_in(store).connect() as connection:
        return [row[0] for row in connection.execute(sa.text(statement))]


def test_a_store_in_partitions_keeps_what_it_promises(partitioned: SqlStore) -> None:
    keeper = Keeper(default(), partitioned)
    for key in KEYS[20:]:
        interviewed(keeper, key)
    done = keeper.do("company 3", "follow_up", at=OVERDUE, channel="call", once="button")
    assert keeper.do("company 3", "follow_up", at=OVERDUE, channel="call", once="button").repeated
    assert not done.refused

    assert list(keeper.keys(page=7)) == sorted(KEYS)
    assert [each.key for each in keeper.due(by=OVERDUE, page=7)] == sorted(KEYS)
    assert list(keeper.agendas(KEYS, at=LATER)) == KEYS
    assert keeper.move("company 3", "moved").history == done.process.history
    assert keeper.forget("company 4")
    kept = partitioned.load("company 5")
    assert kept is not None
    with pytest.raises(ConflictError):
        partitioned.append("company 5", kept.version - 1, [], kept.standing)
    with pytest.raises(ConflictError):
        partitioned.append("company 5", kept.version, [kept.entries[0]], kept.standing)


def test_its_rows_lie_in_all_partitions_and_one_process_in_one(partitioned: SqlStore) -> None:
    found = rows(partitioned, "SELECT DISTINCT tableoid::regclass::text FROM postinterview_processes")
    assert len(found) > 8
    plan = rows(partitioned, "EXPLAIN SELECT * FROM postinterview_entries WHERE process = 'company 3'")
    assert len({number for line in plan for number in re.findall(r"postinterview_entries_(\d+)", line)}) == 1


def test_an_entry_without_its_process_is_refused(partitioned: SqlStore) -> None:
    with pytest.raises(sa.exc.IntegrityError), engine_in(partitioned).begin() as connection:
        connection.execute(sa.text("INSERT INTO postinterview_entries VALUES ('nobody', 1, '{}', NULL)"))
