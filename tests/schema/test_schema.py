"""The schemas against the loader: nothing that a schema refuses is taken, and no shipped file is refused."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from postinterview.audit.history.map_schema import FILE as MAP_FILE
from postinterview.audit.table.table_parsing import read_table
from postinterview.cli.schema import TABLES
from postinterview.files import parent_of
from postinterview.loading import load
from postinterview.loading.json_schema import json_schema
from postinterview.loading.languages import MAP
from postinterview.loading.reading import read_file
from postinterview.loading.text_values import Fault, duration, hours, moment
from postinterview.proof.promises.parsing import read_promises
from postinterview.scenario.parsing import read as read_scenarios
from tests.schema.shipped import SHIPPED, content


@cache
def checker(kind: str) -> Draft7Validator:
    return Draft7Validator(json_schema(TABLES[kind]))


def takes(kind: str, text: str) -> bool:
    """Return whether the loader finds no error in the form of a file."""
    match kind:
        case "rules":
            found = load(text, "mine.yaml", name="mine", finder=parent_of).diagnostics
        case "scenarios":
            found = read_scenarios(text, "mine.yaml").content.diagnostics
        case "promises":
            found = read_promises(text, "mine.yaml").diagnostics
        case "table":
            found = read_table(text, "mine.yaml").diagnostics
        case _:
            found = read_file(text, "mine.yaml", MAP, MAP_FILE).diagnostics
    return not any(each.severity == "error" for each in found)


@pytest.mark.parametrize("kind", TABLES)
def test_a_schema_is_one(kind: str) -> None:
    schema = json_schema(TABLES[kind])
    Draft7Validator.check_schema(schema)
    references = set(re.findall(r'"#/definitions/([^"]*)"', json.dumps(schema)))
    assert references == schema["definitions"].keys()
    assert "[]" not in json.dumps(schema)  # no `enum` or `required` is empty: editors refuse such a schema


@pytest.mark.parametrize("file", SHIPPED)
def test_no_shipped_file_is_refused(file: str) -> None:
    kind, text = content(file)
    assert [each.message for each in checker(kind).iter_errors(json.loads(text))] == []


Path_ = tuple[str | int, ...]


def places(value: Any, path: Path_ = ()) -> list[Path_]:
    """Return the paths to all values."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [found for key, child in inside for found in places(child, (*path, key))]


OTHERS = st.sampled_from(
    [None, True, 3, -1, "", "x", "7 dyas", "Ana Bo", [], ["x"], {}, {"x": 1}, {"why": "x"}]
)


def spoil(data: st.DataObject, value: Any) -> None:
    """Change one place of a file: take it away, name it otherwise, or put something else there."""
    *way, last = data.draw(st.sampled_from(places(value)))
    for key in way:
        value = value[key]
    match data.draw(st.sampled_from(["without", "renamed", "other"])):
        case "renamed" if isinstance(last, str):
            value[data.draw(st.sampled_from([last + "x", last.upper(), "why", "from", "remove"]))] = (
                value.pop(last)
            )
        case "without":
            del value[last]
        case _:
            value[last] = data.draw(OTHERS)


SPOILT = [file for file in SHIPPED if file != "rules/default.yaml"]  # it takes the loader 30 times as long


@given(data=st.data(), file=st.sampled_from(SPOILT))
def test_the_loader_takes_nothing_that_a_schema_refuses(data: st.DataObject, file: str) -> None:
    kind, text = content(file)
    value = json.loads(text)
    spoil(data, value)
    refused = [f"{list(each.absolute_path)}: {each.message}" for each in checker(kind).iter_errors(value)]
    assert not refused or not takes(kind, json.dumps(value)), refused


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("rules", '{"format": 1, "title": "x"}'),
        ("rules", '{"format": 1, "extends": "default", "events": {"follow_up": {"contct": "chase"}}}'),
        ("rules", '{"format": 1, "extends": "default", "guard_sets": {"a": {"b": {"at_mst": 1}}}}'),
        ("rules", '{"format": 1, "extends": "default", "dates": {"answer_due": "interview + 7 dyas"}}'),
        ("scenarios", '{"format": 1, "scenarios": [{"name": "a", "steps": [{"evnt": "interview"}]}]}'),
        (
            "scenarios",
            '{"format": 1, "scenarios": [{"name": "a", "steps": [{"retract": 1, "at": 1, "with": {}}]}]}',
        ),
        ("promises", '{"format": 1, "title": "x", "promises": {"a": {"never": "chase", "within": "1 day"}}}'),
        ("table", '{"format": 1, "edges": [{"from": "a"}]}'),
        ("map", '{"format": 1, "dates": ["%d"], "employer": "E", "read": {"a": {"evnt": "interview"}}}'),
    ],
)
def test_a_slip_in_the_form_is_seen(kind: str, text: str) -> None:
    assert list(checker(kind).iter_errors(json.loads(text)))


WRITTEN = st.from_regex(r"\A[a-z_0-9]{1,9} ?\+? ?[0-9]{0,3} ?(business )?(day|hour|week|minute|month)?s?\Z")
CLOCKS = st.from_regex(
    r"\A[0-2]?[0-9]:[0-5][0-9] ?- ?[0-2]?[0-9]:[0-5][0-9](, ?(weekdays|every day|nights))?\Z"
)


@pytest.mark.parametrize(
    ("key", "reader", "texts"),
    [("DURATION", duration, WRITTEN), ("MOMENT", moment, WRITTEN), ("HOURS", hours, CLOCKS)],
)
@given(data=st.data())
def test_patterns_refuse_nothing_that_is_read(key: str, reader: Any, texts: Any, data: st.DataObject) -> None:
    from postinterview.loading import json_schema as made
    from postinterview.loading import schema

    text = data.draw(texts)
    if not isinstance(reader(text), Fault):
        Draft7Validator(made._SIMPLE[getattr(schema, key)]).validate(text)  # noqa: SLF001 - that is the subject
