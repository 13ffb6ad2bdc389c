"""Whatever the document allows, and much more, is answered as the document says, and never by a 500."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from postinterview.contrib.fastapi.router import FOLLOW, OFFERS
from tests.contrib.fastapi.asking import BOARD, EARLY, fresh, interviewed, served

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
EXAMPLES = 300


@pytest.mark.slow
@pytest.mark.parametrize("name", [offer.name for offer in (*OFFERS, FOLLOW)])
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_request_is_answered_by_a_500_or_otherwise_than_documented(
    name: str, mode: GenerationMode
) -> None:
    keeper = fresh()
    schema: Any = schemathesis.openapi.from_asgi("/openapi.json", served(keeper, EARLY))
    (offer,) = [each for each in (*OFFERS, FOLLOW) if each.name == name]
    operation = schema[offer.path][offer.method]

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        case=operation.as_strategy(generation_mode=mode),
        known=st.booleans(),
        status=st.none() | st.sampled_from(list(BOARD.events)),
    )
    def fuzz(case: Any, known: bool, status: str | None) -> None:
        if known and "{key}" in offer.path:
            case.path_parameters["key"] = "acme"
            if keeper.store.load("acme") is None:
                interviewed(keeper)
        if offer is FOLLOW and status is not None and isinstance(case.body, dict):
            case.body["status"] = status
        case.call_and_validate(checks=CHECKS)

    fuzz()
