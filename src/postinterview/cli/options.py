"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
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


def _seconds(_context: click.Context, _option: click.Parameter, value: float | None) -> float | None:
    """Refuse what is no finite number above 0: click's own ranges take `nan` and `inf`."""
    if value is not None and not 0 < value < inf:
        raise click.BadParameter(f"{value:g} is not a number of seconds above 0, such as 30 or 0.5.")
    return value


def limits(command: Command) -> Command:
    """Add the options that limit how long a proof may take."""
    for option in (
        click.option("--max-seconds", type=float, callback=_seconds, help="Give up after this many seconds."),
        click.option(
            "--max-zones", type=click.IntRange(1), help="Give up on a promise after this many states."
        ),
    ):
        command = option(command)
    return command


HELP = {"help_option_names": ["-h", "--help"]}


def examples(*lines: str) -> str:
    """The end of a command's help: calls of it, a line each."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])
