"""Open a host's keeper for one request, in the transaction that the host begins for it."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from datetime import datetime
from typing import Annotated, Any, TypeVar

from attrs import evolve, frozen
from fastapi import Depends, Query
from fastapi.concurrency import run_in_threadpool

from postinterview.contrib.fastapi.desk import Desk
from postinterview.stores import Keeper

T = TypeVar("T")

Zone = Annotated[
    str | None,
    Query(
        description="The time zone of the moments in the answer. By default the employer's.",
        examples=["Europe/Zurich"],
    ),
]


@frozen
class Opening:
    """What a request may work with, before its keeper is opened.

    Attributes:
        keeping: a keeper, or a context manager of one.
        owner: whose processes they are.
        now: the moment by the server's clock.
        timezone: the zone of the moments in the answer.
    """

    keeping: Any
    owner: str | None
    now: datetime
    timezone: str | None

    async def work(self, operation: Callable[[Desk], T]) -> T:
        """Do the operation, in a thread unless the keeper is asynchronous, and end the transaction."""
        if isinstance(self.keeping, AbstractAsyncContextManager):
            async with self.keeping as keeper:
                return await evolve(self, keeping=keeper).work(operation)
        if hasattr(self.keeping, "run"):  # an `AsyncKeeper`
            found: T = await self.keeping.run(lambda keeper: operation(self._desk(keeper)))
            return found
        return await run_in_threadpool(self._work, operation)

    def _work(self, operation: Callable[[Desk], T]) -> T:
        keeping = nullcontext(self.keeping) if isinstance(self.keeping, Keeper) else self.keeping
        with keeping as keeper:
            return operation(self._desk(keeper))

    def _desk(self, keeper: Keeper) -> Desk:
        return Desk(keeper, self.owner, self.now, self.timezone)


def opening(
    keeper: Any, owner: Callable[..., Any] | None, clock: Callable[..., Any]
) -> Callable[..., Awaitable[Opening]]:
    """Return the dependency that gives a request its opening."""
    kept = _kept(keeper)
    whose = owner or _nobody

    async def opened(  # FastAPI would call a plain function in a thread
        keeping: Any = Depends(kept),  # noqa: B008 - a local name can't stand in an annotation
        owner: Any = Depends(whose),  # noqa: B008
        now: datetime = Depends(clock),  # noqa: B008
        zone: Zone = None,
    ) -> Opening:
        return Opening(keeping, None if owner is None else str(owner), now, zone)

    return opened


async def _nobody() -> None:
    """Return no owner."""


def _kept(keeper: Any) -> Callable[..., Any]:
    """Return a dependency that returns a keeper or a context manager of one.

    FastAPI itself ends a dependency that yields after it sent the response (since 0.118, unless its scope is
    "function"). A client could be told of something that is then not committed. So FastAPI gets a function
    that only makes the context manager.
    """
    if not callable(keeper):

        async def same() -> Any:
            return keeper

        return same
    make = keeper
    if inspect.isasyncgenfunction(keeper):
        make = asynccontextmanager(keeper)
    elif inspect.isgeneratorfunction(keeper):
        make = contextmanager(keeper)

    async def kept(**given: Any) -> Any:
        found = make(**given)
        return await found if inspect.isawaitable(found) else found

    kept.__signature__ = inspect.signature(keeper, eval_str=True)  # type: ignore[attr-defined]
    return kept
