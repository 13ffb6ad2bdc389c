"""What the commands print, whole. ``UPDATE_GOLDEN=1 pytest tests/cli`` writes the texts anew: read them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.helpers import ROOT, Caller

GOLDEN = ROOT / "tests" / "golden"
UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"

HISTORIES = "../../../examples/audit/histories"

CALLS = {
    "run-too-soon": "run too-soon.yaml",
    "run-two-applications": "run two-applications.yaml",
    "run-put-right": "run put-right.yaml",
    "run-put-right-json": "run put-right.yaml --format json",
    "run-failing": "run failing.yaml",
    "test-folder": "test .",
    "test-failing-json": "test failing.yaml --format json",
    "run-too-soon-json": "run too-soon.yaml --format json",
    "check": "check",
    "check-json": "check --format json",
    "check-broken": "check ../rules/broken.yaml ../rules/numbers.yaml",
    "check-pushy": "check ../../../examples/pushy/own-reset.yaml",
    "check-pushy-json": "check ../../../examples/pushy/an-hour-too-little.yaml --format json",
    "next-too-soon": "next too-soon.yaml --at 2026-03-05T09:00",
    "next-too-soon-json": "next too-soon.yaml --at 2026-03-05T08:00:00Z --format json",
    "next-two-applications": "next two-applications.yaml --at 2026-03-11T12:00",
    "migrate-check": "migrate --check ../../cli/saved --rules ../../cli/saved/talks.yaml",
    "migrate-check-json": (
        "migrate --check ../../cli/saved/refused.json --rules ../../cli/saved/talks.yaml --format json"
    ),
    "audit-graph": "audit --graph ../../../examples/audit/cadence.yaml",
    "audit-graph-json": "audit --graph ../../../examples/audit/cadence.yaml --format json",
    "audit-graph-csv": "audit --graph ../../../examples/audit/six-letters.csv",
    "audit-graph-statuses": "audit --graph ../../../examples/audit/statuses.json",
    "audit-graph-faulty": "audit --graph ../../bad/table/PI855-misspelt.yaml",
    **{
        f"audit-history-{name}": f"audit {HISTORIES}/{file} --map {HISTORIES}/{by}.yaml"
        for name, file, by in (
            ("log", "log.csv", "log"),
            ("sheet", "sheet.csv", "sheet"),
            ("cadence", "cadence.jsonl", "cadence"),
            ("cadence-json", "cadence.jsonl --format json --limit 1", "cadence"),
        )
    },
    "explain": "explain pi714",
    "explain-act": "explain follow_up",
    "explain-guard": "explain one_chase",
    "explain-promise": "explain quiet_after_a_no",
    "explain-promise-json": "explain two_counters --format json",
    "explain-state": "explain waiting",
    "explain-state-json": "explain owed --format json",
    "explain-transition-json": "explain call_in_vain --format json",
    "explain-json": "explain PI714 --format json",
}
DEAR = ("explain-guard", "explain-promise-json")
"""Calls that search for long."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in DEAR else []) for name in CALLS]
)
def test_a_command_prints_exactly_this(name: str, call: Caller) -> None:
    answer = call(*CALLS[name].split())
    shown = answer.out
    if answer.err:
        shown += f"--- stderr\n{answer.err}"
    shown += f"--- exit code {answer.code}\n"
    expected = GOLDEN / f"{name}.txt"
    if UPDATE:
        expected.write_text(shown, encoding="utf-8")

    assert shown == expected.read_text(encoding="utf-8")


def test_every_golden_text_is_the_answer_to_a_call() -> None:
    assert {path.stem for path in Path(GOLDEN).glob("*.txt")} == set(CALLS)
