"""What other programs do to a store while a test looks on; each runs as a program of its own."""

from __future__ import annotations

import os
import resource
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from postinterview.stores import Keeper, StoreError, migrate
from postinterview.stores.sql import SqlStore
from tests.core.helpers import default, ids
from tests.stores.telling import LATER, MONDAY, OVERDUE, RENAMED, letters

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
    folder = Path(url.removeprefix("sqlite:///")).parent
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
