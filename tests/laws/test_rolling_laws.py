"""A rolling window is judged as by counting on a sheet of paper, at every moment and in every scope."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from tests.core.helpers import UTC, at, with_guards
from tests.core.test_small_rules import small

HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
START = at("2026-03-02 00:00", UTC)
APPLICATIONS = ("one", "two", "three")

PLAIN = pi.load_rulebook(
    text=small(
        """
  word: {by: employer}
  ask: {by: candidate}
""",
        """
  nudges:
    per: application
    start: here
    states: {here: {}}
    transitions:
      worded: {event: word, from: here}
      asked:
        event: ask
        from: here
        guards: {employer: {at_most: 2, of: ask, per: employer}, own: {at_most: 2, of: ask}}
""",
    )
)

asks = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(APPLICATIONS)), max_size=8).map(sorted)
Asks = list[tuple[int, str]]


def process_of(asks: Asks, limit: int, within: int, *, in_every: bool = False) -> pi.Process:
    rules = with_guards(
        PLAIN,
        employer={"limit": 100 if in_every else limit, "within": within * HOUR},
        own={"limit": limit if in_every else 100, "within": within * HOUR, "in_every_application": in_every},
    )
    process = rules.start("acme", "UTC")
    for application in APPLICATIONS:
        process = process.record("word", at=START, application=application).process
    for hour, application in asks:
        process = process.record("ask", at=START + hour * HOUR, application=application).process
    return process


def fits(asks: Asks, limit: int, within: int, ticks: int) -> bool:
    """Whether so few lie in the window that ends so many microseconds after the start."""
    hour = HOUR // MICROSECOND
    return sum(ticks - each * hour < within * hour for each, _ in asks) < limit


@given(asks, st.integers(1, 3), st.integers(1, 12), st.integers(0, 20), st.integers(-1, 1))
def test_a_window_counts_what_lies_in_it(asks: Asks, limit: int, within: int, wait: int, tick: int) -> None:
    ticks = (asks[-1][0] if asks else 0) * (HOUR // MICROSECOND) + max(wait * (HOUR // MICROSECOND) + tick, 0)
    verdict = process_of(asks, limit, within).may("ask", at=START + ticks * MICROSECOND, application="one")
    assert verdict.allowed is fits(asks, limit, within, ticks)
    if not verdict:
        assert verdict.opens_at is not None
        opens = (verdict.opens_at - START) // MICROSECOND
        assert fits(asks, limit, within, opens)
        assert not fits(asks, limit, within, opens - 1)


@given(asks, st.integers(1, 3), st.integers(1, 12), st.integers(0, 20))
def test_every_application_is_asked_for_itself(asks: Asks, limit: int, within: int, wait: int) -> None:
    ticks = ((asks[-1][0] if asks else 0) + wait) * (HOUR // MICROSECOND)
    own = [[each for each in asks if each[1] == application] for application in APPLICATIONS]
    process = process_of(asks, limit, within, in_every=True)
    verdict = process.may("ask", at=START + ticks * MICROSECOND, application="one")
    assert verdict.allowed is all(fits(each, limit, within, ticks) for each in own)
    if not verdict:
        assert verdict.opens_at is not None
        opens = (verdict.opens_at - START) // MICROSECOND
        assert all(fits(each, limit, within, opens) for each in own)
        assert not all(fits(each, limit, within, opens - 1) for each in own)
