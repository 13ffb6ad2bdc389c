"""A FastAPI router of a keeper's operations, and what a host needs for routes of its own."""

from __future__ import annotations

from postinterview.core.values.errors import MisuseError

try:
    import fastapi as _fastapi  # noqa: F401 - only to see whether it is there
except ImportError:
    message = "the router needs `fastapi`, which is not installed"
    raise MisuseError(message, "pip install 'postinterview[fastapi]'") from None

from postinterview.contrib.fastapi.problems import ProblemRoute, RefusedError, accepted, problem_response
from postinterview.contrib.fastapi.router import process_router, server_time

__all__ = [
    "ProblemRoute",
    "RefusedError",
    "accepted",
    "problem_response",
    "process_router",
    "server_time",
]
