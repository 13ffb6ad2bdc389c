"""Make a router of the operations, over a host's keeper and for its callers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, get_args

from attrs import frozen
from fastapi import APIRouter, Response, Security

from postinterview.contrib.fastapi import keeping, operations
from postinterview.contrib.fastapi.opening import opening
from postinterview.contrib.fastapi.problems import ProblemRoute
from postinterview.contrib.fastapi.schemas import bodies, problem_responses
from postinterview.core.process import Rulebook
from postinterview.core.status_map import StatusMap, check_statuses
from postinterview.core.values.errors import MisuseError, UnknownKeyError
from postinterview.core.values.names import unknown_name

Responses = dict[int | str, dict[str, Any]]


@frozen
class Offer:
    """An operation that the router offers.

    Attributes:
        method: the HTTP method.
        path: its path.
        operation: what is done at a desk.
        scope: the scope that the caller needs: ``read``, ``act``, ``record`` or ``administer``.
        problems: the statuses of its problems, but for 422; ``taken`` for a 409 that is no refusal.
        status: the status of a success.
    """

    method: str
    path: str
    operation: Callable[..., Any]
    scope: str
    problems: tuple[int | str, ...] = (404, 500, 503)
    status: int = 200

    @property
    def name(self) -> str:
        return self.operation.__name__

    @property
    def is_written(self) -> bool:
        """Return whether the operation answers a status, too: 200 if nothing was written."""
        return self.status == HTTPStatus.CREATED

    @property
    def result(self) -> Any:
        """The model of what is answered."""
        returned = inspect.signature(self.operation, eval_str=True).return_annotation
        return get_args(returned)[1] if self.is_written else returned

    async def answer(self, opened: Any, given: Mapping[str, Any]) -> tuple[int, Any]:
        """Do the operation with these arguments, and return the status and the result.

        ``opened`` is an `Opening`, or another object with its method ``work``.
        """
        try:
            result = await opened.work(partial(self.operation, **given))
        except UnknownKeyError as error:  # its message has the keeper's key, with the owner
            what = f"process {given['key']!r}" if "key" in given else "such process"
            raise UnknownKeyError(f"there is no {what}", error.help) from None
        return result if self.is_written else (self.status, result)


_ONE = "/processes/{key}"
OFFERS = (
    Offer("GET", "/processes", keeping.list_keys, "read", (503,)),
    Offer("PUT", _ONE, keeping.start, "record", ("taken", 500, 503), 201),
    Offer("GET", _ONE, keeping.show, "read"),
    Offer("DELETE", _ONE, keeping.forget, "administer"),
    Offer("POST", f"{_ONE}/move", keeping.move, "record", ("taken", 404, 500, 503), 201),
    Offer("POST", f"{_ONE}/join", keeping.join, "record", status=201),
    Offer("GET", f"{_ONE}/agenda", operations.agenda, "read"),
    Offer("GET", f"{_ONE}/verdicts", operations.verdicts, "read"),
    Offer("GET", f"{_ONE}/timeline", operations.timeline, "read"),
    Offer("GET", f"{_ONE}/export", keeping.export, "read"),
    Offer("POST", f"{_ONE}/may", operations.may, "read"),
    Offer("POST", f"{_ONE}/do", operations.do, "act", (404, 409, 500, 503), 201),
    Offer("POST", f"{_ONE}/record", operations.record, "record", status=201),
    Offer("POST", f"{_ONE}/change", operations.change, "record", status=201),
    Offer("POST", f"{_ONE}/retract", operations.retract, "record", status=201),
    Offer("POST", f"{_ONE}/dated", operations.dated, "record", status=201),
    Offer("POST", f"{_ONE}/amended", operations.amended, "record", status=201),
    Offer("POST", f"{_ONE}/unknown", operations.unknown, "record", status=201),
    Offer("POST", f"{_ONE}/known", operations.known, "record", status=201),
    Offer("GET", "/due", operations.due, "read", (503,)),
    Offer("GET", "/export", keeping.export_all, "read", (503,)),
)
FOLLOW = Offer("POST", f"{_ONE}/follow", operations.follow, "record", (404, 409, 500, 503), 201)
"""Offered only if the keeper has a map of statuses."""
ALL_OF_AN_OWNER = Offer("DELETE", "/processes", keeping.forget_all, "administer", (503,))
"""Offered only if processes have owners: without, it would erase those of everybody."""


def server_time() -> datetime:
    """Return the moment by the server's clock: the router's dependency ``clock``, unless another is given."""
    return datetime.now(UTC)  # noqa: TID251 - here is the rim


def process_router(
    keeper: Any,
    *,
    rulebook: Rulebook | None = None,
    statuses: StatusMap | None = None,
    owner: Callable[..., Any] | None = None,
    clock: Callable[..., Any] = server_time,
    only: Collection[str] | None = None,
    **options: Any,
) -> APIRouter:
    """Return a router whose operations are those of a keeper.

    Args:
        keeper: a `Keeper` or `AsyncKeeper`, or a dependency that returns or yields one. What follows the
            ``yield`` is done before the response is sent, so a transaction can end there.
        rulebook: the rules of the keeper. It is needed if ``keeper`` is a dependency.
        statuses: the keeper's map of statuses, if ``keeper`` is a dependency and ``follow`` is to be offered.
        owner: a dependency that returns whose processes the caller may touch, such as the id of the user who
            is logged in. FastAPI's ``SecurityScopes`` tell it the scope of the operation. None: every caller
            may touch every process.
        clock: a dependency that returns the present moment.
        only: the names of the operations to offer, such as ``["agenda", "may", "do"]``. None: all of them.
        options: for FastAPI's ``APIRouter``, such as ``prefix``, ``tags`` and ``dependencies``.

    Raises:
        MisuseError: the rulebook is missing, or there is no operation of a name.
        UnknownNameError: the rulebook has no event that ``statuses`` names.
    """
    rules = rulebook or getattr(keeper, "rulebook", None)
    if not isinstance(rules, Rulebook):
        raise MisuseError("the router needs the rulebook of its keeper", "give rulebook=")
    board = statuses or getattr(keeper, "statuses", None)
    if board is not None:
        check_statuses(board, rules.definition)
    optional = (() if board is None else (FOLLOW,)) + (() if owner is None else (ALL_OF_AN_OWNER,))
    offers = {each.name: each for each in (*OFFERS, *optional)}
    for name in offers if only is None else only:
        if name not in offers:
            raise unknown_name("operation", name, offers)
    router = APIRouter(**{"route_class": ProblemRoute, **options})
    opened = opening(keeper, owner, clock)
    for name, each in offers.items():
        if only is None or name in only:
            add_offer(router, each, opened, rules)
    return router


def add_offer(
    router: APIRouter,
    offer: Offer,
    opened: Callable[..., Any],
    rules: Rulebook,
    more: Responses | None = None,
) -> None:
    """Add an operation, whose parameters are those of the request, but for the first.

    ``opened`` is a dependency that returns an `Opening`, or another object with its method ``work``, which
    calls the operation with its first argument. ``more``: responses that are to be documented, too.
    """
    described, problems = bodies(rules), problem_responses(rules)
    unread = () if offer.method in ("GET", "DELETE") else (400,)
    shown = (*unread, *offer.problems, 422)
    responses: Responses = {409 if one == "taken" else one: problems[one] for one in shown} | (more or {})
    signature = inspect.signature(offer.operation, eval_str=True)
    summary, _, text = inspect.cleandoc(offer.operation.__doc__ or "").partition("\n")
    if offer.is_written:
        said = "It was so before; nothing is written."
        responses = {200: {"model": offer.result, "description": said}, **responses}

    async def endpoint(opened: Any, response: Response, **given: Any) -> Any:
        response.status_code, result = await offer.answer(opened, given)
        return result

    ours = {"opened": Annotated[Any, Security(opened, scopes=[offer.scope])], "response": Response}
    theirs = [
        each.replace(annotation=described.get(each.annotation, each.annotation))
        for each in signature.parameters.values()
    ]
    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        *(inspect.Parameter(name, kind, annotation=annotation) for name, annotation in ours.items()),
        *(each.replace(kind=kind) for each in theirs[1:]),
    ]
    endpoint.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    router.add_api_route(
        offer.path,
        endpoint,
        methods=[offer.method],
        name=offer.name,
        status_code=offer.status,
        response_model=offer.result,
        response_model_exclude_unset=True,  # a line that asks nothing has no `question`, as in the core
        responses=responses,
        summary=summary.removesuffix("."),
        description=text.strip() or None,
    )
