"""The OpenAPI document is valid, and whatever it allows is answered as it says, and never by a 500."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from postinterview.serve.gate_routes import OFFERS as GATE
from tests.serve.service import ACME, INTERVIEW, Service, bearer, service
from tests.stores.kinds import is_long, shared
from tests.strategies.scale import one_in

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
QUICK = [
    ("POST", "/processes/{key}/do"),
    ("GET", "/due"),
    ("POST", "/permits/consume"),
    ("GET", "/calendar.ics"),
]


@pytest.fixture(scope="module")
def served() -> Iterator[Service]:
    with shared("sqlite") as url, service(url) as found:
        yield found


@pytest.fixture(scope="module")
def document(served: Service) -> dict[str, Any]:
    found: dict[str, Any] = served.ask("GET", "/openapi.json", token="").json()
    return found


def test_the_document_is_valid_openapi_and_names_each_operation_once(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    names = [said["operationId"] for each in document["paths"].values() for said in each.values()]
    assert len(names) == len(set(names))
    assert {each.name for each in GATE} <= set(names)


def test_every_operation_but_those_of_health_and_the_calendar_needs_a_token(document: dict[str, Any]) -> None:
    free = {
        path
        for path, each in document["paths"].items()
        for said in each.values()
        if "token" not in {name for needed in said.get("security", ()) for name in needed}
    }
    assert free == {"/health", "/ready", "/calendar.ics"}


def test_every_problem_has_the_media_type_of_problems_and_a_named_schema(document: dict[str, Any]) -> None:
    named, kinds = document["components"]["responses"], set()
    for path, each in document["paths"].items():
        for said in each.values():
            problems = {status: answer for status, answer in said["responses"].items() if status >= "400"}
            assert path == "/health" or problems
            for answer in problems.values():
                whole = named[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
                ((media_type, content),) = whole["content"].items()
                assert media_type == "application/problem+json"
                kinds.add(content["schema"]["$ref"].rpartition("/")[2])
    assert kinds == {"Problem", "Refusal", "Misuse", "Damage", "Outage", "NotPermitted"}
    assert document["components"]["schemas"]["Refusal"]["properties"]["verdict"] == {
        "$ref": "#/components/schemas/Verdict"
    }


def test_a_response_with_a_problem_stands_once(document: dict[str, Any]) -> None:
    whole = [
        json.dumps(answer)
        for each in document["paths"].values()
        for said in each.values()
        for status, answer in said["responses"].items()
        if status >= "400" and "$ref" not in answer
    ]
    named = map(json.dumps, document["components"]["responses"].values())
    assert not set(whole) & set(named)


@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value
)
@pytest.mark.parametrize(("method", "path"), one_in(2, QUICK))
def test_a_few_requests_are_answered_as_the_document_says(
    method: str, path: str, mode: GenerationMode, served: Service
) -> None:
    fuzz(served, method, path, mode, 5)


@pytest.mark.slow
@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value
)
def test_whatever_is_asked_is_answered_as_the_document_says(
    mode: GenerationMode, served: Service, document: dict[str, Any]
) -> None:
    for path, each in document["paths"].items():
        for method in each:
            few = path.startswith("/rules/")  # each takes a process of its own
            fuzz(served, method.upper(), path, mode, 5 if few else 300 if is_long() else 60)


def fuzz(served: Service, method: str, path: str, mode: GenerationMode, examples: int) -> None:
    """Ask what the document allows (or not, in the negative mode), of a known process every other time."""
    schema: Any = schemathesis.openapi.from_asgi("/openapi.json", served.app)
    operation = schema[path][method]

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans())
    def ask(case: Any, known: bool) -> None:
        if known and "{key}" in path:
            case.path_parameters["key"] = "acme"
            if served.keeper.store.load("ada/acme") is None:
                served.ask("PUT", "/processes/acme", ACME)
                served.ask("POST", "/processes/acme/record", INTERVIEW)
                served.ask("POST", "/processes/acme/recipients", {"recipient": "ana@acme.example"})
        if path == "/calendar.ics" and known:
            case.query = {**(case.query or {}), "token": served.all}
        case.call_and_validate(checks=CHECKS, headers=bearer(served.all))

    # Some operations take nothing that could be wrong.
    with suppress(*[Unsatisfiable] if mode is GenerationMode.NEGATIVE else []):
        ask()
