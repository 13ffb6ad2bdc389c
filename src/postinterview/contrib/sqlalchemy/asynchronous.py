"""A keeper for asynchronous code. SQLAlchemy runs the one that there is: no rule is written twice."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from postinterview.clocks import LEEWAY
from postinterview.core.process import Rulebook
from postinterview.core.status_map import StatusMap
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import shorten
from postinterview.stores import Keeper, Memory, MemoryStore
from postinterview.stores.engines import sa
from postinterview.stores.rows import PREFIX
from postinterview.stores.sql import SqlStore

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

P = ParamSpec("P")
T = TypeVar("T")


def _awaited(
    method: Callable[Concatenate[Keeper, P], T],
) -> Callable[Concatenate[AsyncKeeper, P], Coroutine[Any, Any, T]]:
    @wraps(method)
    async def call(self: AsyncKeeper, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.run(lambda keeper: method(keeper, *args, **kwargs))

    return call


def _listed(
    method: Callable[Concatenate[Keeper, P], Iterable[T]],
) -> Callable[Concatenate[AsyncKeeper, P], Coroutine[Any, Any, tuple[T, ...]]]:
    """Return the method with a tuple of all that it yields."""

    @wraps(method)
    async def call(self: AsyncKeeper, /, *args: P.args, **kwargs: P.kwargs) -> tuple[T, ...]:
        return await self.run(lambda keeper: tuple(method(keeper, *args, **kwargs)))

    return call


class AsyncKeeper:
    """Keeps processes through asynchronous SQLAlchemy. Its methods are those of `Keeper`, to be awaited.

    In an ``AsyncSession`` or ``AsyncConnection`` it takes part in the host's transaction and never commits
    (see `SqlStore`). In an ``AsyncEngine`` each call is a transaction of its own. ``keys``, ``due`` and
    ``to_do`` return tuples.

    Args:
        rulebook: the rules.
        where: the host's session, connection or engine. Its driver is ``aiosqlite``, ``psycopg`` or
            ``asyncpg``.
        prefix: the beginning of the tables' names.
        metadata: the object in which the tables are defined (see `tables`).
        leeway: how much clocks may differ (see `Keeper`).
        statuses: what the statuses of the host's board stand for (see `Keeper`).
        remember: how many processes stay in memory, or the memory (see `Keeper`).

    Raises:
        MisuseError: ``where`` is none of these, or another argument can't be used.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        where: AsyncSession | AsyncConnection | AsyncEngine,
        *,
        prefix: str = PREFIX,
        metadata: sa.MetaData | None = None,
        leeway: timedelta = LEEWAY,
        statuses: StatusMap | None = None,
        remember: int | Memory = 0,
    ) -> None:
        if not (hasattr(where, "run_sync") or hasattr(where, "sync_engine")):
            message = f"a value of the type `{type(where).__name__}` is not asynchronous"
            raise MisuseError(message, "give an `AsyncSession`, `AsyncConnection` or `AsyncEngine`")
        Keeper(rulebook, MemoryStore(), leeway=leeway, statuses=statuses)  # checks them
        self._memory = Memory(remember) if remember and not isinstance(remember, Memory) else remember
        self.rulebook = rulebook
        self.leeway = leeway
        self.statuses = statuses
        self._where = where
        self._prefix = prefix
        self._metadata = metadata

    def __repr__(self) -> str:
        return shorten(f"<AsyncKeeper of {self.rulebook.name} in {type(self._where).__name__}>")

    async def run(self, work: Callable[[Keeper], T]) -> T:
        """Return what ``work`` returns for a `Keeper`. All that it does there is one transaction.

        Use it for several calls that belong together. ``work`` is an ordinary function and may not await.
        """

        def inside(where: Any) -> T:
            store = SqlStore(where, prefix=self._prefix, metadata=self._metadata)
            settings: dict[str, Any] = {"leeway": self.leeway, "statuses": self.statuses}
            return work(Keeper(self.rulebook, store, remember=self._memory, **settings))

        where: Any = self._where
        if hasattr(where, "run_sync"):
            return await where.run_sync(inside)  # type: ignore[no-any-return]
        async with where.begin() as connection:
            return await connection.run_sync(inside)  # type: ignore[no-any-return]

    start = _awaited(Keeper.start)
    add = _awaited(Keeper.add)
    load = _awaited(Keeper.load)
    load_many = _awaited(Keeper.load_many)
    move = _awaited(Keeper.move)
    forget = _awaited(Keeper.forget)
    forget_all = _awaited(Keeper.forget_all)
    keys = _listed(Keeper.keys)
    due = _listed(Keeper.due)
    to_do = _listed(Keeper.to_do)
    may = _awaited(Keeper.may)
    may_on = _awaited(Keeper.may_on)
    verdicts = _awaited(Keeper.verdicts)
    allowed = _awaited(Keeper.allowed)
    agenda = _awaited(Keeper.agenda)
    agendas = _awaited(Keeper.agendas)
    do = _awaited(Keeper.do)
    record = _awaited(Keeper.record)
    follow = _awaited(Keeper.follow)
    perform = _awaited(Keeper.perform)
    retract = _awaited(Keeper.retract)
    unknown = _awaited(Keeper.unknown)
    known = _awaited(Keeper.known)
    dated = _awaited(Keeper.dated)
    amended = _awaited(Keeper.amended)
    join = _awaited(Keeper.join)
    change = _awaited(Keeper.change)
