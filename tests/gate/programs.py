"""A program that sends by a permit."""

from __future__ import annotations

from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event

from postinterview.gate import Gate
from postinterview.gate.sql_notes import SqlNotes
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.core.helpers import packaged
from tests.gate.worlds import DUE, SECRET


def send(url: str, permit: str, file: str, told: Connection) -> None:
    """Use a permit up, say so, and wait to be killed before the message is in the file."""
    with closing(SqlStore(url)) as store:
        gate = Gate(Keeper(packaged(), store), SqlNotes(store), secret=SECRET, clock=lambda: DUE)

        @gate.sends()
        def mail(to: str) -> None:
            told.send("about to send")
            Event().wait(60)
            Path(file).write_text(to, encoding="utf-8")

        mail("ana@acme.example", permit=permit)
