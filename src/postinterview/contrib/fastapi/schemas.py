"""Describe bodies to OpenAPI by the events of a rulebook.

The router reads a body with one model for all events, and leaves it to the core to check the event's name and
fields, so that a mistake has the same words everywhere. The schema of the body is that of other models, one
for each event with its fields. They are never used to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, Union
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, create_model
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from postinterview.contrib.fastapi import models
from postinterview.contrib.fastapi.problems import KINDS, MEDIA_TYPE, RefusedError, problem_of
from postinterview.contrib.fastapi.requests import Act, Happened
from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import EventKind, FieldKind

_TYPES: dict[str, Any] = {
    "text": Annotated[str | bool, Field(examples=["..."])],
    "bool": bool,
    "number": float,
    "date": Annotated[date, Field(examples=["2026-03-10"])],
    "people": Annotated[list[str] | str, Field(examples=[["ana"]])],
}


class _Described:
    """The annotation that gives a model another schema than its own."""

    def __init__(self, shown: Any) -> None:
        self._shown = TypeAdapter(shown)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler(source)

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(self._shown.core_schema)


@lru_cache(maxsize=8)
def bodies(rulebook: Rulebook) -> Mapping[Any, Any]:
    """Return what describes the models whose schema the rules decide."""
    events = rulebook.definition.events.values()
    return {Act: described(Act, rulebook.acts), Happened: described(Happened, events)}


def described(model: type[Act], kinds: Iterable[EventKind]) -> Any:
    """Return the model, described as one of these events with its fields."""
    shown = [_event(model, kind) for kind in kinds]
    union = Annotated[Union[tuple(shown)], Field(discriminator="event")] if shown[1:] else shown[0]  # noqa: UP007
    return Annotated[model, _Described(union)]


def _event(model: type[Act], kind: EventKind) -> Any:
    """Return the model of one event."""
    name = "".join(word.capitalize() for word in kind.name.split("_"))
    given: dict[str, Any] = {
        each: (field.annotation, field)
        for each, field in model.model_fields.items()
        if each not in ("event", "to", "fields")
    }
    given = {"event": (Literal[kind.name], ...), **given}
    if kind.to_person:
        given["to"] = (Annotated[str, Field(description="The person it is to.", examples=["ana"])], ...)
    fields = _fields(f"{name}Fields", kind)
    needed = any(field.is_required() for field in fields.model_fields.values())
    given["fields"] = (fields, ...) if needed else (fields, Field(default_factory=dict))
    suffix = "" if model is Act else model.__name__
    return create_model(f"{name}{suffix}", __config__=_CLOSED, __doc__=kind.why or kind.title, **given)


def _fields(name: str, kind: EventKind) -> Any:
    """Return the model of an event's fields. An act may leave all out, since a refusal says what it lacks."""
    given: dict[str, Any] = {}
    for number, field in enumerate(kind.fields.values()):
        needed = not (kind.is_act or field.optional)
        type_ = _type(field) if needed else _type(field) | None
        # The alias, since a field may have any name, such as one of an attribute of every model.
        said = Field(... if needed else None, alias=field.name, description=field.why or None)
        given[f"field_{number}"] = (type_, said)
    return create_model(name, __config__=_CLOSED, **given)


def _type(field: FieldKind) -> Any:
    return Literal[field.choices] if field.choices else _TYPES[field.type]


_CLOSED = ConfigDict(extra="forbid")


# --- problems -----------------------------------------------------------------------------------------

_DESCRIPTIONS: dict[int | str, str] = {
    400: "The body is not JSON.",
    404: "There is no such process among the caller's.",
    "taken": "There is another process with this key.",
    409: "Refused: why, and when it opens. Nothing was recorded.",
    422: "The request can't be understood, or means nothing under these rules.",
    500: "What is kept of the process is damaged.",
    503: "The store can't be used now, or the rules changed and judge the process differently.",
}


@lru_cache(maxsize=8)
def problem_responses(rulebook: Rulebook) -> dict[int | str, dict[str, Any]]:
    """Return the responses with problems, by status, as OpenAPI shows them."""
    found: dict[int | str, dict[str, Any]] = {
        status: described_problem(said, KINDS[status][1] if status in KINDS else models.Problem)
        for status, said in _DESCRIPTIONS.items()
    }
    at = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Europe/Zurich"))
    verdicts = rulebook.start("Acme", "Europe/Zurich").verdicts(at=at)
    example = next((problem_of(RefusedError(each)) for each in verdicts if not each.allowed), None)
    if example is not None:
        found[409]["content"][MEDIA_TYPE]["example"] = example.model_dump(mode="json")
    return found


def described_problem(description: str, model: type[models.Problem] = models.Problem) -> dict[str, Any]:
    """Return a response with a problem, as OpenAPI shows it.

    Its schema is written out, since FastAPI adds models to the document only for the media type of successes.
    """
    schema = _written_out(model.model_json_schema(mode="serialization"))
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}


def _written_out(schema: dict[str, Any]) -> Any:
    """Return a schema with each reference replaced by what it refers to."""
    definitions = schema.pop("$defs", {})

    def write(part: Any) -> Any:
        if isinstance(part, list):
            return [write(each) for each in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return write(definitions[part["$ref"].rpartition("/")[2]])
        return {name: write(each) for name, each in part.items()}

    return write(schema)
