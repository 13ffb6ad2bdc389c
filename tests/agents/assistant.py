"""An agent that reaches the gate by MCP, with the official SDK's client. What sends is a guarded function."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from attrs import frozen
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.context import ClientRequestContext
from mcp.types import ElicitRequestParams, ElicitResult

from postinterview.gate.sql_notes import SqlNotes
from postinterview.mcp import create_server
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.agents.bodies import Body, Deployment, Host, PythonBody, RefusedError, gate_of
from tests.agents.clocks import file_clock
from tests.agents.world import MailServer
from tests.core.helpers import packaged
from tests.servers import ROOT


@frozen
class McpBody:
    """A session with the server, and a function behind the gate of another program."""

    portal: BlockingPortal
    client: Client
    tool: PythonBody
    tick: Callable[[], None]

    def call(self, operation: str, /, **said: Any) -> Any:
        """Call a tool. `do` gives permits, too; what is no tool is asked for by its name."""
        self.tick()
        if operation in {"permit", "do", "may"}:
            said["act"] = said.pop("event")
        if operation == "propose":
            said = {"because": "", "operation": said.pop("word"), **said}
        try:
            name = "do" if operation == "permit" else operation
            answer = self.portal.call(self.client.call_tool, name, said)
        except MCPError as error:
            raise RefusedError(str(error)) from error
        if answer.is_error or answer.structured_content is None:
            raise RefusedError(str(answer.content))
        found = {"permit": "permit", "propose": "id", "may": "allowed"}.get(operation, "recorded")
        return answer.structured_content.get(found)

    def mail(self, to: list[str], text: str, permit: str = "") -> None:
        self.tool.mail(to, text, permit)


async def _declines(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
    """The person in front of the client says no: it is not true, or is recorded already."""
    return ElicitResult(action="decline")


Reached = Callable[[str], Any]
"""How the server of an owner is reached: what a client of the SDK takes."""


@contextmanager
def over_mcp(server: MailServer) -> Iterator[Deployment]:
    """Two servers on one SQLite file, in this process."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        url = f"sqlite:///{folder}/kept.db"
        gates = []
        for _ in range(2):
            store = stack.enter_context(closing(SqlStore(url)))
            gates.append(gate_of(Keeper(packaged(), store), SqlNotes(store), server))
        reached: list[Reached] = [
            lambda owner, gate=gate: create_server(gate.of(owner), explain=str)  # type: ignore[misc]
            for gate in gates
        ]
        yield stack.enter_context(_deployed(url, server, reached, lambda: None))


@contextmanager
def over_real_mcp(server: MailServer) -> Iterator[Deployment]:
    """Two servers in processes of their own, on standard input and output."""
    with TemporaryDirectory() as folder:
        url, clock = f"sqlite:///{folder}/kept.db", Path(folder, "clock")

        def started(owner: str) -> StdioServerParameters:
            environment = {"STORE": url, "CLOCK": str(clock), "OWNER": owner}
            arguments = ["-m", "tests.agents.served"]
            return StdioServerParameters(command=sys.executable, args=arguments, env=environment, cwd=ROOT)

        with _deployed(url, server, [started, started], file_clock(clock, server)) as deployment:
            yield deployment


@contextmanager
def _deployed(
    url: str, server: MailServer, reached: Sequence[Reached], tick: Callable[[], None]
) -> Iterator[Deployment]:
    with closing(SqlStore(url)) as store, start_blocking_portal() as portal, ExitStack() as sessions:

        def bodies(host: Host) -> Sequence[Body]:
            """Return a session whose client can ask its user, and one by the old protocol that can't."""
            sessions.close()
            clients = (
                Client(reached[0](host.owner), elicitation_callback=_declines),
                Client(reached[1](host.owner), mode="legacy"),
            )
            tool = PythonBody(host.gate, host.judge)
            opened = [sessions.enter_context(portal.wrap_async_context_manager(each)) for each in clients]
            return [McpBody(portal, each, tool, tick) for each in opened]

        yield Deployment(server, Keeper(packaged(), store), SqlNotes(store), bodies)
