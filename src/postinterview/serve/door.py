"""Let requests in: number and log them, and refuse bodies that are too large, too deep or no JSON.

The whole body is read before the application sees the request. So a request that is refused here, or whose
client goes away while it sends, did nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from secrets import token_hex
from time import perf_counter  # noqa: TID251 - how long an answer takes is no matter of the rules
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from postinterview.contrib.fastapi import problem_response
from postinterview.serve.logs import LOGGER, described

METHODS = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BRACKET = re.compile(rb"[\[{\]}]")
_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)


class Door:
    """The middleware around the application.

    Args:
        app: the application.
        most_bytes: a larger body is refused.
        deepest: a body with more JSON values inside each other is refused.
        seconds: how long a client may take to send a body.
    """

    def __init__(self, app: ASGIApp, *, most_bytes: int, deepest: int, seconds: float) -> None:
        self.app = app
        self.most_bytes = most_bytes
        self.deepest = deepest
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number, started = token_hex(8), perf_counter()
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", number.encode())]
            await send(message)

        failure: dict[str, Any] = {}
        try:
            await self._let_in(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets an answer and the log a line
            failure = described(error)
            if not status:
                refusal = HTTPException(500, f"the service failed: report this with the request id {number}")
                await problem_response(refusal)(scope, receive, answer)
        finally:
            route = getattr(scope.get("route"), "path", None)
            said = {
                "request": number,
                "method": scope["method"] if scope["method"] in METHODS else None,
                "route": route,
                "status": status or None,  # none: the client went away
                "milliseconds": round((perf_counter() - started) * 1000, 1),
                **failure,
            }
            LOGGER.log(40 if failure else 20, "request", extra={"said": said})

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give the application a request whose body is there, or answer why it can't be let in."""
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            body = await self._body(headers, receive)
            if body is None:
                return
            if body:
                self._check(headers, body)
        except HTTPException as refusal:
            await problem_response(refusal)(scope, receive, send)
            return
        given = False

        async def again() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, again, send)

    async def _body(self, headers: Mapping[bytes, str], receive: Receive) -> bytes | None:
        """Return the body, or None if the client went away."""
        length = headers.get(b"content-length", "")
        if length.isascii() and length.isdigit() and int(length[:20]) > self.most_bytes:
            raise self._too_large()
        parts, size = [], 0
        try:
            async with asyncio.timeout(self.seconds):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        return None
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    if size > self.most_bytes:
                        raise self._too_large()
                    if not message.get("more_body"):
                        return b"".join(parts)
        except TimeoutError:
            said = f"the body did not come within {self.seconds:g} seconds"
            raise HTTPException(408, said, {"Connection": "close"}) from None

    def _too_large(self) -> HTTPException:
        said = f"the body is larger than {self.most_bytes} bytes"
        return HTTPException(413, said, {"Connection": "close"})

    def _check(self, headers: Mapping[bytes, str], body: bytes) -> None:
        """Refuse a body that is no JSON in UTF-8, or that is nested too deep."""
        if headers.get(b"content-encoding", "identity").lower() != "identity":
            raise HTTPException(415, "a body can't be compressed", {"Accept-Encoding": "identity"})
        if not _JSON.fullmatch(headers.get(b"content-type", "")):
            raise HTTPException(415, "send JSON, with the header `Content-Type: application/json`")
        try:
            body.decode()
        except UnicodeDecodeError:
            raise HTTPException(400, "the body is not UTF-8") from None
        # `json.loads` would read UTF-16 and UTF-32, in which other characters have the byte of `"` as well.
        if b"\0" in body:
            raise HTTPException(400, "the body is not UTF-8: it has the character NUL")
        depth = 0
        for bracket in _BRACKET.finditer(_STRING.sub(b"", body)):
            depth += 1 if bracket[0] in b"[{" else -1
            if depth > self.deepest:
                raise HTTPException(400, f"the body has more than {self.deepest} values inside each other")
