"""The table that compares cadences says what `postinterview bound` says of each of their files."""

from __future__ import annotations

import re

import pytest

from postinterview.cli.app import run
from tests.readme.pages import ROOT

PAGE = ROOT / "docs" / "rules" / "worst-case.md"
ROWS = re.findall(
    r"^\| \[.*?\]\((.*?\.yaml)\).*? \| (.*?) \| (.*?) \| (.*?) \|$",
    PAGE.read_text(encoding="utf-8"),
    re.MULTILINE,
)
QUICK = {"cadence", "ten-then-fourteen", "edited-date"}


def test_the_table_has_the_packaged_rules_and_every_cadence() -> None:
    files = {(PAGE.parent / path).resolve() for path, *_ in ROWS}
    assert files == {ROOT / "rules" / "default.yaml", *(ROOT / "examples" / "pushy").glob("*.yaml")}


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=name, marks=[] if name in QUICK else [pytest.mark.slow])
        for row in ROWS
        for name in [row[0].rpartition("/")[2].removesuffix(".yaml")]
    ],
)
def test_a_row_says_what_the_command_says(
    row: tuple[str, str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    path, *cells = row
    run(["bound", str(PAGE.parent / path)])
    found = re.findall(r"^(?:ok|FAIL|\?) .*  +(?:at most )?(\S.*)$", capsys.readouterr().out, re.MULTILINE)
    in_14_days, in_60_days, _, in_silence = (re.sub(": .*", "", answer) for answer in found)
    assert cells == [in_14_days, in_60_days, in_silence]
