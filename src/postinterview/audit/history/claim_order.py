"""Sort the claims of a history by employer and time on disk, so that a large one takes little memory.

They lie in a temporary SQLite database that only this connection can open, and that is gone when it is
closed. What a row says goes in as a bound value, never as SQL.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import Any, Self, cast

from attrs import astuple, evolve

from postinterview.audit.history.map_model import EventClaim, RowClaim, UnknownClaim

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_BATCH = 2_000
_DATE = "$date"  # no field is called so
_TABLES = """
create table claims (employer text, at integer, rank integer, line integer, place integer, body text);
create table names (employer text primary key, folded text) without rowid;
"""
_FORMS = re.compile(
    r"\b(incorporated|inc|ltd|limited|llc|plc|corp|corporation|co|company|gmbh|ag|sa|srl|bv|ab|oy)\b"
)


class ClaimOrder:
    """Takes claims in any order, and yields them by employer, and for each employer by time."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        for setting in (
            "journal_mode = off",
            "synchronous = off",
            "cache_size = -32000",
            "temp_store = file",
        ):
            self._database.execute(f"pragma {setting}")
        self._database.executescript(_TABLES)
        self._database.execute("begin")
        self._waiting: list[tuple[str, int | None, int, int, int, str]] = []
        self._names: set[str] = set()
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(self, claim: RowClaim) -> None:
        """Add a claim about an employer that its row names."""
        employer = claim.employer or ""
        self._count += 1
        if isinstance(claim, EventClaim):
            at: int | None = (claim.at - _EPOCH) // _TICK
            # At one written hour the rows are in order. Without hours the map's entries decide first.
            rank = 0 if claim.clock else claim.rank + 1
        else:
            at, rank = None, 0
        self._waiting.append((employer, at, rank, claim.line, self._count, _to_text(claim)))
        if isinstance(claim, EventClaim) or claim.surely:
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
        nobody = "employer not in (select employer from names)"
        for (body,) in self._database.execute(
            f"select body from claims where {nobody} order by line"  # noqa: S608 - a constant
        ):
            yield cast("UnknownClaim", _from_text(body, None))
        self._database.execute(f"delete from claims where {nobody}")  # noqa: S608

    def by_employer(self) -> Iterator[tuple[str, Iterator[RowClaim]]]:
        """Yield each employer with its claims: first the unknown events, then the others in order of time."""
        self._write()
        rows: Iterator[tuple[str, int | None, str]] = self._database.execute(
            "select employer, at, body from claims order by employer, at, rank, line, place"
        )
        for employer, mine in groupby(rows, key=itemgetter(0)):
            yield employer, (_from_text(body, at) for _, at, body in mine)

    def alike(self) -> Iterator[tuple[str, ...]]:
        """Yield names of employers that may be one: equal but for case, punctuation and legal form."""
        self._write()
        same: list[str] = []
        before: str | None = None
        for name, folded in self._database.execute(
            "select employer, folded from names where folded in "
            "(select folded from names group by folded having count(*) > 1) order by folded, employer"
        ):
            if folded != before and same:
                yield tuple(same)
                same = []
            before = folded
            same.append(name)
        if same:
            yield tuple(same)


def _folded(name: str) -> str:
    """Return the name in lower case without punctuation and without a legal form such as `Inc`."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    words = " ".join(re.findall(r"\w+", plain))
    return " ".join(_FORMS.sub(" ", words).split()) or words or plain


def _to_text(claim: RowClaim) -> str:
    return json.dumps(astuple(claim, recurse=False), default=_date_to_json)


def _from_text(body: str, at: int | None) -> RowClaim:
    """Return the claim again. JSON has no tuples and no dates: lists are tuples, and dates are tagged."""
    values = [_from_json(value) for value in json.loads(body, object_hook=_date_from_json)]
    if at is None:
        return UnknownClaim(*values)
    claim = EventClaim(*values)
    fields = {name: _from_json(value) for name, value in claim.fields.items()}
    return evolve(claim, at=_EPOCH + timedelta(microseconds=at), fields=fields)


def _date_to_json(value: date) -> dict[str, str] | None:
    return None if isinstance(value, datetime) else {_DATE: value.isoformat()}


def _date_from_json(data: dict[str, Any]) -> Any:
    return date.fromisoformat(data[_DATE]) if _DATE in data else data


def _from_json(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
