"""Each host is started once in a worker, and asked by every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.examples.embedding import hosts
from tests.examples.embedding.hosts import Host
from tests.examples.embedding.stories import OVERDUE

GROUPS = {name: pytest.mark.xdist_group(name) for name in ("fastapi",)}


@pytest.fixture(scope="session")
def fastapi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with hosts.connected() as clients, hosts.fastapi(tmp_path_factory.mktemp("fastapi"), clients) as host:
        yield host


@pytest.fixture(params=[pytest.param(name, marks=mark) for name, mark in GROUPS.items()])
def host(request: pytest.FixtureRequest) -> Host:
    found: Host = request.getfixturevalue(request.param)
    found.clock.now = OVERDUE
    return found
