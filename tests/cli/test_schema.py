"""``postinterview schema`` prints or writes a schema, and names the line by which a file names it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from postinterview.cli import USAGE, YES
from postinterview.cli.schema import TABLES, schema_text
from postinterview.loading.json_schema import json_schema
from tests.cli.helpers import Caller


def test_the_command_writes_a_schema_and_the_line_that_names_it(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert json.loads(call("schema", "rules").out) == json_schema(TABLES["rules"])
    answer = call("schema", "rules", "-o", "mine.schema.json")
    assert "# yaml-language-server: $schema=mine.schema.json" in answer.out
    assert json.loads(Path("mine.schema.json").read_text(encoding="utf-8")) == json_schema(TABLES["rules"])
    refused = call("schema", "rules", "-o", "mine.pdf")
    assert (refused.code, Path("mine.pdf").exists()) == (USAGE, False)
    assert "end the name `mine.pdf` with .json" in refused.err
    listed = json.loads(call("schema", "--format", "json").out)
    assert [each["kind"] for each in listed["kinds"]] == list(TABLES)


def test_without_a_kind_all_are_written_to_a_folder(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = call("schema", "-o", "schemas")
    assert answer.code == YES
    assert answer.out.endswith("\n# yaml-language-server: $schema=schemas/rules.json\n")
    written = {path.name: path.read_text(encoding="utf-8") for path in Path("schemas").iterdir()}
    assert written == {f"{kind}.json": schema_text(kind) for kind in TABLES}
    answer = call("schema", "-o", "schemas.json")
    assert answer.code == USAGE
    assert "`-o schemas` for a folder" in answer.err
