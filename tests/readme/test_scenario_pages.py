"""The pages about scenario files name every key of them, and of the answer of `next`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from postinterview.cli.app import run
from postinterview.loading.schema import Table
from postinterview.scenario import scenario_schema
from tests.readme.pages import ROOT, blocks_of, keys_under

FOLDER = ROOT / "docs" / "scenarios"
FORMAT = (FOLDER / "format.md").read_text(encoding="utf-8")
JSON = (FOLDER / "other-languages.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("heading", "table"),
    [
        ("in the file", scenario_schema.FILE),
        ("in a scenario", scenario_schema.SCENARIO),
        ("in a step", scenario_schema.STEP),
    ],
)
def test_the_tables_name_every_key_and_no_other(heading: str, table: Table) -> None:
    assert keys_under(heading, FORMAT) == set(table.keys)


def test_the_case_in_json_is_answered_with_the_keys_of_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (case,) = [
        block.text for block in blocks_of("docs/scenarios/other-languages.md") if block.language == "json"
    ]
    file = tmp_path / "case.json"
    file.write_text(case, encoding="utf-8")
    assert run(["next", str(file), "--at", "2026-03-05T09:00:00+01:00", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) - {"version"} == keys_under("in the answer", JSON) - {"version"}
    agenda, verdicts = (row for row in JSON.splitlines() if row.startswith(("| `agenda`", "| `verdicts`")))
    assert {key for item in found["agenda"] for key in item} | {"agenda"} == set(
        re.findall(r"`(\w+)`", agenda)
    )
    told = set(re.findall(r"`(\w+)`", verdicts)) - {"verdicts"}
    (refused, *_) = [verdict for verdict in found["verdicts"] if verdict["reasons"]]
    assert set(refused) | set(refused["reasons"][0]) == told
