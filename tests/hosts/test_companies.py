"""A tracker on async SQLAlchemy, with companies by name, embedded as `docs/embed/fastapi.md` says."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from threading import Event
from types import ModuleType
from typing import Any

import httpx
import pytest
from attrs import define, field

from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.core.helpers import at, packaged
from tests.hosts import companies_programs
from tests.hosts.companies_programs import OVERDUE, loaded
from tests.hosts.embedding import embed, embedded_once
from tests.stores.killing import wait_for
from tests.stores.kinds import SHARED, is_long, shared

MOST_LINES = 40
KILLS, WRITERS = 200 if is_long() else 20, 4
PLAIN = Path(__file__).parent / "companies" / "tracker.py"
MONDAY = at("2026-03-02 10:00")
EARLY = at("2026-03-05 09:00")
STALE = at("2026-03-17 09:00")
NEW = {"name": "Acme", "timezone": "Europe/Zurich"}
INTERVIEW = {"what": "interview", "at": MONDAY.isoformat(), "who": ["ana"], "decide_by": "2026-03-10"}
FOLLOW_UP: tuple[str, str, Any] = ("POST", "/companies/Acme/follow-ups", {})
THANKS = ("POST", "/companies/Acme/thanks/ana", None)
NUDGES = ("POST", "/nudges", None)
LETTERS = ("GET", "/letters", None)


@define
class Tracker:
    """The tracker as a module, over a database of its own."""

    module: ModuleType
    url: str
    now: datetime = OVERDUE
    app: Any = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.app = self.module.create_app(self.url, lambda: self.now)

    def ask(self, *calls: tuple[str, str, Any], at_once: bool = False) -> list[httpx.Response]:
        """What is answered to calls, one after the other or all at once."""

        async def asked() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with (
                self.app.router.lifespan_context(self.app),
                httpx.AsyncClient(transport=transport, base_url="http://tracker") as client,
            ):
                waiting = [client.request(method, path, json=body) for method, path, body in calls]
                return await asyncio.gather(*waiting) if at_once else [await each for each in waiting]

        return asyncio.run(asked())

    def letters(self) -> list[list[str]]:
        found: list[list[str]] = self.ask(LETTERS)[0].json()
        return found


embedded = embedded_once("companies/tracker.py")


@pytest.fixture
def tracker(embedded: tuple[ModuleType, int], tmp_path: Path) -> Tracker:
    return Tracker(embedded[0], f"sqlite+aiosqlite:///{tmp_path}/companies.db")


@pytest.fixture
def acme(tracker: Tracker) -> Tracker:
    """The tracker with a company that held an interview."""
    tracker.ask(("POST", "/companies", NEW), ("POST", "/companies/Acme/news", INTERVIEW))
    return tracker


def test_the_page_embeds_it_in_forty_lines(embedded: tuple[ModuleType, int]) -> None:
    assert 20 < embedded[1] <= MOST_LINES


def test_the_tracker_does_what_it_did_before(tracker: Tracker, tmp_path: Path) -> None:
    tracker.now = MONDAY + timedelta(hours=2)
    calls = [
        ("POST", "/companies", NEW),
        ("POST", "/companies/Acme/news", INTERVIEW),
        THANKS,
        ("PUT", "/companies/Acme/name", {"name": "Acme Corp"}),
        ("POST", "/companies/Acme%20Corp/news", {"what": "message", "at": MONDAY.isoformat()}),
        ("POST", "/companies/Nobody/follow-ups", {}),
        ("POST", "/import", [{"name": "Bell"}]),
        LETTERS,
        ("DELETE", "/companies/Bell", None),
    ]
    with loaded(PLAIN) as module:
        plain = Tracker(module, f"sqlite+aiosqlite:///{tmp_path}/plain.db", tracker.now)
        before, after = plain.ask(*calls), tracker.ask(*calls)

    assert [answer.status_code for answer in before] == [201, 201, 201, 200, 201, 404, 201, 200, 200]
    assert [answer.status_code for answer in after] == [answer.status_code for answer in before]
    assert after[-2].json() == before[-2].json() == [["Acme Corp", "thanks to ana"]]


@pytest.mark.parametrize(
    ("way", "now", "date"),
    [(FOLLOW_UP, EARLY, "It opens on Wed 11 Mar"), (THANKS, STALE, "Mon 16 Mar")],
    ids=["follow up", "thanks"],
)
def test_a_letter_against_the_rules_is_refused_with_reason_and_date(
    acme: Tracker, way: tuple[str, str, Any], now: datetime, date: str
) -> None:
    acme.now = now
    (answer,) = acme.ask(way)

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert "refused" in answer.json()["detail"]
    assert date in answer.json()["detail"]
    assert answer.json()["detail"] == answer.json()["verdict"]["text"]
    assert acme.letters() == []


def test_who_writes_to_all_companies_leaves_out_those_that_may_not_be_written_to(acme: Tracker) -> None:
    acme.ask(("POST", "/companies", NEW | {"name": "Bell"}))
    acme.now = EARLY
    early, _ = acme.ask(NUDGES, LETTERS)
    acme.now = OVERDUE
    (later,) = acme.ask(NUDGES)

    assert (early.json(), later.json()) == ([], ["Acme"])


@pytest.mark.parametrize("again", [FOLLOW_UP, NUDGES], ids=["follow up", "nudges"])
@pytest.mark.parametrize("first", [FOLLOW_UP, NUDGES], ids=["follow up", "nudges"])
def test_a_company_gets_one_follow_up_by_whichever_way(
    acme: Tracker, first: tuple[str, str, Any], again: tuple[str, str, Any]
) -> None:
    acme.ask(first, again, again)

    assert acme.letters() == [["Acme", "follow-up"]]


def test_of_many_clicks_at_once_one_letter_is_written(acme: Tracker) -> None:
    answers = acme.ask(*[FOLLOW_UP] * 8, at_once=True)

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert acme.letters() == [["Acme", "follow-up"]]


def test_a_letter_that_can_not_be_written_is_no_contact(
    acme: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(acme.module, "Letter", lambda **_: 1 / 0)
        assert acme.ask(FOLLOW_UP)[0].status_code == 500

    assert acme.letters() == []
    assert acme.ask(FOLLOW_UP)[0].status_code == 201


def test_what_is_due_is_listed_by_the_name_that_the_company_has(acme: Tracker) -> None:
    (found,) = acme.ask(("GET", "/due", None))

    (process,) = found.json()["processes"]
    assert process["employer"] == "Acme"
    assert "thank ana" in process["lines"][0]["text"]


def test_a_company_that_is_renamed_is_the_same_to_the_rules(acme: Tracker) -> None:
    acme.ask(FOLLOW_UP, ("PUT", "/companies/Acme/name", {"name": "Acme Corp"}))
    due, again = acme.ask(("GET", "/due", None), ("POST", "/companies/Acme%20Corp/follow-ups", {}))

    assert [each["employer"] for each in due.json()["processes"]] == ["Acme Corp"]
    assert again.status_code == 409
    assert acme.letters() == [["Acme Corp", "follow-up"]]


def test_an_import_makes_no_breach_and_three_answers_open_the_follow_up(tracker: Tracker) -> None:
    rows = [
        {"name": "Acme", "interviewed": MONDAY.isoformat()},
        {"name": "Bell", "interviewed": MONDAY.isoformat(), "followed_up": OVERDUE.isoformat()},
    ]
    tracker.now = OVERDUE
    _, due = tracker.ask(("POST", "/import", rows), ("GET", "/due", None))
    before, known, after = tracker.ask(
        FOLLOW_UP, ("POST", "/processes/1/known", {"of": ["message", "promise"]}), FOLLOW_UP
    )

    assert {each["employer"] for each in due.json()["processes"] if each["lines"]} == {"Acme", "Bell"}
    assert (before.status_code, known.status_code, after.status_code) == (409, 201, 201)
    assert "unknown" in {reason["has"] for reason in before.json()["verdict"]["reasons"]}
    assert tracker.letters() == [["Bell", "follow-up"], ["Acme", "follow-up"]]
    for item in tracker.ask(("GET", "/processes/2/agenda", None))[0].json():
        assert item["kind"] != "broken"


def test_what_is_to_happen_next_year_is_refused(acme: Tracker) -> None:
    mistyped = INTERVIEW | {"at": "2027-03-02T10:00:00+01:00"}
    told, followed = acme.ask(("POST", "/companies/Acme/news", mistyped), FOLLOW_UP)
    assert (told.status_code, followed.status_code) == (422, 201)
    assert told.json()["help"] == "report it when it has happened"


def test_a_removed_company_leaves_nothing_behind(acme: Tracker) -> None:
    _, export = acme.ask(("DELETE", "/companies/Acme", None), ("GET", "/export", None))

    assert export.json() == {"processes": {}, "unreadable": []}


# --- kills --------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("kind", SHARED)
def test_after_a_kill_a_letter_and_its_event_are_both_there_or_both_absent(kind: str, tmp_path: Path) -> None:
    embed("companies", tmp_path)
    with shared(kind) as url:
        acknowledged, written = kill_servers(tmp_path, url, KILLS)

    assert KILLS <= acknowledged <= written


def kill_servers(folder: Path, url: str, times: int) -> tuple[int, int]:
    """Kill servers amid follow-ups; return how many were acknowledged, and how many are there."""
    context = get_context("forkserver")
    context.set_forkserver_preload([companies_programs.__name__, *companies_programs.PRELOADED])
    chance, moment = Random(7), Event()  # noqa: S311 - nothing secret
    acknowledged = written = 0
    with closing(SqlStore(url)) as store, ThreadPoolExecutor(WRITERS) as threads:
        keeper, file = Keeper(packaged(), store), folder / "companies" / "tracker.py"
        for number in range(times):
            with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
                server = context.Process(target=companies_programs.serve, args=(str(file), url, listening))
                server.start()
                at_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
                first = Event()
                names = [[f"{number} {writer} {each}" for each in range(20)] for writer in range(WRITERS)]
                answers = [threads.submit(companies_programs.write, at_url, each, first) for each in names]
                wait_for(first, server)
                moment.wait(chance.uniform(0, 0.1))
                server.kill()
                server.join()
            sure = {name for answer in answers for name in answer.result()}
            letters = companies_programs.letters_in(url, f"{number} ")
            events = {
                process.employer
                for process in map(keeper.load, companies_programs.keys_in(url, f"{number} "))
                if [placed.name for placed in process.timeline] == ["interview", "follow_up"]
            }
            assert sure <= set(letters)
            assert sorted(letters) == sorted(events)
            acknowledged += len(sure)
            written += len(letters)
    return acknowledged, written
