"""Durations of thousands of years, many people and long names: no proof ends in an error."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

import postinterview as pi
from postinterview.layout import plain
from postinterview.proof.reports.proof import proof_lines
from tests.proof.helpers import PATIENT

MOST_DATES = 49
"""The loader takes a chain of so many dates, and a guard on it."""


def chained(guard: str) -> str:
    """Rules in which the last of many dates lies 4,900 years after the interview."""
    names = ["interview", *(f"d{number}" for number in range(MOST_DATES))]
    dates = "".join(f"  {name}: {before} + 36500 days\n" for before, name in pairwise(names))
    return f"""\
format: 1
title: Ages
events:
  interview: {{by: employer, opens: round}}
  follow_up: {{by: candidate}}
dates:
{dates}
machines:
  application:
    per: application
    start: waiting
    states: {{waiting: {{title: Waiting}}}}
    transitions:
      ask:
        event: follow_up
        from: waiting
        due: {names[-1]}
        guards:
          in_time: {{{guard}: {names[-1]}}}
          two: {{at_most: 2, of: follow_up, per: employer}}
"""


@pytest.mark.parametrize(
    ("guard", "verdicts"), [("not_before", {"proved", "unknown"}), ("not_after", {"proved", "violated"})]
)
def test_a_date_ages_ahead_is_asked_for_and_proved_without_an_error(guard: str, verdicts: set[str]) -> None:
    rulebook = pi.load_rulebook(text=chained(guard))
    process = rulebook.start("acme", "Pacific/Kiritimati")
    process = process.record("interview", at=datetime(2999, 12, 1, tzinfo=UTC)).process
    verdict = process.may("follow_up", at=datetime(2999, 12, 2, tzinfo=UTC))

    assert verdict.allowed is (guard == "not_after")
    assert {result.verdict for result in pi.prove(rulebook, max_seconds=PATIENT).results} == verdicts


PROMISE = "no_more_than_a_hundred_notes_at_all"


def test_a_story_of_more_than_a_hundred_people_gives_each_a_name_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "many.yaml"
    path.write_text(
        f"format: 1\ntitle: Many\npromises: {{{PROMISE}: {{never: thank_you, more_than: 100}}}}\n",
        encoding="utf-8",
    )
    proof = pi.prove(pi.load_rulebook(), promises=[path], max_seconds=PATIENT)
    violation = proof.results[-1].violation

    assert violation is not None
    assert violation.verdict.allowed
    people = [line.happening.to for line in violation.lines if line.happening.event == "thank_you"]
    assert len(set(people)) == len(people) == 100

    room = len("FAIL  ") + len(PROMISE)
    shown = plain(list(proof_lines(proof, lambda _: ()))).split("\n")
    table = [line[room : room + 3] for line in shown if line.startswith(("ok  ", "FAIL  "))]
    assert len(table) == len(proof.results)
    assert all(gap[:2] == "  " and gap[2] != " " for gap in table)
