"""`next` says where each application stands, and its coming lines follow each other by their dates."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.helpers import ROOT, Caller

TWO = ROOT / "examples" / "two-applications.yaml"
ON_HOLD = """\
format: 1
rules: default
scenarios:
  - name: On hold
    timezone: Europe/Zurich
    steps:
      - {at: 2026-03-02 10:00, event: interview}
      - {at: 2026-03-03 10:00, event: on_hold}
"""


def test_next_says_where_the_case_stands(call: Caller, tmp_path: Path) -> None:
    story = tmp_path / "story.yaml"
    story.write_text(ON_HOLD, encoding="utf-8")
    before = call("next", story, "--at", "2026-03-02 12:00").out.splitlines()
    assert before[2] == 'The application is "Waiting for the decision"'
    after = call("next", story, "--at", "2026-03-03 12:00").out.splitlines()
    assert after[1] == 'The application is "Waiting for the decision"; the position is "On hold"'
    told = json.loads(call("next", story, "--at", "2026-03-03 12:00", "--format", "json").out)
    assert [(each["machine"], each["application"], each["state"]) for each in told["states"]] == [
        ("application", "main", "waiting"),
        ("position", "main", "on_hold"),
    ]


def test_several_applications_stand_on_lines_of_their_own(call: Caller) -> None:
    out = call("next", TWO, "--at", "2026-09-25 09:00").out
    lines = [each for each in out.splitlines() if each.startswith("The application is ")]
    assert len(lines) == 2
    assert all(each.endswith(")") for each in lines)


def test_coming_lines_follow_each_other_by_the_moment_that_they_show(call: Caller) -> None:
    path = ROOT / "examples" / "enough-is-enough.yaml"
    out = call("next", path, "--scenario", "Six in two months", "--at", "2026-04-07 10:00").out
    coming = [each.split(" from ")[1] for each in out.splitlines() if each.startswith("  coming ")]
    assert coming == ["Thu 7 May 10:00", "Fri 8 May 11:00"]
