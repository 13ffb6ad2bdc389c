"""A bad request gets the status of the standard and a problem, and nothing is recorded."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from postinterview.serve import Limits
from postinterview.serve.logs import JsonLines
from tests.serve.service import ACME, FOLLOW_UP, INTERVIEW, Service, bearer, service
from tests.stores.kinds import shared

JSON = {"Content-Type": "application/json"}
DEEP = '{"event": "follow_up", "fields": ' + '{"a": ' * 19 + "1" + "}" * 20
DEEPER = '{"event": "follow_up", "fields": ' + '{"a": ' * 20 + "1" + "}" * 21
QUOTED = json.dumps({"event": "follow_up", "fields": {"channel": "[" * 50 + '\\"' + "{" * 50}})
HIDDEN = (
    '{"event": "follow_up", "fields": {"x": ["∀", ' + "[" * 400 + "]" * 400 + "]}}"
)  # U+2200: 0x22 is `"`
NAIVE = {**INTERVIEW, "at": "2026-03-02T10:00:00"}


@pytest.fixture(scope="module")
def served() -> Iterator[Service]:
    with shared("sqlite") as url, service(url, limits=Limits(most_bytes=2000, seconds=0.05)) as found:
        assert found.ask("PUT", "/processes/acme", ACME).status_code == 201
        assert found.ask("POST", "/processes/acme/record", INTERVIEW).status_code == 201
        yield found


BAD: dict[str, tuple[str, str, Any, dict[str, str], int, str]] = {
    "no JSON": ("POST", "do", "{", {}, 400, "not JSON: Expecting property name"),
    "half of it": ("POST", "do", '{"event": "follow_up"', {}, 400, "delimiter at character 22"),
    "another type": ("POST", "do", FOLLOW_UP, {"Content-Type": "text/plain"}, 415, "Content-Type"),
    "a form": ("POST", "do", "a=b", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "JSON"),
    "compressed": ("POST", "do", FOLLOW_UP, {"Content-Encoding": "gzip"}, 415, "compressed"),
    "large": ("POST", "do", {**FOLLOW_UP, "to": "x" * 2000}, {}, 413, "2000 bytes"),
    "deep": ("POST", "do", DEEPER, {}, 400, "more than 20"),
    "endless depth": ("POST", "do", "[" * 2000, {}, 400, "more than 20"),
    "UTF-16": ("POST", "do", json.dumps(FOLLOW_UP).encode("utf-16"), {}, 400, "UTF-8"),
    **{
        f"{encoding} without a mark": ("POST", "do", json.dumps(FOLLOW_UP).encode(encoding), {}, 400, "NUL")
        for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
    },
    "depth that UTF-16 hides": ("POST", "do", HIDDEN.encode("utf-16-le"), {}, 400, "UTF-8"),
    "a key that no path can have": ("PUT", "../%2E%2E", ACME, {}, 422, "a key can't be `..`"),
    "moved to such a key": ("POST", "move", {"to": "."}, {}, 422, "to: Value error, a key can't be `.`"),
    "a long key": ("PUT", f"../{'k' * 297}", ACME, {}, 422, "`key` has 297 characters"),
    "a hidden character": ("PUT", "../a%00b", ACME, {}, 422, "`key` can't be 'a\\x00b'"),
    "an unknown event": ("POST", "do", {"event": "folow_up"}, {}, 422, "did you mean `follow_up`?"),
    "an unknown field": (
        "POST",
        "do",
        {"event": "follow_up", "fields": {"chanel": "call"}},
        {},
        422,
        "chanel",
    ),
    "as deep as may be": ("POST", "do", DEEP, {}, 422, "unknown field `a`"),
    "brackets in a text": ("POST", "do", QUOTED, {}, 422, "channel"),
    "no zone": ("POST", "record", NAIVE, {}, 422, "timezone"),
    "the future": ("POST", "record", {**INTERVIEW, "at": "2030-01-01T00:00Z"}, {}, 422, "future"),
    "an employer's word as an act": ("POST", "do", {"event": "message"}, {}, 422, "message"),
    "an unknown key": ("POST", "../nobody/do", FOLLOW_UP, {}, 404, "no process 'nobody'"),
    "an unknown path": ("POST", "undo", FOLLOW_UP, {}, 404, "Not Found"),
    "another method": ("PATCH", "do", FOLLOW_UP, {}, 405, "Method Not Allowed"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_request_is_a_problem_and_records_nothing(name: str, served: Service) -> None:
    method, path, body, headers, status, said = BAD[name]
    before = served.keeper.load("ada/acme")

    answer = served.ask(method, f"/processes/acme/{path}", body, headers=headers)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert said in answer.json()["detail"] + str(answer.json())  # its help and errors, too
    assert "ada" not in answer.text
    assert served.keeper.load("ada/acme") == before
    assert list(served.keeper.keys()) == ["ada/acme"]


def test_a_body_without_a_length_is_refused_once_it_is_too_large(served: Service) -> None:
    sent = []

    async def parts() -> Any:
        for _ in range(100):
            sent.append(1)
            yield b" " * 100

    answer = _stream(served, parts())

    assert answer.status_code == 413
    assert len(sent) == 21


def test_a_body_that_does_not_come_is_given_up(served: Service) -> None:
    async def parts() -> Any:
        yield b"{"
        await asyncio.sleep(60)

    assert _stream(served, parts()).status_code == 408


def _stream(served: Service, content: Any) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(served.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            headers = JSON | bearer(served.all)
            return await client.post("/processes/acme/do", content=content, headers=headers)

    return asyncio.run(asked())


def test_a_failure_of_the_service_is_a_problem_and_is_logged_without_its_message(
    served: Service, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("ana@acme.example")

    monkeypatch.setattr(served.keeper.store, "load", fail)
    with caplog.at_level(logging.INFO, "postinterview.serve"):
        answer = served.ask("GET", "/processes/acme/agenda")

    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    number = answer.headers["X-Request-ID"]
    assert number in answer.json()["detail"]
    said = caplog.records[-1].said  # type: ignore[attr-defined]
    assert (said["request"], said["route"], said["status"]) == (number, "/processes/{key}/agenda", 500)
    assert (said["error"], said["trace"][-1].split()[1]) == ("KeyError", "fail")
    assert "ana" not in json.dumps(said)


def test_an_error_that_uvicorn_logs_has_no_message_either() -> None:
    with pytest.raises(KeyError) as caught:
        {"": ""}["ana@acme.example"]
    found = (caught.type, caught.value, caught.tb)
    record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 1, "it failed", (), found)

    line = JsonLines().format(record)

    assert "ana" not in line
    assert json.loads(line)["error"] == "KeyError"
