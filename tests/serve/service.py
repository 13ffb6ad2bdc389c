"""The service over a fresh store, and a client that asks it with a token."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from attrs import frozen
from fastapi import FastAPI

from postinterview.gate import Gate
from postinterview.gate.sql_notes import SqlNotes
from postinterview.serve import SCOPES, Tokens, create_app
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.cli.helpers import PROGRAM
from tests.core.helpers import at, packaged

MONDAY = at("2026-03-02 10:00")
OVERDUE = at("2026-03-16 09:00")
SECRET = b"0123456789abcdef0123456789abcdef"
ACME = {"timezone": "Europe/Zurich", "employer": "Acme & Sons"}
INTERVIEW = {
    "event": "interview",
    "at": MONDAY.isoformat(),
    "fields": {"interviewers": ["ana"], "decide_by": "2026-03-10"},
}
FOLLOW_UP = {"event": "follow_up", "fields": {"channel": "call"}}


@frozen
class Service:
    """The service in this process, at a moment, with a token of each owner for each scope.

    ``all``: a token of Ada's for everything.
    """

    app: FastAPI
    keeper: Keeper
    tokens: Tokens
    all: str

    def token(self, *scopes: str, owner: str = "ada") -> str:
        return self.tokens.new(owner, scopes or tuple(SCOPES), at=MONDAY)[0]

    def ask(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, **given: Any
    ) -> httpx.Response:
        """What the service answers; without ``token`` to the one for everything."""
        headers = {"Authorization": f"Bearer {self.all if token is None else token}"} if token != "" else {}
        return ask(self.app, method, path, body, headers | given.pop("headers", {}), **given)


@contextmanager
def service(url: str, now: datetime = OVERDUE, **given: Any) -> Iterator[Service]:
    """The service over the store at this URL."""
    with closing(SqlStore(url)) as store:
        keeper, tokens = Keeper(packaged(), store), Tokens(store)
        gate = Gate(keeper, SqlNotes(store), secret=SECRET, clock=lambda: now)
        app = create_app(keeper, tokens, clock=lambda: now, gate=gate, **given)
        yield Service(app, keeper, tokens, tokens.new("ada", tuple(SCOPES), at=MONDAY)[0])


def ask(
    app: Any, method: str, path: str, body: Any, headers: Mapping[str, str], **given: Any
) -> httpx.Response:
    """What an application answers, without a network."""
    content = body if body is None or isinstance(body, bytes | str) else json.dumps(body)
    typed = {} if content is None else {"Content-Type": "application/json"}

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return await client.request(method, path, content=content, headers=typed | dict(headers), **given)

    return asyncio.run(asked())


@frozen
class Running:
    """``postinterview serve`` in a process of its own."""

    process: subprocess.Popen[str]
    url: str
    log: Path

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def running(store: str, folder: Path, *arguments: str, host: str = "127.0.0.1") -> Iterator[Running]:
    """Start the command on a free port. It is stopped at the end."""
    command: list[str | Path] = [
        PROGRAM,
        "serve",
        "--store",
        store,
        "--port",
        "0",
        "--host",
        host,
        *arguments,
    ]
    log = folder / "log.jsonl"
    with log.open("a", encoding="utf-8") as err:
        environment = os.environ | {"POSTINTERVIEW_SECRET": SECRET.decode()}
        process = subprocess.Popen(  # noqa: S603
            command, stdout=subprocess.PIPE, stderr=err, text=True, env=environment
        )
    assert process.stdout is not None
    try:
        url = process.stdout.readline().split()[-1:]
        assert url, log.read_text(encoding="utf-8")
        assert httpx.get(f"{url[0]}/health", timeout=60).status_code == 200
        yield Running(process, url[0], log)
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
