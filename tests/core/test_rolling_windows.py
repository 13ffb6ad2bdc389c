"""Guards with `within`: so many in the last so many days, and no more."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

import postinterview as pi
from tests.core.helpers import UTC, at, ids, with_guards
from tests.core.test_small_rules import small

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
START = at("2026-03-02 10:00", UTC)

RULES = with_guards(
    pi.load_rulebook(
        text=small(
            """
  talk: {by: employer, opens: round, fields: {people: people}}
  ring: {by: candidate, contact: attempt}
  ask: {by: candidate}
""",
            """
  nudges:
    per: application
    start: here
    states: {here: {}}
    transitions:
      asked: {event: ask, from: here, guards: {few: {at_most: 3, of: ask, per: employer}}}
      rang: {event: ring, from: here, guards: {once: {at_most: 1, of: ring, per: round}}}
""",
        )
    ),
    few={"within": 14 * DAY},
    once={"within": 7 * DAY},
)


def process_with(*days: float, event: str = "ask") -> pi.Process:
    process = RULES.start("acme", "UTC").record("talk", at=START, people=["ana"]).process
    for day in days:
        process = process.record(event, at=START + day * DAY).process
    return process


@pytest.mark.parametrize(
    ("days", "opens"),
    [
        ((0, 1, 2), 14),
        ((0, 1, 2, 3), 15),
        ((0, 1, 2, 13.9), 15),
        ((0, 0, 0), 14),
        ((0, 1, 20), None),
        ((0, 20, 21, 22), 34),
    ],
)
def test_a_window_opens_when_the_event_that_fills_it_leaves(
    days: tuple[float, ...], opens: int | None
) -> None:
    process = process_with(*days)
    latest = START + max(days) * DAY
    verdict = process.may("ask", at=latest)
    if opens is None:
        assert verdict
        return
    moment = START + opens * DAY
    assert (ids(verdict), verdict.opens_at, verdict.opens_after) == (["few"], moment, ())
    assert not process.may("ask", at=moment - MICROSECOND)
    assert process.may("ask", at=moment)


def test_a_window_of_the_employer_counts_every_application() -> None:
    process = process_with(0, 1)
    process = process.record("ask", at=START + 2 * DAY, application="other").process
    process = process.record("talk", at=START + 3 * DAY, application="third", people=[]).process
    assert process.may("ask", at=START + 3 * DAY, application="third").opens_at == START + 14 * DAY


def test_breaches_count_in_a_window_too() -> None:
    process = process_with(0, 1, 2, 3)
    assert len(process.breaches) == 1
    assert process.may("ask", at=START + 4 * DAY).opens_at == START + 15 * DAY


def test_a_late_entry_counts_where_it_happened() -> None:
    process = process_with(10, 11)
    late = process.record("ask", at=START + 1 * DAY, late=True).process
    assert late.may("ask", at=START + 12 * DAY).opens_at == START + 15 * DAY


def test_a_new_round_empties_a_window_of_rounds() -> None:
    process = process_with(0, event="ring")
    refused = process.may("ring", at=START + DAY)
    assert refused.opens_at == START + 7 * DAY
    process = process.record("talk", at=START + DAY, people=["ana"]).process
    assert process.may("ring", at=START + DAY)


@pytest.mark.parametrize(
    ("days", "opens"), [((), 14 + 5), ((6,), 14 + 5), ((6, 7), 14 + 5), ((6, 7, 8), 14 + 6)]
)
def test_an_unknown_past_fills_a_window_until_it_has_left(days: tuple[int, ...], opens: int) -> None:
    process = process_with(*days).unknown("ask", until=START + 5 * DAY).process
    moment = START + opens * DAY
    refused = process.may("ask", at=moment - MICROSECOND)
    assert refused.opens_at == moment
    assert (refused.reasons[0].has == "unknown") is (len(days) < 3)
    assert process.may("ask", at=moment)


@pytest.mark.parametrize(
    ("days", "event", "has", "needs"),
    [
        (
            (0, 1, 2),
            "ask",
            "3 asks in the last 14 days, the oldest of them on Mon 2 Mar 2026 10:00",
            "fewer than 3 asks in 14 days, so Mon 16 Mar 2026 10:00 or later",
        ),
        (
            (0, 1, 2, 3),
            "ask",
            "4 asks in the last 14 days, the latest 3 since Tue 3 Mar 2026 10:00",
            "fewer than 3 asks in 14 days, so Tue 17 Mar 2026 10:00 or later",
        ),
        (
            (3,),
            "ring",
            "1 ring in this round in the last 7 days, on Thu 5 Mar 2026 10:00",
            "no ring in this round in 7 days, so Thu 12 Mar 2026 10:00 or later",
        ),
        (
            (2, 3),
            "ring",
            "2 rings in this round in the last 7 days, the latest on Thu 5 Mar 2026 10:00",
            "no ring in this round in 7 days, so Thu 12 Mar 2026 10:00 or later",
        ),
    ],
)
def test_a_window_is_explained_in_words(days: tuple[int, ...], event: str, has: str, needs: str) -> None:
    verdict = process_with(*days, event=event).may(event, at=START + 3 * DAY)
    assert f". {has}; needed: {needs}." in verdict.text


def test_a_window_in_the_far_future_never_overflows() -> None:
    end = datetime.fromisoformat("2999-12-30T00:00+00:00")
    rules = with_guards(RULES, few={"within": 36_500 * DAY, "limit": 1})
    process = rules.start("acme", "UTC").record("talk", at=end, people=[]).process
    process = process.record("ask", at=end).process
    verdict = process.may("ask", at=end + DAY)
    assert verdict.opens_at is not None
    assert verdict.opens_at.year == 3099
