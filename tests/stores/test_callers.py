"""A store in the host's own transaction: its rows and the event are both there, or both absent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session

import postinterview as pi
from postinterview.stores import Keeper, Standing, StoredEntry, StoreError
from postinterview.stores.sql import SqlStore
from tests.core.helpers import default, ids
from tests.stores import programs
from tests.stores.hosting import CLIENTS, Host, kill, race
from tests.stores.kinds import SHARED, shared
from tests.stores.telling import MONDAY, OVERDUE, interviewed

OUTBOX = sa.Table("outbox", sa.MetaData(), sa.Column("letter", sa.Text))


@contextmanager
def hosted(kind: str, **settings: Any) -> Iterator[sa.Engine]:
    """A host's database: its outbox, the tables of a store, and an employer who interviewed."""
    with shared(kind) as url:
        engine = sa.create_engine(url, **settings)
        OUTBOX.create(engine)
        interviewed(Keeper(default(), SqlStore(engine)))
        try:
            yield engine
        finally:
            engine.dispose()


@pytest.fixture(params=SHARED)
def engine(request: pytest.FixtureRequest) -> Iterator[sa.Engine]:
    with hosted(request.param) as found:
        yield found


def send(within: Session | sa.Connection, key: str = "acme", once: str | None = None) -> pi.Outcome:
    """What a host does: ask, and put the letter into its outbox if it is to be sent."""
    outcome = Keeper(default(), SqlStore(within)).do(key, "follow_up", at=OVERDUE, channel="email", once=once)
    if not outcome.refused and not outcome.repeated:
        within.execute(sa.insert(OUTBOX).values(letter=key))
    return outcome


def seen(engine: sa.Engine, key: str = "acme") -> tuple[int, int]:
    """How many follow-ups are in the history, and how many letters in the outbox."""
    process = Keeper(default(), SqlStore(engine)).load(key)
    with engine.connect() as connection:
        letters = connection.scalars(sa.select(OUTBOX.c.letter).where(OUTBOX.c.letter == key)).all()
    return sum(placed.name == "follow_up" for placed in process.timeline), len(letters)


@pytest.mark.parametrize("within", [Session, sa.Engine.connect])
def test_the_event_and_the_hosts_row_are_both_there_after_a_commit_and_both_absent_without(
    engine: sa.Engine, within: Callable[[sa.Engine], Any]
) -> None:
    with within(engine) as session:
        assert not send(session).refused
    assert seen(engine) == (0, 0)
    with within(engine) as session:
        assert not send(session).refused
        session.rollback()
        assert not send(session, once="button").refused
        session.commit()
        assert send(session, once="button").repeated
        assert ids(send(session).verdict) == ["one_follow_up", "one_chase"]
    assert seen(engine) == (1, 1)


def test_a_host_that_holds_the_lock_of_its_database_does_not_wait_for_itself(engine: sa.Engine) -> None:
    with Session(engine) as session:
        session.execute(sa.insert(OUTBOX).values(letter="other"))
        send(session)
        session.commit()
    assert seen(engine) == (1, 1)


def test_everything_a_keeper_does_can_be_rolled_back(engine: sa.Engine) -> None:
    before = Keeper(default(), SqlStore(engine)).load("acme")
    with Session(engine) as session:
        keeper = Keeper(default(), SqlStore(session))
        interviewed(keeper, "umbrella")
        keeper.unknown("umbrella", "chase", until=MONDAY)
        keeper.retract("umbrella", 1, at=MONDAY)
        keeper.move("acme", "initech")
        keeper.add("acme", before)
        assert keeper.forget("umbrella")
        assert list(keeper.keys()) == ["acme", "initech"]
        assert [each.key for each in keeper.due(by=OVERDUE)] == ["acme", "initech"]
    keeper = Keeper(default(), SqlStore(engine))
    assert list(keeper.keys()) == ["acme"]
    assert keeper.load("acme") == before


def test_a_write_that_fails_leaves_the_hosts_own_work_as_it_was(engine: sa.Engine) -> None:
    with Session(engine) as session:
        session.execute(sa.insert(OUTBOX).values(letter="acme"))
        keeper = Keeper(default(), SqlStore(session))
        keeper.start("acme", timezone="Europe/Zurich")
        with pytest.raises(pi.MisuseError, match="belongs to another call"):
            keeper.record("acme", "message", at=MONDAY, once="i")
        session.commit()
    assert seen(engine) == (0, 1)


class Raced(SqlStore):
    """A store in whose first write another program is faster."""

    other: Callable[[], object] | None = None

    def append(self, key: str, version: int, entries: Sequence[StoredEntry], standing: Standing) -> None:
        other, self.other = self.other, None
        if other is not None:
            other()
        super().append(key, version, entries, standing)


