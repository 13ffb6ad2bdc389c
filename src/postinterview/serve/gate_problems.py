"""Answer with a problem where the gate lets an agent do nothing."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from postinterview.contrib.fastapi import ProblemRoute, RefusedError, problem_response
from postinterview.contrib.fastapi.problems import URN, Failure, ProblemResponse
from postinterview.contrib.fastapi.views import verdict_view
from postinterview.gate import NotPermittedError
from postinterview.serve import gate_models as models


class _Gated(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_with_refusals(request: Request) -> Response:
            try:
                return await handle(request)
            except NotPermittedError as error:
                return answer_to(error)

        return handle_with_refusals


class GateRoute(ProblemRoute, _Gated):
    """A route whose errors are problems, also those of the gate."""


def answer_to(error: Failure) -> Response:
    """Return the response to an error: a refusal of the gate is 403, unless the rules refuse the act."""
    if not isinstance(error, NotPermittedError):
        return problem_response(error)
    if error.reason == "refused" and error.verdict is not None:
        return problem_response(RefusedError(error.verdict))
    status = HTTPStatus.FORBIDDEN
    said = models.NotPermitted(
        type=f"{URN}:not-permitted",
        title=status.phrase,
        status=status,
        detail=error.message,
        reason=error.reason,
        help=error.help,
        verdict=None if error.verdict is None else verdict_view(error.verdict),
    )
    return ProblemResponse(said.model_dump(mode="json"), status)
