"""Make the application: the operations of a keeper for the owners of tokens, and what a service needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from attrs import field, frozen, validators
from fastapi import Depends, FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from postinterview import __version__
from postinterview.contrib.fastapi import problem_response, process_router, server_time
from postinterview.contrib.fastapi.opening import Opening
from postinterview.contrib.fastapi.router import ALL_OF_AN_OWNER, FOLLOW, OFFERS
from postinterview.contrib.fastapi.schemas import described_problem
from postinterview.gate import Gate
from postinterview.serve import feed, gate_routes, health, rule_routes
from postinterview.serve.access import owner_of
from postinterview.serve.document import DocumentedApp
from postinterview.serve.door import Door
from postinterview.serve.gate_routes import GateOpening
from postinterview.serve.lane import Lane, Way
from postinterview.serve.posted import Judge
from postinterview.serve.tokens import Tokens
from postinterview.stores import Keeper

_ABOUT = """\
What may be done after a job interview, when, and how often: the service keeps the history of each employer,
says what its rules allow, and records what was done.

Requests need a token (`Authorization: Bearer TOKEN`), which belongs to an owner and has scopes. Errors are
`application/problem+json` (RFC 9457).
"""

_REFUSED = {
    401: "The token is missing or unknown.",
    403: "The token lacks the scope of this operation.",
}
_UNREAD = {
    408: "The body took too long.",
    413: "The body is too large.",
    415: "The body is no JSON, or compressed.",
}


@frozen(kw_only=True)
class Limits:
    """What the service takes from a client.

    Attributes:
        most_bytes: the largest body.
        deepest: the most JSON values inside each other.
        seconds: how long a client may take to send a body.
    """

    most_bytes: int = field(default=1_000_000, validator=validators.gt(0))
    deepest: int = field(default=20, validator=validators.gt(0))
    seconds: float = field(default=30, validator=validators.gt(0))


def create_app(
    keeper: Keeper,
    tokens: Tokens,
    *,
    clock: Callable[[], datetime] = server_time,
    limits: Limits = Limits(),
    judge: Judge | None = None,
    gate: Gate | None = None,
) -> FastAPI:
    """Return the service of a keeper as an ASGI application.

    Args:
        keeper: the keeper of all owners' processes.
        tokens: who may ask.
        clock: returns the present moment, with a zone.
        limits: what it takes from a client.
        judge: what judges posted rule files; by default one with its own limits.
        gate: the gate before the same keeper, for agents and for what sends. Without it the service has no
            permits.
    """
    app = DocumentedApp(
        title="postinterview",
        version=__version__,
        description=_ABOUT,
        docs_url=None,  # a page of a foreign host's scripts, which would ask for tokens
        redoc_url=None,
        generate_unique_id_function=_operation_id,
    )
    theirs = gate_routes.OFFERS if gate is not None else ()
    names = {each.name for each in theirs}
    whole = [*OFFERS, ALL_OF_AN_OWNER, *([FOLLOW] if keeper.statuses is not None else [])]
    mine = [each for each in whole if each.name not in names]

    def opened(owner: str) -> Opening:
        return Opening(keeper, owner, clock(), None)

    ways = [Way.of(each, opened) for each in mine]
    if gate is not None:
        ways += [Way.of(each, lambda owner: GateOpening(gate.of(owner))) for each in theirs]
    app.add_middleware(Lane, ways=ways, tokens=tokens)  # inside the door, which is added next
    app.add_middleware(Door, most_bytes=limits.most_bytes, deepest=limits.deepest, seconds=limits.seconds)
    app.add_exception_handler(HTTPException, _answer_with_problem)
    refused: dict[int | str, Any] = {
        status: described_problem(said) for status, said in {**_REFUSED, **_UNREAD}.items()
    }
    owner = owner_of(tokens)

    async def now() -> datetime:  # FastAPI would call a plain function in a thread
        return clock()

    app.include_router(health.router(keeper))
    guards = [Depends(gate_routes.check_once)]
    app.include_router(
        process_router(
            keeper,
            owner=owner,
            clock=now,
            only=[each.name for each in mine],
            responses=refused,
            tags=["processes"],
            dependencies=guards,
        )
    )
    if gate is not None:
        app.include_router(gate_routes.router(gate, owner, refused))
    app.include_router(feed.router(keeper, tokens, now, refused))
    judge = judge or Judge()
    app.include_router(rule_routes.router(judge, owner, refused))
    app.include_router(rule_routes.case_router(judge, owner, refused))
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


async def _answer_with_problem(_: Request, error: Exception) -> Response:
    """Answer what no route answers: unknown paths and methods."""
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for these
    return problem_response(error)
