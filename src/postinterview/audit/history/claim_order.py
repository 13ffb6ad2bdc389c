"""Sort the claims of a history by employer and time on disk, so that a large one takes little memory.

They lie in a temporary SQLite database that only this connection can open, and that is gone when it is
closed. What a row says goes in as a bound value, never as SQL.
"""

from __future__ import annotations

import pickle
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Self, cast

from postinterview.audit.history.map_model import RowClaim, UnknownClaim

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_BATCH = 2_000
_TABLES = """
pragma journal_mode = off;
pragma synchronous = off;
pragma cache_size = -32000;
pragma temp_store = file;
create table claims (employer text, at integer, rank integer, line integer, place integer, body blob);
create table names (employer text primary key, folded text) without rowid;
"""
_FORMS = re.compile(
    r"\b(incorporated|inc|ltd|limited|llc|plc|corp|corporation|co|company|gmbh|ag|sa|srl|bv|ab|oy)\b"
)


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
        self._waiting.append((employer, at, rank, claim.line, self._count, pickle.dumps(claim)))
        if surely:
            self._names.add(employer)
        if len(self._waiting) >= _BATCH:
            self._write()

    def _write(self) -> None:
        self._database.executemany("insert into claims values (?, ?, ?, ?, ?, ?)", self._waiting)
        named = [(name, _folded(name)) for name in self._names]
        self._database.executemany("insert or ignore into names values (?, ?)", named)
        self._waiting.clear()
        self._names.clear()

    def take_doubtful(self) -> Iterator[UnknownClaim]:
        """Remove and yield the claims about employers that only broken rows name: they may be anybody's."""
        self._write()
        doubtful = "from claims where employer not in (select employer from names)"
        for (body,) in self._database.execute(f"select body {doubtful} order by line"):
            yield cast("UnknownClaim", _loaded(body))
        self._database.execute(f"delete {doubtful}")

    def by_employer(self) -> Iterator[tuple[str, Iterator[RowClaim]]]:
        """Yield each employer with its claims: first the unknown events, then the others in order of time."""
        self._write()
        rows: Iterator[tuple[str, bytes]] = self._database.execute(
            "select employer, body from claims order by employer, at, rank, line, place"
        )
        for employer, mine in groupby(rows, key=itemgetter(0)):
            yield employer, (_loaded(body) for _, body in mine)

    def alike(self) -> Iterator[tuple[str, ...]]:
        """Yield names of employers that may be one: equal but for case, punctuation and legal form."""
        self._write()
        rows = self._database.execute(
            "select employer, folded from names where folded in "
            "(select folded from names group by folded having count(*) > 1) order by folded, employer"
        )
        for _, same in groupby(rows, key=itemgetter(1)):
            yield tuple(name for name, _ in same)


def _folded(name: str) -> str:
    """Return the name in lower case without punctuation and without a legal form such as `Inc`."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    words = " ".join(re.findall(r"\w+", plain))
    return " ".join(_FORMS.sub(" ", words).split()) or words or plain


def _loaded(body: bytes) -> RowClaim:
    """Return a claim again; nothing but this connection can have written it."""
    claim: RowClaim = pickle.loads(body)  # noqa: S301 - see above
    return claim
