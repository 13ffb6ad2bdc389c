"""A tool that refuses arguments which it does not have, where the SDK would drop them without a word."""

from __future__ import annotations

from typing import Any, Self

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.mcpserver.tools import Tool
from pydantic import ValidationError

from postinterview.core.values.suggest import closest, help_for, ticked


class StrictTool(Tool):
    """A tool whose errors say which arguments are wrong, and what to write instead."""

    @classmethod
    def from_function(cls, *given: Any, **named: Any) -> Self:
        tool: Any = super().from_function(*given, **named)
        tool.parameters["additionalProperties"] = False
        return tool  # type: ignore[no-any-return]

    async def run(
        self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False
    ) -> Any:
        wrong = [each for each in arguments if each not in self.parameters["properties"]]
        if wrong:
            raise ToolError(
                f"`{self.name}` has no argument {ticked(wrong)} ({self._instead(wrong, arguments)})"
            )
        try:
            return await super().run(arguments, context, convert_result=convert_result)
        except ToolError as error:
            cause = error.__cause__
            if isinstance(error, UnexpectedToolError) or not isinstance(cause, ValidationError):
                raise
            raise ToolError(f"`{self.name}` can't be called so: {_said(cause)}") from None

    def _instead(self, wrong: list[str], arguments: dict[str, Any]) -> str:
        """Return what to write instead. What an act carries is often given beside its other arguments."""
        free = {name: said for name, said in self.parameters["properties"].items() if name not in arguments}
        meant = tuple(dict.fromkeys(other for each in wrong for other in closest(each, free)))
        into = next((name for name in self.parameters["properties"] if name in {"fields", "arguments"}), None)
        if meant or into is None:
            return help_for(meant, free) or "leave it out"
        return f"what the act or event carries belongs into `{into}`; leave the rest out"


def _said(error: ValidationError) -> str:
    return "; ".join(
        f"`{'.'.join(map(str, each['loc']))}`: {each['msg'][:1].lower()}{each['msg'][1:]}"
        for each in error.errors(include_url=False, include_input=False)
    )
