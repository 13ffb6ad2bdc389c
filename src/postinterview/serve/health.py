"""Say whether the service runs, and whether it can answer: for supervisors and load balancers."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from postinterview.contrib.fastapi import ProblemRoute
from postinterview.contrib.fastapi.schemas import described_problem
from postinterview.stores import Keeper


class Standing(BaseModel):
    """How the service is."""

    status: str


def router(keeper: Keeper) -> APIRouter:
    """Return the two routes, which need no token."""
    found = APIRouter(route_class=ProblemRoute, tags=["service"])

    @found.get("/health", summary="Say that the service runs")
    async def health() -> Standing:
        return Standing(status="running")

    @found.get(
        "/ready",
        summary="Say whether the store can be reached",
        responses={503: described_problem("The store can't be used now.")},
    )
    def ready() -> Standing:
        keeper.store.keys(limit=1)
        return Standing(status="ready")

    return found
