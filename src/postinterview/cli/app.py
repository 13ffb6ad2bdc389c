"""The group of commands: each is imported when it is called, and every ending has its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from postinterview import __version__
from postinterview.cli import CLOSED, COMMANDS, INTERRUPTED, UNREADABLE, USAGE, YES
from postinterview.cli.options import HELP, examples
from postinterview.cli.terminal import drop, say_aside


class Commands(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"postinterview.cli.{COMMANDS[cmd_name]}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from postinterview.core.suggest import instead_of

            ctx.fail(f"there is no command `{name}`; {instead_of(name, COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings=HELP,
    epilog=examples(
        "postinterview run story.yaml",
        "postinterview test scenarios/",
        "postinterview check rules/mine.yaml",
        'postinterview next case.yaml --at "2026-03-05 09:00"',
    ),
)
@click.version_option(__version__, message="postinterview %(version)s")
@click.pass_context
def commands(ctx: click.Context) -> None:
    """After an interview: what may be done, when, and how often.

    Exit codes: 0 yes; 1 no: something is wrong with what a file says, went not as expected, or breaks a
    promise; 2 wrong usage; 3 a file can't be read, or the answer not be written; 4 unknown: a limit was hit.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(USAGE)


def run(arguments: Sequence[str]) -> int:
    """Run one command; what it ends with is the exit code."""
    _stand_in_for_closed_streams()
    try:
        # Not `commands.main`: it ends the program by itself where nobody reads the output any more.
        with commands.make_context("postinterview", list(arguments)) as ctx:
            result = commands.invoke(ctx)
        sys.stdout.flush()
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        try:
            error.show()
        except OSError:
            drop(sys.stderr)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        return _hang_up()
    except OSError as error:
        return _unwritable(error)
    return result if isinstance(result, int) else YES


def _stand_in_for_closed_streams() -> None:
    """Where a stream was closed from the start, what is written to it goes nowhere."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - open to the end
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123


def _hang_up() -> int:
    drop(sys.stdout)
    return CLOSED


def _unwritable(error: OSError) -> int:
    say_aside(f"error: the answer can't be written: {error.strerror or error}")
    drop(sys.stdout)
    return UNREADABLE
