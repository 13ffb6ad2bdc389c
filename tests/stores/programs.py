"""What other programs do to a store while a test looks on; each runs as a program of its own."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

from postinterview.stores import Keeper, migrate
from postinterview.stores.sql import SqlStore
from tests.core.helpers import default, ids
from tests.stores.telling import LATER, MONDAY, OVERDUE, RENAMED, letters


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
