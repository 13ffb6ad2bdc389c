"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Command = Callable[..., Any]

as_json: Callable[[Command], Command] = click.option(
    "--format",
    "as_json",
    type=click.Choice(["text", "json"]),
    default="text",
    callback=lambda _context, _option, value: value == "json",
    help="Text for people (the default), or JSON for programs.",
)


def limits(command: Command) -> Command:
    """The options that say when a proof gives up."""
    for option in (
        click.option("--max-seconds", type=click.FloatRange(0), help="Give up after so long."),
        click.option(
            "--max-zones", type=click.IntRange(1), help="Give up on a promise beyond so many states."
        ),
    ):
        command = option(command)
    return command


HELP = {"help_option_names": ["-h", "--help"]}


def examples(*lines: str) -> str:
    """The end of a command's help: calls of it, a line each."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])
