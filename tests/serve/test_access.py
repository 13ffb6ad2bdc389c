"""Who is let in, to what, and whose processes they touch."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from postinterview.contrib.fastapi.router import OFFERS, Offer
from postinterview.core.values.errors import MisuseError
from postinterview.serve import SCOPES
from postinterview.serve.gate_routes import OFFERS as GATE
from tests.serve.service import ACME, FOLLOW_UP, INTERVIEW, MONDAY, Service, service
from tests.stores.kinds import SHARED, shared

ANA = "ana@firm.example"
FORGED = "postinterview_" + "x" * 43
BODIES = {
    "start": ACME,
    "may": FOLLOW_UP,
    "do": FOLLOW_UP,
    "record": INTERVIEW,
    "change": {"employer": "Acme"},
    "move": {"to": "acme-2"},
    "join": {"other": "acme-2"},
    "retract": {"number": 1},
    "amended": {"number": 1, "fields": {"decide_by": "2026-03-20"}},
    "dated": {"number": 1, "at": MONDAY.isoformat()},
    "unknown": {"of": ["message"], "until": MONDAY.isoformat()},
    "known": {"of": ["message"]},
    "permit": FOLLOW_UP,
    "prepare": {"event": "write_plan"},
    "propose": {"operation": "retract", "arguments": {"number": 1}},
    "consume": {"permit": "x", "recipients": [ANA]},
    "failed": {"permit": "x"},
    "register": {"recipient": ANA},
}


@pytest.fixture(scope="module", params=SHARED)
def served(request: pytest.FixtureRequest) -> Iterator[Service]:
    with shared(request.param) as url, service(url) as found:
        assert found.ask("PUT", "/processes/acme", ACME).status_code == 201
        assert found.ask("POST", "/processes/acme/record", INTERVIEW).status_code == 201
        yield found


GATED = {each.name for each in GATE}


@pytest.mark.parametrize(
    "offer", [*(each for each in OFFERS if each.name not in GATED), *GATE], ids=lambda offer: offer.name
)
def test_an_operation_needs_its_scope_and_reads_only_what_is_the_owners(
    offer: Offer, served: Service
) -> None:
    key = "acme" if offer.name != "start" else "others"
    path, scope = offer.path.replace("{key}", key).replace("{recipient}", ANA), offer.scope
    before = served.keeper.load("ada/acme")
    body = BODIES.get(offer.name)

    assert served.ask(offer.method, path, body, token="").status_code == 401
    assert served.ask(offer.method, path, body, token=FORGED).status_code == 401
    others = served.token(*(set(SCOPES) - {scope}))
    assert served.ask(offer.method, path, body, token=others).status_code == 403
    answer = served.ask(offer.method, path, body, token=served.token(scope, owner="bob"))
    forged = 403 if offer.scope == "send" else 200
    missing = 404 if "acme" in path or "{id}" in path else forged
    assert answer.status_code == (201 if offer.name == "start" else missing)
    assert "acme" not in re.sub("['`]acme['`]", "", answer.text)  # what the client itself said

    assert served.keeper.load("ada/acme") == before


def test_a_refused_client_is_told_what_is_missing(served: Service) -> None:
    answer = served.ask("GET", "/due", token="")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/problem+json"

    answer = served.ask("GET", "/due", token=served.token("act"))
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="read"'
    assert answer.json()["detail"] == "this token lacks the scope `read`"


def test_a_token_is_kept_as_a_hash_and_its_text_nowhere(served: Service) -> None:
    text, token = served.tokens.new("cyd", ["read"], at=MONDAY)
    table = served.tokens._table  # noqa: SLF001 - to look behind it, as a thief would
    with served.tokens._database.reading() as connection:  # noqa: SLF001
        rows = [row for row in connection.execute(table.select()) if "cyd" in row]

    assert rows
    assert not any(text in str(value) or text[14:] in str(value) for row in rows for value in row)
    assert served.tokens.find(text) == token
    assert token in served.tokens.all()


def test_a_revoked_token_lets_nobody_in(served: Service) -> None:
    text, token = served.tokens.new("ada", ["read"], at=MONDAY)
    assert served.ask("GET", "/due", token=text).status_code == 200

    assert served.tokens.revoke([token.id, "nothing"]) == 1

    assert served.ask("GET", "/due", token=text).status_code == 401


@pytest.mark.parametrize(
    ("owner", "scopes", "said"),
    [
        ("ada/x", ["read"], "the owner of a process can't be 'ada/x'"),
        ("", ["read"], "`owner` can't be ''"),
        ("a" * 101, ["read"], "the owner has 101 characters"),
        ("ada", ["raed"], "unknown scope `raed`"),
        ("ada", [], "a token without a scope is for nothing"),
    ],
)
def test_a_token_needs_an_owner_and_scopes(owner: str, scopes: list[str], said: str, served: Service) -> None:
    before = served.tokens.all()
    with pytest.raises(MisuseError) as caught:
        served.tokens.new(owner, scopes, at=MONDAY)

    assert caught.value.message == said
    assert served.tokens.all() == before
