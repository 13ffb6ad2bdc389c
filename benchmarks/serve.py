"""Measure `may` over HTTP against a bare Starlette endpoint that runs the same SQL.

    python -m benchmarks.serve [--requests 2000] [--clients 1 8 200] [--postgresql URL]

Both are served by uvicorn in a process of their own, from the same database. The bare endpoint selects the
token and the process in a thread, as the service does, and answers with a constant. The two are asked in
turn, over connections that stay open, so that the machine's drift meets both.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time  # noqa: TID251 - a benchmark reads the clock
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from typing import Any

import postinterview as pi
from postinterview.serve import Tokens
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore

ROUND = 20
"""Requests to one server before the other one's turn."""
BODY = json.dumps({"event": "follow_up", "fields": {"channel": "email"}})


def service() -> Any:
    """Make the service itself, for uvicorn."""
    from logging.config import dictConfig

    from postinterview.serve import create_app
    from postinterview.serve.logs import LOGGING

    dictConfig(LOGGING)
    store = SqlStore(os.environ["STORE"])
    return create_app(Keeper(pi.load_rulebook(), store, remember=1000), Tokens(store))


def bare() -> Any:
    """Make the endpoint to compare with, for uvicorn."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    store = SqlStore(os.environ["STORE"])
    tokens = Tokens(store)

    def may(request: Request) -> JSONResponse:  # Starlette calls it in a thread
        token = tokens.find(request.headers["authorization"].removeprefix("Bearer "))
        assert token is not None
        assert store.load(f"{token.owner}/{request.path_params['key']}") is not None
        return JSONResponse({"allowed": False})

    return Starlette(routes=[Route("/processes/{key}/may", may, methods=["POST"])])


@contextmanager
def served(name: str, store: str) -> Iterator[int]:
    """Serve one of the two in a process of its own, and give its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--factory", f"benchmarks.serve:{name}", "--port", str(port)]
    quiet = ["--no-access-log", "--log-level", "error"]
    environment = os.environ | {"STORE": store}
    server = subprocess.Popen([*command, *quiet], env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait()


def ask(connection: http.client.HTTPConnection, headers: dict[str, str]) -> float:
    """Ask once, and return how many milliseconds it took."""
    started = time.perf_counter()
    connection.request("POST", "/processes/acme/may", BODY, headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, answer.status
    return (time.perf_counter() - started) * 1000


def measured(ports: dict[str, int], token: str, clients: int, requests: int) -> dict[str, list[float]]:
    """Return the milliseconds of each request to each server."""
    took: dict[str, list[float]] = {name: [] for name in ports}
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def run() -> None:
        with ExitStack() as stack:
            open_ = {
                name: stack.enter_context(closing(http.client.HTTPConnection("127.0.0.1", port)))
                for name, port in ports.items()
            }
            for _ in range(max(requests // clients // ROUND, 1)):
                for name, connection in open_.items():
                    took[name] += [ask(connection, headers) for _ in range(ROUND)]

    threads = [threading.Thread(target=run) for _ in range(clients)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return took


def prepared(url: str) -> str:
    """Keep a process with a history of some weeks, and return a token."""
    with closing(SqlStore(url)) as store:
        keeper = Keeper(pi.load_rulebook(), store)
        now = datetime.now(UTC)  # noqa: TID251 - the service asks about now
        keeper.start("ada/acme", timezone="Europe/Zurich")
        for days in range(40, 0, -4):
            event = "interview" if days == 40 else "message"
            more = {"interviewers": ["ana"]} if event == "interview" else {}
            keeper.record("ada/acme", event, at=now - timedelta(days=days), **more)
        return Tokens(store).new("ada", ["read"], at=now)[0]


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--requests", type=int, default=2000)
    reader.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    reader.add_argument("--postgresql", metavar="URL", help="an empty database, instead of a SQLite file")
    given = reader.parse_args()
    print("| clients | | p50 | p99 |\n|--:|---|--:|--:|")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        url = given.postgresql or f"sqlite:///{folder}/serve.db"
        token = prepared(url)
        ports = {name: stack.enter_context(served(name, url)) for name in ("bare", "service")}
        measured(ports, token, 1, 200)  # warm both
        for clients in given.clients:
            took = measured(ports, token, clients, given.requests)
            found = {name: quantiles(each, n=100) for name, each in took.items()}
            for name, cuts in found.items():
                print(f"| {clients} | {name} | {cuts[49]:.1f} ms | {cuts[98]:.1f} ms |")
            ratios = [found["service"][cut] / found["bare"][cut] for cut in (49, 98)]
            print(f"| {clients} | ratio | {ratios[0]:.1f} | {ratios[1]:.1f} |")


if __name__ == "__main__":
    main()
