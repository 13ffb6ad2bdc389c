"""A FastAPI service that keeps processes in tables of its own, with async SQLAlchemy.

In the folder above, after ``pip install postinterview fastapi uvicorn 'sqlalchemy[asyncio]' aiosqlite``::

    uvicorn --factory fastapi_host.app:create_app

A call reads a row, lets the rules decide, and writes if nobody wrote meanwhile. Otherwise it starts again.
Of two calls at once, one succeeds and the other gets a 409 with the reason.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from os import environ
from typing import Annotated, Any

import pydantic.dataclasses
from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy import DateTime, ForeignKey, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

import postinterview as pi
from postinterview.calls import Call, agenda, decide, problem, repeated

RULES = pi.load_rulebook()


class Table(DeclarativeBase):
    pass


class Employer(Table):
    __tablename__ = "employers"
    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
    saved: Mapped[str]
    next_due: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)


class Answered(Table):
    """A call that came with an idempotency key, and its answer."""

    __tablename__ = "answered"
    employer: Mapped[str] = mapped_column(ForeignKey(Employer.key), primary_key=True)
    once: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[str]
    body: Mapped[str]


@pydantic.dataclasses.dataclass(frozen=True, config={"extra": "forbid"})
class Asked(Call):
    """A call as FastAPI reads and documents it."""


class Told(JSONResponse):
    """A response in ASCII: an error may quote half a character, which UTF-8 can't encode."""

    def render(self, content: object) -> bytes:
        return json.dumps(content).encode("ascii")


async def explain_shape(_: Request, error: RequestValidationError) -> JSONResponse:
    return Told({"detail": jsonable_encoder(error.errors())}, 422)


def server_time() -> datetime:
    return datetime.now(UTC)


def create_app(
    url: str = environ.get("TRACKER_URL", "sqlite+aiosqlite:///tracker.db?timeout=30"),
    clock: Callable[[], datetime] = server_time,
) -> FastAPI:
    engine = create_async_engine(url)
    sessions = async_sessionmaker(engine)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(Table.metadata.create_all)  # a real service has migrations
        yield
        await engine.dispose()

    app = FastAPI(title="A job tracker", lifespan=lifespan)
    app.exception_handler(RequestValidationError)(explain_shape)

    @app.exception_handler(pi.PostInterviewError)
    async def explain(_: Request, error: pi.PostInterviewError) -> JSONResponse:
        status, body = problem(error)
        return Told(body, status)

    async def find(session: AsyncSession, key: str) -> Employer:
        row = await session.get(Employer, key)
        if row is None:
            raise HTTPException(404, f"there is no employer {key!r}")
        return row

    @app.post("/employers/{key}", status_code=201)
    async def start(key: str, timezone: str) -> None:
        saved = RULES.start(key, timezone).to_json()
        try:
            async with sessions.begin() as session:
                session.add(Employer(key=key, saved=saved))
        except IntegrityError:
            raise HTTPException(409, f"there is an employer {key!r} already") from None

    @app.get("/employers/{key}")
    async def show(key: str) -> list[dict[str, Any]]:
        async with sessions() as session:
            row = await find(session, key)
        return [item.as_json() for item in agenda(RULES.restore(row.saved), clock())]

    @app.post("/employers/{key}/events", status_code=201)
    async def tell(
        key: str, asked: Asked, idempotency_key: Annotated[str | None, Header()] = None
    ) -> JSONResponse:
        while True:
            async with sessions() as session:
                row = await find(session, key)  # read first: whoever answers this call meanwhile changes it
                earlier = await session.get(Answered, (key, idempotency_key)) if idempotency_key else None
            if earlier is not None:
                answer = repeated(asked, earlier.asked, earlier.body)
                return JSONResponse(answer.body, answer.status)
            answer = decide(RULES, row.saved, asked, clock())
            if answer.saved is None:
                return JSONResponse(answer.body, answer.status)
            async with sessions.begin() as session:
                seen = (Employer.key == key, Employer.version == row.version)
                values = {"version": row.version + 1, "saved": answer.saved, "next_due": answer.next_due}
                written = update(Employer).where(*seen).values(values).returning(Employer.version)
                if await session.scalar(written) is None:
                    continue  # somebody else wrote: ask the rules again
                if idempotency_key:
                    body = json.dumps(answer.body)
                    session.add(
                        Answered(employer=key, once=idempotency_key, asked=asked.as_json(), body=body)
                    )
            return JSONResponse(answer.body, answer.status)

    @app.get("/due")
    async def due() -> list[dict[str, Any]]:
        now = clock()
        async with sessions() as session:
            rows = await session.scalars(
                select(Employer).where(Employer.next_due <= now).order_by(Employer.next_due, Employer.key)
            )
            return [_due(row, now) for row in rows]

    return app


def _due(row: Employer, now: datetime) -> dict[str, Any]:
    """Return what is overdue. For a row that can't be restored, return why, and go on with the others."""
    try:
        return {
            "employer": row.key,
            "overdue": [each.text for each in agenda(RULES.restore(row.saved), now).of("overdue")],
        }
    except pi.SavedError as error:
        return {"employer": row.key, **problem(error)[1]}
