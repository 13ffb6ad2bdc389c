"""URLs that can be opened and those that can't, and engines that hosts have already."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread, Timer
from typing import Any

import pytest
import sqlalchemy as sa

import postinterview as pi
from postinterview.stores import ConflictError, Keeper, StoredEntry, StoreError
from postinterview.stores.sql import SqlStore, tables
from tests.core.helpers import default, ids
from tests.stores.kinds import SHARED, engine_in, in_file, shared
from tests.stores.telling import OVERDUE, interviewed


@contextmanager
def engine_of(kind: str, **settings: Any) -> Iterator[sa.Engine]:
    """An engine such as hosts make, with nothing in its database."""
    with shared(kind) as url:
        engine = sa.create_engine(url, **settings)
        try:
            yield engine
        finally:
            engine.dispose()


def begin_at_once(engine: sa.Engine) -> None:
    """The host begins each of its transactions itself, as SQLAlchemy's manual shows it for SQLite."""

    def connect(connection: Any, _: object) -> None:
        connection.isolation_level = None

    sa.event.listen(engine, "connect", connect)
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))


def race(engine: sa.Engine) -> None:
    """Threads follow up at once: one of them is allowed."""
    keeper = Keeper(default(), SqlStore(engine))
    interviewed(keeper)
    barrier, outcomes = Barrier(4), list[pi.Outcome]()

    def click() -> None:
        barrier.wait()
        outcomes.append(keeper.do("acme", "follow_up", at=OVERDUE, channel="call"))

    threads = [Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [ids(outcome.verdict) for outcome in outcomes if outcome.refused]
    assert refused == [["one_follow_up", "one_chase"]] * 3
    assert [entry.number for entry in keeper.load("acme").history] == [1, 2]


# --- an engine of the host's ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("sqlite", {}),
        ("sqlite", {"isolation_level": "AUTOCOMMIT"}),
        ("sqlite", {"poolclass": sa.NullPool}),
        ("postgresql", {"isolation_level": "AUTOCOMMIT"}),
        ("postgresql", {"isolation_level": "SERIALIZABLE"}),
        ("postgresql", {"isolation_level": "REPEATABLE READ"}),
    ],
)
def test_on_an_engine_of_the_hosts_races_are_settled_whatever_its_settings(
    kind: str, settings: dict[str, Any]
) -> None:
    with engine_of(kind, **settings) as engine:
        race(engine)


def test_a_host_that_begins_its_own_transactions_in_sqlite_goes_on_doing_so() -> None:
    with engine_of("sqlite") as engine:
        begin_at_once(engine)
        race(engine)


def test_writes_in_sqlite_begin_by_taking_the_lock_and_the_hosts_own_do_as_before() -> None:
    said: list[str] = []
    with engine_of("sqlite") as engine:
        keeper = Keeper(default(), SqlStore(engine))
        sa.event.listen(engine, "before_cursor_execute", lambda *told: said.append(told[2]))
        interviewed(keeper)
        assert said.count("BEGIN IMMEDIATE") == 2
        keeper.load("acme")
        with engine.begin() as connection:
            connection.exec_driver_sql("SELECT 1")
        assert said.count("BEGIN IMMEDIATE") == 2


@pytest.mark.parametrize("kind", SHARED)
@pytest.mark.parametrize("isolation", ["AUTOCOMMIT", "SERIALIZABLE"])
def test_on_an_engine_that_commits_each_statement_a_write_is_still_whole(kind: str, isolation: str) -> None:
    with engine_of(kind, isolation_level=isolation) as engine:
        store = SqlStore(engine)
        interviewed(Keeper(default(), store))
        before = store.load("acme")
        assert before is not None
        with pytest.raises(ConflictError, match="has this entry or idempotency key already"):
            store.append("acme", before.version, [before.entries[0]], before.standing)
        assert store.load("acme") == before
        with engine.connect() as connection:
            connection.exec_driver_sql("CREATE TABLE hosts (id INTEGER)")
            connection.commit()
            connection.exec_driver_sql("INSERT INTO hosts VALUES (1)")
        with engine.connect() as connection:
            count = connection.exec_driver_sql("SELECT count(*) FROM hosts").scalar_one()
            assert count == (isolation == "AUTOCOMMIT")


@pytest.mark.parametrize("kind", SHARED)
def test_a_store_that_is_closed_leaves_the_hosts_engine_open(kind: str) -> None:
    with engine_of(kind) as engine:
        SqlStore(engine).close()
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
            checked_out = engine.pool.status()
        assert "Current Checked out connections: 1" in checked_out or "Connections: 1" in checked_out


