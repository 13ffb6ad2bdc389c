"""An assistant that was told to pester employers gets no further by MCP."""

from __future__ import annotations

from typing import Any

import pytest
from mcp.types import ElicitResult

from tests.agents import assistant
from tests.agents.assistant import over_mcp, over_real_mcp
from tests.agents.runs import run
from tests.agents.world import mail_server


@pytest.mark.slow
def test_two_servers_in_processes_of_their_own_hold_the_rules() -> None:
    with mail_server() as server, over_real_mcp(server) as deployment:
        judges = [run(seed, deployment) for seed in range(5)]
    assert [judge.excess for judge in judges] == [[]] * 5
    assert sum(judge.counts["messages"] for judge in judges) > 0


@pytest.mark.slow
def test_the_adversary_finds_a_client_that_says_yes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a client needs `--never-ask`: whoever answers for the person is the person."""

    async def agrees(*_: Any) -> ElicitResult:
        return ElicitResult(action="accept", content={"confirmed": True})

    monkeypatch.setattr(assistant, "_declines", agrees)
    with mail_server() as server, over_mcp(server) as deployment:
        assert any(run(seed, deployment).excess for seed in range(60))
