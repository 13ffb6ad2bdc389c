"""What processes of these tests serve: the store and the clock (a file's time) that the environment names."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI

from postinterview.gate import Gate
from postinterview.gate.sql_notes import SqlNotes
from postinterview.serve import Tokens, create_app
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.agents.bodies import SECRET
from tests.core.helpers import packaged


def now() -> datetime:
    return datetime.fromtimestamp(Path(os.environ["CLOCK"]).stat().st_mtime, UTC)


def app() -> FastAPI:
    store = SqlStore(os.environ["STORE"])
    keeper = Keeper(packaged(), store, remember=100)
    gate = Gate(keeper, SqlNotes(store), secret=SECRET, clock=now)
    return create_app(keeper, Tokens(store), clock=now, gate=gate)
