"""The hosts that speak HTTP, each served for real on a port of its own, by a clock that tests set."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import uvicorn

from fastapi_host.app import create_app

MONDAY = datetime.fromisoformat("2026-03-02T10:00:00+01:00")
OVERDUE = datetime.fromisoformat("2026-03-16T09:00:00+01:00")


@contextmanager
def fastapi(file: Path, clock: Callable[[], datetime]) -> Iterator[str]:
    """The address of the FastAPI host."""
    app = create_app(f"sqlite+aiosqlite:///{file}", clock)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on", ws="none"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
