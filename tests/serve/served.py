"""What a uvicorn of the tests serves: the service over the store that the environment names."""

from __future__ import annotations

import os

from fastapi import FastAPI

from postinterview.serve import Tokens, create_app
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.core.helpers import packaged
from tests.serve.service import OVERDUE


def app() -> FastAPI:
    store = SqlStore(os.environ["STORE"])
    return create_app(Keeper(packaged(), store), Tokens(store), clock=lambda: OVERDUE)
