"""An agent's token opens no way around the gate, at whatever route of the service it is tried."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.agents.bodies import Host, RefusedError
from tests.agents.runs import run
from tests.agents.service import AGENT, HttpBody, over_http, over_real_http
from tests.agents.world import Claim, Judge, MailServer, mail_server

ANA = "ana@acme.example"
MAIL: dict[str, Any] = {"event": "follow_up", "to": None, "application": None, "fields": {"channel": "email"}}
OPEN = {
    *("health", "ready", "list_keys", "show", "agenda", "verdicts", "timeline", "export", "may", "due"),
    *("export_all", "recipients", "pending", "preview", "permit", "prepare", "propose"),
    *("check_rules", "prove_rules", "bound_rules", "compare_rules", "next_of_cases"),
}
"""What is an agent's. Whatever else the service has, now or later, must answer 403."""


@pytest.fixture(scope="module")
def server() -> Any:
    with mail_server() as found:
        yield found


def everything(host: Host) -> Any:
    """What an agent must not change: it may only propose."""
    return [host.keeper.load(host.gate.key(key)) for key in host.judge.histories], host.gate.recipients()


def test_no_route_takes_an_agents_token_beyond_what_is_an_agents(server: MailServer) -> None:
    with over_http(server) as deployment:
        judge = Judge(server)
        host = deployment.host(judge)
        host.happens("acme", "interview", interviewers=["ana", "bo"])
        agent = deployment.bodies(host)[0]
        assert isinstance(agent, HttpBody)
        judge.later(days=15)
        used, spare = (agent.call("permit", key="acme", **MAIL) for _ in range(2))
        agent.mail([ANA], Claim("follow_up", fields=MAIL["fields"], permit=used).text(), used)
        now = server.now.isoformat()
        happened: dict[str, Any] = {"event": "question", "happened": now}
        word = agent.call("propose", key="acme", word="record", arguments=happened)
        bodies: dict[str, Any] = {
            "start": {"timezone": "Europe/Zurich"},
            "do": MAIL,
            "may": MAIL,
            "permit": MAIL,
            "prepare": MAIL,
            "propose": {"operation": "record", "arguments": happened},
            "record": {"event": "question", "at": now},
            "change": {"employer": "Acme 2"},
            "move": {"to": "beta"},
            "join": {"other": "beta"},
            "retract": {"number": 2, "not_sent": True},
            "amended": {"number": 1, "fields": {"decide_by": "2026-12-31"}},
            "dated": {"number": 2, "at": now},
            "unknown": {"of": ["message"], "until": now},
            "known": {"of": ["message"]},
            "follow": {"status": "Question"},
            "register": {"recipient": "ceo@acme.example"},
            "consume": {"permit": spare, "recipients": [ANA]},
            "failed": {"permit": used},
        }
        before = everything(host)
        said = {}
        for path, methods in agent.client.get("/openapi.json").json()["paths"].items():
            for method, operation in methods.items():
                name = operation["operationId"]
                where = path.format(key="new" if name == "start" else "acme", id=word, recipient=ANA)
                headers = {"Authorization": f"Bearer {agent.agent}"}
                given = {"headers": headers, "params": {"token": agent.agent}, "json": bodies.get(name)}
                said[name] = agent.client.request(method, where, **given).status_code

        assert {name for name, status in said.items() if status != 403} == OPEN - {"prepare"}
        assert bodies.keys() <= said.keys()
        assert everything(host) == before
        assert [each.state for each in host.gate.pending()] == ["pending"]
        with pytest.raises(RefusedError):
            agent.mail([ANA], Claim(**MAIL, permit=spare).text(), spare)
        judge.judge()
        assert (judge.counts["messages"], judge.excess) == (1, [])


@pytest.mark.slow
@pytest.mark.parametrize("more", ["record", "send"])
def test_the_adversary_finds_a_token_with_a_scope_too_many(server: MailServer, more: str) -> None:
    with over_http(server, [*AGENT, more]) as deployment:
        assert any(run(seed, deployment).excess for seed in range(60))


@pytest.mark.slow
def test_of_two_servers_that_are_given_one_permit_at_once_one_lets_it_send(server: MailServer) -> None:
    with over_real_http(server) as deployment:
        judge = Judge(server)
        host = deployment.host(judge)
        agents = deployment.bodies(host)
        for _ in range(20):
            judge.later(days=1)
            host.happens("acme", "question")
            judge.later(minutes=1)
            reply: dict[str, Any] = {"event": "reply", "to": None, "application": None, "fields": {}}
            permit = agents[0].call("permit", key="acme", **reply)
            text = Claim(**reply, permit=permit).text()
            with ThreadPoolExecutor(len(agents)) as pool:
                tries = [pool.submit(each.mail, [ANA], text, permit) for each in agents]
            refused = [each.exception() for each in tries if each.exception() is not None]
            assert [type(each) for each in refused] == [RefusedError]
            assert "used already" in str(refused)
            judge.judge()
    assert (judge.counts["messages"], judge.excess) == (20, [])


@pytest.mark.slow
def test_over_tcp_two_servers_in_processes_of_their_own_hold_the_rules(server: MailServer) -> None:
    with over_real_http(server) as deployment:
        judges = [run(seed, deployment) for seed in range(5)]
    assert [judge.excess for judge in judges] == [[]] * 5
    assert sum(judge.counts["messages"] for judge in judges) > 0
