"""Sort the claims of a history by employer and time on disk, so that a large one takes little memory.

They lie in a temporary SQLite database that only this connection can open, and that is gone when it is
closed. What a row says goes in as a bound value, never as SQL.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby, starmap
from operator import itemgetter
from typing import Self, cast

from postinterview.audit.history.map_model import RowClaim, UnknownClaim, new_claim

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_BATCH = 2_000
_TABLES = """
pragma journal_mode = off;
pragma synchronous = off;
pragma cache_size = -32000;
pragma temp_store = file;
create table claims (employer text, at integer, rank integer, line integer, place integer, body blob);
create table names (employer text primary key) without rowid;
"""


class ClaimOrder:
    """Takes claims in any order, and yields them by employer, and for each employer by time."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLES)
        self._database.execute("begin")
        self._waiting: list[tuple[str, int | None, int, int, int, bytes]] = []
        self._names: set[str] = set()
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def add(self, claim: RowClaim) -> None:
        """Add a claim about an employer that its row names."""
        employer = claim.employer or ""
        self._count += 1
        at, rank, surely = None, 0, True
        if isinstance(claim, UnknownClaim):
            surely = claim.surely
        else:
            at = (claim.at - _EPOCH) // _TICK
            # At one written hour the rows are in order. Without hours the map's entries decide first.
            rank = 0 if claim.clock else claim.rank + 1
        self._waiting.append((employer, at, rank, claim.line, self._count, _body(claim)))
        if surely:
            self._names.add(employer)
        if len(self._waiting) >= _BATCH:
            self._write()

    def _write(self) -> None:
        self._database.executemany("insert into claims values (?, ?, ?, ?, ?, ?)", self._waiting)
        names = ((name,) for name in self._names)
        self._database.executemany("insert or ignore into names values (?)", names)
        self._waiting.clear()
        self._names.clear()

    def take_doubtful(self) -> Iterator[UnknownClaim]:
        """Remove and yield the claims about employers that only broken rows name: they may be anybody's."""
        self._write()
        doubtful = "from claims where employer not in (select employer from names)"
        for (body,) in self._database.execute(f"select body {doubtful} order by line"):
            yield cast("UnknownClaim", _loaded("", None, body))
        self._database.execute(f"delete {doubtful}")

    def by_employer(self) -> Iterator[tuple[str, Iterator[RowClaim]]]:
        """Yield each employer with its claims: first the unknown events, then the others in order of time."""
        self._write()
        rows: Iterator[tuple[str, int | None, bytes]] = self._database.execute(
            "select employer, at, body from claims order by employer, at, rank, line, place"
        )
        for employer, mine in groupby(rows, key=itemgetter(0)):
            yield employer, starmap(_loaded, mine)

    def names(self) -> Iterator[str]:
        """Yield the employers that a sound row names."""
        self._write()
        yield from (
            name for (name,) in self._database.execute("select employer from names order by employer")
        )


def _body(claim: RowClaim) -> bytes:
    """Return a claim without its employer and moment, which have columns of their own.

    A plain tuple is pickled ten times as fast as the claim and its moment.
    """
    if isinstance(claim, UnknownClaim):
        return pickle.dumps(claim)
    fields = tuple(claim.fields.items())
    before = (claim.line, claim.rank, claim.application, claim.zone, claim.event, claim.to, fields)
    return pickle.dumps((*before, claim.unsaid, claim.clock, claim.undated))


def _loaded(employer: str, at: int | None, body: bytes) -> RowClaim:
    """Return a claim again; nothing but this connection can have written it."""
    found = pickle.loads(body)  # noqa: S301 - see above
    if at is None:
        return cast("UnknownClaim", found)
    line, rank, application, zone, event, to, fields, unsaid, clock, undated = found
    moment = _EPOCH + timedelta(microseconds=at)
    here = (line, rank, employer, application, zone, event, moment, to)
    return new_claim(*here, dict(fields), unsaid, clock, undated)
