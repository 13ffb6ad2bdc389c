"""A tracker for several users that keeps processes in tables of its own, with ``sqlite3`` and nothing else.

In the folder above, after ``pip install postinterview``::

    python -m sqlite_host.tracker join ana
    export TRACKER_TOKEN=$(python -m sqlite_host.tracker login ana)
    python -m sqlite_host.tracker start acme Europe/Zurich
    python -m sqlite_host.tracker tell acme '{"event": "interview", "happened": "2026-03-02T10:00:00+01:00",
        "fields": {"interviewers": ["ana"], "decide_by": "2026-03-10"}}'
    python -m sqlite_host.tracker tell acme --once button-7 '{"event": "follow_up",
        "fields": {"channel": "call"}}'
    python -m sqlite_host.tracker due

A call reads a row, lets the rules decide, and writes if nobody wrote meanwhile. Otherwise it starts again. If
two programs act at once, one succeeds and the other is refused (exit code 1) with the reason.

The user is a part of every key, and comes from the token alone. So a user can't name a row of another. This
holds for all who reach the program and not the file, such as over a network.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from getpass import getpass
from hashlib import scrypt, sha256

import postinterview as pi
from postinterview.calls import Answer, Call, agenda, decide, repeated

RULES = pi.load_rulebook()

SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, salt BLOB NOT NULL, password BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS logins (token BLOB PRIMARY KEY, user INTEGER NOT NULL REFERENCES users);
CREATE TABLE IF NOT EXISTS employers (
    user INTEGER NOT NULL REFERENCES users, key TEXT NOT NULL,
    version INTEGER NOT NULL, saved TEXT NOT NULL, next_due TEXT,
    PRIMARY KEY (user, key)
);
CREATE INDEX IF NOT EXISTS due ON employers (user, next_due, key);
CREATE TABLE IF NOT EXISTS answered (
    user INTEGER, employer TEXT, once TEXT, asked TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (user, employer, once),
    FOREIGN KEY (user, employer) REFERENCES employers
);
"""


def opened(file: str) -> sqlite3.Connection:
    db = sqlite3.connect(file, timeout=30)
    db.execute("PRAGMA journal_mode = WAL")  # readers don't wait
    db.executescript(SCHEMA)
    return db


# --- users ----------------------------------------------------------------------------------------------


def join(db: sqlite3.Connection, name: str, password: str) -> None:
    salt = secrets.token_bytes(16)
    row = (name, salt, _stretched(password, salt))
    with db:
        new = db.execute("INSERT INTO users VALUES (NULL, ?, ?, ?) ON CONFLICT DO NOTHING", row)
    if not new.rowcount:
        raise LookupError(f"there is a user {name!r} already")


def login(db: sqlite3.Connection, name: str, password: str) -> str:
    """Return a token that stands for the user."""
    found = db.execute("SELECT id, salt, password FROM users WHERE name = ?", (name,)).fetchone()
    user, salt, kept = found or (0, b"", b"")
    if not secrets.compare_digest(_stretched(password, salt), kept):
        raise LookupError("the name or the password is wrong")
    token = secrets.token_urlsafe(32)
    with db:
        db.execute("INSERT INTO logins VALUES (?, ?)", (_hashed(token), user))
    return token


def user_of(db: sqlite3.Connection, token: str) -> int:
    found = db.execute("SELECT user FROM logins WHERE token = ?", (_hashed(token),)).fetchone()
    if found is None:
        raise LookupError("nobody is logged in: TRACKER_TOKEN is what `login` prints")
    return int(found[0])


def export(db: sqlite3.Connection, user: int) -> Iterator[str]:
    """Yield all that is kept about a user's employers, a line of JSON for each."""
    for key, saved in db.execute("SELECT key, saved FROM employers WHERE user = ? ORDER BY key", (user,)):
        yield json.dumps({"key": key, "saved": saved})


def leave(db: sqlite3.Connection, user: int) -> None:
    """Erase a user, and all that is the user's."""
    with db:
        for table, column in (
            ("answered", "user"),
            ("employers", "user"),
            ("logins", "user"),
            ("users", "id"),
        ):
            db.execute(f"DELETE FROM {table} WHERE {column} = ?", (user,))  # noqa: S608 - names of ours


def _stretched(password: str, salt: bytes) -> bytes:
    return scrypt(password.encode("utf-8", "surrogateescape"), salt=salt, n=2**14, r=8, p=1)


def _hashed(token: str) -> bytes:
    return sha256(token.encode()).digest()


