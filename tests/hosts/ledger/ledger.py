"""A ledger of job applications for the command line, on `sqlite3`. It knows no etiquette."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    company TEXT PRIMARY KEY,
    interviewed TEXT,
    follow_ups_sent INTEGER NOT NULL DEFAULT 0,
    last_follow_up TEXT
);
CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY, company TEXT NOT NULL, letter TEXT NOT NULL);
"""


class ProblemError(Exception):
    """What the user is told."""


def opened(file: str) -> sqlite3.Connection:
    db = sqlite3.connect(file, timeout=60, isolation_level=None)
    db.executescript(SCHEMA)
    return db


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[None]:
    """Begin a transaction in which nobody else writes; commit it, or undo all of it."""
    db.execute("BEGIN IMMEDIATE")
    with db:
        yield


def send(db: sqlite3.Connection, company: str, letter: str) -> None:
    """Write a letter. Another program reads the outbox and sends it."""
    db.execute("INSERT INTO outbox (company, letter) VALUES (?, ?)", (company, letter))


# --- commands: each takes the words of the command line, and returns the lines to print, if any ------------


def add(db: sqlite3.Connection, now: datetime, company: str) -> None:
    with writing(db):
        db.execute("INSERT INTO jobs (company) VALUES (?)", (company,))


def heard(db: sqlite3.Connection, now: datetime, company: str, what: str, *who: str) -> None:
    """Note what a company did today: an interview, a message, an offer, a rejection."""
    with writing(db):
        if what == "interview":
            db.execute("UPDATE jobs SET interviewed = ? WHERE company = ?", (now.isoformat(), company))


def thank(db: sqlite3.Connection, now: datetime, company: str, person: str) -> None:
    with writing(db):
        send(db, company, f"Thank you for the talk, {person}.")


def follow_up(db: sqlite3.Connection, now: datetime, company: str) -> None:
    count = "UPDATE jobs SET follow_ups_sent = follow_ups_sent + 1, last_follow_up = ? WHERE company = ?"
    with writing(db):
        db.execute(count, (now.isoformat(), company))
        send(db, company, "Have you decided yet?")


def follow_up_all(db: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Follow up with every company that held an interview."""
    query = "SELECT company FROM jobs WHERE interviewed IS NOT NULL ORDER BY company"
    for (company,) in db.execute(query).fetchall():
        try:
            follow_up(db, now, company)
            yield f"{company}: sent"
        except ProblemError as error:
            yield str(error)


Command = Callable[..., Iterator[str] | None]
COMMANDS: list[Command] = [add, heard, thank, follow_up, follow_up_all]


def main(now: datetime, file: str, command: str, *words: str) -> int:
    (called,) = [each for each in COMMANDS if each.__name__ == command]
    with closing(opened(file)) as db:
        try:
            for line in called(db, now, *words) or ():
                print(line)
        except ProblemError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(datetime.now(UTC), *sys.argv[1:]))
