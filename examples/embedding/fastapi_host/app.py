"""A FastAPI service for several users, on async SQLAlchemy: each user's processes are that user's alone.

In the folder above::

    pip install 'postinterview[fastapi,sql]' uvicorn 'sqlalchemy[asyncio]' aiosqlite
    uvicorn --factory fastapi_host.app:create_app

Then open http://localhost:8000, or http://localhost:8000/docs for the calls behind the page.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hashlib import scrypt, sha256
from os import environ
from pathlib import Path
from typing import Annotated

from fastapi import Cookie, Depends, FastAPI, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from sqlalchemy import DateTime, ForeignKey, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

import postinterview as pi
from postinterview.contrib.fastapi import process_router, server_time
from postinterview.contrib.sqlalchemy import AsyncKeeper, tables

RULES = pi.load_rulebook()
PAGE = Path(__file__).with_name("page.html")
STAYS_LOGGED_IN = timedelta(days=14)


class Table(DeclarativeBase):
    pass


tables(metadata=Table.metadata)  # those of the processes


class User(Table):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    salt: Mapped[bytes]
    password: Mapped[bytes]


class Login(Table):
    """A browser that is logged in: it has the token, and the table has only its hash."""

    __tablename__ = "logins"
    token: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[int] = mapped_column(ForeignKey(User.id))
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Credentials(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=100)]
    password: Annotated[str, Field(min_length=8, max_length=200)]


# --- dependencies ---------------------------------------------------------------------------------------


async def session(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.sessions() as found:
        yield found


Session = Annotated[AsyncSession, Depends(session)]
Now = Annotated[datetime, Depends(server_time)]


async def keeper(session: Session) -> AsyncIterator[AsyncKeeper]:
    """Yield a keeper for one request. The router commits before it answers."""
    yield AsyncKeeper(RULES, session, metadata=Table.metadata)
    await session.commit()


async def user(session: Session, now: Now, login: Annotated[str | None, Cookie()] = None) -> int:
    """Return the id of the user who is logged in."""
    mine = select(Login.user).where(Login.token == _hashed(login or ""), Login.until > now)
    found = await session.scalar(mine)
    if found is None:
        raise HTTPException(401, "log in first")
    return found


def from_this_site(request: Request) -> None:
    """Refuse writes that a page of another site lets a browser make, with the user's cookie."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
        raise HTTPException(403, "this call comes from another site")


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


async def _stretched(password: str, salt: bytes) -> bytes:
    return await run_in_threadpool(scrypt, password.encode(), salt=salt, n=2**14, r=8, p=1)


# --- the service ----------------------------------------------------------------------------------------


def create_app(
    url: str = environ.get("TRACKER_URL", "sqlite+aiosqlite:///tracker.db?timeout=30"),
) -> FastAPI:
    engine = create_async_engine(url)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(Table.metadata.create_all)  # a real service has migrations
        yield
        await engine.dispose()

    app = FastAPI(title="A job tracker", lifespan=lifespan, dependencies=[Depends(from_this_site)])
    app.state.sessions = async_sessionmaker(engine)
    app.include_router(process_router(keeper, rulebook=RULES, owner=user, prefix="/api", tags=["processes"]))

    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(PAGE)

    @app.post("/users", status_code=201)
    async def sign_up(new: Credentials, session: Session) -> None:
        salt = secrets.token_bytes(16)
        session.add(User(name=new.name, salt=salt, password=await _stretched(new.password, salt)))
        try:
            await session.commit()
        except IntegrityError:
            raise HTTPException(409, "there is a user of this name") from None

    @app.post("/login", status_code=204, response_model=None)
    async def log_in(who: Credentials, session: Session, now: Now, response: Response) -> None:
        found = await session.scalar(select(User).where(User.name == who.name))
        salt, password = (found.salt, found.password) if found else (b"", b"")
        given = await _stretched(who.password, salt)  # for nobody, too: an answer takes as long
        if found is None or not secrets.compare_digest(password, given):
            raise HTTPException(401, "the name or the password is wrong")
        token = secrets.token_urlsafe(32)
        session.add(Login(token=_hashed(token), user=found.id, until=now + STAYS_LOGGED_IN))
        await session.commit()
        seconds = int(STAYS_LOGGED_IN.total_seconds())
        response.set_cookie("login", token, max_age=seconds, httponly=True, samesite="lax")

    @app.post("/logout", status_code=204, response_model=None)
    async def log_out(
        session: Session, response: Response, login: Annotated[str | None, Cookie()] = None
    ) -> None:
        await session.execute(delete(Login).where(Login.token == _hashed(login or "")))
        await session.commit()
        response.delete_cookie("login")

    return app
