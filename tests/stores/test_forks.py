"""Stores that a fork copies into other processes: nothing acknowledged is lost, or the store says no."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import httpx
import pytest

from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.core.helpers import default
from tests.stores import programs
from tests.stores.kinds import SHARED, is_long, shared
from tests.stores.telling import interviewed

WORKERS = 3
PG_CARRIED = (
    "StoreError: a fork gave this process the open connections of its parent "
    "(call `engine.dispose(close=False)` in each child, before anything uses the engine)"
)
SQLITE_CARRIED = (
    "StoreError: a fork gave this process the open connections of its parent "
    "(call `engine.dispose()` before the fork, while no thread uses the store)"
)


def told(program: Callable[..., None], *args: object) -> Any:
    """Run a program of its own, which has one thread when it forks, and return what it tells."""
    context = get_context("forkserver")
    context.set_forkserver_preload([programs.__name__])
    heard, told = context.Pipe(duplex=False)
    running = context.Process(target=program, args=(*args, told))
    running.start()
    told.close()
    try:
        assert heard.poll(60), "the program says nothing"
        return heard.recv()
    finally:
        running.kill()
        running.join()
        heard.close()


@pytest.mark.parametrize("kind", SHARED)
def test_what_children_of_a_fork_acknowledge_is_kept_and_their_races_are_settled(kind: str) -> None:
    count = 100 if is_long() else 5
    with shared(kind) as url:
        answers, kept = told(programs.write_in_children, url, WORKERS, count)
    assert answers == [count] * WORKERS
    assert kept == [*answers, 1]


@pytest.mark.parametrize("kind", SHARED)
def test_what_a_child_writes_after_its_parent_closed_the_store_is_kept(kind: str) -> None:
    with shared(kind) as url:
        assert told(programs.write_after_the_parent_closed, url) == (3, 3)


@pytest.mark.parametrize("kind", SHARED)
def test_a_fork_waits_for_a_write_in_progress(kind: str) -> None:
    with shared(kind) as url:
        assert told(programs.fork_amid_a_write, url, 10) == (2, 1)


@pytest.mark.parametrize(("kind", "answer"), [("sqlite", SQLITE_CARRIED), ("postgresql", 2)])
def test_a_fork_that_can_not_wait_opens_afresh_or_refuses(kind: str, answer: object) -> None:
    with shared(kind) as url:
        assert told(programs.fork_amid_a_write, url, 0) == (answer, 1)


@pytest.mark.parametrize(
    ("kind", "care", "answer"),
    [
        ("postgresql", "nothing", PG_CARRIED),
        ("postgresql", "dispose in the child", 2),
        ("postgresql", "dispose before", 2),
        ("postgresql", "no pool", 2),
        ("sqlite", "nothing", SQLITE_CARRIED),
        ("sqlite", "dispose in the child", SQLITE_CARRIED),
        ("sqlite", "dispose before", 2),
        ("sqlite", "no pool", 2),
    ],
)
def test_the_hosts_engine_is_refused_in_a_child_that_got_its_connections(
    kind: str, care: str, answer: object
) -> None:
    with shared(kind) as url:
        kept = 2 if answer == 2 else 0
        assert told(programs.fork_with_the_hosts_engine, url, care) == (answer, kept)


def test_a_child_has_a_copy_of_a_store_in_memory_and_waits_for_no_lock() -> None:
    assert told(programs.fork_a_store_in_memory) == (2, 0)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SHARED)
def test_workers_of_a_server_that_loads_the_store_before_it_forks_lose_nothing(
    kind: str, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with shared(kind) as url:
        with closing(SqlStore(url)) as store:
            interviewed(Keeper(default(), store))
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--preload",
            "--workers",
            "4",
            "--bind",
            f"127.0.0.1:{port}",
        ]
        environment = {
            **os.environ,
            "HOME": str(tmp_path),
            "STORE": url,
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        with (tmp_path / "log").open("wb") as log:
            server = subprocess.Popen(  # noqa: S603 - a program of the tests' own
                [*command, "tests.stores.served:application"], env=environment, stderr=log
            )
        try:
            acknowledged = _call(f"http://127.0.0.1:{port}/", 100)
        finally:
            server.terminate()
            server.wait(60)
        assert acknowledged == 100, (tmp_path / "log").read_text(encoding="utf-8")
        with closing(SqlStore(url)) as store:
            assert len(Keeper(default(), store).load("acme").history) == 1 + acknowledged


def _call(url: str, times: int) -> int:
    """Make so many calls at once; return how many were acknowledged."""
    with httpx.Client(transport=httpx.HTTPTransport(retries=10), timeout=60) as client:
        client.get(url)

        def call(number: int) -> bool:
            return client.post(f"{url}{number}").status_code == httpx.codes.CREATED

        with ThreadPoolExecutor(8) as threads:
            return sum(threads.map(call, range(times)))
