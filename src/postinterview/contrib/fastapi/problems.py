"""Answer errors as RFC 9457 has it, with the media type ``application/problem+json``."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Iterable
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException  # FastAPI's own is a subclass, and it raises both

from postinterview.calls import problem
from postinterview.contrib.fastapi import models
from postinterview.contrib.fastapi.views import verdict_view
from postinterview.core.answers.outcome import Outcome
from postinterview.core.answers.verdict import Verdict
from postinterview.core.values.errors import PostInterviewError, TakenKeyError

URN = "urn:postinterview"
MEDIA_TYPE = "application/problem+json"
KINDS: dict[int | str, tuple[str, type[models.Problem]]] = {
    404: ("no-such-process", models.Problem),
    409: ("refused", models.Refusal),
    422: ("not-understood", models.Misuse),
    500: ("damaged", models.Damage),
    503: ("not-now", models.Outage),
}
"""The last word of the type of each problem, and its model."""


class RefusedError(PostInterviewError):
    """An act was refused; a `ProblemRoute` answers it with 409 and the verdict.

    Attributes:
        verdict: why, and when it opens.
    """

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict

    def __str__(self) -> str:
        return self.verdict.text


def accepted(outcome: Outcome) -> Outcome:
    """Return an outcome that is no refusal, or only too early for a card that may stay (`Outcome.early`).

    Raises:
        RefusedError: it is a refusal.
    """
    if outcome.refused and not outcome.early and outcome.verdict is not None:
        raise RefusedError(outcome.verdict)
    return outcome


class ProblemResponse(JSONResponse):
    """A response in ASCII: a problem may quote half a character, which UTF-8 can't encode."""

    media_type = MEDIA_TYPE

    def render(self, content: Any) -> bytes:
        return json.dumps(content).encode("ascii")


class ProblemRoute(APIRoute):
    """A route whose errors are problems: refusals, errors of the package, bad requests, HTTP errors."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_with_problems(request: Request) -> Response:
            try:
                return await handle(request)
            except (PostInterviewError, RequestValidationError) as error:
                return problem_response(error)
            except HTTPException as error:
                if error.status_code < HTTPStatus.BAD_REQUEST:
                    raise  # such as a redirection
                return problem_response(error)

        return handle_with_problems


Failure = PostInterviewError | RequestValidationError | HTTPException


def problem_response(error: Failure) -> ProblemResponse:
    """Return the response to an error.

    Raises:
        PostInterviewError: ``error`` itself, if it is a mistake in the host.
    """
    said = problem_of(error)
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else None
    return ProblemResponse(said.model_dump(mode="json"), said.status, headers=headers)


def problem_of(error: Failure) -> models.Problem:
    match error:
        case RefusedError():
            return _problem(409, error.verdict.text, verdict=verdict_view(error.verdict))
        case RequestValidationError() if (found := _syntax_error(error)) is not None:
            return problem_of(HTTPException(400, f"the body is not JSON: {found}"))
        case RequestValidationError():
            errors = [f"{_place(each['loc'])}: {each['msg']}" for each in error.errors()]
            return _problem(422, "; ".join(errors), errors=errors)
        case HTTPException():
            title = HTTPStatus(error.status_code).phrase
            detail = str(error.detail)
            return models.Problem(type="about:blank", title=title, status=error.status_code, detail=detail)
        case _:
            status, body = problem(error)
            detail = body.pop("error")
            if isinstance(error, TakenKeyError):
                return models.Problem(type=f"{URN}:taken", title="Conflict", status=status, detail=detail)
            return _problem(status, detail, **body)


def _problem(status: int, detail: str, **more: Any) -> models.Problem:
    name, model = KINDS[status]
    title = HTTPStatus(status).phrase
    return model(type=f"{URN}:{name}", title=title, status=status, detail=detail, **more)


def _syntax_error(error: RequestValidationError) -> str | None:
    """Return what is wrong in a body that is not JSON."""
    for each in error.errors():
        if each["type"] == "json_invalid":
            return f"{each['ctx']['error']} at character {each['loc'][-1] + 1}"
    return None


def _place(way: Iterable[object]) -> str:
    return ".".join(str(part) for part in way)
