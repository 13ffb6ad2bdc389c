"""The command in a process of its own, and clients of its own."""

from __future__ import annotations

import json
import re
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import httpx
import pytest

from postinterview.serve import SCOPES
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.cli.helpers import Caller
from tests.core.helpers import packaged
from tests.serve.service import ACME, FOLLOW_UP, INTERVIEW, Running, bearer, running


@pytest.fixture
def store(tmp_path: Path) -> str:
    return str(tmp_path / "kept.db")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Caller:
    return Caller(capsys)


def a_token(call: Caller, store: str) -> str:
    made = call(
        "tokens",
        "--store",
        store,
        "--new",
        "ada",
        "--format",
        "json",
        *(f"--scope={each}" for each in SCOPES),
    )
    token: str = json.loads(made.out)["new"]["token"]
    return token


def test_a_client_starts_a_process_asks_and_acts_and_the_log_names_nobody(
    store: str, tmp_path: Path, call: Caller
) -> None:
    token = a_token(call, store)
    with (
        running(store, tmp_path, "--statuses", "tracker") as server,
        httpx.Client(base_url=server.url, headers=bearer(token)) as client,
    ):
        assert client.get("/health").json() == {"status": "running"}
        assert client.get("/ready").json() == {"status": "ready"}
        assert client.put("/processes/acme-7", json=ACME).status_code == 201
        assert client.post("/processes/acme-7/record", json=INTERVIEW).status_code == 201
        once = {"Idempotency-Key": "button-7"}
        late = {"event": "follow_up", "at": "2026-03-16T09:00:00Z", "fields": {"channel": "call"}}
        assert client.post("/processes/acme-7/record", json=late, headers=once).status_code == 201
        assert client.post("/processes/acme-7/record", json=late, headers=once).status_code == 200
        refused = client.post("/processes/acme-7/do", json=FOLLOW_UP)
        assert (refused.status_code, refused.json()["verdict"]["allowed"]) == (409, False)
        said = {"operation": "record", "arguments": {"event": "message", "happened": late["at"]}}
        word = client.post("/processes/acme-7/propose", json=said).json()
        assert call("confirm", "--store", store, "--owner", "ada", word["id"]).code == 0
        assert client.get("/pending").json() == []
        assert client.post("/processes/acme-7/follow", json={"status": "Offer"}).status_code == 201
        told = [each["event"] for each in client.get("/processes/acme-7/timeline").json()]
        assert told == ["interview", "follow_up", "message", "offer"]
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(60) == 0

    log = server.log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in log.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    statuses = [line["status"] for line in requests]
    assert statuses == [200, 200, 200, 201, 201, 201, 200, 409, 200, 200, 201, 200]
    assert requests[3]["route"] == "/processes/{key}"
    drawn = {line.pop("request") for line in requests}  # at random, so a name may stand in one by chance
    assert len(drawn) == 12
    assert all(re.fullmatch("[0-9a-f]{16}", each) for each in drawn)
    logged = json.dumps(lines)
    for word in ("acme", "Acme", "ana", "ada", "call", "button", token, token[14:]):
        assert word not in logged


@pytest.mark.slow
def test_a_request_that_has_begun_is_answered_before_the_service_stops(
    store: str, tmp_path: Path, call: Caller
) -> None:
    token = a_token(call, store)
    begun = Event()

    def parts() -> Iterator[bytes]:
        yield json.dumps(ACME).encode()[:5]
        begun.set()
        stopped.wait(60)
        yield json.dumps(ACME).encode()[5:]

    stopped = Event()
    with running(store, tmp_path) as server, ThreadPoolExecutor(1) as threads:
        headers = bearer(token) | {"Content-Type": "application/json"}
        answer = threads.submit(httpx.put, f"{server.url}/processes/acme", content=parts(), headers=headers)
        assert begun.wait(60)
        server.process.send_signal(signal.SIGINT)
        while not _is_refused(server):
            pass
        stopped.set()
        assert answer.result(60).status_code == 201
        assert server.process.wait(60) == 130

    with closing(SqlStore(f"sqlite:///{store}")) as kept:
        assert list(Keeper(packaged(), kept).keys()) == ["ada/acme"]


def _is_refused(server: Running) -> bool:
    try:
        httpx.get(f"{server.url}/health", timeout=60)
    except httpx.TransportError:
        return True
    return False


def test_it_is_not_open_to_the_world_without_a_token(store: str, call: Caller) -> None:
    everybody = ("serve", "--store", store, "--port", "0", "--check", "--host", "0.0.0.0")  # noqa: S104
    refused = call(*everybody)
    assert (refused.code, refused.out) == (2, "")
    assert "`--host 0.0.0.0` lets others in, and the store has no token" in refused.err

    alone = call(*everybody[:-2])
    assert (alone.code, alone.err) == (0, "")
    assert "no client is let in" in alone.out

    a_token(call, store)
    assert call(*everybody).code == 0


def test_an_address_that_is_taken_is_said(store: str, call: Caller) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        taken = call("serve", "--store", store, "--port", str(port))

    assert taken.code == 3
    assert f"port {port} can't be listened at: Address already in use" in taken.err


def test_without_a_store_the_users_own_folder_is_taken(
    tmp_path: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert call("tokens", "--new", "ada", "--scope", "read").code == 0

    (found,) = tmp_path.rglob("postinterview.db")
    assert found.parent.stat().st_mode & 0o077 == 0
    assert "ada  read" in call("tokens").out
    monkeypatch.setenv("POSTINTERVIEW_STORE", str(tmp_path / "another.db"))
    assert "no tokens yet" in call("tokens").out


def test_a_map_of_statuses_has_to_fit_the_rules(store: str, call: Caller, tmp_path: Path) -> None:
    (tmp_path / "board.yaml").write_text("format: 1\nstatuses: {Talk: intervew}\n", encoding="utf-8")
    check = ("serve", "--store", store, "--check", "--statuses")

    assert call(*check, "kanban").code == 0
    refused = call(*check, str(tmp_path / "board.yaml"))

    assert refused.code == 1
    assert "did you mean `interview`?" in refused.err
    assert call(*check, "kanbn").code == 3
