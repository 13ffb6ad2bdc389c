"""Whose processes a caller may touch, when a transaction ends, and what the router is made of."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
)
from importlib import import_module
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.security import SecurityScopes

import postinterview as pi
from postinterview.contrib.fastapi import process_router
from postinterview.contrib.fastapi.router import ALL_OF_AN_OWNER, OFFERS
from postinterview.stores import Keeper, MemoryStore
from tests.contrib.fastapi.asking import BOARD, FOLLOW_UP, MONDAY, ask, fresh, interviewed
from tests.core.helpers import packaged

ONE = "/processes/{key}"
READ = ["show", "agenda", "export"]


def app_of(keeper: Any, **options: Any) -> FastAPI:
    app = FastAPI()
    app.include_router(process_router(keeper, rulebook=packaged(), **options))
    return app


# --- owners -------------------------------------------------------------------------------------------


def user(x_user: Annotated[str, Header()]) -> str:
    return x_user


@pytest.fixture(scope="module")
def owned() -> tuple[FastAPI, Keeper]:
    keeper = fresh()
    return app_of(keeper, owner=user), keeper


def test_a_caller_finds_and_erases_what_is_the_callers_alone(owned: tuple[FastAPI, Keeper]) -> None:
    app, keeper = owned
    for name in ("1", "10", "1.", "0"):
        for key in ("acme", "0"):
            assert ask(app, "PUT", f"/processes/{key}", {"timezone": "UTC"}, user=name).status_code == 201
    assert ask(app, "GET", "/processes", user="1").json() == {"keys": ["0", "acme"]}
    assert [*ask(app, "GET", "/export", user="1").json()["processes"]] == ["0", "acme"]
    told = {"event": "message", "at": MONDAY.isoformat()}
    ask(app, "POST", "/processes/acme/record", told, user="1")
    assert [len(keeper.load(f"{name}/acme").history) for name in ("1", "10")] == [1, 0]

    assert ask(app, "DELETE", "/processes", user="1").json() == {"keys": ["0", "acme"]}
    assert ask(app, "GET", "/processes", user="1").json() == {"keys": []}
    assert len(list(keeper.keys())) == 6


def test_a_caller_is_shown_only_the_callers_due_processes(owned: tuple[FastAPI, Keeper]) -> None:
    app, keeper = owned
    for key in ("5/acme", "7/acme", "7/bell", "8/acme"):
        interviewed(keeper, key)
    found = ask(app, "GET", "/due?limit=2", user="7").json()

    assert {each["key"] for each in found["processes"]} == {"acme", "bell"}


@pytest.mark.parametrize(
    ("key", "said"), [("a%00b", "`key` can't be 'a\\x00b'"), ("k" * 299, "has 299 char")]
)
def test_a_problem_with_a_key_does_not_show_the_owner(
    owned: tuple[FastAPI, Keeper], key: str, said: str
) -> None:
    for method, path in (("PUT", ""), ("GET", ""), ("POST", "/move")):
        body = {"PUT": {"timezone": "UTC"}, "POST": {"to": "b"}}.get(method)
        answer = ask(owned[0], method, f"/processes/{key}{path}", body, user="zoe")
        assert answer.status_code == 422
        assert said in answer.json()["detail"]
        assert "zoe" not in answer.text


@pytest.mark.parametrize("key", ["%2E", "%2E%2E"])
def test_no_process_is_started_under_a_key_that_clients_leave_out_of_a_path(
    owned: tuple[FastAPI, Keeper], key: str
) -> None:
    answer = ask(owned[0], "PUT", f"/processes/{key}", {"timezone": "UTC"}, user="zoe")
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert "which clients leave out of a path" in answer.json()["detail"]


def test_a_body_that_is_too_deep_to_read_is_a_problem(owned: tuple[FastAPI, Keeper]) -> None:
    deep = '{"event": "follow_up", "fields": {"x": ' + "[" * 100_000 + "]" * 100_000 + "}}"
    answer = ask(owned[0], "POST", "/processes/acme/may", deep, user="1")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("key", ["..%2F2%2Facme", "2%2Facme", "%2F2%2Facme"])
def test_no_path_leads_to_another_callers_process(owned: tuple[FastAPI, Keeper], key: str) -> None:
    app, keeper = owned
    keeper.start("2/acme", timezone="UTC")

    assert [ask(app, "GET", f"/processes/{key}", user=name).status_code for name in "12"] == [404, 404]


def test_an_error_names_the_callers_key_and_not_the_keepers(owned: tuple[FastAPI, Keeper]) -> None:
    app, _ = owned
    told = {"event": "message", "at": MONDAY.isoformat()}
    for method, path, body in [("GET", "", None), ("DELETE", "", None), ("POST", "/record", told)]:
        answer = ask(app, method, f"/processes/nobody{path}", body, user="7")
        assert (answer.status_code, answer.json()["detail"]) == (404, "there is no process 'nobody'")


def test_without_owners_nobody_can_erase_everything_at_once() -> None:
    app = app_of(fresh())

    assert ask(app, "DELETE", "/processes").status_code == 405


def test_a_dependency_for_the_owner_is_told_the_scope_of_each_operation() -> None:
    told: list[tuple[str, ...]] = []

    def nobody(scopes: SecurityScopes) -> str:
        told.append(tuple(scopes.scopes))
        raise HTTPException(401, "log in first", {"WWW-Authenticate": "Bearer"})

    app = app_of(fresh(), owner=nobody)
    bodies = {
        "start": {"timezone": "UTC"},
        "may": FOLLOW_UP,
        "do": FOLLOW_UP,
        "record": {"event": "message", "at": MONDAY.isoformat()},
        "retract": {"number": 1},
        "change": {"employer": "Acme"},
        "unknown": {"of": ["message"], "until": MONDAY.isoformat()},
        "known": {"of": ["message"]},
    }
    for offer in (*OFFERS, ALL_OF_AN_OWNER):
        body = bodies.get(
            offer.name, {"of": ["message"], "until": MONDAY.isoformat()} if offer.method == "POST" else None
        )
        answer = ask(app, offer.method, offer.path.format(key="acme"), body)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.json()["detail"] == "log in first"
        assert told.pop() == (offer.scope,)
    assert {offer.scope for offer in OFFERS} == {"read", "act", "record", "administer"}
    assert all(offer.scope == "read" for offer in OFFERS if offer.method == "GET")


# --- transactions -------------------------------------------------------------------------------------


def makers(keeper: Keeper, did: list[str]) -> dict[str, Callable[..., Any]]:
    """Every way in which a host may hand a keeper over."""

    def yields() -> Iterator[Keeper]:
        did.append("begin")
        try:
            yield keeper
        except BaseException:
            did.append("roll back")
            raise
        did.append("commit")

    async def async_yields() -> AsyncIterator[Keeper]:
        with contextmanager(yields)() as found:
            yield found

    def context() -> AbstractContextManager[Keeper]:
        return contextmanager(yields)()

    async def async_context() -> AbstractAsyncContextManager[Keeper]:
        return asynccontextmanager(async_yields)()

    return {
        "yields": yields,
        "async yields": async_yields,
        "context": context,
        "async context": async_context,
        "decorated": contextmanager(yields),
        "async decorated": asynccontextmanager(async_yields),
    }


class Watched:
    """An application that notes when its response is sent."""

    def __init__(self, app: FastAPI, did: list[str]) -> None:
        self.app, self.did = app, did

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def noted(message: Any) -> None:
            if message["type"] == "http.response.start":
                self.did.append(f"send {message['status']}")
            await send(message)

        await self.app(scope, receive, noted)


@pytest.mark.parametrize("way", [*makers(fresh(), [])])
def test_a_transaction_ends_before_the_response_is_sent(way: str) -> None:
    did: list[str] = []
    keeper = fresh()
    interviewed(keeper)
    app: Any = Watched(
        app_of(makers(keeper, did)[way], only=["do"], clock=lambda: MONDAY.replace(day=16)), did
    )
    ask(app, "POST", "/processes/acme/do", FOLLOW_UP)
    ask(app, "POST", "/processes/acme/do", FOLLOW_UP)
    ask(app, "POST", "/processes/acme/do", {"event": "folow_up"})

    refused, misuse = (["begin", "roll back", f"send {status}"] for status in (409, 422))
    assert did == ["begin", "commit", "send 201", *refused, *misuse]


def test_nothing_is_acknowledged_that_could_not_be_committed() -> None:
    keeper = fresh()

    @contextmanager
    def failing() -> Iterator[Keeper]:
        with makers(keeper, [])["context"]() as found:
            yield found
        raise pi.stores.StoreError("the disk is full")

    answer = ask(app_of(failing, only=["start"]), "PUT", "/processes/acme", {"timezone": "UTC"})

    assert (answer.status_code, answer.json()["detail"]) == (503, "the disk is full")


def test_a_keeper_may_depend_on_what_else_the_request_needs() -> None:
    keeper = fresh()
    interviewed(keeper)

    def session(x_user: Annotated[str, Header()]) -> str:
        return x_user

    async def kept(session: Annotated[str, Depends(session)]) -> Keeper:
        assert session == "ana"
        return keeper

    kept.__annotations__["session"] = Annotated[str, Depends(session)]
    answer = ask(app_of(kept, only=["show"]), "GET", "/processes/acme", user="ana")

    assert answer.json()["key"] == "acme"


# --- what it is made of -------------------------------------------------------------------------------


def test_a_host_offers_the_operations_that_it_names() -> None:
    keeper = fresh()
    interviewed(keeper)
    app = app_of(keeper, only=READ, prefix="/api", tags=["etiquette"])

    paths = app.openapi()["paths"]
    assert {tuple(each["tags"]) for path in paths.values() for each in path.values()} == {("etiquette",)}
    assert sorted(paths) == [f"/api/processes/{{key}}{end}" for end in ("", "/agenda", "/export")]
    assert ask(app, "DELETE", "/api/processes/acme").status_code == 405


def test_an_operation_that_is_not_there_can_not_be_offered() -> None:
    with pytest.raises(pi.UnknownNameError, match=re.escape("did you mean `agenda`?")):
        process_router(fresh(), only=["agendas"])


def test_a_keeper_that_is_made_for_each_request_does_not_tell_its_rules() -> None:
    with pytest.raises(pi.MisuseError, match=re.escape("(give rulebook=)")):
        process_router(fresh)


def test_without_fastapi_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastapi", None)
    monkeypatch.delitem(sys.modules, "postinterview.contrib.fastapi")
    with pytest.raises(pi.MisuseError) as caught:
        import_module("postinterview.contrib.fastapi")

    assert caught.value.message == "the router needs `fastapi`, which is not installed"
    assert caught.value.help == "pip install 'postinterview[fastapi]'"


def test_statuses_are_followed_only_if_the_keeper_has_a_map_of_them() -> None:
    bare, board = Keeper(packaged(), MemoryStore()), fresh()
    assert [
        f"{ONE}/follow" in app.openapi()["paths"]
        for app in (app_of(bare), app_of(board), app_of(lambda: board), app_of(lambda: board, statuses=BOARD))
    ] == [False, True, False, True]
    with pytest.raises(pi.UnknownNameError, match="unknown operation `follow`"):
        app_of(bare, only=["follow"])
    with pytest.raises(pi.UnknownNameError, match="unknown event `intervew`"):
        app_of(lambda: board, statuses=pi.StatusMap({"Talk": "intervew"}))
