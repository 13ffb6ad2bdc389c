"""A small job tracker: FastAPI on async SQLAlchemy, with companies by name. It knows no etiquette."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import DateTime, ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

router = APIRouter()


class Base(DeclarativeBase):
    pass


class Company(Base):
    __tablename__ = "companies"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    timezone: Mapped[str]


class Letter(Base):
    """What is sent to a company: another program reads this table and sends it."""

    __tablename__ = "letters"
    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey(Company.id, ondelete="CASCADE"))
    kind: Mapped[str]
    sent: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class NewCompany(BaseModel):
    name: str
    timezone: str = "Europe/Zurich"


class NewLetter(BaseModel):
    channel: str = "email"


class News(BaseModel):
    """What a company did: an interview, a message, an offer or a rejection."""

    what: str
    at: AwareDatetime
    who: list[str] = []
    decide_by: date | None = None


class Row(NewCompany):
    """A line of an older tracker's export."""

    interviewed: AwareDatetime | None = None
    followed_up: AwareDatetime | None = None


def server_time() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a host has a clock


async def session(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.sessions() as found:
        yield found


Session = Annotated[AsyncSession, Depends(session)]
Now = Annotated[datetime, Depends(server_time)]


async def find(session: AsyncSession, name: str) -> Company:
    company = await session.scalar(select(Company).where(Company.name == name))
    if company is None:
        raise HTTPException(404, f"there is no company {name!r}")
    return company


async def send(session: AsyncSession, company: Company, kind: str, now: datetime) -> Letter:
    letter = Letter(company_id=company.id, kind=kind, sent=now)
    session.add(letter)
    await session.flush()
    return letter


@router.post("/companies", status_code=201)
async def add_company(new: NewCompany, session: Session) -> int:
    company = Company(name=new.name, timezone=new.timezone)
    session.add(company)
    await session.commit()
    return company.id


@router.put("/companies/{name}/name")
async def rename(name: str, new: NewCompany, session: Session) -> None:
    company = await find(session, name)
    company.name = new.name
    await session.commit()


@router.delete("/companies/{name}")
async def remove(name: str, session: Session) -> None:
    company = await find(session, name)
    await session.delete(company)
    await session.commit()


@router.post("/companies/{name}/news", status_code=201)
async def hear(name: str, news: News, session: Session) -> None:
    await find(session, name)
    await session.commit()


@router.post("/companies/{name}/follow-ups", status_code=201)
async def follow_up(name: str, new: NewLetter, session: Session, now: Now) -> int:
    company = await find(session, name)
    letter = await send(session, company, "follow-up", now)
    await session.commit()
    return letter.id


@router.post("/companies/{name}/thanks/{person}", status_code=201)
async def thank(name: str, person: str, session: Session, now: Now) -> int:
    company = await find(session, name)
    letter = await send(session, company, f"thanks to {person}", now)
    await session.commit()
    return letter.id


@router.post("/nudges", status_code=201)
async def nudge_all(session: Session, now: Now) -> list[str]:
    """Follow up with every company that was not written to for a week."""
    recent = select(Letter.company_id).where(Letter.sent > now - timedelta(days=7))
    nudged = []
    quiet = select(Company).where(Company.id.not_in(recent)).order_by(Company.id)
    for company in await session.scalars(quiet):
        await send(session, company, "follow-up", now)
        nudged.append(company.name)
    await session.commit()
    return nudged


@router.post("/import", status_code=201)
async def import_rows(rows: list[Row], session: Session) -> int:
    for row in rows:
        company = Company(name=row.name, timezone=row.timezone)
        session.add(company)
        await session.flush()
        if row.followed_up:
            await send(session, company, "follow-up", row.followed_up)
    await session.commit()
    return len(rows)


@router.get("/letters")
async def letters(session: Session) -> list[tuple[str, str]]:
    found = select(Company.name, Letter.kind).join(Letter, Letter.company_id == Company.id)
    return [(name, kind) for name, kind in await session.execute(found.order_by(Letter.id))]


def create_app(url: str, clock: Callable[[], datetime] = server_time) -> FastAPI:
    engine = create_async_engine(url)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        yield
        await engine.dispose()

    app = FastAPI(title="Companies", lifespan=lifespan)
    app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
    app.dependency_overrides[server_time] = clock
    app.include_router(router)
    return app
