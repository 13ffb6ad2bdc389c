"""The command line: reads the files that are named, asks the library, and prints.

Each command has a module of its own, which is imported when the command is called.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

YES, NO, USAGE, UNREADABLE, UNKNOWN = 0, 1, 2, 3, 4
"""The exit codes: yes; no (findings, failed expectations); and three reasons why there is no answer."""

COMMANDS = {
    "run": "run",
    "test": "test_",
    "check": "check",
    "next": "next_",
    "prove": "prove",
    "bound": "bound",
    "verify": "verify",
    "migrate": "migrate",
    "audit": "audit",
    "calendar": "calendar_",
    "show": "show",
    "packs": "packs",
    "draw": "draw",
    "diff": "diff",
    "explain": "explain",
    "schema": "schema",
    "init": "init",
    "serve": "serve",
    "tokens": "tokens",
    "recipients": "recipients",
    "confirm": "confirm",
    "mcp": "mcp_",
}
"""The commands in the order of the help, each with its module."""

CLOSED = 141
"""The exit code if the reader of the output goes away, as with ``| head``: 128 + SIGPIPE, as in shells."""


def main(interrupted: Callable[[], bool] = lambda: False) -> int:
    """Run the command that `sys.argv` names and return its exit code.

    ``interrupted``: whether Ctrl-C came, even if some library swallowed the exception.
    """
    if sys.argv[1:] == ["--version"] and _wrote_version():
        return YES
    from postinterview.cli.app import run

    return run(sys.argv[1:], interrupted)


def _wrote_version() -> bool:
    """Write the version, if that is possible. No library is imported: scripts ask for it at each start."""
    from postinterview import __version__

    if sys.stdout is None:
        return False
    try:
        os.write(sys.stdout.fileno(), f"postinterview {__version__}\n".encode())
    except OSError:  # nothing is left in the buffer: the command line tries again, and says why it can't
        return False
    return True
