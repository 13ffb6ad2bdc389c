"""What other programs do to a store while a test looks on; each runs as a program of its own."""

from __future__ import annotations

import os
import resource
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import Event, Thread
from typing import Any

import sqlalchemy as sa

from postinterview.stores import Keeper, MemoryStore, StoreError, forks, migrate
from postinterview.stores.sql import SqlStore
from postinterview.stores.sqlite import SqliteStore
from tests.core.helpers import default, ids
from tests.stores.telling import LATER, MONDAY, OVERDUE, RENAMED, interviewed, letters

NOBODY = 65534


def click(url: str, rounds: int, ready: Barrier, told: Connection) -> None:
    """Follow up once a round, at the moment at which all others do; tell what each came to."""
    with closing(SqlStore(url)) as store:
        keeper = Keeper(default(), store)
        answers: list[list[str] | None] = []
        for number in range(rounds):
            ready.wait(60)
            outcome = keeper.do(f"acme {number}", "follow_up", at=OVERDUE, channel="call")
            answers.append(ids(outcome.verdict) if outcome.refused else None)
        told.send(answers)


def append(url: str, key: str, told: Connection) -> None:
    """Record one message after the other until killed; tell of each once it is kept."""
    with closing(SqlStore(url)) as store:
        keeper = Keeper(default(), store)
        number = len(keeper.load(key).history)
        told.send(number)
        while True:
            number += 1
            keeper.record(key, "message", at=MONDAY + timedelta(minutes=number), once=f"message {number}")
            told.send(number)


