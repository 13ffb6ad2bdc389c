"""Write the log as JSON, a line for each entry, without anything about people.

No entry has a key, a name, a field, an address or a token. A request is logged by the pattern of its path, an
error by its class and the lines of code that it went through, since its message may quote the request.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from logging.config import dictConfig
from pathlib import Path
from traceback import extract_tb
from typing import Any

LOGGER = logging.getLogger("postinterview.serve")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "postinterview.serve.logs.JsonLines"}},
    "handlers": {
        "out": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "json"}
    },
    "loggers": {
        name: {"handlers": ["out"], "level": "INFO", "propagate": False}
        for name in ("postinterview.serve", "uvicorn")
    }
    | {"uvicorn.access": {"handlers": [], "propagate": False}},  # its lines have keys and tokens
}
"""A configuration of Python's logging that writes to standard error."""


def set_up_log() -> None:
    """Write the log to standard error, a line of JSON for each entry, and nothing of uvicorn's access log."""
    dictConfig(LOGGING)


def warn(message: str) -> None:
    """Write a warning, such as about how the service is set up."""
    set_up_log()
    LOGGER.warning(message)


class JsonLines(logging.Formatter):
    """Formats an entry as one line of JSON. ``extra={"said": {...}}`` adds keys."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said: dict[str, Any] = {"time": at, "level": record.levelname.lower(), "event": record.getMessage()}
        said |= getattr(record, "said", {})
        if record.exc_info and record.exc_info[1] is not None:
            said |= described(record.exc_info[1])
        return json.dumps(said)


def described(error: BaseException) -> dict[str, Any]:
    """Return the class of an error and where it went through, without its message."""
    frames = extract_tb(error.__traceback__)
    went = [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in frames]
    return {"error": type(error).__name__, "trace": went}
