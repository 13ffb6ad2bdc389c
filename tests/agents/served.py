"""What processes of these tests serve: the store, the clock and the owner that the environment names."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI

from postinterview.gate import Gate
from postinterview.gate.sql_notes import SqlNotes
from postinterview.mcp import create_server
from postinterview.serve import Tokens, create_app
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.agents.bodies import SECRET
from tests.agents.clocks import time_of
from tests.core.helpers import packaged


def now() -> datetime:
    return time_of(Path(os.environ["CLOCK"]))


def gate_before(store: SqlStore) -> Gate:
    return Gate(Keeper(packaged(), store, remember=100), SqlNotes(store), secret=SECRET, clock=now)


def app() -> FastAPI:
    """Return the service, for uvicorn."""
    store = SqlStore(os.environ["STORE"])
    gate = gate_before(store)
    return create_app(gate.keeper, Tokens(store), clock=now, gate=gate)


if __name__ == "__main__":
    mine = gate_before(SqlStore(os.environ["STORE"])).of(os.environ["OWNER"])
    create_server(mine, explain=str).run()
