"""The router's OpenAPI document is valid, and says what the router takes and answers."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import TypeAdapter

from postinterview.contrib.fastapi.requests import Act
from postinterview.contrib.fastapi.router import FOLLOW, OFFERS
from postinterview.contrib.fastapi.schemas import described
from postinterview.core.rules.definitions import EventKind
from postinterview.core.values.errors import FieldError
from tests.contrib.fastapi.asking import FOLLOW_UP, INTERVIEW, MONDAY, ask, fresh, interviewed, served
from tests.core.helpers import packaged

EVENTS = list(packaged().definition.events.values())
TEXTS = ["", "call", "ana", "2026-03-10", "2026-02-30"]
VALUES: list[Any] = [*TEXTS, None, True, 1, 1.5, [], ["ana", "bo"], ["ana", 1], {}]


@cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ask(served(fresh()), "GET", "/openapi.json").text)
    return found


@cache
def body_of(name: str) -> Draft202012Validator:
    """A validator of the bodies that the document allows for an operation."""
    path = document()["paths"][f"/processes/{{key}}/{name}"]["post"]
    schema = path["requestBody"]["content"]["application/json"]["schema"]
    return validator(schema)


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    whole = {**schema, "components": document()["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def test_the_document_is_valid_openapi() -> None:
    assert document()["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document()).iter_errors()) == []


def test_every_operation_has_a_summary_and_problems_of_one_media_type() -> None:
    found = {
        (method.upper(), path): said
        for path, each in document()["paths"].items()
        for method, said in each.items()
    }
    assert set(found) == {(offer.method, offer.path) for offer in (*OFFERS, FOLLOW)}
    for said in found.values():
        assert said["summary"]
        for status, response in said["responses"].items():
            problem = status >= "400"
            assert list(response["content"]) == [
                "application/problem+json" if problem else "application/json"
            ]
    assert {"200", "201", "404", "409", "422"} <= set(found["POST", "/processes/{key}/do"]["responses"])


def test_the_example_of_a_refusal_is_one() -> None:
    response = document()["paths"]["/processes/{key}/do"]["post"]["responses"]["409"]
    (content,) = response["content"].values()

    Draft202012Validator(content["schema"]).validate(content["example"])
    assert not content["example"]["verdict"]["allowed"]
    assert content["example"]["detail"] == content["example"]["verdict"]["text"]


def test_problems_and_answers_are_as_the_document_says() -> None:
    keeper = fresh()
    interviewed(keeper)
    app = served(keeper)
    for _ in range(2):
        for method, path, body in [
            ("POST", "/processes/{key}/do", FOLLOW_UP),
            ("POST", "/processes/{key}/do", {"event": "folow_up"}),
            ("POST", "/processes/{key}/record", INTERVIEW),
            ("GET", "/processes/{key}/agenda", None),
            ("GET", "/processes/{key}/verdicts", None),
            ("GET", "/processes/{key}/timeline", None),
            ("GET", "/processes/{key}", None),
            ("GET", "/due", None),
        ]:
            answer = ask(app, method, path.format(key="acme"), body)
            said = document()["paths"][path][method.lower()]["responses"][str(answer.status_code)]
            schema = said["content"][answer.headers["content-type"]]["schema"]
            validator(schema).validate(answer.json())


@given(st.sampled_from(EVENTS), st.data())
def test_the_document_allows_the_fields_that_the_rules_read(kind: EventKind, data: st.DataObject) -> None:
    names = [*kind.fields, "other"]
    fields = data.draw(st.dictionaries(st.sampled_from(names), st.sampled_from(VALUES)))
    body = {"event": kind.name, "at": "2026-03-02T10:00:00Z", "fields": fields}
    if kind.to_person:
        body["to"] = "ana"

    assert body_of("record").is_valid(body) == is_read(kind, fields)


def is_read(kind: EventKind, fields: dict[str, Any]) -> bool:
    """Whether a process takes the fields of this event."""
    process = packaged().start("acme", "UTC")
    try:
        carried = packaged().fields_from_json(kind.name, fields)
        process.record(kind.name, at=MONDAY, to="ana" if kind.to_person else None, **carried)
    except FieldError:
        return False
    return True


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.name)
def test_only_acts_may_be_asked_for_and_a_person_is_named_where_one_is_meant(kind: EventKind) -> None:
    body = {"event": kind.name}

    assert body_of("do").is_valid(body) == (kind.is_act and not kind.to_person)
    assert body_of("do").is_valid(body | {"to": "ana"}) == (kind.is_act and kind.to_person)
    assert not body_of("may").is_valid(body | {"too": "ana"})


def test_a_rulebook_of_one_act_is_described_too() -> None:
    (kind,) = [each for each in EVENTS if each.name == "follow_up"]
    schema = TypeAdapter(described(Act, [kind])).json_schema()

    assert Draft202012Validator(schema).is_valid(FOLLOW_UP)
    assert not Draft202012Validator(schema).is_valid({"event": "withdraw"})


def test_the_document_says_where_a_day_may_stand_for_a_moment() -> None:
    either = [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]
    schemas = document()["components"]["schemas"]
    for name in ("Dating", "Place"):
        assert schemas[name]["properties"]["at"]["oneOf"] == either, name
    for name in ("Moved", "Line"):
        assert {"oneOf": either} in schemas[name]["properties"]["at"]["anyOf"], name
    reported = [schema for name, schema in schemas.items() if name.endswith("Happened")]
    assert reported
    for schema in reported:
        assert schema["properties"]["at"]["oneOf"] == either
    for at in ("2026-03-05", MONDAY.isoformat()):
        assert body_of("record").is_valid(INTERVIEW | {"at": at})
    assert not body_of("record").is_valid(INTERVIEW | {"at": "5 March"})
