"""Many clients at once, and a server that is killed: what was answered is there, once."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path

import httpx
import pytest

from postinterview.serve import SCOPES, Tokens
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.core.helpers import packaged
from tests.serve.service import ACME, FOLLOW_UP, MONDAY, bearer, running
from tests.servers import uvicorn
from tests.stores.kinds import SHARED, is_long, shared

CLIENTS = 200
ROUNDS = 5
KILLS = 60 if is_long() else 6
WRITERS = 8


@contextmanager
def prepared(kind: str) -> Iterator[tuple[str, Keeper, str]]:
    """A store, its keeper, and a token for everything."""
    with shared(kind) as url, closing(SqlStore(url)) as store:
        token, _ = Tokens(store).new("ada", tuple(SCOPES), at=MONDAY)
        yield url, Keeper(packaged(), store), token


@pytest.mark.slow
@pytest.mark.parametrize("kind", SHARED)
def test_of_200_clients_that_follow_up_at_once_one_gets_through(kind: str) -> None:
    with prepared(kind) as (url, keeper, token):
        for number in range(ROUNDS):
            keeper.start(f"ada/{number}", timezone="Europe/Zurich", employer="acme")
            keeper.record(f"ada/{number}", "interview", at=MONDAY, interviewers=["ana"])
        ready = threading.Barrier(CLIENTS)

        def ask(client: httpx.Client) -> list[int]:
            statuses = []
            for number in range(ROUNDS):
                ready.wait(300)
                answer = client.post(f"/processes/{number}/do", json=FOLLOW_UP)
                statuses.append(answer.status_code)
            return statuses

        with uvicorn("tests.serve.served:app", workers=2, STORE=url) as server, ExitStack() as stack:
            clients = [
                stack.enter_context(httpx.Client(base_url=server, headers=bearer(token), timeout=300))
                for _ in range(CLIENTS)
            ]
            with ThreadPoolExecutor(CLIENTS) as threads:
                answers = list(threads.map(ask, clients))

        for number, each in enumerate(zip(*answers, strict=True)):
            assert Counter(each) == {201: 1, 409: CLIENTS - 1}
            assert [entry.number for entry in keeper.load(f"ada/{number}").history] == [1, 2]


@pytest.mark.slow
@pytest.mark.parametrize("kind", SHARED)
def test_what_a_killed_server_answered_is_there_once(kind: str, tmp_path: Path) -> None:
    chance = random.Random(kind)  # noqa: S311 - the same moments each time
    answered: dict[str, set[str]] = {str(writer): set() for writer in range(WRITERS)}
    with prepared(kind) as (url, keeper, token):
        for kill in range(KILLS):
            with running(url, tmp_path) as server, ThreadPoolExecutor(WRITERS) as threads:
                writing = [
                    threads.submit(write, server.url, token, writer, f"kill {kill}", keys)
                    for writer, keys in answered.items()
                ]
                wanted = count_of(answered) + chance.randint(1, 40)
                while count_of(answered) < wanted:
                    threading.Event().wait(0.005)
                server.kill()
                for each in writing:
                    each.result(120)
        with (
            running(url, tmp_path) as server,
            httpx.Client(base_url=server.url, headers=bearer(token)) as client,
        ):
            for writer, keys in answered.items():
                for once in sorted(keys)[:20]:
                    assert repeat(client, writer, once) == 200

        for writer, keys in answered.items():
            stored = keeper.store.load(f"ada/{writer}")
            kept = Counter(each.once for each in stored.entries) if stored is not None else Counter()
            assert keys <= set(kept)
            assert set(kept.values()) <= {1}
            assert not keys or keeper.load(f"ada/{writer}").history  # it is sound
    assert count_of(answered) > KILLS


def count_of(answered: dict[str, set[str]]) -> int:
    return sum(map(len, answered.values()))


def write(url: str, token: str, writer: str, beginning: str, answered: set[str]) -> None:
    """Record words of the employer until the server is gone; note those that were answered."""
    with httpx.Client(base_url=url, headers=bearer(token), timeout=60) as client:
        for number in count():
            once = f"{beginning}, {number}"
            if not record(client, writer, once):
                return
            answered.add(once)


def record(client: httpx.Client, writer: str, once: str) -> bool:
    """Record a word of the employer; return whether it was answered."""
    try:
        if client.put(f"/processes/{writer}", json=ACME).status_code not in (200, 201):
            return False
        return repeat(client, writer, once) == 201
    except httpx.TransportError:
        return False


def repeat(client: httpx.Client, writer: str, once: str) -> int:
    word = {"event": "message", "at": MONDAY.isoformat()}
    headers = {"Idempotency-Key": once}
    return client.post(f"/processes/{writer}/record", json=word, headers=headers).status_code
