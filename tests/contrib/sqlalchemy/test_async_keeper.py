"""The keeper for asynchronous code: the one that there is, awaited, in the host's transaction."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from inspect import signature
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

import postinterview as pi
from postinterview.contrib.sqlalchemy import AsyncKeeper, tables
from postinterview.stores import Keeper, MemoryStore
from tests.core.helpers import default
from tests.stores.kinds import SHARED, shared
from tests.stores.telling import MONDAY, OVERDUE, again, interviewed

CLIENTS = 16
METADATA = sa.MetaData()
OUTBOX = sa.Table("outbox", METADATA, sa.Column("letter", sa.Text))
tables(metadata=METADATA)


@asynccontextmanager
async def hosted(kind: str) -> AsyncIterator[AsyncEngine]:
    with shared(kind) as url:
        pool = {} if kind == "sqlite" else {"pool_size": CLIENTS}
        engine = create_async_engine(url.replace("sqlite:", "sqlite+aiosqlite:"), **pool)
        async with engine.begin() as connection:
            await connection.run_sync(METADATA.create_all)
        try:
            yield engine
        finally:
            await engine.dispose()


def run(kind: str, work: Callable[[AsyncEngine], Awaitable[None]]) -> None:
    async def hosting() -> None:
        async with hosted(kind) as engine:
            await work(engine)

    asyncio.run(hosting())


def keeper_in(where: Any) -> AsyncKeeper:
    return AsyncKeeper(default(), where, metadata=METADATA)


def test_every_method_of_a_keeper_is_there_with_its_parameters() -> None:
    methods = {name for name in dir(Keeper) if not name.startswith("_")}
    assert methods <= set(dir(AsyncKeeper))
    for name in methods:
        assert signature(getattr(AsyncKeeper, name)) == signature(getattr(Keeper, name))


@pytest.mark.parametrize("kind", SHARED)
def test_it_gives_the_answers_of_a_keeper(kind: str) -> None:
    calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
        ("start", ("acme",), {"timezone": "Europe/Zurich"}),
        ("record", ("acme", "interview"), {"at": MONDAY, "interviewers": ["ana"], "once": "i"}),
        ("may", ("acme", "follow_up"), {"at": MONDAY, "channel": "call"}),
        ("do", ("acme", "follow_up"), {"at": OVERDUE, "channel": "call", "once": "f"}),
        ("retract", ("acme", 2), {"at": OVERDUE, "not_sent": True}),
        ("unknown", ("acme", "wrote"), {"until": MONDAY}),
        ("known", ("acme", "wrote"), {}),
        ("agenda", ("acme",), {"at": OVERDUE}),
        ("agendas", (["acme", "nobody"],), {"at": OVERDUE}),
        ("load_many", (["acme", "nobody"],), {}),
        ("due", (), {"by": OVERDUE}),
        ("to_do", (), {"at": OVERDUE}),
        ("move", ("acme", 7), {}),
        ("keys", (), {}),
        ("load", (7,), {}),
        ("forget", (7,), {}),
    ]

    async def work(engine: AsyncEngine) -> None:
        twin = Keeper(default(), MemoryStore())
        async with AsyncSession(engine) as session:
            for keeper in (keeper_in(session), keeper_in(engine)):
                for name, said, more in calls:
                    wanted = getattr(twin, name)(*said, **more)
                    wanted = tuple(wanted) if name in ("due", "to_do", "keys") else wanted
                    assert await getattr(keeper, name)(*said, **more) == wanted, name
                await session.rollback()

    run(kind, work)


@pytest.mark.parametrize("kind", SHARED)
def test_it_takes_part_in_the_hosts_transaction(kind: str) -> None:
    async def work(engine: AsyncEngine) -> None:
        await keeper_in(engine).run(interviewed)
        async with AsyncSession(engine) as session:
            keeper = keeper_in(session)
            first = await keeper.do("acme", "follow_up", at=OVERDUE, channel="call", once="button")
            await session.execute(sa.insert(OUTBOX).values(letter="acme"))
            await session.rollback()
            assert len((await keeper.load("acme")).history) == 1
            assert await keeper.do("acme", "follow_up", at=OVERDUE, channel="call", once="button") == first
            await session.commit()
            twice = await keeper.do("acme", "follow_up", at=OVERDUE, channel="call", once="button")
            assert twice == again(first)
            assert (await session.scalars(sa.select(OUTBOX.c.letter))).all() == []

    run(kind, work)


@pytest.mark.parametrize("kind", SHARED)
def test_what_is_run_together_is_one_transaction(kind: str) -> None:
    def fail(keeper: Keeper) -> None:
        interviewed(keeper)
        raise LookupError

    async def work(engine: AsyncEngine) -> None:
        with pytest.raises(LookupError):
            await keeper_in(engine).run(fail)
        assert await keeper_in(engine).keys() == ()

    run(kind, work)


async def race(engine: AsyncEngine, rounds: int) -> None:
    keys = [f"employer {number}" for number in range(rounds)]
    for key in keys:
        await keeper_in(engine).run(lambda keeper, key=key: interviewed(keeper, key))  # type: ignore[misc]
    ready = asyncio.Barrier(CLIENTS)

    async def click() -> list[bool]:
        sent = []
        for key in keys:
            await ready.wait()
            async with AsyncSession(engine) as session:
                keeper = keeper_in(session)
                outcome = await keeper.do(key, "follow_up", at=OVERDUE, channel="email")
                if not outcome.refused:
                    await session.execute(sa.insert(OUTBOX).values(letter=key))
                await session.commit()
            sent.append(not outcome.refused)
        return sent

    answers = await asyncio.gather(*(click() for _ in range(CLIENTS)))
    assert [sum(each) for each in zip(*answers, strict=True)] == [1] * rounds
    async with engine.connect() as connection:
        letters = await connection.scalars(sa.select(OUTBOX.c.letter))
    assert Counter(letters) == Counter(keys)
    for key in keys:
        assert len((await keeper_in(engine).load(key)).history) == 2


@pytest.mark.parametrize("kind", SHARED)
def test_of_coroutines_that_follow_up_at_once_one_sends(kind: str) -> None:
    run(kind, lambda engine: race(engine, 2))


@pytest.mark.slow
@pytest.mark.parametrize("kind", SHARED)
def test_of_16_coroutines_one_sends_in_each_of_200_rounds(kind: str) -> None:
    run(kind, lambda engine: race(engine, 200))


def test_it_needs_something_asynchronous_and_a_rulebook() -> None:
    engine: Any = sa.create_engine("sqlite://")
    with pytest.raises(pi.MisuseError, match=r"`Engine` is not asynchronous \(give an `AsyncSession`"):
        AsyncKeeper(default(), engine)
    with pytest.raises(pi.MisuseError, match="is not a rulebook"):
        AsyncKeeper(engine, create_async_engine("sqlite+aiosqlite://"))


def test_it_says_where_it_is_and_has_its_rules() -> None:
    engine = create_async_engine("sqlite+aiosqlite://")
    assert repr(keeper_in(engine)) == "<AsyncKeeper of default in AsyncEngine>"
    assert keeper_in(engine).rulebook == default()
