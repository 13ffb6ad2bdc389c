"""Locked, full, read-only, cut off: the host is told what to do, and nothing is lost or kept in part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa

import postinterview as pi
from postinterview.stores import Keeper, StoreError
from postinterview.stores.sql import SqlStore
from tests.core.helpers import default
from tests.stores import programs
from tests.stores.kinds import SHARED, database, engine_in, in_file, is_long, shared
from tests.stores.proxy import Proxy
from tests.stores.telling import MONDAY, interviewed

CUTS = 400 if is_long() else 25
FULL_DISKS = 60 if is_long() else 5
A_MOMENT = timedelta(milliseconds=50)


def record(keeper: Keeper, number: int, key: str = "acme") -> pi.Outcome:
    """One message of many, each at its own moment and under its own key."""
    return keeper.record(key, "message", at=MONDAY + timedelta(minutes=number), once=f"message {number}")


def count(keeper: Keeper, key: str = "acme") -> int:
    """How many entries there are, after the interview; the history is read whole, and has no gap."""
    history = keeper.load(key).history
    assert [entry.number for entry in history] == list(range(1, len(history) + 1))
    return len(history) - 1


def failure(keeper: Keeper, number: int) -> str:
    """What is said of a message that can't be kept."""
    with pytest.raises(StoreError) as caught:
        record(keeper, number)
    return str(caught.value)


# --- locked ---------------------------------------------------------------------------------------


@contextmanager
def held(url: str) -> Iterator[None]:
    """Somebody else has the process in hand, and does not let go."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE" if sqlite else "SELECT 1 FROM postinterview_processes FOR UPDATE"
        )
        yield
        connection.rollback()


@pytest.mark.parametrize("kind", SHARED)
def test_a_process_that_others_hold_is_said_to_be_held_and_can_be_read(kind: str) -> None:
    with shared(kind) as url, closing(SqlStore(url, busy_timeout=A_MOMENT)) as store:
        keeper = Keeper(default(), store)
        interviewed(keeper)
        with held(url):
            said = failure(keeper, 1)
            assert "others hold it: let them finish, or give a longer `busy_timeout`" in said
            assert "it may have been kept" not in said
            assert count(keeper) == 0
        record(keeper, 1)
        assert count(keeper) == 1


# --- full -----------------------------------------------------------------------------------------


def record_until_refused(keeper: Keeper) -> tuple[int, str]:
    """How many messages were kept, and what was said of the next one."""
    for number in range(999):
        try:
            record(keeper, number + 1)
        except StoreError as error:
            return number, str(error)
    raise AssertionError("there was room for all of them")


def test_a_sqlite_file_that_may_not_grow_is_full_until_it_may() -> None:
    with shared("sqlite") as url, closing(SqlStore(url)) as store:
        keeper = Keeper(default(), store)
        interviewed(keeper)
        with engine_in(store).connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        kept, said = record_until_refused(keeper)
        assert "database or disk is full (make room on its disk" in said
        assert count(keeper) == kept
        with engine_in(store).connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 999999")
        record(keeper, kept + 1)
        assert count(keeper) == kept + 1


def test_a_disk_that_takes_only_part_of_what_sqlite_writes_keeps_no_part() -> None:
    """The system itself stops the file, at any byte of a write."""
    context = get_context("forkserver")
    context.set_forkserver_preload([programs.__name__])
    chance = Random(5)  # noqa: S311 - nothing secret
    rooms = [chance.randrange(40_000) for _ in range(FULL_DISKS)]
    with shared("sqlite") as url, closing(SqlStore(url)) as store:
        keeper = Keeper(default(), store)
        for number in range(FULL_DISKS):
            interviewed(keeper, f"acme {number}")
        heard, told = context.Pipe(duplex=False)
        program = context.Process(target=programs.fill, args=(url, rooms, told))
        program.start()
        told.close()
        for number in range(FULL_DISKS):
            kept, said, found = heard.recv()
            assert "its disk sound" in said or "make room on its disk" in said
            assert found == kept
            assert heard.recv() == count(keeper, f"acme {number}") == kept + 1
        program.join()
        heard.close()


def test_a_disk_that_is_full_under_postgresql_is_said_until_there_is_room() -> None:
    with database() as url, closing(SqlStore(url)) as store:
        keeper = Keeper(default(), store)
        interviewed(keeper)
        keeper.start("junk", timezone="UTC")
        engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:  # what is taken back takes its room until it is cleared away
            connection.exec_driver_sql("ALTER TABLE postinterview_entries ALTER text SET STORAGE PLAIN")
            page = "INSERT INTO postinterview_entries SELECT 'junk', n, repeat('x', 8060)"
            with pytest.raises(sa.exc.DBAPIError, match="could not extend file"):
                connection.exec_driver_sql(f"{page} FROM generate_series(1, 99999) AS n")
            kept, said = record_until_refused(keeper)
            assert "could not extend file" in said
            assert "make room on its disk" in said
            assert "it may have been kept" not in said
            assert count(keeper) == kept
            connection.exec_driver_sql("VACUUM postinterview_entries")
        record(keeper, kept + 1)
        assert count(keeper) == kept + 1


# --- read-only ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SHARED)
def test_a_database_that_is_only_to_be_read_can_be_read(kind: str) -> None:
    with shared(kind) as url, closing(SqlStore(url)) as store:
        interviewed(Keeper(default(), store))
        path = sa.make_url(url).database
        only_read = (
            f"sqlite:///file:{path}?mode=ro&uri=true"
            if kind == "sqlite"
            else url.replace("options=", "options=-cdefault_transaction_read_only%3Don+")
        )
        with closing(SqlStore(only_read, create=False)) as other:
            keeper = Keeper(default(), other)
            assert count(keeper) == 0
            assert "let this program write it" in failure(keeper, 1)
            assert count(keeper) == 0


@pytest.mark.parametrize("beside", ["somebody writes", "nobody is there"])
def test_a_file_that_the_system_lets_nobody_write_is_an_error_that_asks_for_it(beside: str) -> None:
    context = get_context("forkserver")
    context.set_forkserver_preload([programs.__name__])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mine.db"
        with closing(SqlStore(in_file(path))) as store:
            interviewed(Keeper(default(), store))
            if beside == "nobody is there":
                store.close()
            for each in Path(folder).iterdir():
                each.chmod(0o444)
            Path(folder).chmod(0o555)
            heard, told = context.Pipe(duplex=False)
            program = context.Process(target=programs.write_unprivileged, args=(in_file(path), told))
            program.start()
            told.close()
            said = heard.recv()
            program.join()
            heard.close()
            Path(folder).chmod(0o755)
            assert "may this program write in it?" in said or "let this program write it" in said
        for each in Path(folder).iterdir():
            each.chmod(0o644)
        with closing(SqlStore(in_file(path))) as store:
            keeper = Keeper(default(), store)
            record(keeper, 1)
            assert count(keeper) == 1


# --- cut off --------------------------------------------------------------------------------------


def terminate_others(url: str) -> None:
    """End every other connection to this schema, as an administrator can."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid != pg_backend_pid() AND backend_type = 'client backend'"
        )


