"""An application of the router's, and a client that asks it without a network."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from functools import cache
from typing import Any

import httpx
from fastapi import Depends, FastAPI

import postinterview as pi
from postinterview.contrib.fastapi import process_router, server_time
from postinterview.stores import Keeper, MemoryStore
from tests.core.helpers import at, packaged

MONDAY = at("2026-03-02 10:00")
EARLY = at("2026-03-05 09:00")
OVERDUE = at("2026-03-16 09:00")
INTERVIEW = {
    "event": "interview",
    "at": MONDAY.isoformat(),
    "fields": {"interviewers": ["ana"], "decide_by": "2026-03-10"},
}
FOLLOW_UP = {"event": "follow_up", "fields": {"channel": "call"}}
BOARD = pi.load_statuses("tracker")


def fresh() -> Keeper:
    return Keeper(packaged(), MemoryStore(), statuses=BOARD)


def served(keeper: Any, now: datetime = OVERDUE) -> FastAPI:
    """The application with the router alone, over this keeper and at this moment."""
    app = _application()
    app.dependency_overrides = {_keeper: lambda: keeper, server_time: lambda: now}
    return app


@cache
def _application() -> FastAPI:
    app = FastAPI(title="Tracker")
    app.include_router(process_router(_kept, rulebook=packaged(), statuses=BOARD))
    return app


def _keeper() -> Keeper:
    raise NotImplementedError


def _kept(keeper: Keeper = Depends(_keeper)) -> Keeper:  # noqa: B008
    return keeper


def ask(
    app: Any,
    method: str,
    path: str,
    body: Any = None,
    once: str | None = None,
    user: str | None = None,
    **given: Any,
) -> httpx.Response:
    """What the application answers, in which ``user`` is logged in."""
    said = {"Content-Type": "application/json", "Idempotency-Key": once, "X-User": user}
    headers = {name: value for name, value in said.items() if value is not None}
    content = body if body is None or isinstance(body, str) else json.dumps(body)

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://tracker") as client:
            return await client.request(method, path, content=content, headers=headers, **given)

    return asyncio.run(asked())


def interviewed(keeper: Keeper, key: str = "acme") -> None:
    keeper.start(key, timezone="Europe/Zurich", employer="acme")
    keeper.record(key, "interview", at=MONDAY, interviewers=["ana"], decide_by=at("2026-03-10 00:00").date())
