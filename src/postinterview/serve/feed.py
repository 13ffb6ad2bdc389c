"""The calendar of what is due, for calendar programs, which send no header: the token is in the URL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.concurrency import run_in_threadpool

from postinterview.contrib.fastapi import ProblemRoute
from postinterview.contrib.fastapi.desk import Desk
from postinterview.contrib.fastapi.schemas import described_problem
from postinterview.core.process import Process
from postinterview.core.values.errors import SavedError, UnknownKeyError
from postinterview.core.values.moments import check_zone
from postinterview.reminders import to_ics
from postinterview.serve.access import admitted
from postinterview.serve.tokens import Tokens
from postinterview.stores import Keeper

MEDIA_TYPE = "text/calendar"


def router(
    keeper: Keeper, tokens: Tokens, clock: Callable[..., Any], responses: Mapping[int | str, Any]
) -> APIRouter:
    """Return the route of the feed, for the bearers of tokens with the scope `calendar`."""
    found = APIRouter(route_class=ProblemRoute, tags=["calendar"], responses=dict(responses))

    @found.get(
        "/calendar.ics",
        summary="Subscribe to what is due",
        response_class=Response,
        responses={
            200: {"content": {MEDIA_TYPE: {}}, "description": "An iCalendar file."},
            422: described_problem("The time zone is none."),
            503: described_problem("The store can't be used now."),
        },
    )
    async def calendar(
        token: Annotated[str, Query(description="A token with the scope `calendar`.")] = "",
        zone: Annotated[
            str, Query(description="The time zone of the reader.", examples=["Europe/Zurich"])
        ] = "UTC",
        now: datetime = Depends(clock),  # noqa: B008, FAST002 - a local name can't stand in an annotation
    ) -> Response:
        """Calendar programs send no `Authorization` header: give them a token for nothing but this."""
        desk = Desk(keeper, await admitted(tokens, token, ["calendar"]), now)
        at = now.astimezone(check_zone(zone))
        text = await run_in_threadpool(lambda: to_ics(dict(_readable(desk)), at=at))
        return Response(text, media_type=MEDIA_TYPE, headers={"Cache-Control": "private"})

    return found


def _readable(desk: Desk) -> list[tuple[str, Process]]:
    """Return the caller's processes by their keys, but for those that can't be read now."""
    found = []
    for key in desk.all_keys():
        try:
            process = desk.load(key)
        except (SavedError, UnknownKeyError):
            continue
        if not process.timeline or (process.latest_at or desk.now) <= desk.now:
            found.append((key, process))
    return found