@pytest.mark.parametrize("statement", ["UPDATE", "INSERT"])
def test_a_connection_that_is_ended_in_the_middle_of_a_write_leaves_nothing(statement: str) -> None:
    ended: list[bool] = []
    with database() as url, closing(SqlStore(url)) as store:
        keeper = Keeper(default(), store)
        interviewed(keeper)

        def end(*told: Any) -> None:
            if told[2].startswith(statement) and not ended:
                ended.append(True)
                terminate_others(url)

        sa.event.listen(engine_in(store), "before_cursor_execute", end)
        said = failure(keeper, 1)
        assert "is the database running, and can it be reached?" in said
        assert "it may have been kept" not in said
        assert count(keeper) == 0
        record(keeper, 1)
        assert count(keeper) == 1


def test_when_the_answer_to_a_commit_is_lost_the_same_call_again_is_one_event() -> None:
    with database() as url, Proxy(url) as proxy, closing(SqlStore(proxy.url)) as store:
        keeper = Keeper(default(), store)
        interviewed(keeper)
        proxy.lose_the_answer_to(b"COMMIT\0")
        said = failure(keeper, 1)
        assert "the write may have been done or not: repeat the call with the same `once`" in said
        proxy.heal()
        assert count(keeper) == 1
        first = keeper.load("acme").history[1]
        assert record(keeper, 1).event == first
        assert count(keeper) == 1


def test_a_connection_cut_at_any_byte_leaves_whole_entries_and_the_same_call_again_is_one_event() -> None:
    chance, cut, kept_untold = Random(3), 0, 0  # noqa: S311 - nothing secret
    with (
        database() as url,
        Proxy(url) as proxy,
        closing(SqlStore(proxy.url)) as store,
        closing(SqlStore(url)) as untouched,
    ):
        keeper, sure = Keeper(default(), store), Keeper(default(), untouched)
        for number in range(CUTS):
            twin, key = f"acme {number:03} a", f"acme {number:03} b"
            interviewed(keeper, twin)
            interviewed(keeper, key)
            passed = proxy.passed
            record(keeper, number, twin)
            whole = proxy.passed - passed
            # Half of the cuts come when next to nothing but the last answer is still to come.
            proxy.cut_after(chance.choice((chance.randrange(whole), whole - chance.randrange(1, 40))))
            try:
                record(keeper, number, key)
            except StoreError:
                cut += 1
                found = count(sure, key)
                assert found in (0, 1)
                kept_untold += found
                proxy.heal()
                record(keeper, number, key)
            proxy.heal()
            assert count(sure, key) == 1
    assert cut > CUTS // 2
    assert 0 < kept_untold < cut


def test_a_server_that_is_gone_and_comes_back_is_gone_on_with() -> None:
    with database() as url, Proxy(url) as proxy, closing(SqlStore(proxy.url)) as store:
        keeper = Keeper(default(), store)
        interviewed(keeper)
        proxy.go_down()
        for _ in range(3):
            assert "is the database running, and can it be reached?" in failure(keeper, 1)
        with pytest.raises(StoreError, match="is the database running"):
            keeper.load("acme")
        proxy.heal()
        record(keeper, 1)
        assert count(keeper) == 1
