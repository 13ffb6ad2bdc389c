"""A store in the transactions of a host's own `sqlite3.Connection`: its rows and the event, or neither."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

import postinterview as pi
from postinterview.stores import Keeper, StoreError
from postinterview.stores.sql import SqlStore
from postinterview.stores.sqlite import SqliteStore, schema
from tests.core.helpers import default, ids
from tests.stores import programs
from tests.stores.hosting import Host, kill, race
from tests.stores.kinds import in_file
from tests.stores.telling import MONDAY, OVERDUE, interviewed

MODES: dict[str, dict[str, Any]] = {
    "as by default": {},
    "immediate": {"isolation_level": "IMMEDIATE"},
    "begun by the host": {"isolation_level": None},
}
if sys.version_info >= (3, 12):
    MODES["always in a transaction"] = {"autocommit": False}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A host's file: its outbox, the tables of a store, and an employer who interviewed."""
    found = tmp_path / "host.db"
    with closing(connected(found)) as db, db:
        db.executescript("PRAGMA journal_mode = WAL; CREATE TABLE outbox (letter TEXT);" + schema())
        interviewed(Keeper(default(), SqliteStore(db)))
    return found


@pytest.fixture
def db(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(connected(file)) as found:
        yield found


def connected(file: Path, **how: Any) -> sqlite3.Connection:
    found: sqlite3.Connection = sqlite3.connect(file, timeout=60, **how)
    return found


def send(db: sqlite3.Connection, key: str = "acme", once: str | None = None) -> pi.Outcome:
    """What a host does: ask, and put the letter into its outbox if it is to be sent."""
    keeper = Keeper(default(), SqliteStore(db))
    outcome = keeper.do(key, "follow_up", at=OVERDUE, channel="email", once=once)
    if not outcome.refused and not outcome.repeated:
        db.execute("INSERT INTO outbox VALUES (?)", (key,))
    return outcome


def seen(file: Path, key: str = "acme") -> tuple[int, int]:
    """How many follow-ups are in the history, and how many letters in the outbox, as others see it."""
    with closing(SqlStore(in_file(file), create=False)) as store, closing(connected(file)) as db:
        process = Keeper(default(), store).load(key)
        ((letters,),) = db.execute("SELECT count(*) FROM outbox WHERE letter = ?", (key,))
    return sum(placed.name == "follow_up" for placed in process.timeline), letters


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES.keys())
def test_the_event_and_the_hosts_row_are_both_there_after_a_commit_and_both_absent_without(
    file: Path, mode: dict[str, Any]
) -> None:
    with closing(connected(file, **mode)) as db:

        def begin() -> None:
            if not db.in_transaction and mode == MODES["begun by the host"]:
                db.execute("BEGIN IMMEDIATE")

        begin()
        assert not send(db).refused
        assert seen(file) == (0, 0)
        db.rollback()
        begin()
        assert not send(db, once="button").refused
        db.commit()
        assert seen(file) == (1, 1)
        begin()
        assert send(db, once="button").repeated
        assert ids(send(db).verdict) == ["one_follow_up", "one_chase"]
        db.commit()
    assert seen(file) == (1, 1)


def test_everything_a_keeper_does_can_be_rolled_back(file: Path, db: sqlite3.Connection) -> None:
    keeper = Keeper(default(), SqliteStore(db))
    before = keeper.load("acme")
    interviewed(keeper, "umbrella")
    keeper.unknown("umbrella", "chase", until=MONDAY)
    keeper.retract("umbrella", 1, at=MONDAY)
    keeper.move("acme", "initech")
    keeper.add("acme", before)
    assert keeper.forget("umbrella")
    assert list(keeper.keys()) == ["acme", "initech"]
    assert [each.key for each in keeper.due(by=OVERDUE)] == ["acme", "initech"]
    db.rollback()
    assert list(keeper.keys()) == ["acme"]
    assert keeper.load("acme") == before


@pytest.mark.parametrize("has_begun", [True, False])
def test_a_write_that_fails_leaves_the_hosts_own_work_as_it_was(
    file: Path, db: sqlite3.Connection, has_begun: bool
) -> None:
    if has_begun:
        db.execute("INSERT INTO outbox VALUES ('acme')")
    store = SqliteStore(db)
    there = store.load("acme")
    assert there is not None
    with pytest.raises(pi.PostInterviewError, match="there is a process `acme` already"):
        store.create("acme", there.standing)
    assert db.in_transaction is has_begun
    db.commit()
    assert seen(file) == (0, int(has_begun))


def test_it_reads_whatever_rows_the_host_makes_of_its_own(file: Path, db: sqlite3.Connection) -> None:
    db.row_factory = lambda cursor, row: {"row": row}
    assert not send(db).refused
    db.commit()
    assert seen(file) == (1, 1)


def test_the_tables_are_those_of_a_store_in_sqlalchemy(tmp_path: Path) -> None:
    def columns(file: Path) -> list[Any]:
        with closing(connected(file)) as db:
            kinds = ("table_info", "index_list", "foreign_key_list")
            tables = ("mine_processes", "mine_entries")
            told = [db.execute(f"PRAGMA {kind}({table})").fetchall() for kind in kinds for table in tables]
            return [sorted((row[1:] for row in rows), key=str) for rows in told]

    SqlStore(in_file(tmp_path / "theirs.db"), prefix="mine_").close()
    with closing(connected(tmp_path / "ours.db")) as db:
        db.executescript(schema("mine_") * 2)
        assert SqliteStore(db, prefix="mine_").keys() == ()
    assert columns(tmp_path / "ours.db") == columns(tmp_path / "theirs.db") != []


