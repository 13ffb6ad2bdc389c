"""What a uvicorn of the tests serves: the router over a store, in the way that the environment names."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import FastAPI, Header
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from postinterview.contrib.fastapi import process_router
from postinterview.contrib.sqlalchemy import AsyncKeeper
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.contrib.fastapi.asking import OVERDUE
from tests.core.helpers import packaged

DATE_LINE = datetime(2026, 3, 15, 20, tzinfo=UTC)


def user(x_user: Annotated[str, Header()]) -> str:
    return x_user


def threads() -> FastAPI:
    """A keeper whose store has transactions of its own; the router calls it in threads."""
    return _serving(Keeper(packaged(), SqlStore(os.environ["STORE"])))


def sessions() -> FastAPI:
    """A keeper in a session of each request, which is committed with it."""
    url = os.environ["STORE"].replace("sqlite://", "sqlite+aiosqlite://")
    made = async_sessionmaker(create_async_engine(url))

    async def keeper() -> AsyncIterator[AsyncKeeper]:
        async with made.begin() as session:
            yield AsyncKeeper(packaged(), session)

    return _serving(keeper)


def across_the_date_line() -> FastAPI:
    """A keeper at a moment that is on another date in the east than in the west."""
    return _serving(Keeper(packaged(), SqlStore(os.environ["STORE"])), DATE_LINE)


def _serving(keeper: object, now: datetime = OVERDUE) -> FastAPI:
    app = FastAPI()
    app.include_router(process_router(keeper, rulebook=packaged(), owner=user, clock=lambda: now))
    return app
