"""What other programs do to the SQLite host's file while a test looks on."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

from postinterview.calls import Call
from sqlite_host.tracker import opened, tell
from tests.examples.embedding.stories import OVERDUE

Told = tuple[str, Call, str]
"""An employer's key, what is said of it, and the idempotency key."""


def tell_all(file: str, calls: Sequence[Told], ready: Barrier, heard: Connection) -> None:
    """Make each call at the moment at which the other programs make theirs; send back what they came to."""
    with closing(opened(file)) as db:
        answers = []
        for key, call, once in calls:
            ready.wait(60)
            answer = tell(db, 1, key, call, OVERDUE, once)
            answers.append((answer.status, answer.body))
        heard.send(answers)