# --- wrong connections ----------------------------------------------------------------------------


ALONE: list[dict[str, Any]] = [{"isolation_level": None}]
if sys.version_info >= (3, 12):
    ALONE.append({"autocommit": True})


@pytest.mark.parametrize("how", ALONE)
def test_a_connection_that_commits_each_statement_is_refused_until_the_host_begins(
    file: Path, how: dict[str, Any]
) -> None:
    with closing(connected(file, **how)) as db:
        with pytest.raises(pi.MisuseError, match=r"commits each statement by itself.*BEGIN IMMEDIATE"):
            send(db)
        assert not db.in_transaction
        db.execute("BEGIN IMMEDIATE")
        assert not send(db).refused
        db.execute("COMMIT")
    assert seen(file) == (1, 1)


def test_a_connection_of_another_thread_is_refused(db: sqlite3.Connection) -> None:
    said: list[str] = []

    def work() -> None:
        with pytest.raises(StoreError) as caught:
            send(db)
        said.append(str(caught.value))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert "let each thread connect by itself" in said[0]


def closed(db: sqlite3.Connection) -> None:
    db.close()


def read_only(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA query_only = 1")


def without_tables(db: sqlite3.Connection) -> None:
    db.executescript("DROP TABLE postinterview_entries; DROP TABLE postinterview_processes")


@pytest.mark.parametrize(
    ("spoil", "cure"),
    [
        (closed, "open the connection again, and make the store anew"),
        (read_only, "let this program write it"),
        (without_tables, "make the tables: `connection.executescript(schema())`"),
    ],
)
def test_a_connection_that_can_not_write_says_what_to_do(
    db: sqlite3.Connection, spoil: Callable[[sqlite3.Connection], None], cure: str
) -> None:
    store = SqliteStore(db)
    spoil(db)
    with pytest.raises(StoreError) as caught:
        interviewed(Keeper(default(), store), "umbrella")
    assert caught.value.help == cure


def test_a_connection_carried_over_a_fork_is_refused(db: sqlite3.Connection) -> None:
    store = SqliteStore(db)
    (said,) = programs.fork(store.keys)
    assert "connect after the fork" in said


def test_what_is_no_connection_is_misuse(db: sqlite3.Connection) -> None:
    where: Any = "mine.db"
    with pytest.raises(pi.MisuseError, match=r"type `str`.*sqlite3.connect"):
        SqliteStore(where)
    with pytest.raises(pi.MisuseError, match="`prefix` can't be"):
        SqliteStore(db, prefix='a"')
    db.text_factory = bytes
    with pytest.raises(pi.MisuseError, match="text_factory"):
        SqliteStore(db)


def test_a_transaction_that_read_before_others_wrote_is_to_be_repeated_whole(file: Path) -> None:
    with closing(connected(file, isolation_level=None)) as db, closing(connected(file)) as other:
        db.execute("BEGIN")
        keeper = Keeper(default(), SqliteStore(db))
        assert keeper.may("acme", "follow_up", at=OVERDUE, channel="email")
        assert not send(other).refused
        other.commit()
        with pytest.raises(StoreError, match=r"others wrote at the same moment.*repeat the whole") as caught:
            send(db)
        assert type(caught.value) is StoreError
        db.execute("ROLLBACK")
        db.execute("BEGIN")
        assert send(db).refused
        db.execute("COMMIT")
    assert seen(file) == (1, 1)


def test_a_store_says_where_it_is(db: sqlite3.Connection) -> None:
    assert repr(SqliteStore(db)) == "<SqliteStore in a transaction of the host's Connection>"
    assert not SqliteStore(db).commits


# --- many, and killed -----------------------------------------------------------------------------


def host_in(file: Path) -> Host:
    def interview(key: str) -> None:
        with closing(connected(file)) as db, db:
            interviewed(Keeper(default(), SqliteStore(db)), key)

    def process(key: str) -> pi.Process:
        with closing(connected(file)) as db:
            return Keeper(default(), SqliteStore(db)).load(key)

    @contextmanager
    def sending() -> Iterator[Callable[[str], bool]]:
        with closing(connected(file)) as db:

            def follow_up(key: str) -> bool:
                with db:
                    return not send(db, key).refused

            yield follow_up

    return Host(interview, sending, process, letters=lambda key: seen(file, key)[1])


def test_of_clients_that_follow_up_at_once_one_sends(file: Path) -> None:
    race(host_in(file), 3)


def test_a_killed_program_leaves_the_event_and_the_row_or_neither(file: Path) -> None:
    kill(host_in(file), programs.write_in_connection, str(file), 3)


@pytest.mark.slow
def test_of_16_clients_one_sends_in_each_of_200_rounds(file: Path) -> None:
    race(host_in(file), 200)


@pytest.mark.slow
def test_200_killed_programs_leave_the_event_and_the_row_or_neither(file: Path) -> None:
    kill(host_in(file), programs.write_in_connection, str(file), 200)
