"""A host for a pre-forking server: it opens its store when it is loaded, before the workers are forked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.core.helpers import default
from tests.stores.telling import MONDAY

KEEPER = Keeper(default(), SqlStore(os.environ["STORE"]))
KEEPER.load("acme")


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Record a message for each POST, under its path as the idempotency key."""
    if environ["REQUEST_METHOD"] == "POST":
        KEEPER.record("acme", "message", at=MONDAY, once=environ["PATH_INFO"])
    start_response("201 Created", [("Content-Length", "0")])
    return []
