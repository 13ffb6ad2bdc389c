"""Call the command that is named, and end with its exit code. Whatever it raises ends here, as a message."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from io import StringIO
from pathlib import Path

import click
from click.shell_completion import CompletionItem, shell_complete

from postinterview import __version__
from postinterview.cli import CLOSED, COMMANDS, NO, UNKNOWN, UNREADABLE, USAGE, YES
from postinterview.cli.options import HELP, examples
from postinterview.cli.terminal import Screen, drop, print_aside
from postinterview.core.values.errors import PostInterviewError
from postinterview.layout import line
from postinterview.loading.render import diagnostics_data
from postinterview.rulebooks import RulesError

_PACKAGE = Path(__file__).parents[1]
_USER = re.compile(r"://[^/@\s]*@")
COMPLETION = "_POSTINTERVIEW_COMPLETE"
"""The variable by which a shell asks for completions, or for the script that asks."""

_HELP = """Tell what you may do after an interview, when, and how often.

Exit codes: 0 yes. 1 no: a file has errors, a step did not go as expected, or a promise is broken. 2 wrong
usage. 3 a file can't be read, or the answer can't be written. 4 unknown: a limit was hit. 130 interrupted.

With `--format json` every exit code but 2 and 130 comes with one JSON document on standard output, and
nothing on standard error.

\b
To complete what you type, add the line for your shell to its startup file:
  bash  eval "$(_POSTINTERVIEW_COMPLETE=bash_source postinterview)"
  zsh   eval "$(_POSTINTERVIEW_COMPLETE=zsh_source postinterview)"
  fish  _POSTINTERVIEW_COMPLETE=fish_source postinterview | source
"""


class Commands(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"postinterview.cli.{COMMANDS[cmd_name]}").command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        # The inherited method would import every command for its help.
        names = [CompletionItem(name) for name in COMMANDS if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from postinterview.core.values.suggest import instead_of, ticked

            help_ = instead_of(name, COMMANDS) or f"write {ticked(COMMANDS)}"
            ctx.fail(f"there is no command `{name}`; {help_}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings=HELP,
    help=_HELP,
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
    """Print the help if no command is named."""
    if ctx.invoked_subcommand is None:
        print_aside(line(each) for each in ctx.get_help().splitlines())
        ctx.exit(USAGE)


def run(arguments: Sequence[str], interrupted: Callable[[], bool] = lambda: False) -> int:
    """Run one command and return its exit code."""
    _replace_closed_streams()
    screen = Screen()
    try:
        code = _call(arguments, screen, interrupted)
        if code != USAGE:
            screen.document.close()
        sys.stdout.flush()
    except BrokenPipeError:
        drop(sys.stdout)
        return CLOSED
    except OSError as error:
        screen.choose("text")
        code = report_error(screen, error)
        drop(sys.stdout)
    return code


def _call(arguments: Sequence[str], screen: Screen, interrupted: Callable[[], bool]) -> int:
    """Run the command; whatever it raises becomes an exit code."""
    try:
        if instruction := os.environ.get(COMPLETION):
            return shell_complete(commands, {"obj": screen}, "postinterview", COMPLETION, instruction)
        # Not `commands.main`: it ends the program by itself if nobody reads the output any more.
        with commands.make_context("postinterview", list(arguments), obj=screen) as ctx:
            result = commands.invoke(ctx)
        return result if isinstance(result, int) else YES
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        usage = StringIO()
        error.show(usage)
        print_aside(line(each) for each in usage.getvalue().splitlines())
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - no input may end in a traceback
        if interrupted():  # a library made an error of its own out of the interrupt
            raise KeyboardInterrupt from None
        return report_error(screen, error)


def _replace_closed_streams() -> None:
    """Let output to a stream that was closed from the start go nowhere."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - open to the end
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123


def report_error(screen: Screen, error: Exception) -> int:
    """Say what went wrong, on stderr or in the JSON document, and return the exit code for it.

    Rules with errors end in 1, and what can't be read or written in 3. An exception that nobody foresaw is a
    fault of this program: nothing is known, so it ends in 4 and never in 1, which would be an answer.
    """
    if isinstance(error, RulesError):
        screen.diagnose(error.diagnostics, error.sources)
        screen.answer({"passed": False, "diagnostics": diagnostics_data(error.diagnostics)})
        return NO
    if isinstance(error, PostInterviewError):
        screen.complain(getattr(error, "message", str(error)), getattr(error, "help", ""))
        return UNREADABLE
    if isinstance(error, OSError):
        screen.complain(*_refused(error))
        return UNREADABLE
    if isinstance(error, MemoryError):
        screen.complain("there is not enough memory for this", "split the input into smaller files")
        return UNKNOWN
    where, trace = "", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(_PACKAGE):
            where = f" ({file.name}, line {trace.tb_lineno})"
        trace = trace.tb_next
    said = _USER.sub("://***@", f"{type(error).__name__}: {error}".split("\n")[0])
    screen.complain(
        f"postinterview itself failed: {said}{where}",
        "your input may be fine: please report this with the command and its files",
    )
    return UNKNOWN


def _refused(error: OSError) -> tuple[str, str]:
    """Return what the system refused, and what to do about it."""
    reason = error.strerror or str(error)
    if error.filename is not None:
        return f"`{os.fsdecode(error.filename)}` can't be used: {reason}", ""
    if isinstance(error, FileNotFoundError):  # a relative path, and nothing it could be relative to
        return "the current folder was deleted", "go to another one: cd"
    return f"the answer can't be written: {reason}", ""
