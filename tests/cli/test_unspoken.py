"""``check`` and ``prove`` say what no promise speaks of: hours, and whatever never happens in a file."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.helpers import ROOT, SMALL, Caller

DEFAULT = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")
DECENT = '    decent_hours: {hours: "08:00-20:00, business days", unless: {channel: email}}\n'
HOURS = 'awake: {hours: "08:00-20:00"}'


def unguarded(call: Caller, folder: Path, text: str) -> list[str]:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    data = json.loads(call("check", path, "--no-proof", "--format", "json").out)
    return list(data["files"][0]["at_any_hour"])


def test_the_packaged_rules_leave_nothing_to_say(call: Caller) -> None:
    said = call("check").out
    assert said.endswith("23 promises kept\n")
    assert "at any hour" not in call("prove").out


def test_rules_without_the_guard_on_hours_say_which_acts_may_come_at_night(
    call: Caller, tmp_path: Path
) -> None:
    assert DECENT in DEFAULT
    assert unguarded(call, tmp_path, DEFAULT.replace(DECENT, "")) == ["follow_up", "missed_call"]
    said = call("check", tmp_path / "mine.yaml", "--no-proof")
    assert said.code == 0
    assert "at any hour: `follow_up` and `missed_call`; no promise speaks of hours" in said.out


def test_every_alternative_of_one_machine_has_to_ask_for_hours(call: Caller, tmp_path: Path) -> None:
    guarded = SMALL.replace("one_chase:", f"{HOURS}\n          one_chase:", 1)
    second = """      follow_up_again:
        event: follow_up
        from: waiting
        guards: {six_days: {not_before: interview + 6 days}}
"""
    other = """  day:
    per: employer
    start: day
    states: {day: }
    transitions:
      nudged: {event: follow_up, from: day, guards: {HOURS}}
"""
    assert unguarded(call, tmp_path, SMALL) == ["follow_up"]
    assert unguarded(call, tmp_path, guarded) == []
    both = guarded.replace("      answer:", f"{second}      answer:")
    assert unguarded(call, tmp_path, both) == ["follow_up"]
    assert unguarded(call, tmp_path, both + other.replace("HOURS", HOURS)) == []


def test_promises_that_hold_for_want_of_events_are_counted(call: Caller, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(SMALL, encoding="utf-8")
    proved = json.loads(call("prove", path, "--format", "json").out)
    empty = [each["id"] for each in proved["promises"] if each["vacuous"]]
    checked = json.loads(call("check", path, "--format", "json").out)

    assert {"fresh_thanks", "few_counters"} <= set(empty)
    assert "one_chase" not in empty
    assert checked["files"][0]["proof"]["vacuous"] == empty
    said = f"23 promises kept, {len(empty)} of them only because what they speak of never happens here"
    assert said in call("check", path).out
    assert proved["at_any_hour"] == checked["files"][0]["at_any_hour"] == ["follow_up"]
    assert "at any hour: `follow_up`; no promise speaks of hours" in call("prove", path).out
