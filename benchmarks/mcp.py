"""Measure `may` by MCP against a bare Starlette endpoint, and a bare tool, that run the same SQL.

    python -m benchmarks.mcp [--requests 2000] [--profile FILE]

A client of the official SDK asks `postinterview mcp` on standard input and output. The bare tool is a server
of the same SDK that selects the process and answers with a constant, so it shows what the SDK costs by
itself. The bare endpoint is that of `benchmarks.serve`. The three are asked in turn, from one SQLite file.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import os
import sys
import tempfile
import time  # noqa: TID251 - a benchmark reads the clock
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, closing
from statistics import quantiles
from typing import Any

from mcp import Client, StdioServerParameters

from benchmarks.serve import ROUND, ask, prepared, served
from postinterview.stores.sql import SqlStore

ARGUMENTS = {"key": "acme", "act": "follow_up", "fields": {"channel": "email"}}

Asks = Callable[[], Awaitable[float]]
"""Asks once, and returns how many milliseconds it took."""


def bare() -> None:
    """Serve the tool to compare with."""
    from mcp.server.mcpserver import MCPServer

    store = SqlStore(os.environ["STORE"])
    server: MCPServer[Any] = MCPServer("bare", log_level="WARNING")

    @server.tool()
    def may(key: str, act: str, fields: dict[str, Any]) -> dict[str, Any]:  # the SDK calls it in a thread
        assert (act, fields) == (ARGUMENTS["act"], ARGUMENTS["fields"])
        assert store.load(f"ada/{key}") is not None
        return {"allowed": False}

    server.run()


def over_mcp(client: Client) -> Asks:
    """Return how a tool is asked."""

    async def asked() -> float:
        started = time.perf_counter()
        answer = await client.call_tool("may", ARGUMENTS)
        took = time.perf_counter() - started
        assert answer.structured_content is not None, answer.content
        return took * 1000

    return asked


def over_http(connection: http.client.HTTPConnection, token: str) -> Asks:
    """Return how the endpoint is asked."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    async def asked() -> float:
        return ask(connection, headers)

    return asked


async def measured(ways: dict[str, Asks], requests: int) -> dict[str, list[float]]:
    """Return the milliseconds of each request in each way."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(max(requests // ROUND, 1)):
        for name, asked in ways.items():
            took[name] += [await asked() for _ in range(ROUND)]
    return took


async def run(url: str, requests: int, profile: str | None) -> None:
    token = prepared(url)
    profiler = [] if profile is None else ["-m", "cProfile", "-o", profile]
    command = [*profiler, "-m", "postinterview", "mcp", "--owner", "ada", "--store", url]
    bare_tool = ["-c", "from benchmarks.mcp import bare; bare()"]
    environment = dict(os.environ, STORE=url, POSTINTERVIEW_SECRET=token)
    async with AsyncExitStack() as stack:
        ways: dict[str, Asks] = {}
        port = stack.enter_context(served("bare", url))
        connection = stack.enter_context(closing(http.client.HTTPConnection("127.0.0.1", port)))
        ways["bare endpoint"] = over_http(connection, token)
        for name, arguments in (("bare tool", bare_tool), ("`postinterview mcp`", command)):
            server = StdioServerParameters(command=sys.executable, args=arguments, env=environment)
            ways[name] = over_mcp(await stack.enter_async_context(Client(server)))
        await measured(ways, 200)  # warm all
        took = await measured(ways, requests)
    cuts = {name: quantiles(each, n=100) for name, each in took.items()}
    print("| | p50 | p99 | to the endpoint | to the bare tool |\n|---|--:|--:|--:|--:|")
    for name, found in cuts.items():
        ratios = [
            " / ".join(f"{found[cut] / cuts[base][cut]:.1f}" for cut in (49, 98))
            for base in ("bare endpoint", "bare tool")
        ]
        print(f"| {name} | {found[49]:.1f} ms | {found[98]:.1f} ms | {ratios[0]} | {ratios[1]} |")


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--requests", type=int, default=2000)
    reader.add_argument("--profile", metavar="FILE", help="write the profile of `postinterview mcp` here")
    given = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(f"sqlite:///{folder}/mcp.db", given.requests, given.profile))


if __name__ == "__main__":
    main()
