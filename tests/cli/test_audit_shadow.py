"""``audit --rules NEW --against OLD``: which decisions of real histories would have gone otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from postinterview import load_rulebook
from tests.cli.helpers import ROOT, Caller

HISTORIES = ROOT / "examples" / "audit" / "histories"
LOG = (HISTORIES / "log.csv", "--map", HISTORIES / "log.yaml")


@pytest.fixture
def edited(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Rules by which a note is late at once, and a follow-up comes sooner."""
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")
    text = text.replace("interview + 14 days", "interview").replace("+ 7 days", "+ 1 day")
    path = Path("edited.yaml")
    path.write_text(text, encoding="utf-8")
    return path


def test_each_decision_that_turns_is_told_with_its_day_reason_and_line(call: Caller, edited: Path) -> None:
    answer = call("audit", *LOG, "--rules", edited, "--against", "default")

    assert answer.code == 1
    assert answer.out.startswith("3 of 10 acts would have gone otherwise under `edited`, against `default`\n")
    assert "refused by `edited`, and allowed by `default`: 3\n" in answer.out
    assert "  - Mon  1 Jul 2019  Brightwater thank_you to Ines (Data engineer)\n" in answer.out
    assert "while_it_is_fresh: interview on Mon 1 Jul 2019, needs a moment before" in answer.out
    assert "edited.yaml:341" in answer.out


def test_the_other_way_round_says_the_same(call: Caller, edited: Path) -> None:
    answer = call(
        "audit", *LOG, "--rules", "default", "--against", edited, "--format", "json", "--limit", "2"
    )
    data = json.loads(answer.out)

    assert (answer.code, data["acts"], data["allowed"], data["refused"]) == (1, 10, 3, 0)
    assert len(data["decisions"]) == 2
    first = data["decisions"][0]
    assert (first["employer"], first["event"], first["to"]) == ("Brightwater", "thank_you", "Ines")
    assert first["verdict"]["reasons"][0]["line"] == 341


MAP = """\
format: 1
rules: default
timezone: Europe/Zurich
dates: [iso]
time: "12:00"
employer: Company
as_of: 2026-03-25
read:
  interview: {{event: interview, when: {{What: talk}}, at: Date, with: {{interviewers: unknown}}}}
  follow_up: {{event: follow_up, when: {{What: mail}}, at: Date, with: {{channel: email}}}}
unknown: [{unknown}]
never: [{never}]
"""


@pytest.mark.parametrize(("unknown", "code"), [("promise", 4), ("auto_reply", 1)])
def test_an_act_that_hangs_on_what_is_unknown_is_told_as_in_doubt(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unknown: str, code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("log.csv").write_text(
        "Company,Date,What\nAcme,2026-03-02 10:00,talk\nAcme,2026-03-10 10:00,mail\n", "utf-8"
    )
    events = load_rulebook().definition.events
    never = ", ".join(name for name in events if name not in ("interview", "follow_up", unknown))
    Path("map.yaml").write_text(MAP.format(unknown=unknown, never=never), "utf-8")

    answer = call("audit", "log.csv", "--map", "map.yaml", "--rules", "germany", "--against", "default")

    doubt = "1 act is in doubt under `default`, and not allowed by `germany`"
    assert (answer.code, doubt in answer.out) == (code, code == 4)


def test_rules_that_judge_alike_say_so(call: Caller) -> None:
    answer = call("audit", *LOG, "--rules", "default", "--against", "default")

    assert answer.code == 4  # two rows could not be read
    assert answer.out.startswith("0 of 10 acts would have gone otherwise")


def test_against_needs_new_rules_and_keeps_nothing(call: Caller) -> None:
    assert call("audit", *LOG, "--against", "default").code == 2
    assert call("audit", *LOG, "--rules", "default", "--against", "default", "--save", "a.db").code == 2
