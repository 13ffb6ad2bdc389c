"""A real uvicorn, in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import httpx

ROOT = Path(__file__).resolve().parents[1]


_RESERVED: list[socket.socket] = []


def free_port() -> int:
    """A port for one server that a test starts; nobody else gets it as long as this process runs.

    The socket never listens, so that a server can listen at its port, as servers reuse addresses.
    """
    reserving = socket.socket()
    reserving.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserving.bind(("127.0.0.1", 0))
    _RESERVED.append(reserving)
    port: int = reserving.getsockname()[1]
    return port


@contextmanager
def uvicorn(factory: str, *, workers: int = 1, path: str = "/", **environment: str) -> Iterator[str]:
    """Serve what the factory makes, such as ``tests.hosts.companies.tracker:create_app``; give the URL.

    ``path``: one that every worker can answer, whatever it answers.
    """
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", factory, "--app-dir", str(ROOT)]
    command += ["--port", str(port), "--workers", str(workers), "--log-level", "warning"]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, start_new_session=True)  # noqa: S603
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(server, url + path)
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait(server: subprocess.Popen[bytes], url: str) -> None:
    pause = Event()
    for _ in range(600):
        assert server.poll() is None, "the server ended"
        try:
            httpx.get(url, timeout=60)
        except httpx.TransportError:
            pause.wait(0.1)
        else:
            return
    raise AssertionError("the server does not answer")
