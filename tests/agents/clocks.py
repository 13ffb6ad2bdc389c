"""The clock of programs in processes of their own: the time of a file, which the tests set."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.agents.world import MailServer


def file_clock(file: Path, server: MailServer) -> Callable[[], None]:
    """Make the file, and return a function that sets it to the time of the mail server."""
    file.touch()

    def tick() -> None:
        os.utime(file, (server.now.timestamp(),) * 2)

    tick()
    return tick


def time_of(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)
