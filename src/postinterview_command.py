"""Where the command ``postinterview`` begins: outside the package, quiet if it is stopped there."""

from __future__ import annotations

import sys

INTERRUPTED = 130


def main() -> None:
    """Load the command line, and do what it is asked for."""
    try:
        from postinterview.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
