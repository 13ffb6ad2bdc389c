"""A real browser for tests of pages: the system's Chromium, driven by Playwright."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# It has nobody to ask but the servers of the tests.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def browser(**options: Any) -> Iterator[BrowserContext]:
    """Start Chromium with an empty profile. Pages that a test opens in it share cookies.

    ``options`` are those of a context of Playwright's, such as ``locale`` and ``timezone_id``.
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_program(), args=[*FLAGS])
        try:
            context = chromium.new_context(**options)
            context.set_default_timeout(60_000)
            yield context
        finally:
            chromium.close()


def _program() -> str:
    """Return the path of Chromium, which is installed first where it is missing and can be."""
    with (Path(tempfile.gettempdir()) / "postinterview-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests that run side by side install it once
        found = next(filter(None, map(shutil.which, NAMES)), None)
        if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
            for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
                subprocess.run(["apt-get", "-q", *command], check=True)  # noqa: S603, S607
            found = shutil.which("chromium")
    assert found, f"no browser is installed: one of {', '.join(NAMES)} is needed"
    return found
