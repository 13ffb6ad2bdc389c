"""An agent that reaches the service with a token of its own. What sends has another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from attrs import frozen
from fastapi.testclient import TestClient

from postinterview import StatusMap
from postinterview.gate.sql_notes import SqlNotes
from postinterview.serve import Tokens, create_app
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.agents.bodies import Body, Deployment, Host, RefusedError, gate_of
from tests.agents.clocks import file_clock
from tests.agents.world import MONDAY, Judge, MailServer
from tests.core.helpers import packaged
from tests.servers import uvicorn

BOARD = StatusMap({"Interview": "interview", "Question": "question"})
AGENT = ("read", "permit")
"""The scopes of an agent's token."""
PATHS = {
    "start": ("PUT", "/processes/{key}"),
    "do": ("POST", "/processes/{key}/prepare"),
    "register": ("POST", "/processes/{key}/recipients"),
    "forget": ("DELETE", "/processes/{key}"),
    "confirm": ("POST", "/pending/{id}/confirm"),
    "failed": ("POST", "/permits/failed"),
}
"""Where an operation is, if not at ``POST /processes/KEY/OPERATION``."""


@frozen
class HttpBody:
    """A client with an agent's token, and a tool that sends after the service took the permit."""

    client: Any
    agent: str
    sender: str
    judge: Judge
    tick: Callable[[], None]

    def call(self, operation: str, /, **said: Any) -> Any:
        if operation == "do":  # the one that sends by itself has another name, and is not the agent's
            with pytest.raises(RefusedError):
                self.ask(self.agent, "POST", f"/processes/{_quoted(said['key'])}/do", self._body("do", said))
        method, path = PATHS.get(operation, ("POST", f"/processes/{{key}}/{operation}"))
        path = path.format(key=_quoted(said.get("key")), id=_quoted(said.get("id")))
        answer = self.ask(self.agent, method, path, self._body(operation, said))
        return answer.get({"permit": "permit", "may": "allowed", "propose": "id"}.get(operation, ""))

    def mail(self, to: list[str], text: str, permit: str = "") -> None:
        taken = self.ask(self.sender, "POST", "/permits/consume", {"permit": permit, "recipients": to})
        self.judge.server.send(taken["recipients"], text)

    def ask(self, token: str, method: str, path: str, body: Any) -> Any:
        """Return what the service answers to a request with a token, if it does what it is asked."""
        self.tick()
        headers = {"Authorization": f"Bearer {token}"}
        answer = self.client.request(method, path, json=body, headers=headers)
        assert answer.status_code < 500, answer.text
        if answer.status_code not in {200, 201}:
            raise RefusedError(answer.text)
        return answer.json()

    def _body(self, operation: str, said: dict[str, Any]) -> dict[str, Any]:
        body = {name: value for name, value in said.items() if name not in {"key", "id"}}
        if operation == "propose":
            body["operation"] = body.pop("word")
        if operation == "record":
            body["at"] = body.pop("happened", self.judge.server.now.isoformat())
        return body


def _quoted(name: Any) -> str:
    return quote(str(name), safe="")


@contextmanager
def over_http(server: MailServer, scopes: Sequence[str] = AGENT) -> Iterator[Deployment]:
    """Two services on one SQLite file, asked without a network."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        url = f"sqlite:///{folder}/kept.db"
        services = [stack.enter_context(_service(url, server)) for _ in range(2)]
        yield stack.enter_context(_deployed(url, server, services, lambda: None, scopes))


@contextmanager
def _service(url: str, server: MailServer) -> Iterator[Any]:
    with closing(SqlStore(url)) as store:
        keeper = Keeper(packaged(), store, remember=100, statuses=BOARD)
        gate = gate_of(keeper, SqlNotes(store), server)
        app = create_app(keeper, Tokens(store), clock=lambda: server.now, gate=gate)
        with TestClient(app) as client:
            yield client


@contextmanager
def over_real_http(server: MailServer) -> Iterator[Deployment]:
    """Two servers in processes of their own on one SQLite file, and clients over TCP."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        clock = Path(folder, "clock")
        tick = file_clock(clock, server)
        url = f"sqlite:///{folder}/kept.db"
        clients = []
        for _ in range(2):
            served = uvicorn("tests.agents.served:app", path="/health", STORE=url, CLOCK=str(clock))
            address = stack.enter_context(served)
            clients.append(stack.enter_context(httpx.Client(base_url=address, timeout=60)))
        yield stack.enter_context(_deployed(url, server, clients, tick, AGENT))


@contextmanager
def _deployed(
    url: str, server: MailServer, clients: Sequence[Any], tick: Callable[[], None], scopes: Sequence[str]
) -> Iterator[Deployment]:
    with closing(SqlStore(url)) as store:
        tokens = Tokens(store)

        def bodies(host: Host) -> Sequence[Body]:
            agent, _ = tokens.new(host.owner, scopes, at=MONDAY)
            sender, _ = tokens.new(host.owner, ["send"], at=MONDAY)
            return [HttpBody(client, agent, sender, host.judge, tick) for client in clients]

        yield Deployment(server, Keeper(packaged(), store), SqlNotes(store), bodies)
