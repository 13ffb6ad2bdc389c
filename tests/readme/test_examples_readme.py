"""What the examples' README says of stories is what the reader of stories takes and `next` answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import postinterview as pi
from postinterview.cli.app import run
from postinterview.loading.schema import Table
from postinterview.scenario import scenario_schema

TEXT = (Path(__file__).parents[2] / "examples" / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    return str(found)


def rows(heading: str) -> list[str]:
    """The first cells of the table under the heading."""
    table = TEXT.split(f"| {heading} | |\n|---|---|\n")[1].split("\n\n")[0]
    return [line.split("|")[1] for line in table.splitlines()]


def keys(heading: str) -> set[str]:
    return {key for cell in rows(heading) for key in re.findall(r"`(\w+)`", cell)}


class Asker:
    """Writes a case down and asks for what is next in it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._file = folder / "case"
        self._capsys = capsys

    def __call__(self, case: str, at: str) -> dict[str, Any]:
        self._file.write_text(case, encoding="utf-8")
        assert run(["next", str(self._file), "--at", at, "--format", "json"]) == 0
        found: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return found


@pytest.fixture
def answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Asker:
    return Asker(tmp_path, capsys)


@pytest.mark.parametrize(
    ("heading", "table"),
    [
        ("in the file", scenario_schema.FILE),
        ("in a story", scenario_schema.SCENARIO),
        ("in a step", scenario_schema.STEP),
    ],
)
def test_the_tables_name_every_key_and_no_other(heading: str, table: Table) -> None:
    assert keys(heading) == set(table.keys)


def test_the_story_goes_as_it_expects(tmp_path: Path) -> None:
    story = tmp_path / "story.yaml"
    story.write_text(block("yaml"), encoding="utf-8")
    assert run(["test", str(story)]) == 0


def test_the_case_in_json_is_answered_with_the_keys_of_the_table(answer: Asker) -> None:
    (at,) = re.findall(r"next - --at (\S+)", TEXT)
    found = answer(block("json"), at)
    assert set(found) == keys("in the answer")
    agenda, verdicts = (row for row in TEXT.splitlines() if row.startswith(("| `agenda`", "| `verdicts`")))
    assert {key for item in found["agenda"] for key in item} | {"agenda"} == set(
        re.findall(r"`(\w+)`", agenda)
    )
    told = set(re.findall(r"`(\w+)`", verdicts)) - {"verdicts"}
    (refused, *_) = [verdict for verdict in found["verdicts"] if verdict["reasons"]]
    assert set(refused) | set(refused["reasons"][0]) == told


def test_the_answer_is_the_one_that_python_gives(answer: Asker) -> None:
    found = answer(block("json"), "2026-03-05T09:00:00+01:00")
    thanked = [v["to"] for v in found["verdicts"] if v["event"] == "thank_you" and v["allowed"]]
    assert thanked == ["bo"]
    assert {kind.name for kind in pi.load_rulebook().acts} == {v["event"] for v in found["verdicts"]}