@pytest.mark.parametrize("kind", SHARED)
def test_a_host_may_make_the_tables_itself_among_its_own(kind: str) -> None:
    metadata = sa.MetaData()
    sa.Table("candidates", metadata, sa.Column("id", sa.Integer, primary_key=True))
    with engine_of(kind) as engine:
        with pytest.raises(StoreError, match="has no store whose tables begin with `postinterview_`"):
            SqlStore(engine, create=False)
        assert {table.name for table in tables("waits_", metadata)} == {"waits_processes", "waits_entries"}
        metadata.create_all(engine)
        keeper = Keeper(default(), SqlStore(engine, prefix="waits_", metadata=metadata, create=False))
        interviewed(keeper)
        assert set(metadata.tables) == {"candidates", "waits_processes", "waits_entries"}
        assert sorted(sa.inspect(engine).get_table_names()) == sorted(metadata.tables)


def test_the_tables_may_lie_in_a_schema_of_the_hosts() -> None:
    metadata = sa.MetaData(schema="waiting")
    with engine_of("postgresql") as engine:
        with engine.begin() as connection:
            connection.execute(sa.schema.CreateSchema("waiting"))
        try:
            for create in (True, False):
                interviewed(Keeper(default(), SqlStore(engine, metadata=metadata, create=create)))
            assert sa.inspect(engine).get_table_names() == []
        finally:
            with engine.begin() as connection:
                connection.execute(sa.schema.DropSchema("waiting", cascade=True))


