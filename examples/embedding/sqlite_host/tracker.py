"""A tracker that keeps processes in two tables of its own, with ``sqlite3`` and nothing else.

In the folder above, after ``pip install postinterview``::

    python -m sqlite_host.tracker start acme Europe/Zurich
    python -m sqlite_host.tracker tell acme '{"event": "interview", "happened": "2026-03-02T10:00:00+01:00",
        "fields": {"interviewers": ["ana"], "decide_by": "2026-03-10"}}'
    python -m sqlite_host.tracker tell acme --once button-7 '{"event": "follow_up",
        "fields": {"channel": "call"}}'
    python -m sqlite_host.tracker due

A call reads a row, lets the rules decide, and writes if nobody wrote meanwhile. Otherwise it starts again. If
two programs act at once, one succeeds and the other is refused (exit code 1) with the reason.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import postinterview as pi
from postinterview.calls import Answer, Call, agenda, decide, repeated

RULES = pi.load_rulebook()

SCHEMA = """
CREATE TABLE IF NOT EXISTS employers (
    key TEXT PRIMARY KEY, version INTEGER NOT NULL, saved TEXT NOT NULL, next_due TEXT
);
CREATE INDEX IF NOT EXISTS due ON employers (next_due, key);
CREATE TABLE IF NOT EXISTS answered (
    employer TEXT REFERENCES employers, once TEXT, asked TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (employer, once)
);
"""


def opened(file: str) -> sqlite3.Connection:
    db = sqlite3.connect(file, timeout=30)
    db.execute("PRAGMA journal_mode = WAL")  # readers don't wait
    db.executescript(SCHEMA)
    return db


def start(db: sqlite3.Connection, key: str, timezone: str) -> None:
    saved = RULES.start(key, timezone).to_json()
    with db:
        new = db.execute("INSERT INTO employers VALUES (?, 0, ?, NULL) ON CONFLICT DO NOTHING", (key, saved))
    if not new.rowcount:
        raise LookupError(f"there is an employer {key!r} already")


def tell(db: sqlite3.Connection, key: str, call: Call, now: datetime, once: str | None = None) -> Answer:
    """Return what to tell the user. Its status is that of HTTP: 201 done, 200 repeated, 409 refused."""
    while True:
        # Read the row first: whoever answers this call meanwhile changes it.
        row = db.execute("SELECT version, saved FROM employers WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise LookupError(f"there is no employer {key!r}")
        version, saved = row
        earlier = db.execute("SELECT asked, body FROM answered WHERE employer = ? AND once = ?", (key, once))
        for asked, body in earlier:
            return repeated(call, asked, body)
        answer = decide(RULES, saved, call, now)
        if answer.saved is None:
            return answer
        with db:  # one transaction
            written = db.execute(
                "UPDATE employers SET version = ?, saved = ?, next_due = ? WHERE key = ? AND version = ?",
                (version + 1, answer.saved, _sortable(answer.next_due), key, version),
            )
            if written.rowcount == 0:
                continue  # somebody else wrote: ask the rules again
            if once is not None:
                body = json.dumps(answer.body)
                db.execute("INSERT INTO answered VALUES (?, ?, ?, ?)", (key, once, call.as_json(), body))
        return answer


def due(db: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Yield what is overdue, the longest due first, and why a row can't be restored."""
    wanted = "SELECT key, saved FROM employers WHERE next_due <= ? ORDER BY next_due, key"
    for key, saved in db.execute(wanted, (_sortable(now),)).fetchall():
        try:
            yield from (f"{key}: {item.text}" for item in agenda(RULES.restore(saved), now).of("overdue"))
        except pi.SavedError as error:  # the rules changed, or the row is damaged
            yield f"{key}: can't be restored: {error}"


def _sortable(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")


def main() -> int:
    parser = argparse.ArgumentParser(description="A tracker of what to do after interviews.")
    parser.add_argument("--db", default="tracker.db")
    commands = parser.add_subparsers(dest="command", required=True)
    starting = commands.add_parser("start")
    starting.add_argument("key")
    starting.add_argument("timezone")
    telling = commands.add_parser("tell")
    telling.add_argument("key")
    telling.add_argument("call", help="in JSON")
    telling.add_argument("--once")
    commands.add_parser("due")
    said = parser.parse_args()
    now = datetime.now(UTC)  # only this line reads the clock
    with closing(opened(said.db)) as db:
        try:
            if said.command == "start":
                start(db, said.key, said.timezone)
            elif said.command == "tell":
                answer = tell(db, said.key, Call.from_json(said.call), now, said.once)
                print(json.dumps(answer.body, indent=2))
                return 1 if answer.status == 409 else 0
            else:
                print(*due(db, now), sep="\n")
        except UnicodeEncodeError as error:  # the shell passed bytes that are not UTF-8
            print(f"this is no text: {error.object!r}", file=sys.stderr)
            return 2
        except (pi.PostInterviewError, LookupError) as error:
            print(error, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
