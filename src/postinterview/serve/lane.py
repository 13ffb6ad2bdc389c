"""Answer the usual requests about one process without FastAPI, which works longer on one than the rules do.

FastAPI makes the document, and answers whatever is unusual: a query, another content type, a token that was
not seen a moment ago, a body that the model refuses. The operations, models and problems are the same ones,
so the answers are equal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from inspect import signature
from typing import Any

from attrs import frozen
from fastapi import Response
from pydantic import BaseModel, TypeAdapter
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from postinterview.contrib.fastapi.router import Offer
from postinterview.core.values.errors import PostInterviewError
from postinterview.serve.gate_problems import answer_to
from postinterview.serve.gate_routes import RESERVED
from postinterview.serve.tokens import Token, Tokens

_BEGINNING = "/processes/{key}/"
_READ = (b"authorization", b"content-type", b"idempotency-key")


@frozen
class Way:
    """An operation that needs no FastAPI.

    Attributes:
        offer: the operation.
        opened: makes what it works with, for an owner.
        path: its path, for the log.
        body: the model of its body, if it takes one.
        has_once: whether it takes an idempotency key.
        result: writes its result.
    """

    offer: Offer
    opened: Callable[[str], Any]
    path: str
    body: type[BaseModel] | None
    has_once: bool
    result: TypeAdapter[Any]

    @classmethod
    def of(cls, offer: Offer, opened: Callable[[str], Any]) -> Way:
        taken = signature(offer.operation, eval_str=True).parameters
        body = taken["body"].annotation if "body" in taken else None
        return cls(offer, opened, offer.path, body, "once" in taken, TypeAdapter(offer.result))

    def read(self, body: bytes) -> BaseModel | None:
        """Return what the body says, or None if it has to be read by FastAPI, which says what is wrong."""
        if self.body is None:
            return None
        try:
            return self.body.model_validate(json.loads(body))
        except (ValueError, RecursionError):
            return None


class Lane:
    """The middleware that answers usual requests. The whole body has to be there.

    Args:
        app: the application, which answers the others.
        ways: operations. Those that are not about one process are left to the application.
        tokens: who may ask.
    """

    def __init__(self, app: ASGIApp, *, ways: Iterable[Way], tokens: Tokens) -> None:
        self.app = app
        self._tokens = tokens
        self._ways = {
            (way.offer.method, way.path.removeprefix(_BEGINNING)): way
            for way in ways
            if way.path.startswith(_BEGINNING) and way.path.count("/") == _BEGINNING.count("/")
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope) if scope["type"] == "http" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        way, token, given = found
        message = await receive()
        body = way.read(message["body"])
        if (way.body is None and message["body"]) or (way.body is not None and body is None):
            await self.app(scope, _again(message, receive), send)
            return
        if body is not None:
            given["body"] = body
        scope["route"] = way
        try:
            status, result = await way.offer.answer(way.opened(token.owner), given)
        except (PostInterviewError, HTTPException) as error:
            response = answer_to(error)
        else:
            said = way.result.dump_json(result, by_alias=True, exclude_unset=True)
            response = Response(said, status, media_type="application/json")
        await response(scope, receive, send)

    def _find(self, scope: Scope) -> tuple[Way, Token, dict[str, Any]] | None:
        """Return the way of a request, its token, and the arguments but for the body; None: it is unusual."""
        parts = scope["path"].split("/")
        if len(parts) != 4 or parts[1] != "processes" or not parts[2] or scope["query_string"]:
            return None
        way = self._ways.get((scope["method"], parts[3]))
        if way is None:
            return None
        headers: dict[bytes, str] = {}
        for name, value in scope["headers"]:
            if name in _READ:
                if name in headers:
                    return None
                headers[name] = value.decode("latin-1")
        if headers.get(b"content-type", "application/json") != "application/json":
            return None
        scheme, _, text = headers.get(b"authorization", "").partition(" ")
        token = self._tokens.recall(text)
        if scheme != "Bearer" or token is None or way.offer.scope not in token.scopes:
            return None
        once = headers.get(b"idempotency-key")
        if once is not None and once.startswith(RESERVED):
            return None
        return way, token, {"key": parts[2]} | ({"once": once} if way.has_once else {})


def _again(message: Message, receive: Receive) -> Receive:
    """Return what gives a message once more, and then what follows."""
    left = [message]

    async def given() -> Message:
        return left.pop() if left else await receive()

    return given
