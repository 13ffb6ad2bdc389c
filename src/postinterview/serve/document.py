"""Make the OpenAPI document, in which each kind of problem, and each response with one, stands once.

FastAPI names only the models of JSON answers, so each response with a problem has its schema written out
(see `described_problem`). Here both become references: the types that are generated from the document are a
third as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from postinterview.contrib.fastapi.models import Problem
from postinterview.contrib.fastapi.problems import MEDIA_TYPE

_SCHEMAS, _RESPONSES = "#/components/schemas/", "#/components/responses/"


class DocumentedApp(FastAPI):
    """An application whose document names the schemas of problems, and the responses that have them."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            made = super().openapi()
            schemas: dict[str, Any] = made["components"]["schemas"]
            responses: dict[str, Any] = {}
            for model in _kinds(Problem):
                schema = model.model_json_schema(mode="serialization", ref_template=f"{_SCHEMAS}{{model}}")
                schemas |= schema.pop("$defs", {}) | {model.__name__: schema}
            for answers, status in _problems(made):
                content = answers[status]["content"][MEDIA_TYPE]
                title = content["schema"]["title"]
                content["schema"] = {"$ref": f"{_SCHEMAS}{title}"}
                name = f"{title}{status}"
                if responses.setdefault(name, answers[status]) == answers[status]:
                    answers[status] = {"$ref": f"{_RESPONSES}{name}"}
            made["components"]["responses"] = responses
        return super().openapi()


def _kinds(model: type[Problem]) -> Iterator[type[Problem]]:
    """Yield a model and all that are made of it."""
    yield model
    for each in model.__subclasses__():
        yield from _kinds(each)


def _problems(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the responses of an operation and a status, for each response with a problem."""
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if MEDIA_TYPE in response.get("content", {}):
                    yield operation["responses"], status
