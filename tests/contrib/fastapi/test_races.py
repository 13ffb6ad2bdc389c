"""Real clients at a real server, many at the same moment: one contact a round."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from threading import Barrier

import httpx
import pytest

from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.contrib.fastapi.asking import FOLLOW_UP, interviewed
from tests.core.helpers import packaged
from tests.servers import uvicorn
from tests.stores.kinds import SHARED, shared

CLIENTS = 16
ROUNDS = 200
WAYS = ("threads", "sessions")


@pytest.mark.slow
@pytest.mark.parametrize("kind", SHARED)
@pytest.mark.parametrize("way", WAYS)
def test_of_many_clients_at_two_workers_one_gets_through_a_round(way: str, kind: str) -> None:
    with shared(kind) as url, closing(SqlStore(url)) as store:
        keeper = Keeper(packaged(), store)
        for number in range(ROUNDS):
            interviewed(keeper, f"7/{number}")
        with uvicorn(f"tests.contrib.fastapi.served:{way}", workers=2, STORE=url) as served:
            answers = race(served)
        for number, each in enumerate(zip(*answers, strict=True)):
            assert Counter(each) == {201: 1, 409: CLIENTS - 1}
            assert [entry.number for entry in keeper.load(f"7/{number}").history] == [1, 2]


def race(url: str) -> list[list[int]]:
    """Let each client follow up once a round, with an idempotency key of its own, when all others do."""
    ready = Barrier(CLIENTS)

    def run(client: httpx.Client) -> list[int]:
        said = {"X-User": "7", "Idempotency-Key": str(id(client))}
        statuses = []
        for number in range(ROUNDS):
            ready.wait(60)
            answer = client.post(f"/processes/{number}/do", json=FOLLOW_UP, headers=said)
            statuses.append(answer.status_code)
        return statuses

    with ExitStack() as stack, ThreadPoolExecutor(CLIENTS) as threads:
        clients = [stack.enter_context(httpx.Client(base_url=url, timeout=120)) for _ in range(CLIENTS)]
        return list(threads.map(run, clients))
