"""Ask for a token: whose processes a request may touch, and whether it may do what it asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from postinterview.serve.tokens import Tokens

BEARER = HTTPBearer(
    scheme_name="token",
    auto_error=False,
    description="A token made by `postinterview tokens --new OWNER --scope SCOPE`.",
)


def owner_of(tokens: Tokens) -> Callable[..., Awaitable[str]]:
    """Return the dependency that returns the owner of the request's token."""

    async def owner(
        scopes: SecurityScopes, given: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
    ) -> str:
        return await admitted(tokens, "" if given is None else given.credentials, scopes.scopes)

    return owner


async def admitted(tokens: Tokens, text: str, scopes: list[str]) -> str:
    """Return the owner of a token that is for these scopes.

    Raises:
        HTTPException: 401 if there is no such token, and 403 if it is for other scopes.
    """
    token = tokens.recall(text)
    if token is None and text:
        token = await run_in_threadpool(tokens.find, text)
    if token is None:
        said = "this token is unknown" if text else "a token is missing"
        raise HTTPException(
            401, f"{said}: send `Authorization: Bearer TOKEN`", {"WWW-Authenticate": "Bearer"}
        )
    if lacking := [scope for scope in scopes if scope not in token.scopes]:
        wanted = " ".join(lacking)
        asked = f'Bearer error="insufficient_scope", scope="{wanted}"'
        raise HTTPException(403, f"this token lacks the scope `{wanted}`", {"WWW-Authenticate": asked})
    return token.owner
