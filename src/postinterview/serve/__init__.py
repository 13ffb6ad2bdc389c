"""The keeper over HTTP: an application for any language, with tokens that say who may do what."""

from __future__ import annotations

from postinterview.core.values.errors import MisuseError

try:
    import fastapi as _fastapi  # noqa: F401 - only to see whether they are there
    import uvicorn as _uvicorn  # noqa: F401
except ImportError:
    message = "the service needs `fastapi` and `uvicorn`, which are not installed"
    raise MisuseError(message, "pip install 'postinterview[serve]'") from None

from postinterview.serve.app import Limits, create_app
from postinterview.serve.logs import set_up_log
from postinterview.serve.posted import Judge
from postinterview.serve.server import run
from postinterview.serve.tokens import SCOPES, Token, Tokens

__all__ = ["SCOPES", "Judge", "Limits", "Token", "Tokens", "create_app", "run", "set_up_log"]
