"""Usual requests are answered without FastAPI, and as FastAPI answers them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import Response
from fastapi.testclient import TestClient

from postinterview.contrib.fastapi.router import OFFERS
from postinterview.serve.gate_routes import OFFERS as GATE
from postinterview.serve.lane import Lane
from tests.serve.service import ACME, FOLLOW_UP, INTERVIEW, MONDAY, Service, ask, bearer, service
from tests.stores.kinds import shared

ANA = "ana@acme.example"
ABOUT_ONE = {
    each.name: each
    for each in (*OFFERS, *GATE)
    if each.path.startswith("/processes/{key}/") and each.path.count("/") == 3
}
BODIES: dict[str, list[Any]] = {
    "may": [
        FOLLOW_UP,
        {"event": "thank_you", "to": "ana"},
        {"event": "folow_up"},
        {"event": 7},
        "{",
        [],
        {"event": "\ud800"},
    ],
    "do": [FOLLOW_UP, FOLLOW_UP, {"event": "message"}, {"event": "follow_up", "fields": {"channel": 1e999}}],
    "record": [
        INTERVIEW,
        {**INTERVIEW, "at": "2026-03-02T10:00:00"},
        {**INTERVIEW, "at": "2030-01-01T00:00Z"},
    ],
    "change": [{"employer": "Bolt"}, {}],
    "move": [{"to": "beta"}, {"to": "a/b"}, {"to": ""}, {"to": ".."}],
    "join": [{"other": "acme"}, {"other": "nobody"}, {}],
    "retract": [{"number": 2, "not_sent": True}, {"number": 9}, {"number": "2"}, {"number": 1.5}],
    "amended": [
        {"number": 1, "fields": {"decide_by": "2026-03-20"}},
        {"number": 1, "fields": {"at": "2026-03-20"}},
        {"number": 9, "fields": {}},
    ],
    "dated": [{"number": 1, "at": MONDAY.isoformat()}],
    "unknown": [{"of": ["message"], "until": MONDAY.isoformat()}, {"of": []}],
    "known": [{"of": ["message"]}, {"of": ["messag"]}],
    "permit": [FOLLOW_UP, {"event": "write_plan"}],
    "prepare": [{"event": "write_plan"}, FOLLOW_UP],
    "propose": [{"operation": "retract", "arguments": {"number": 7}}, {"operation": "do", "arguments": {}}],
    "register": [{"recipient": ANA, "person": "ana"}, {"recipient": "no address"}],
}
NOT_EQUAL = ("permit",)
"""What is drawn at random."""


@pytest.fixture(scope="module")
def served() -> Iterator[Service]:
    with shared("sqlite") as url, service(url) as found, pytest.MonkeyPatch.context() as patch:
        patch.setattr("postinterview.serve.tokens.RECENT", 1e9)  # however slow the machine is
        yield found


def prepared(served: Service, owner: str) -> str:
    """A new process of this owner's, and a token for everything, which was seen a moment ago."""
    token = served.token(owner=owner)
    for method, path, body in (("PUT", "", ACME), ("POST", "/record", INTERVIEW)):
        assert served.ask(method, f"/processes/acme{path}", body, token=token).status_code == 201
    return token


def said(answer: httpx.Response) -> Any:
    """What is compared of an answer."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    body = answer.json()
    if isinstance(body, dict):
        for each in NOT_EQUAL:
            if body.pop(each, None) is not None:
                headers.pop("content-length")
    return answer.status_code, headers, body


@pytest.mark.parametrize("name", ABOUT_ONE)
def test_a_usual_request_is_answered_as_fastapi_answers_it(name: str, served: Service) -> None:
    """An empty query makes it unusual, and means nothing."""
    offer = ABOUT_ONE[name]
    usual, unusual = (prepared(served, f"{name}-{each}") for each in ("usual", "other"))
    bodies = BODIES.get(name, [None])
    keys: tuple[dict[str, str], ...] = ({}, {"Idempotency-Key": "button-7"}, {"Idempotency-Key": "permit 7"})
    asked = [("acme", body, once) for body in bodies for once in keys] + [("nobody", bodies[0], {})]
    for key, body, once in asked:
        path = offer.path.format(key=key)
        one = served.ask(offer.method, path, body, token=usual, headers=once)
        other = served.ask(offer.method, f"{path}?a=b", body, token=unusual, headers=once)
        assert said(one) == said(other)
        assert (one.headers["content-type"] == "application/json") == (one.status_code < 400)


@pytest.fixture(scope="module")
def lane(served: Service) -> Any:
    """The lane in front of an application that only says that it was asked."""
    found: Any = next(each for each in served.app.user_middleware if "ways" in each.kwargs)

    async def application(_: Any, __: Any, send: Any) -> None:
        await Response(status_code=418)(_, __, send)

    return Lane(application, **found.kwargs)


@pytest.mark.parametrize("name", ABOUT_ONE)
def test_no_usual_request_about_one_process_takes_fastapi(name: str, served: Service, lane: Any) -> None:
    offer, body = ABOUT_ONE[name], BODIES.get(name, [None])[0]
    token = prepared(served, f"{name}-alone")
    answer = ask(lane, offer.method, offer.path.format(key="acme"), body, bearer(token))

    assert answer.status_code != 418


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({}, "may?zone=UTC"),
        ({}, "undo"),
        ({}, "may/acme"),
        ({"Content-Type": "application/json; charset=utf-8"}, "may"),
        ({"Authorization": "Bearer nobody"}, "may"),
        ({"Authorization": "Basic {token}"}, "may"),
        ({"Idempotency-Key": "agent 7"}, "do"),
    ],
)
def test_an_unusual_request_is_left_to_fastapi(
    change: dict[str, str], path: str, served: Service, lane: Any
) -> None:
    served.ask("GET", "/processes")  # so that the token was seen
    assert ask(lane, "POST", "/processes/acme/may", FOLLOW_UP, bearer(served.all)).status_code != 418
    headers = bearer(served.all) | {name: said.format(token=served.all) for name, said in change.items()}
    assert ask(lane, "POST", f"/processes/acme/{path}", FOLLOW_UP, headers).status_code == 418


def test_a_body_that_is_too_deep_to_read_is_left_to_fastapi(served: Service, lane: Any) -> None:
    """The door refuses it, unless it lets in deeper ones."""
    served.ask("GET", "/processes")
    deep = '{"event": "follow_up", "fields": {"x": ' + "[" * 100_000 + "]" * 100_000 + "}}"

    assert ask(lane, "POST", "/processes/acme/may", deep, bearer(served.all)).status_code == 418


def test_a_token_without_the_scope_is_left_to_fastapi(served: Service, lane: Any) -> None:
    token = served.token("record")
    assert served.ask("POST", "/processes/acme/may", FOLLOW_UP, token=token).status_code == 403
    assert ask(lane, "POST", "/processes/acme/may", FOLLOW_UP, bearer(token)).status_code == 418
    assert ask(lane, "POST", "/processes/acme/record", INTERVIEW, bearer(token)).status_code != 418


def test_a_server_starts_and_stops_the_application(served: Service) -> None:
    with TestClient(served.app) as client:  # it fails if the start is not answered
        assert client.get("/health").status_code == 200
