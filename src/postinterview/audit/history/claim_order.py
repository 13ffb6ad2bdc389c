"""Claims put in order on disk, so that a history of any size needs little memory.

A private database of SQLite's own that lies in a temporary file and is gone when it is closed. What a row
says goes in as a bound value, never as SQL.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from postinterview.audit.history.model import Claim, EventClaim, UnknownClaim
from postinterview.core.events import Value

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_BATCH = 2_000
_TABLES = """
create table claims (employer text, at integer, rank integer, line integer, place integer, body text);
create table names (employer text primary key, folded text) without rowid;
"""
_FORMS = re.compile(
    r"\b(incorporated|inc|ltd|limited|llc|plc|corp|corporation|co|company|gmbh|ag|sa|srl|bv|ab|oy)\b"
)


class Spool:
    """Takes claims in any order, and gives them back by employer, each employer's in the order of time."""

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

    def add(self, claim: Claim) -> None:
        """Keep a claim about a known employer."""
        employer = claim.employer or ""
        self._count += 1
        if isinstance(claim, EventClaim):
            at: int | None = (claim.at - _EPOCH) // _TICK
            # Of events at one moment the rows' order is known; of days without an hour only the map's.
            rank, body = 0 if claim.clock else claim.rank + 1, _event_to_text(claim)
        else:
            at, rank, body = None, 0, _unknown_to_text(claim)
        self._waiting.append((employer, at, rank, claim.line, self._count, body))
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

    def doubtful(self) -> Iterator[UnknownClaim]:
        """Claims about employers that nothing but broken rows names, taken out: they may be anybody's."""
        self._write()
        nobody = "employer not in (select employer from names)"
        for employer, line, body in self._database.execute(
            f"select employer, line, body from claims where {nobody} order by line"  # noqa: S608 - a constant
        ):
            yield _unknown_from_text(employer, line, body)
        self._database.execute(f"delete from claims where {nobody}")  # noqa: S608

    def by_employer(self) -> Iterator[tuple[str, Iterator[Claim]]]:
        """Each employer with what is claimed of it: first what is unknown, then events as time runs."""
        self._write()
        rows = self._database.execute(
            "select employer, at, line, body from claims order by employer, at, rank, line, place"
        )
        row = rows.fetchone()
        while row is not None:
            employer: str = row[0]

            def claims(employer: str = employer) -> Iterator[Claim]:
                nonlocal row
                while row is not None and row[0] == employer:
                    _, at, line, body = row
                    yield (
                        _unknown_from_text(employer, line, body)
                        if at is None
                        else _event_from_text(employer, at, line, body)
                    )
                    row = rows.fetchone()

            mine = claims()
            yield employer, mine
            for _ in mine:  # whatever was left
                pass

    def alike(self) -> Iterator[tuple[str, ...]]:
        """Names of employers that may be one: the same but for case, marks, and the form of a company."""
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
    plain = unicodedata.normalize("NFKC", name).casefold()
    words = " ".join(re.findall(r"\w+", plain))
    return " ".join(_FORMS.sub(" ", words).split()) or words or plain


def _event_to_text(claim: EventClaim) -> str:
    carried = {name: _plain(value) for name, value in claim.fields.items()}
    data = [
        claim.entry,
        claim.rank,
        claim.application,
        claim.zone,
        claim.event,
        claim.to,
        carried,
        claim.unsaid,
        claim.clock,
    ]
    return json.dumps(data)


def _event_from_text(employer: str, at: int, line: int, body: str) -> EventClaim:
    entry, rank, application, zone, event, to, carried, unsaid, clock = json.loads(body)
    return EventClaim(
        line=line,
        entry=entry,
        rank=rank,
        employer=employer,
        application=application,
        zone=zone,
        event=event,
        at=_EPOCH + timedelta(microseconds=at),
        to=to,
        fields=_values(carried),
        unsaid=tuple(unsaid),
        clock=clock,
    )


def _unknown_to_text(claim: UnknownClaim) -> str:
    return json.dumps([list(claim.of), claim.application, claim.zone, claim.surely])


def _unknown_from_text(employer: str, line: int, body: str) -> UnknownClaim:
    of, application, zone, surely = json.loads(body)
    return UnknownClaim(line, tuple(of), employer, application, zone, surely)


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _values(carried: Mapping[str, Any]) -> dict[str, Value]:
    return {name: _value(value) for name, value in carried.items()}


def _value(data: Any) -> Value:
    if isinstance(data, list):
        return tuple(data)
    found: Value = date.fromisoformat(data["date"]) if isinstance(data, dict) else data
    return found