def fill(url: str, rooms: Sequence[int], told: Connection) -> None:
    """Record messages until the files may not grow, and tell; with room again, make the same call."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    folder = Path(str(sa.make_url(url).database)).parent
    with closing(SqlStore(url)) as store:
        keeper = Keeper(default(), store)
        for number, room in enumerate(rooms):
            largest = max(each.stat().st_size for each in folder.iterdir())
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest + room, most))
            key, kept, said = f"acme {number}", 0, ""
            fields: dict[str, Any] = {}
            while not said:
                fields = {"at": MONDAY + timedelta(minutes=kept), "once": f"message {kept}"}
                try:
                    keeper.record(key, "message", **fields)
                    kept += 1
                except StoreError as error:
                    said = str(error)
            told.send((kept, said, len(keeper.load(key).history) - 1))
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
            keeper.record(key, "message", **fields)
            told.send(len(keeper.load(key).history) - 1)


def write_unprivileged(url: str, told: Connection) -> None:
    """Try to write as somebody whom the system keeps from it; tell what was said."""

    def attempt(key: str) -> str:
        try:
            with closing(SqlStore(url, create=False)) as store:
                Keeper(default(), store).start(key, timezone="UTC")
        except StoreError as error:
            return str(error)
        return ""

    attempt("somebody")  # Python may lie where only the privileged read, so all is imported before
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    told.send(attempt("nobody"))


def carry_over(url: str, told: Connection) -> None:
    """Carry the letters over to rules that renamed an event; tell of each once it is written."""
    with closing(SqlStore(url)) as store:
        migrate(Keeper(letters(2, "letter", RENAMED), store), wrote=lambda key, _: told.send(key))


def chase(url: str, rounds: int, ready: Barrier, told: Connection) -> None:
    """Follow up after the second round, once a round of the race; tell why it was refused, or None."""
    with closing(SqlStore(url)) as store:
        keeper = Keeper(default(), store)
        answers: list[list[str] | None] = []
        for number in range(rounds):
            ready.wait(60)
            outcome = keeper.do(f"acme {number}", "follow_up", at=LATER, channel="call")
            answers.append(ids(outcome.verdict) if outcome.refused else None)
        told.send(answers)


def take_back(url: str, rounds: int, ready: Barrier, told: Connection) -> None:
    """Say that there was no second round, at the same moments; tell which acts became breaches by it."""
    with closing(SqlStore(url)) as store:
        keeper = Keeper(default(), store)
        answers: list[list[int]] = []
        for number in range(rounds):
            ready.wait(60)
            answers.append(list(keeper.retract(f"acme {number}", 3, at=LATER).now_breaches))
        told.send(answers)


# --- forks ----------------------------------------------------------------------------------------


def fork(*works: Callable[[], object]) -> list[Any]:
    """Do each work in a forked child of its own, all at once; return what each returned, or its error."""
    context = get_context("fork")
    running = []
    for work in works:
        heard, told = context.Pipe(duplex=False)
        child = context.Process(target=_report, args=(work, told))
        child.start()
        told.close()
        running.append((child, heard))
    answers = [heard.recv() if heard.poll(30) else "no answer" for _, heard in running]
    for child, heard in running:
        child.kill()
        child.join()
        heard.close()
    return answers


def _report(work: Callable[[], object], told: Connection) -> None:
    try:
        told.send(work())
    except Exception as error:  # noqa: BLE001 - the test looks at it
        told.send(f"{type(error).__name__}: {error}")


def messages(keeper: Keeper, key: str, count: int) -> int:
    """Record so many messages one after the other; return how many were acknowledged."""
    for number in range(1, count + 1):
        keeper.record(key, "message", at=MONDAY + timedelta(minutes=number), once=f"message {number}")
    return count


def write_in_children(url: str, children: int, count: int, told: Connection) -> None:
    """Let children write at once, each its own process and one that all share."""
    with closing(SqlStore(url)) as store:
        keeper = Keeper(default(), store)
        keys = [f"acme {number}" for number in range(children)]
        for key in (*keys, "shared"):
            interviewed(keeper, key)

        def work(key: str) -> int:
            keeper.do("shared", "follow_up", at=OVERDUE, channel="call")
            return messages(keeper, key, count)

        answers = fork(*(partial(work, key) for key in keys))
        told.send((answers, [len(keeper.load(key).history) - 1 for key in (*keys, "shared")]))


def write_after_the_parent_closed(url: str, told: Connection) -> None:
    """Let a child write when its parent has closed the store; tell what is kept then."""
    store = SqlStore(url)
    keeper = Keeper(default(), store)
    interviewed(keeper)
    heard, ready = Pipe(duplex=False)
    context = get_context("fork")
    answer, answered = context.Pipe(duplex=False)

    def work() -> int:
        heard.recv()
        return messages(keeper, "acme", 3)

    child = context.Process(target=_report, args=(work, answered))
    child.start()
    store.close()
    ready.send(None)
    said = answer.recv()
    child.join()
    with closing(SqlStore(url)) as opened:
        told.send((said, len(Keeper(default(), opened).load("acme").history) - 1))


def fork_amid_a_write(url: str, longest_wait: float, told: Connection) -> None:
    """Fork while a thread is in a transaction; tell what a child and the thread came to."""
    forks.LONGEST_WAIT = longest_wait
    with closing(SqlStore(url)) as store:
        keeper = Keeper(default(), store)
        interviewed(keeper, "acme")
        interviewed(keeper, "other")
        before = store.load("other")
        assert before is not None
        inside, done = Event(), Event()

        def write() -> None:
            with store.engines.writing("") as connection:  # a write that takes its time
                store._advance(connection, "other", before.version, before.standing)  # noqa: SLF001
                inside.set()
                done.wait(0.2)

        thread = Thread(target=write)
        thread.start()
        inside.wait(60)
        (answer,) = fork(lambda: messages(keeper, "acme", 2))
        done.set()
        thread.join()
        kept = store.load("other")
        assert kept is not None
        told.send((answer, kept.version - before.version))


def fork_with_the_hosts_engine(url: str, care: str, told: Connection) -> None:
    """Let a child use a store on the engine of a host; ``care`` is what the host does about the fork."""
    engine = sa.create_engine(url, poolclass=sa.NullPool if care == "no pool" else None)
    keeper = Keeper(default(), SqlStore(engine))
    interviewed(keeper)
    if care == "dispose before":
        engine.dispose()

    def work() -> int:
        if care == "dispose in the child":
            engine.dispose(close=False)
        return messages(keeper, "acme", 2)

    told.send((fork(work)[0], len(keeper.load("acme").history) - 1))
    engine.dispose()


def fork_a_store_in_memory(told: Connection) -> None:
    """Fork while another thread holds the lock; tell how many messages the child and the parent have."""
    store = MemoryStore()
    keeper = Keeper(default(), store)
    interviewed(keeper)
    holding = Thread(target=store._lock.acquire)  # noqa: SLF001 - at the worst moment
    holding.start()
    holding.join()

    def work() -> int:
        messages(keeper, "acme", 2)
        return len(keeper.load("acme").history) - 1

    told.send((fork(work)[0], len(keeper.load("acme").history) - 1))


def write_with_rows(url: str, key: str, told: Connection) -> None:
    """Record messages, each with a letter of the host in one transaction, until killed; tell of each."""
    engine, number = sa.create_engine(url), 0
    while True:
        number += 1
        with engine.begin() as connection:
            keeper = Keeper(default(), SqlStore(connection))
            letter = sa.text("INSERT INTO outbox VALUES (:letter)")
            connection.execute(letter, {"letter": key}) if number % 2 else None
            keeper.record(key, "message", at=MONDAY + timedelta(minutes=number))
            connection.execute(letter, {"letter": key}) if not number % 2 else None
        told.send(number)


def write_in_connection(file: str, key: str, told: Connection) -> None:
    """The same in a transaction of `sqlite3`."""
    number = 0
    with closing(sqlite3.connect(file, timeout=60)) as db:
        keeper = Keeper(default(), SqliteStore(db))
        while True:
            number += 1
            with db:
                db.execute("INSERT INTO outbox VALUES (?)", (key,)) if number % 2 else None
                keeper.record(key, "message", at=MONDAY + timedelta(minutes=number))
                db.execute("INSERT INTO outbox VALUES (?)", (key,)) if not number % 2 else None
            told.send(number)
