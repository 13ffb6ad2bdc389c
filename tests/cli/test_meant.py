"""What looks like a slip and is meant: `check` prints the reason instead of a warning."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.helpers import Caller

DATES = "dates: {answer_due: [promised + 1 business day, waited_from + 70 days]}"
SLOW = f"format: 1\nextends: default\ntitle: Slow\n{DATES}\n"


def test_a_reason_stands_instead_of_the_warning(call: Caller, tmp_path: Path) -> None:
    path = tmp_path / "slow.yaml"
    path.write_text(SLOW, encoding="utf-8")
    warned = call("check", path, "--no-proof")
    path.write_text(f"{SLOW}meant: {{answer_due: They say so in their advertisement.}}\n", encoding="utf-8")
    silent = call("check", path, "--no-proof")
    data = json.loads(call("check", path, "--no-proof", "--format", "json").out)

    assert (warned.code, silent.code) == (0, 0)
    assert "warning[PI516]" in warned.out
    assert "warning" not in silent.out
    assert silent.out.splitlines()[1:] == ["meant: `answer_due`. They say so in their advertisement."]
    assert data["files"][0]["meant"] == [
        {"name": "answer_due", "file": str(path), "line": 5, "why": "They say so in their advertisement."}
    ]


@pytest.mark.slow
def test_where_a_promise_is_broken_the_guard_is_told_once(call: Caller, tmp_path: Path) -> None:
    path = tmp_path / "twice.yaml"
    guard = "guard_sets: {one_at_a_time: {one_chase: {at_most: 2}}}"
    path.write_text(f"format: 1\nextends: default\ntitle: Twice\n{guard}\n", encoding="utf-8")

    assert "PI515" in call("check", path, "--no-proof").out
    said = call("check", path)
    assert said.code == 1
    assert "PI505" in said.out
    assert "PI515" not in said.out
