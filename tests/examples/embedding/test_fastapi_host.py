"""The FastAPI host: each user logs in, and touches only what is that user's, over HTTP and in a browser."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from attrs import define
from fastapi import FastAPI

import postinterview as pi
from fastapi_host.app import STAYS_LOGGED_IN, create_app
from postinterview.contrib.fastapi import server_time
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.browsers import browser
from tests.examples.embedding.stories import EARLY, MONDAY, OVERDUE, RULES

ACME = "/api/processes/acme"
LIST = ("GET", "/api/processes", None)
FOLLOW_UP = {"event": "follow_up", "fields": {"channel": "email"}}
INTERVIEW = {
    "event": "interview",
    "at": MONDAY.isoformat(),
    "fields": {"interviewers": ["ana"], "decide_by": "2026-03-10"},
}


@define
class Host:
    """The application in this process, and its file."""

    app: FastAPI
    file: Path
    now: datetime = OVERDUE

    def ask(self, calls: list[tuple[Any, ...]], login: str | None = None) -> list[httpx.Response]:
        """What is answered to calls of one browser, one after the other."""
        cookies = {} if login is None else {"login": login}

        async def asked() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self.app)
            async with (
                self.app.router.lifespan_context(self.app),
                httpx.AsyncClient(transport=transport, base_url="http://tracker", cookies=cookies) as client,
            ):
                return [
                    await client.request(method, path, json=body, headers=headers[0] if headers else None)
                    for method, path, body, *headers in calls
                ]

        return asyncio.run(asked())

    def login_of(self, name: str) -> str:
        """The cookie of a new user who is logged in."""
        who = {"name": name, "password": "correct horse"}
        _, answer = self.ask([("POST", "/users", who), ("POST", "/login", who)])
        return answer.cookies["login"]

    def rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.file)) as db:
            return db.execute(query).fetchall()


@pytest.fixture(scope="module")
def only(tmp_path_factory: pytest.TempPathFactory) -> Host:
    file = tmp_path_factory.mktemp("host") / "tracker.db"
    found = Host(create_app(f"sqlite+aiosqlite:///{file}?timeout=60"), file)
    found.app.dependency_overrides[server_time] = lambda: found.now
    found.ask([])  # makes the tables
    return found


@pytest.fixture
def host(only: Host) -> Host:
    """The host, with nothing in its tables."""
    with closing(sqlite3.connect(only.file)) as db, db:
        for table in ("logins", "users", "postinterview_entries", "postinterview_processes"):
            db.execute(f"DELETE FROM {table}")  # noqa: S608
    only.now = OVERDUE
    return only


def test_nobody_who_is_not_logged_in_reads_or_writes_anything(host: Host) -> None:
    calls = [("PUT", ACME, {"timezone": "UTC"}), ("GET", ACME, None), LIST]
    strangers = [*host.ask(calls), *host.ask(calls, "guessed"), *host.ask(calls, "")]

    assert [answer.status_code for answer in strangers] == [401] * 9
    assert host.rows("SELECT * FROM postinterview_processes") == []


def test_a_user_touches_only_what_is_that_users(host: Host) -> None:
    ana, bo = host.login_of("ana"), host.login_of("bo")
    host.ask([("PUT", ACME, {"timezone": "Europe/Zurich"}), ("POST", f"{ACME}/record", INTERVIEW)], ana)
    theirs = [
        ("GET", ACME, None),
        ("POST", f"{ACME}/do", FOLLOW_UP),
        ("DELETE", ACME, None),
        ("GET", "/api/processes", None),
    ]

    assert [answer.status_code for answer in host.ask(theirs, bo)] == [404, 404, 404, 200]
    assert host.ask(theirs, bo)[-1].json() == {"keys": []}
    first, second = host.ask([("POST", f"{ACME}/do", FOLLOW_UP)] * 2, ana)
    assert (first.status_code, second.status_code) == (201, 409)
    assert [key for (key,) in host.rows("SELECT key FROM postinterview_processes")] == ["1/acme"]


def test_a_user_takes_everything_along_and_leaves_nothing_behind(host: Host) -> None:
    ana, bo = host.login_of("ana"), host.login_of("bo")
    for login in (ana, bo):
        host.ask([("PUT", ACME, {"timezone": "Europe/Zurich"}), ("POST", f"{ACME}/record", INTERVIEW)], login)
    export, erased = host.ask([("GET", "/api/export", None), ("DELETE", "/api/processes", None)], ana)

    process = RULES.restore(json.dumps(export.json()["processes"]["acme"]))
    assert [placed.name for placed in process.timeline] == ["interview"]
    assert erased.json() == {"keys": ["acme"]}
    assert [key for (key,) in host.rows("SELECT key FROM postinterview_processes")] == ["2/acme"]
    assert [key for (key,) in host.rows("SELECT DISTINCT process FROM postinterview_entries")] == ["2/acme"]


def test_a_page_of_another_site_can_not_write_with_a_users_cookie(host: Host) -> None:
    login = host.login_of("ana")
    start = ("PUT", ACME, {"timezone": "UTC"})
    for origin, status in (("http://evil.example", 403), ("null", 403), ("http://tracker", 201)):
        (answer,) = host.ask([(*start, {"Origin": origin})], login)
        assert answer.status_code == status


def test_a_password_is_not_kept_and_a_wrong_one_opens_nothing(host: Host) -> None:
    login = host.login_of("ana")
    wrong, nobody, taken = host.ask(
        [
            ("POST", "/login", {"name": "ana", "password": "wrong horse"}),
            ("POST", "/login", {"name": "zoe", "password": "correct horse"}),
            ("POST", "/users", {"name": "ana", "password": "other horse"}),
        ]
    )

    assert (wrong.status_code, nobody.status_code, taken.status_code) == (401, 401, 409)
    assert wrong.json() == nobody.json()
    kept = host.file.read_bytes()
    assert b"correct horse" not in kept
    assert login.encode() not in kept


def test_a_login_ends_when_the_user_says_so_and_by_itself(host: Host) -> None:
    login = host.login_of("ana")
    host.now += STAYS_LOGGED_IN - timedelta(minutes=1)
    assert host.ask([LIST], login)[0].status_code == 200
    host.now += timedelta(minutes=1)
    assert host.ask([LIST], login)[0].status_code == 401

    host.now = OVERDUE
    out, after = host.ask([("POST", "/logout", None), LIST], login)
    assert (out.status_code, after.status_code) == (204, 401)
    assert host.ask([LIST], login)[0].status_code == 401


def test_the_cookie_is_hidden_from_scripts_and_from_other_sites(host: Host) -> None:
    who = {"name": "ana", "password": "correct horse"}
    _, answer = host.ask([("POST", "/users", who), ("POST", "/login", who)])
    said = answer.headers["set-cookie"].lower()

    assert "httponly" in said
    assert "samesite=lax" in said


# --- in a browser -------------------------------------------------------------------------------------


@contextmanager
def serving(host: Host) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(host.app, log_level="warning", lifespan="on", ws="none"))
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.mark.slow
def test_the_page_shows_why_not_and_from_when_and_does_a_thing_once(host: Host) -> None:
    host.now = EARLY
    with serving(host) as url, browser(locale="en-GB", timezone_id="Europe/Zurich") as context:
        page = context.new_page()
        page.goto(url)
        page.fill("[name=name]", "ana")
        page.fill("[name=password]", "correct horse")
        page.click("text=Sign up")
        page.fill("[name=employer]", "Acme <b>& Sons</b>")
        page.click("text=Add")
        page.fill("[name=at]", "2026-03-02T10:00")
        page.fill("[name=interviewers]", "ana")
        page.click("text=Record")

        refused = page.locator(".act", has_text="follow up with Acme <b>& Sons</b>: refused")
        refused.filter(has_text="It opens on").wait_for()
        said = refused.inner_text()
        ((key,),) = host.rows("SELECT key FROM postinterview_processes")
        verdict = _kept(host, key).may("follow_up", at=EARLY, channel="email")
        assert verdict.text in said
        assert verdict.opens_at is not None
        assert f"Possible from {verdict.opens_at:%A, %-d %B %Y}" in said.replace("Monday ", "Monday, ")

        host.now = verdict.opens_at
        page.reload()
        page.click("button:has-text('follow up')")
        refused.wait_for()
        assert "1 chase since" in refused.inner_text()
        assert [placed.name for placed in _kept(host, key).timeline] == ["interview", "follow_up"]

        page.click("text=Log out")
        page.locator("#door").wait_for()
        page.fill("[name=name]", "bo")
        page.fill("[name=password]", "battery staple")
        page.click("text=Sign up")
        page.locator("#new").wait_for()
        assert page.locator("section").count() == 0


def _kept(host: Host, key: str) -> pi.Process:
    with closing(SqlStore(f"sqlite:///{host.file}")) as store:
        return Keeper(RULES, store).load(key)
