"""The hosts that speak HTTP, each served for real on a free port, by a clock that the tests set."""

from __future__ import annotations

import json
import socket
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from attrs import define, field

import postinterview as pi
from fastapi_host.app import create_app
from tests.examples.embedding.stories import OVERDUE, RULES, interviewed

CLIENTS = 5


@define
class Clock:
    """What the server takes for now."""

    now: datetime = OVERDUE

    def __call__(self) -> datetime:
        return self.now


@define
class Host:
    """A host that is served, and the file that it keeps its rows in."""

    url: str
    file: Path
    table: str
    clock: Clock
    clients: list[httpx.Client]
    numbers: Iterator[int] = field(factory=count)

    def post(
        self, path: str, call: object = None, once: str | None = None, client: int = 0
    ) -> httpx.Response:
        headers = {"Content-Type": "application/json"} | ({} if once is None else {"Idempotency-Key": once})
        content = None if call is None else json.dumps(call)
        return self.clients[client].post(f"{self.url}/employers/{path}", content=content, headers=headers)

    def get(self, path: str) -> httpx.Response:
        return self.clients[0].get(f"{self.url}/{path}")

    def interviewed(self, rounds: int = 1) -> list[str]:
        """The keys of new employers, with whom an interview was held."""
        saved = interviewed().to_json()
        keys = [f"{self.table}-{next(self.numbers)}" for _ in range(rounds)]
        with closing(sqlite3.connect(self.file, timeout=30)) as db, db:
            rows = ((key, 0, saved) for key in keys)
            db.executemany(f"INSERT INTO {self.table} (key, version, saved) VALUES (?, ?, ?)", rows)  # noqa: S608
        return keys

    def at_once(self, key: str, calls: Sequence[tuple[object, str]]) -> list[httpx.Response]:
        """What is answered to calls that as many clients send at the same moment."""
        ready = threading.Barrier(CLIENTS)

        def send(client: int) -> httpx.Response:
            ready.wait(60)
            return self.post(f"{key}/events", *calls[client], client)

        with ThreadPoolExecutor(CLIENTS) as threads:
            return list(threads.map(send, range(CLIENTS)))

    def process(self, key: str) -> pi.Process:
        """The process as its row has it."""
        return RULES.restore(self.column("saved", key))

    def column(self, name: str, key: str) -> Any:
        with closing(sqlite3.connect(self.file)) as db:
            return db.execute(f"SELECT {name} FROM {self.table} WHERE key = ?", (key,)).fetchone()[0]  # noqa: S608

    def spoil(self, key: str, saved: str) -> None:
        """Write the column past the host."""
        with closing(sqlite3.connect(self.file)) as db, db:
            db.execute(f"UPDATE {self.table} SET saved = ? WHERE key = ?", (saved, key))  # noqa: S608


@contextmanager
def connected() -> Iterator[list[httpx.Client]]:
    """Clients, each with a connection of its own."""
    with ExitStack() as stack:
        # `verify` is about certificates, which take long to load and are not asked for here.
        yield [stack.enter_context(httpx.Client(timeout=60, verify=False)) for _ in range(CLIENTS)]  # noqa: S501


@contextmanager
def fastapi(folder: Path, clients: list[httpx.Client]) -> Iterator[Host]:
    file, clock = folder / "fastapi.db", Clock()
    app = create_app(f"sqlite+aiosqlite:///{file}?timeout=30", clock)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on", ws="none"))
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            clients[0].get(f"{url}/due").raise_for_status()  # it is up, and has made its tables
            yield Host(url, file, "employers", clock, clients)
        finally:
            server.should_exit = True
            thread.join()
