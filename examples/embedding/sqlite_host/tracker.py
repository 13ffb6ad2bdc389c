"""A tracker for several users that keeps processes beside its own tables, with ``sqlite3`` and nothing else.

In the folder above, after ``pip install postinterview``::

    python -m sqlite_host.tracker join ana
    export TRACKER_TOKEN=$(python -m sqlite_host.tracker login ana)
    python -m sqlite_host.tracker start acme Europe/Zurich
    python -m sqlite_host.tracker tell acme '{"event": "interview", "happened": "2026-03-02T10:00:00+01:00",
        "fields": {"interviewers": ["ana"], "decide_by": "2026-03-10"}}'
    python -m sqlite_host.tracker tell acme --once button-7 '{"event": "follow_up",
        "fields": {"channel": "call"}}'
    python -m sqlite_host.tracker due

Each command is a transaction in the host's own connection, and the store takes part in it. If two programs
act at once, one succeeds and the other is refused (exit code 1) with the reason.

The user is a part of every key, and comes from the token alone. So a user can't name a process of another.
This holds for all who reach the program and not the file, such as over a network.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from getpass import getpass
from hashlib import scrypt, sha256

import postinterview as pi
from postinterview.calls import Answer, Call, answer
from postinterview.stores.owners import key_of, prefix_of
from postinterview.stores.sqlite import SqliteStore, schema

RULES = pi.load_rulebook()

SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, salt BLOB NOT NULL, password BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS logins (token BLOB PRIMARY KEY, user INTEGER NOT NULL REFERENCES users);
"""


def opened(file: str) -> sqlite3.Connection:
    db = sqlite3.connect(file, timeout=30, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")  # readers don't wait
    db.executescript(SCHEMA + schema())
    return db


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[pi.Keeper]:
    """Begin a transaction in which nobody else writes, yield the keeper in it, and commit."""
    db.execute("BEGIN IMMEDIATE")
    with db:
        yield keeper_in(db)


def keeper_in(db: sqlite3.Connection) -> pi.Keeper:
    return pi.Keeper(RULES, SqliteStore(db))


# --- users ----------------------------------------------------------------------------------------------


def join(db: sqlite3.Connection, name: str, password: str) -> None:
    salt = secrets.token_bytes(16)
    row = (name, salt, _stretched(password, salt))
    with writing(db):
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
    with writing(db):
        db.execute("INSERT INTO logins VALUES (?, ?)", (_hashed(token), user))
    return token


def user_of(db: sqlite3.Connection, token: str) -> int:
    found = db.execute("SELECT user FROM logins WHERE token = ?", (_hashed(token),)).fetchone()
    if found is None:
        raise LookupError("nobody is logged in: TRACKER_TOKEN is what `login` prints")
    return int(found[0])


def export(db: sqlite3.Connection, user: int) -> Iterator[str]:
    """Yield all that is kept about a user's employers, a line of JSON for each."""
    keeper, damaged = keeper_in(db), dict[str, pi.PostInterviewError]()
    mine = keeper.load_many(keeper.keys(prefix=prefix_of(user)), unreadable=damaged.__setitem__)
    for key, process in mine.items():
        yield json.dumps({"key": _own(key), "saved": process.to_json()})
    for key, error in damaged.items():
        stored = keeper.store.load(key)
        texts = [] if stored is None else [entry.text for entry in stored.entries]
        yield json.dumps({"key": _own(key), "error": str(error), "texts": texts})


def leave(db: sqlite3.Connection, user: int) -> None:
    """Erase a user, and all that is the user's."""
    with writing(db) as keeper:
        keeper.forget_all(prefix=prefix_of(user))
        db.execute("DELETE FROM logins WHERE user = ?", (user,))
        db.execute("DELETE FROM users WHERE id = ?", (user,))


def _stretched(password: str, salt: bytes) -> bytes:
    return scrypt(password.encode("utf-8", "surrogateescape"), salt=salt, n=2**14, r=8, p=1)


def _hashed(token: str) -> bytes:
    return sha256(token.encode()).digest()


# --- employers ------------------------------------------------------------------------------------------


def start(db: sqlite3.Connection, user: int, key: str, timezone: str) -> None:
    with writing(db) as keeper:
        keeper.start(key_of(user, key), timezone=timezone, employer=key)


def tell(
    db: sqlite3.Connection, user: int, key: str, call: Call, now: datetime, once: str | None = None
) -> Answer:
    """Return what to tell the user. Its status is that of HTTP: 201 done, 200 repeated, 409 refused."""
    with writing(db) as keeper:
        return answer(keeper.perform(key_of(user, key), call, at=now, once=once))


def due(db: sqlite3.Connection, user: int, now: datetime) -> Iterator[str]:
    """Yield what to do, the longest due first, and why a process can't be restored."""
    bad: list[str] = []

    def note(key: str, error: pi.PostInterviewError) -> None:  # the rules changed, or it is damaged
        bad.append(f"{_own(key)}: can't be restored: {error}")

    for key, item in keeper_in(db).to_do(at=now, prefix=prefix_of(user), unreadable=note):
        yield f"{_own(key)}: {item.text}"
    yield from bad


def _own(key: str) -> str:
    """Return the user's part of a key."""
    return key.partition("/")[2]


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
