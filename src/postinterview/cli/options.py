"""Options that several commands have, and the examples at the end of each help text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import click
from click.shell_completion import CompletionItem
from click.types import StringParamType

from postinterview.cli.terminal import Screen
from postinterview.core.values.errors import MisuseError
from postinterview.files import packaged
from postinterview.judging import check_limits
from postinterview.loading.local_times import read_when
from postinterview.loading.text_values import Fault

Command = Callable[..., Any]


class FilePath(StringParamType):
    """The path of a file or folder. `click.Path` would ask the system about it too early."""

    name = "path"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return [CompletionItem(incomplete, type="file")]


class NewPath(FilePath):
    """The path of a file or folder that the command writes. ``such_as``: an example of one."""

    def __init__(self, such_as: str) -> None:
        self.such_as = such_as

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value == "-":  # it would become the name, and options begin like this
            self.fail(
                f"`-` is not standard output here: write {self.such_as}, or `./-` for that name.", param, ctx
            )
        path: str = super().convert(value, param, ctx)
        return path


class RuleFile(FilePath):
    """The path of a rule file, or the name of packaged rules."""

    name = "rules"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        # Not both: bash's script drops the words that come with a file.
        names = [CompletionItem(name) for name in packaged() if incomplete and name.startswith(incomplete)]
        return names or super().shell_complete(ctx, param, incomplete)


FILE, RULES = FilePath(), RuleFile()

HELP = {"help_option_names": ["-h", "--help"]}


def output(*more: str, help: str = "Text for people (the default), or JSON for programs.") -> Command:
    """Add the option ``--format`` and hand the command its screen. ``more``: formats of this command."""

    def choose(context: click.Context, _option: click.Parameter, value: str) -> Screen:
        screen: Screen = context.find_root().obj
        screen.choose(value)
        return screen

    return click.option(
        "--format",
        "screen",
        type=click.Choice(["text", "json", *more]),
        default="text",
        callback=choose,
        is_eager=True,
        help=help,
    )


def _seconds(_context: click.Context, _option: click.Parameter, value: float | None) -> float | None:
    """Refuse a limit that no search can keep: click's own ranges take `nan` and `inf`."""
    try:
        check_limits(None, value)
    except MisuseError:
        message = f"{value:g} is not a number of seconds above 0, such as 30 or 0.5."
        raise click.BadParameter(message) from None
    return value


def limited(seconds: int, command: Command) -> Command:
    """Add the options that limit how long a proof may take; ``seconds``: unless they say otherwise."""
    for option in (
        click.option(
            "--max-seconds",
            type=float,
            callback=_seconds,
            help=f"Give up after this many seconds of processor time (default: {seconds}).",
        ),
        click.option(
            "--max-zones",
            type=click.IntRange(1),
            help="Give up on a search after this many states (default: 20000).",
        ),
    ):
        command = option(command)
    return command


limits = partial(limited, 4)


def examples(*lines: str) -> str:
    """Return the end of a help text: a call of the command on each line."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def when_at(text: str, zone: ZoneInfo | None) -> date:
    """Return the moment that ``--at`` names, in the zone if it has no offset, or the day.

    Raises:
        BadParameter: it names none.
    """
    found = read_when(text, zone)
    if isinstance(found, Fault):
        raise click.BadParameter(f"{found.message}; {found.help}", param_hint="--at")
    return found