# --- a URL ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "mine.db",
        "postgresql//me:secret@localhost/mine",
        "postgresql+psycopg://me:sec@ret@localhost/mine",
        "postgresql+psycopg://me:secret@localhost:ret/mine",
    ],
)
def test_what_is_no_url_is_misuse_and_passwords_are_not_shown(url: str) -> None:
    with pytest.raises(pi.MisuseError, match="this is not the URL of a database") as caught:
        SqlStore(url)
    assert not [part for part in ("secret", "sec@", "ret@", "'ret'") if part in str(caught.value)]
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("mysql://localhost/mine", r"a store can't be in mysql \(use SQLite or PostgreSQL\)"),
        (
            "postgresql+psycopg2://localhost/mine",
            r"`psycopg2` is not installed \(pip install 'postinterview\[postg",
        ),
        ("postgresql+nothing://localhost/mine", "the driver `nothing` is not installed"),
        ("postgresql+asyncpg://localhost/mine", "the driver `asyncpg` is asynchronous, and the store is not"),
        (
            "postgresql+psycopg_async://localhost/mine",
            "the driver `psycopg_async` is asynchronous, and the store is not",
        ),
        (
            "sqlite+aiosqlite:///mine.db",
            r"the driver `aiosqlite` is asynchronous, and the store is not \(let the URL begin with sqlite:///\)",
        ),
        (
            "sqlite+nothing:///mine.db",
            r"the driver `nothing` is not installed \(let the URL begin with sqlite:///",
        ),
        ("sqlite+pysqlcipher:///mine.db", "the driver `pysqlcipher` is not installed"),
        ("sqlite://", r"a SQLite database in memory can't be shared \(use `MemoryStore`, or name a file\)"),
        ("sqlite:///:memory:", "a SQLite database in memory can't be shared"),
        ("sqlite:///file:mine?mode=memory&uri=true", "a SQLite database in memory can't be shared"),
        (
            "sqlite://me:secret@localhost/mine.db",
            r"a SQLite file has no host and no user \(give a URL such as",
        ),
        # Before SQLAlchemy 2.0.37 this names a file `%00`, so the character itself is given, too.
        ("sqlite:///\0", r"a SQLite file can't be named '\\x00'"),
        ("sqlite:///mine.db?mode=ro&uri=true", "a SQLite file can't be named 'mine.db'"),
        (
            "sqlite:///mine.db?timeout=soon",
            r"a setting that can't be used: could not convert .* \(correct what",
        ),
        (
            "sqlite:///mine.db?check_same_thread=perhaps",
            "a setting that can't be used: String is not true/false",
        ),
        (Path("mine.db"), "a store can't be in a value of the type `PosixPath` .give a URL, such as"),
        (7, "a store can't be in a value of the type `int`"),
    ],
)
def test_where_no_store_can_be_is_misuse(
    where: Any, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(pi.MisuseError, match=said):
        SqlStore(where)
    assert list(tmp_path.iterdir()) == []


def test_a_negative_busy_timeout_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(pi.MisuseError, match="`busy_timeout` can't be negative"):
        SqlStore(in_file(tmp_path / "mine.db"), busy_timeout=timedelta(seconds=-1))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////no/such/folder/mine.db", r"unable to open database file \(is its folder there"),
        ("postgresql://me:secret@127.0.0.1:1/mine", "is the database running, and can it be reached"),
        ("postgresql+psycopg://me:secret@nowhere.invalid/mine", "nowhere.invalid"),
        (
            "postgresql://me:secret@127.0.0.1:1/mine?connect_timeout=soon",
            r"connect_timeout.*\(correct what follows",
        ),
        (
            "postgresql://me:secret@127.0.0.1:1/mine?nothing=1",
            r"connection option .nothing.*\(correct what follows",
        ),
        (
            "sqlite:///file:mine.db?mode=odd&uri=true",
            r"no such access mode: odd \(correct what follows the `\?`",
        ),
    ],
)
def test_a_database_that_can_not_be_opened_is_said_with_what_to_do(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as caught:
        SqlStore(url)
    errors: list[BaseException] = [caught.value]
    while cause := errors[-1].__cause__ or errors[-1].__context__:
        errors.append(cause)
    assert not [error for error in errors if "secret" in f"{error!r} {error}"]


def test_what_is_kept_stands_in_no_message(tmp_path: Path) -> None:
    with closing(SqlStore(in_file(tmp_path / "mine.db"))) as store:
        interviewed(Keeper(default(), store))
        kept = store.load("acme")
        assert kept is not None
        with engine_in(store).begin() as connection:
            connection.exec_driver_sql("DROP TABLE postinterview_entries")
        with pytest.raises(StoreError, match="no such table: postinterview_entries") as caught:
            store.append("acme", kept.version, [StoredEntry(sequence=2, text="of ana")], kept.standing)
        assert "ana" not in f"{caught.value} {caught.value.__cause__}"


LOSE_TWICE = """
CREATE SEQUENCE tries;
CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('tries') < 3 THEN RAISE 'somebody else came first' USING ERRCODE = '{code}'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lose BEFORE UPDATE ON postinterview_processes FOR EACH ROW EXECUTE FUNCTION lose();
"""


@pytest.mark.parametrize("code", ["40001", "40P01"], ids=["serialization failure", "deadlock"])
def test_what_postgresql_takes_back_for_another_is_asked_anew(code: str) -> None:
    with engine_of("postgresql") as engine:
        store = SqlStore(engine)
        keeper = Keeper(default(), store)
        interviewed(keeper)
        with engine.begin() as connection:
            connection.exec_driver_sql(LOSE_TWICE.format(code=code))
        assert not keeper.do("acme", "follow_up", at=OVERDUE, channel="call").refused
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT last_value FROM tries").scalar_one() == 3
        assert [entry.number for entry in keeper.load("acme").history] == [1, 2]


@pytest.mark.parametrize("kind", SHARED)
def test_many_may_make_the_tables_of_one_database_at_once(kind: str) -> None:
    def make() -> None:
        ready.wait()
        with closing(SqlStore(url)):
            done.append(True)

    done: list[bool] = []
    ready = Barrier(6)
    with shared(kind) as url:
        threads = [Thread(target=make) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert done == [True] * 6


@pytest.mark.parametrize("lock", ["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"])
def test_a_new_file_that_another_holds_is_waited_for(tmp_path: Path, lock: str) -> None:
    file = tmp_path / "a.db"
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE theirs (number)")
        other.execute(lock)
        let_go = Timer(0.2, other.rollback)
        let_go.start()
        with closing(SqlStore(f"sqlite:///{file}")) as store:
            assert store.load("acme") is None
        let_go.join()
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute(lock)
        with pytest.raises(StoreError, match="is locked"):
            SqlStore(f"sqlite:///{file}", busy_timeout=timedelta(milliseconds=50))


@pytest.mark.parametrize(
    ("wrong", "help_"),
    [
        ({"busy_timeout": 30}, r"`busy_timeout` can't be 30 .*timedelta\(seconds=30\)"),
        ({"busy_timeout": None}, r"`busy_timeout` can't be None .*timedelta\(seconds=30\)"),
        ({"prefix": 3}, '`prefix` can\'t be 3 .*such as "postinterview_"'),
        ({"metadata": 3}, r"`metadata` can't be 3 .*MetaData\(\)"),
    ],
)
def test_an_argument_of_another_type_is_refused_before_a_file_is_made(
    wrong: dict[str, Any], help_: str, tmp_path: Path
) -> None:
    with pytest.raises(pi.MisuseError, match=help_):
        SqlStore(in_file(tmp_path / "mine.db"), **wrong)
    assert not list(tmp_path.iterdir())
