"""Make the server: tools for the assistant, and resources for it to read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations

from postinterview import __version__
from postinterview.core.process import Process
from postinterview.gate import Gate
from postinterview.mcp import tools
from postinterview.mcp.desk import Desk, answered
from postinterview.mcp.proposing import propose
from postinterview.mcp.strict import StrictTool

_INSTRUCTIONS = """\
You help a candidate after job interviews. An employer may be contacted only as the rules allow.

- Before you write to an employer, get a permit by `do`, and give it to the tool that sends. Without a permit
  nothing is sent. One permit is for one message.
- If an act is refused, don't look for another way: not another channel, person, application or company. Tell
  the user why, and when it opens.
- What an employer said or did is recorded when a person confirms it: use `propose`.
"""
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
_TOOLS: tuple[tuple[Callable[..., Any], ToolAnnotations], ...] = (
    (tools.companies, _READS),
    (tools.due, _READS),
    (tools.agenda, _READS),
    (tools.may, _READS),
    (tools.explain, _READS),
    (tools.do, _WRITES),
    (propose, _WRITES),
)


def create_server(
    gate: Gate, *, explain: Callable[[str], str], rules: str = "", asks: bool = True
) -> MCPServer[Desk]:
    """Return the MCP server of a gate. ``run()`` serves it on standard input and output.

    Args:
        gate: the gate of one user (see `Gate.of`).
        explain: returns what the rules say of a name, or raises `MisuseError`.
        rules: the text of the rules.
        asks: let the client ask its user to confirm a proposal, if it can. If false, proposals wait in the
            list of pending words. A client that answers by itself makes that the better choice.
    """
    desk = Desk(gate=gate, explain=explain, asks=asks)

    @asynccontextmanager
    async def lifespan(_: MCPServer[Desk]) -> AsyncIterator[Desk]:
        yield desk

    server: MCPServer[Desk] = MCPServer(
        "postinterview",
        version=__version__,
        instructions=_INSTRUCTIONS,
        lifespan=lifespan,
        log_level="WARNING",
        tools=[StrictTool.from_function(tool, annotations=what) for tool, what in _TOOLS],
    )
    server.resource(
        "postinterview://rules",
        name="rules",
        mime_type="application/yaml",
        description="The text of the rules.",
    )(lambda: rules)
    for name, of_company in (("timeline", _timeline), ("agenda", _agenda)):
        uri = f"postinterview://companies/{{key}}/{name}"
        added = server.resource(uri, name=name, mime_type="application/json", description=of_company.__doc__)
        added(_resource(desk, of_company))
    return server


def _resource(desk: Desk, of_company: Callable[[Process, datetime], Any]) -> Callable[[str], str]:
    """Return a resource of a company. Of a `Context` early versions of the SDK give resources a copy."""

    @answered
    def read(key: str) -> str:
        return json.dumps(of_company(*desk.load(key)))

    return read


def _timeline(process: Process, _: datetime) -> list[dict[str, Any]]:
    """What happened at a company, in order, as the rules judge it."""
    return [each.as_json(process.calendar.zone) for each in process.timeline]


def _agenda(process: Process, now: datetime) -> list[dict[str, Any]]:
    """What is due, open, coming up, blocked and done at a company."""
    return [item.as_json() for item in process.agenda(at=now)]
