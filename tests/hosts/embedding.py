"""A host of this folder, embedded by the blocks of `diff` on its page, and served as its users know it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from tests.hosts.companies_programs import loaded
from tests.readme.pages import ROOT, blocks_of, change
from tests.servers import free_port

PAGES = {"kanban": "django", "companies": "fastapi", "ledger": "sqlite"}


def embed(host: str, folder: Path) -> int:
    """Copy the host into a folder, embed it as its page says, and return how many lines were added."""
    page = f"docs/embed/{PAGES.get(host, host)}.md"
    shutil.copytree(ROOT / "tests" / "hosts" / host, folder / host)
    blocks = [block for block in blocks_of(page) if block.language == "diff"]
    for block in blocks:
        change(folder, block, f"{page}:{block.line}")
    lines = [line for block in blocks for line in block.text.splitlines()]
    return sum(line.startswith("+") and line[1:].strip() != "" for line in lines)


def embedded_once(file: str) -> Any:
    """The fixture of a file of a host: the embedded module, and the number of lines that it took."""

    @pytest.fixture(scope="module")
    def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ModuleType, int]]:
        folder = tmp_path_factory.mktemp("embedded")
        lines = embed(file.partition("/")[0], folder)
        with loaded(folder / file) as module:
            yield module, lines

    return embedded


def program(folder: Path, environment: Mapping[str, str], *args: str) -> str:
    """Run a program of the host, and return what it prints. ``-P``: not with the plain host beside it."""
    done = subprocess.run(
        [sys.executable, "-P", *args],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def gunicorn(folder: Path, environment: Mapping[str, str], application: str) -> Iterator[str]:
    """Serve an application by processes that are forked after it was loaded; yield its URL."""
    port = free_port()
    options = ("--preload", "--workers", "4", "--bind", f"127.0.0.1:{port}", "--chdir", str(folder))
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options, application],
            env={**os.environ, "HOME": str(folder), **environment},
            stderr=log,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(transport=httpx.HTTPTransport(retries=10), timeout=60) as client:
            client.get(url)
        yield url
    finally:
        server.terminate()
        server.wait(60)
