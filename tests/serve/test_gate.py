"""Over HTTP an agent gets permits, what sends uses them up, and a person has the last word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.serve.service import ACME, FOLLOW_UP, INTERVIEW, MONDAY, OVERDUE, Service, service
from tests.stores.kinds import shared

MAIL = {"event": "follow_up", "fields": {"channel": "email"}}
ANA = "ana@acme.example"
PLAN = {"event": "write_plan"}
HEARD: dict[str, Any] = {
    "operation": "record",
    "arguments": {"event": "message", "happened": MONDAY.isoformat()},
    "because": "mail",
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def served(request: pytest.FixtureRequest) -> Iterator[Service]:
    with shared(request.param) as url, service(url) as found:
        for key in ("acme", "beta"):
            assert found.ask("PUT", f"/processes/{key}", ACME).status_code == 201
            assert found.ask("POST", f"/processes/{key}/record", INTERVIEW).status_code == 201
        assert found.ask("POST", "/processes/acme/recipients", {"recipient": ANA}).status_code == 200
        yield found


def permit(served: Service, body: Any = MAIL) -> str:
    answer = served.ask("POST", "/processes/acme/permit", body, token=served.token("permit"))
    assert answer.status_code == 200, answer.text
    assert answer.json()["recipients"] == [ANA]
    text: str = answer.json()["permit"]
    return text


def consume(served: Service, text: str, to: str = ANA, **more: Any) -> httpx.Response:
    body = {"permit": text, "recipients": [to], **more}
    return served.ask("POST", "/permits/consume", body, token=served.token("send"))


def history(served: Service, key: str = "acme") -> list[str]:
    return [each["event"] for each in served.ask("GET", f"/processes/{key}/timeline").json()]


def test_a_permit_records_nothing_and_is_used_once(served: Service) -> None:
    first, second = permit(served), permit(served)
    assert history(served) == ["interview"]

    used = consume(served, first, to="ana@ACME.example")
    assert (used.status_code, used.json()["event"], used.json()["recipients"]) == (201, "follow_up", [ANA])
    assert history(served) == ["interview", "follow_up"]

    again = consume(served, first)
    assert (again.status_code, again.json()["reason"]) == (403, "used")
    late = consume(served, second)
    assert (late.status_code, late.json()["verdict"]["allowed"]) == (409, False)
    assert history(served) == ["interview", "follow_up"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": "forged"}, "forged"),
        ({"to": "ana@other.example"}, "recipient"),
        ({"fields": {"channel": "call"}}, "act"),
        ({"acts": ["thank_you"]}, "act"),
    ],
)
def test_a_permit_for_something_else_is_refused(change: dict[str, Any], reason: str, served: Service) -> None:
    answer = consume(served, **{"text": permit(served), **change})

    assert (answer.status_code, answer.json()["reason"]) == (403, reason)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert history(served) == ["interview"]


@pytest.mark.parametrize("name", ["because", "key", "operation", "self", "said"])
def test_no_argument_of_a_proposal_is_taken_for_something_else(name: str, served: Service) -> None:
    body = {"operation": "record", "arguments": {**HEARD["arguments"], name: "x"}}
    answer = served.ask("POST", "/processes/acme/propose", body, token=served.token("permit"))

    assert answer.status_code == 422
    assert served.ask("GET", "/pending").json() == []


@pytest.mark.parametrize("name", ["acts", "recipients", "permit", "self"])
def test_what_the_sender_knows_may_have_any_name(name: str, served: Service) -> None:
    assert consume(served, permit(served), fields={"channel": "email", name: "x"}).status_code == 201
    assert history(served) == ["interview", "follow_up"]


def test_a_permit_that_expired_is_refused() -> None:
    with shared("sqlite") as url:
        with service(url) as early:
            early.ask("PUT", "/processes/acme", ACME)
            early.ask("POST", "/processes/acme/record", INTERVIEW)
            early.ask("POST", "/processes/acme/recipients", {"recipient": ANA})
            text = permit(early)
        with service(url, OVERDUE + timedelta(minutes=12)) as late:
            answer = consume(late, text)

            assert (answer.status_code, answer.json()["reason"]) == (403, "expired")
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert history(late) == ["interview"]


def test_a_permit_of_another_owner_is_refused(served: Service) -> None:
    body = {"permit": permit(served), "recipients": [ANA]}
    answer = served.ask("POST", "/permits/consume", body, token=served.token("send", owner="bob"))

    assert (answer.status_code, answer.json()["reason"]) == (403, "owner")
    assert history(served) == ["interview"]


def test_a_message_that_surely_failed_is_taken_back(served: Service) -> None:
    text = permit(served)
    early = served.ask("POST", "/permits/failed", {"permit": text})
    assert early.status_code == 422
    consume(served, text)

    back = [served.ask("POST", "/permits/failed", {"permit": text}).status_code for _ in range(2)]

    assert back == [201, 200]
    assert history(served) == ["interview"]
    assert consume(served, text).status_code == 403
    assert consume(served, permit(served)).status_code == 201


def test_an_act_whose_process_was_moved_is_taken_back_under_its_new_key(served: Service) -> None:
    text = permit(served)
    consume(served, text)
    assert served.ask("POST", "/processes/acme/move", {"to": "acme-2"}).status_code == 201

    answer = served.ask("POST", "/permits/failed", {"permit": text})

    assert answer.status_code == 422
    assert answer.json()["detail"] == "the permit was not used, or its process has another key since"
    assert "`not_sent`" in answer.json()["help"]
    body = {"number": 2, "not_sent": True}
    assert served.ask("POST", "/processes/acme-2/retract", body).status_code == 201
    assert history(served, "acme-2") == ["interview"]


def test_an_agent_does_by_itself_only_what_reaches_nobody(served: Service) -> None:
    agent = served.token("read", "permit")
    assert served.ask("POST", "/processes/acme/prepare", PLAN, token=agent).status_code == 201
    answer = served.ask("POST", "/processes/acme/prepare", MAIL, token=agent)
    assert (answer.status_code, answer.json()["reason"]) == (403, "act")
    for path, body in (("do", FOLLOW_UP), ("record", INTERVIEW), ("recipients", {"recipient": ANA})):
        assert served.ask("POST", f"/processes/acme/{path}", body, token=agent).status_code == 403
    assert (
        served.ask("POST", "/permits/consume", {"permit": "x", "recipients": [ANA]}, token=agent).status_code
        == 403
    )
    assert history(served) == ["interview", "write_plan"]


def test_a_moved_process_takes_its_recipients_and_words_along_and_an_export_has_them(served: Service) -> None:
    word = served.ask("POST", "/processes/acme/propose", HEARD).json()
    kept = served.ask("GET", "/processes/acme/export").json()
    taken = served.ask("POST", "/processes/acme/move", {"to": "beta"})
    assert (taken.status_code, taken.json()["detail"]) == (409, "there is another process 'beta'")

    moved = [served.ask("POST", "/processes/acme/move", {"to": "acme-2"}).status_code for _ in range(2)]

    assert moved == [201, 200]
    whole = served.ask("GET", "/export").json()
    assert list(whole["processes"]) == ["acme-2", "beta"]
    assert whole["processes"]["acme-2"]["history"] == kept["history"]
    assert [(each["key"], each["name"]) for each in whole["recipients"]] == [("acme-2", ANA)]
    assert whole["pending"] == [word | {"key": "acme-2"}]
    other = served.ask("GET", "/export", token=served.token("read", owner="bob")).json()
    assert other == {"processes": {}, "unreadable": [], "recipients": [], "pending": []}


def test_a_person_confirms_or_declines_what_an_agent_proposes(served: Service) -> None:
    agent = served.token("read", "permit")
    said = served.ask("POST", "/processes/acme/propose", HEARD, token=agent).json()
    assert served.ask("GET", "/pending", token=agent).json() == [said]
    assert "message" in served.ask("GET", f"/pending/{said['id']}").json()["text"]
    assert served.ask("POST", f"/pending/{said['id']}/confirm", token=agent).status_code == 403
    assert history(served) == ["interview"]

    assert served.ask("POST", f"/pending/{said['id']}/confirm").status_code == 201
    assert served.ask("POST", f"/pending/{said['id']}/confirm").status_code == 404
    assert sorted(history(served)) == ["interview", "message"]

    wrong = {**HEARD, "arguments": {**HEARD["arguments"], "happened": "2026-03-03T10:00:00Z"}}
    said = served.ask("POST", "/processes/acme/propose", wrong, token=agent).json()
    assert served.ask("DELETE", f"/pending/{said['id']}").json() == {"removed": said["id"]}
    assert served.ask("DELETE", f"/pending/{said['id']}").status_code == 404
    assert len(history(served)) == 2


def test_a_recipient_belongs_to_one_process(served: Service) -> None:
    taken = served.ask("POST", "/processes/beta/recipients", {"recipient": ANA})
    assert taken.status_code == 409
    assert served.ask("POST", "/processes/beta/permit", MAIL).json()["reason"] == "recipient"
    assert [each["name"] for each in served.ask("GET", "/recipients").json()] == [ANA]
    assert served.ask("GET", "/recipients", params={"key": "beta"}).json() == []

    gone = f"/processes/acme/recipients/{ANA}"
    assert [served.ask("DELETE", gone).status_code for _ in range(2)] == [200, 404]
    assert served.ask("POST", "/processes/beta/recipients", {"recipient": ANA}).status_code == 200


def test_what_is_erased_leaves_no_recipient_and_no_word(served: Service) -> None:
    served.ask("POST", "/processes/acme/propose", HEARD)
    assert served.ask("DELETE", "/processes/acme").json() == {"keys": ["acme"]}
    assert served.ask("DELETE", "/processes/acme").status_code == 404
    assert served.ask("GET", "/recipients").json() == []
    assert served.ask("GET", "/pending").json() == []

    served.ask("POST", "/processes/beta/propose", HEARD)
    served.ask("PUT", "/processes/acme", ACME, token=served.token("record", owner="bob"))
    assert served.ask("DELETE", "/processes").json() == {"keys": ["beta"]}
    assert served.ask("GET", "/pending").json() == []
    assert list(served.keeper.keys()) == ["bob/acme"]


@pytest.mark.parametrize("key", ["permit x", "failed x", "pending x", "agent x"])
def test_the_gates_idempotency_keys_are_not_a_clients(key: str, served: Service) -> None:
    answer = served.ask("POST", "/processes/acme/do", FOLLOW_UP, headers={"Idempotency-Key": key})

    assert answer.status_code == 422
    assert history(served) == ["interview"]