def raced(engine: sa.Engine, session: Session) -> Keeper:
    store = Raced(session)
    store.other = lambda: Keeper(default(), SqlStore(engine)).do(
        "acme", "follow_up", at=OVERDUE, channel="call"
    )
    return Keeper(default(), store)


def test_the_loser_of_a_race_is_refused_in_the_same_transaction(engine: sa.Engine) -> None:
    with Session(engine) as session:
        outcome = raced(engine, session).do("acme", "follow_up", at=OVERDUE, channel="email")
        assert ids(outcome.verdict) == ["one_follow_up", "one_chase"]
        session.execute(sa.insert(OUTBOX).values(letter="acme"))
        session.commit()
    assert seen(engine) == (1, 1)


def test_what_is_still_allowed_after_a_lost_race_is_done_in_the_same_transaction(engine: sa.Engine) -> None:
    with Session(engine) as session:
        raced(engine, session).do("acme", "complete_profile", at=OVERDUE)
        session.commit()
    assert len(Keeper(default(), SqlStore(engine)).load("acme").history) == 3


def begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def see_one_moment(engine: sa.Engine) -> None:
    """Let transactions of SQLite begin with the first read, as people do who want them to see one moment."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")  # others may write meanwhile
        sa.event.listen(engine, "begin", begin)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("sqlite", {}),
        ("postgresql", {"isolation_level": "REPEATABLE READ"}),
        ("postgresql", {"isolation_level": "SERIALIZABLE"}),
    ],
)
def test_a_transaction_that_sees_one_moment_is_to_be_repeated_whole(
    kind: str, settings: dict[str, Any]
) -> None:
    with hosted(kind, **settings) as engine:
        others = sa.create_engine(engine.url)
        see_one_moment(engine)
        with Session(engine) as session:
            keeper = raced(others, session)
            with pytest.raises(
                StoreError, match=r"others wrote at the same moment.*repeat the whole"
            ) as caught:
                keeper.do("acme", "follow_up", at=OVERDUE, channel="email")
            assert type(caught.value) is StoreError
            session.rollback()
            assert send(session).refused
            session.commit()
        assert seen(others) == (1, 0)
        others.dispose()


def test_a_connection_that_commits_each_statement_is_refused() -> None:
    with hosted("postgresql") as engine, engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        keeper = Keeper(default(), SqlStore(alone))
        with pytest.raises(pi.MisuseError, match="commits each statement by itself"):
            keeper.record("acme", "message", at=OVERDUE)


def test_tables_are_made_in_the_transaction_if_that_is_asked_for(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        with pytest.raises(StoreError, match="tables"):
            SqlStore(connection, prefix="mine_").keys()
        connection.rollback()
        SqlStore(connection, prefix="mine_", create=True)
        assert SqlStore(connection, prefix="mine_").keys() == ()
        connection.rollback()
        assert not sa.inspect(connection).has_table("mine_processes")


def test_what_is_asynchronous_is_said_to_need_the_other_keeper() -> None:
    where: Any = create_async_engine("sqlite+aiosqlite://").connect()
    with pytest.raises(pi.MisuseError, match=r"`AsyncConnection` is asynchronous.*AsyncKeeper"):
        SqlStore(where)


def test_a_store_says_where_it_is(engine: sa.Engine) -> None:
    with Session(engine) as session:
        store = SqlStore(session)
        assert repr(store) == "<SqlStore in a transaction of the host's Session>"
        store.close()
        send(session)


# --- many, and killed -----------------------------------------------------------------------------


def host_in(engine: sa.Engine) -> Host:
    keeper = Keeper(default(), SqlStore(engine))

    def follow_up(key: str) -> bool:
        with Session(engine) as session:
            outcome = send(session, key)
            session.commit()
        return not outcome.refused

    return Host(
        interview=partial(interviewed, keeper),
        sending=lambda: nullcontext(follow_up),
        process=keeper.load,
        letters=lambda key: seen(engine, key)[1],
    )


def kill_in(kind: str, times: int) -> None:
    with hosted(kind) as engine:
        url = engine.url.render_as_string(hide_password=False)
        kill(host_in(engine), programs.write_with_rows, url, times)


def test_of_clients_that_follow_up_at_once_one_sends(engine: sa.Engine) -> None:
    race(host_in(engine), 3)


@pytest.mark.parametrize("kind", SHARED)
def test_a_killed_program_leaves_the_event_and_the_row_or_neither(kind: str) -> None:
    kill_in(kind, 3)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SHARED)
def test_of_16_clients_one_sends_in_each_of_200_rounds(kind: str) -> None:
    with hosted(kind, pool_size=CLIENTS) as engine:
        race(host_in(engine), 200)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SHARED)
def test_200_killed_programs_leave_the_event_and_the_row_or_neither(kind: str) -> None:
    kill_in(kind, 200)
