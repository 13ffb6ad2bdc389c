"""What runs beside a test of the companies: servers, and clients that write until the server is gone."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from socket import socket
from threading import Event
from types import ModuleType

import httpx
import sqlalchemy as sa
import uvicorn

from tests.core.helpers import at
from tests.stores.hosting import LONG

PRELOADED = ("aiosqlite", "postinterview.contrib.fastapi", "postinterview.contrib.sqlalchemy")
"""What every server imports, so that a fork needn't."""

MONDAY = at("2026-03-02 10:00")
OVERDUE = at("2026-03-16 09:00")


@contextmanager
def loaded(file: Path) -> Iterator[ModuleType]:
    """The module of a file, imported for a while."""
    spec = spec_from_file_location(f"companies_{len(sys.modules)}", file)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        del sys.modules[spec.name]


def serve(file: str, url: str, listening: socket) -> None:
    """Serve the tracker until killed."""
    with loaded(Path(file)) as module:
        app = module.create_app(url.replace("sqlite://", "sqlite+aiosqlite://"), lambda: OVERDUE)
        config = uvicorn.Config(app, log_level="error", lifespan="on", ws="none")
        uvicorn.Server(config).run([listening])


def write(url: str, names: Sequence[str], first: Event) -> list[str]:
    """Add companies and follow up with each; return those for which it was acknowledged."""
    done = []
    interview = {"what": "interview", "at": MONDAY.isoformat()}
    with httpx.Client(base_url=url, timeout=LONG) as client:
        try:
            for name in names:
                for path, body in (
                    ("/companies", {"name": name}),
                    (f"/companies/{name}/news", interview),
                    (f"/companies/{name}/follow-ups", {}),
                ):
                    assert client.post(path, json=body).status_code == 201
                done.append(name)
                first.set()
        except httpx.TransportError:
            pass  # the server was killed
        finally:
            first.set()  # nobody waits for a client that failed
    return done


def letters_in(url: str, beginning: str) -> list[str]:
    """The names of companies to which a letter was written, once for each letter."""
    query = "SELECT c.name FROM letters l JOIN companies c ON c.id = l.company_id WHERE c.name LIKE :name"
    return _texts(url, query, beginning)


def keys_in(url: str, beginning: str) -> list[str]:
    """The keys of companies."""
    return _texts(url, "SELECT id FROM companies WHERE name LIKE :name", beginning)


def _texts(url: str, query: str, beginning: str) -> list[str]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return [str(each) for each in connection.execute(sa.text(query), {"name": f"{beginning}%"}).scalars()]