# --- employers ------------------------------------------------------------------------------------------


def start(db: sqlite3.Connection, user: int, key: str, timezone: str) -> None:
    row = (user, key, RULES.start(key, timezone).to_json())
    with db:
        new = db.execute("INSERT INTO employers VALUES (?, ?, 0, ?, NULL) ON CONFLICT DO NOTHING", row)
    if not new.rowcount:
        raise LookupError(f"there is an employer {key!r} already")


def tell(
    db: sqlite3.Connection, user: int, key: str, call: Call, now: datetime, once: str | None = None
) -> Answer:
    """Return what to tell the user. Its status is that of HTTP: 201 done, 200 repeated, 409 refused."""
    while True:
        # Read the row first: whoever answers this call meanwhile changes it.
        mine = "SELECT version, saved FROM employers WHERE user = ? AND key = ?"
        row = db.execute(mine, (user, key)).fetchone()
        if row is None:
            raise LookupError(f"there is no employer {key!r}")
        version, saved = row
        same = "SELECT asked, body FROM answered WHERE user = ? AND employer = ? AND once = ?"
        for asked, body in db.execute(same, (user, key, once)):
            return repeated(call, asked, body)
        answer = decide(RULES, saved, call, now)
        if answer.saved is None:
            return answer
        with db:  # one transaction
            written = db.execute(
                "UPDATE employers SET version = ?, saved = ?, next_due = ?"
                " WHERE user = ? AND key = ? AND version = ?",
                (version + 1, answer.saved, _sortable(answer.next_due), user, key, version),
            )
            if written.rowcount == 0:
                continue  # somebody else wrote: ask the rules again
            if once is not None:
                body = json.dumps(answer.body)
                row = (user, key, once, call.as_json(), body)
                db.execute("INSERT INTO answered VALUES (?, ?, ?, ?, ?)", row)
        return answer


def due(db: sqlite3.Connection, user: int, now: datetime) -> Iterator[str]:
    """Yield what is overdue, the longest due first, and why a row can't be restored."""
    wanted = "SELECT key, saved FROM employers WHERE user = ? AND next_due <= ? ORDER BY next_due, key"
    for key, saved in db.execute(wanted, (user, _sortable(now))).fetchall():
        try:
            yield from (f"{key}: {item.text}" for item in agenda(RULES.restore(saved), now).of("overdue"))
        except pi.SavedError as error:  # the rules changed, or the row is damaged
            yield f"{key}: can't be restored: {error}"


def _sortable(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")


# --- the command line -----------------------------------------------------------------------------------


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A tracker of what to do after interviews.")
    parser.add_argument("--db", default="tracker.db")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (("join", "become a user"), ("login", "print a token for TRACKER_TOKEN")):
        commands.add_parser(name, help=what).add_argument("name")
    starting = commands.add_parser("start", help="begin with an employer")
    starting.add_argument("key")
    starting.add_argument("timezone")
    telling = commands.add_parser("tell", help="do an act, or say what happened")
    telling.add_argument("key")
    telling.add_argument("call", help="in JSON")
    telling.add_argument("--once")
    commands.add_parser("due", help="list what is overdue")
    commands.add_parser("export", help="print all that is kept of yours")
    commands.add_parser("leave", help="erase it, and yourself")
    return parser.parse_args()


def _answer(db: sqlite3.Connection, said: argparse.Namespace, now: datetime) -> int:
    if said.command == "join":
        join(db, said.name, getpass())
        return 0
    if said.command == "login":
        print(login(db, said.name, getpass()))
        return 0
    user = user_of(db, os.environ.get("TRACKER_TOKEN", ""))
    if said.command == "tell":
        answer = tell(db, user, said.key, Call.from_json(said.call), now, said.once)
        print(json.dumps(answer.body, indent=2))
        return 1 if answer.status == 409 else 0
    if said.command == "start":
        start(db, user, said.key, said.timezone)
    elif said.command == "leave":
        leave(db, user)
    else:
        print(*(due(db, user, now) if said.command == "due" else export(db, user)), sep="\n")
    return 0


def main() -> int:
    said = _arguments()
    now = datetime.now(UTC)  # only this line reads the clock
    with closing(opened(said.db)) as db:
        try:
            return _answer(db, said, now)
        except UnicodeEncodeError as error:  # the shell passed bytes that are not UTF-8
            print(f"this is no text: {error.object!r}", file=sys.stderr)
        except (pi.PostInterviewError, LookupError) as error:
            print(error, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
