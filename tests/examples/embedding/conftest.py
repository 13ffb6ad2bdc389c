"""Each host is started once, and asked by every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.examples.embedding import hosts
from tests.examples.embedding.hosts import OVERDUE, Host

SERVERS = {"django": hosts.django, "fastapi": hosts.fastapi}
EACH = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in SERVERS]


@pytest.fixture(scope="session", params=EACH)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    folder = tmp_path_factory.mktemp("host")
    with hosts.connected() as clients, SERVERS[request.param](folder, clients) as host:
        yield host


@pytest.fixture
def host(served: Host) -> Host:
    served.clock.now = OVERDUE
    return served
