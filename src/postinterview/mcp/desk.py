"""Give the tools what they work with, and turn their errors into answers."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from attrs import frozen
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from postinterview.core.process import Process
from postinterview.core.values.errors import MisuseError, PostInterviewError, UnknownKeyError
from postinterview.gate import Gate, NotPermittedError

_LOGGER = logging.getLogger("postinterview.mcp")

P = ParamSpec("P")
R = TypeVar("R")


@frozen
class Desk:
    """Holds what the tools of one server work with.

    Attributes:
        gate: the gate of one user.
        explain: returns what the rules say of a name, or raises `MisuseError`.
        asks: whether the client may be asked for a person's confirmation.
    """

    gate: Gate
    explain: Callable[[str], str]
    asks: bool

    def load(self, key: str) -> tuple[Process, datetime]:
        """Return a process, and the present moment where the employer is."""
        process = self.gate.keeper.load(self.gate.key(key))
        return process, self.gate.now().astimezone(process.calendar.zone)


def desk_of(ctx: Context[Desk]) -> Desk:
    """Return the desk of the server that was asked."""
    return ctx.request_context.lifespan_context


def answered(tool: Callable[P, R]) -> Callable[P, R]:
    """Let a tool answer with an error that an assistant can act on, and never with the store's."""

    @functools.wraps(tool)
    def answer(*given: P.args, **named: P.kwargs) -> R:
        try:
            return tool(*given, **named)
        except UnknownKeyError:  # its message has the keeper's key, with the owner
            key: Any = named.get("key")
            raise ToolError(
                f"there is no company `{key}`: see `companies`; only a person can add one"
            ) from None
        except (MisuseError, NotPermittedError) as error:
            raise ToolError(str(error)) from None
        except PostInterviewError:
            _LOGGER.exception("a tool failed")
            said = "the histories can't be read or written now. Send nothing, and tell the user"
            raise ToolError(said) from None

    return answer
