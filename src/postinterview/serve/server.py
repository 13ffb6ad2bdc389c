"""Run the service by uvicorn until a signal stops it."""

from __future__ import annotations

import socket

import uvicorn
from fastapi import FastAPI

from postinterview.serve.logs import LOGGER, set_up_log

_GRACE = 60
"""Seconds after which requests that have begun are given up when the service stops."""


def run(app: FastAPI, listening: socket.socket) -> None:
    """Serve the application at a socket, until SIGINT or SIGTERM; then answer the requests that have begun.

    The signal is raised again afterwards, so that its own handler decides how the program ends.
    """
    set_up_log()
    config = uvicorn.Config(
        app,
        access_log=False,  # it would have keys and addresses
        log_config=None,
        server_header=False,
        ws="none",  # there are none, and uvicorn would log the paths of those that are asked for
        timeout_graceful_shutdown=_GRACE,
    )
    host, port = listening.getsockname()[:2]
    LOGGER.info("listening", extra={"said": {"host": host, "port": port}})
    uvicorn.Server(config).run([listening])
