"""The command line: the rim that reads what is named, asks the library, and prints.

One command a file. Nothing that costs time is imported before it is known to be needed.
"""

from __future__ import annotations

import sys

YES, NO, USAGE, UNREADABLE, UNKNOWN = 0, 1, 2, 3, 4
"""The exit codes: it is so, it is not (findings, failed expectations), and why there is no answer."""

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
"""The commands in the order of the help, each with its module, which is imported when it is called."""

INTERRUPTED = 130
CLOSED = 141
"""Nobody reads the output any more, as behind ``| head``; what a shell says of other such programs."""


def main() -> None:
    """What the command ``postinterview`` does."""
    if sys.argv[1:] == ["--version"]:  # asked by scripts at each start, so it waits for no library
        from postinterview import __version__

        sys.stdout.write(f"postinterview {__version__}\n")
        return
    try:
        from postinterview.cli.app import run

        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:  # while it is still loading
        sys.exit(INTERRUPTED)
