"""The command line: reads the files that are named, asks the library, and prints.

Each command has a module of its own, which is imported when the command is called.
"""

from __future__ import annotations

import sys

from postinterview_command import INTERRUPTED as INTERRUPTED

YES, NO, USAGE, UNREADABLE, UNKNOWN = 0, 1, 2, 3, 4
"""The exit codes: yes; no (findings, failed expectations); and three reasons why there is no answer."""

COMMANDS = {
    "run": "run",
    "test": "test_",
    "check": "check",
    "next": "next_",
    "prove": "prove",
    "verify": "verify",
    "migrate": "migrate",
    "audit": "audit",
    "explain": "explain",
}
"""The commands in the order of the help, each with its module."""

CLOSED = 141
"""The exit code if the reader of the output goes away, as with ``| head``: 128 + SIGPIPE, as in shells."""


def main() -> int:
    """Run the command that `sys.argv` names and return its exit code."""
    if sys.argv[1:] == ["--version"]:  # scripts ask for it at each start, so it imports no library
        from postinterview import __version__

        sys.stdout.write(f"postinterview {__version__}\n")
        return YES
    from postinterview.cli.app import run

    return run(sys.argv[1:])
