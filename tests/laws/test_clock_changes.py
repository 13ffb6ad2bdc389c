"""Hours are what the clock on the wall shows, also on a day on which it is put forward or back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

import postinterview as pi
from tests.laws.twins import Twins
from tests.oracle.days import TICK
from tests.oracle.stories import plain
from tests.strategies.runs import Case, Run, Step
from tests.strategies.scale import one_in

RULES = """
format: 1
title: Clock changes
events:
  ask: {by: candidate, starts: application}
machines:
  application:
    per: application
    start: here
    states: {here: {}}
    transitions:
      asked: {event: ask, from: here, guards: {awake: {hours: "HOURS"}}}
"""
FIVE_MINUTES = timedelta(minutes=5)
CHANGES = (  # the clock is put forward or back at this moment
    ("Europe/Zurich", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Zurich", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/Havana", datetime(2026, 3, 8, 5, tzinfo=UTC)),  # there is no midnight
    ("America/Havana", datetime(2026, 11, 1, 5, tzinfo=UTC)),  # midnight comes twice
    ("America/Nuuk", datetime(2026, 3, 29, 1, tzinfo=UTC)),  # no hour before midnight
    ("America/Nuuk", datetime(2026, 10, 25, 1, tzinfo=UTC)),  # two of them
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),  # by half an hour
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # a day is left out
)
HOURS = (
    "02:10-02:40",
    "01:30-02:30",
    "02:30-04:00",
    "00:00-00:30",
    "23:15-23:45",
    "09:00-17:00",
    "00:00-23:30",
)


def told(zone: str, hours: str) -> Twins:
    text = RULES.replace("HOURS", hours)
    return Twins.of(Case(text, plain(text), Run(zone, (), (None,), ())))


@pytest.mark.parametrize(
    ("zone", "change", "hours"), one_in(2, [(*change, hours) for hours in HOURS for change in CHANGES])
)
def test_hours_hold_exactly_while_the_wall_clock_shows_them(zone: str, change: datetime, hours: str) -> None:
    twins = told(zone, hours)
    world = twins.world()
    turns = {True: set[datetime](), False: set[datetime]()}
    moments = [change + count * FIVE_MINUTES for count in range(-30 * 12, 30 * 12)]
    for before, at in pairwise(moments):
        was, is_ = (twins.allowed_in(world, Step("do", moment, "ask")) for moment in (before, at))
        if was != is_:
            turns[is_].add(at)
        verdict = twins.ask(Step("do", before, "ask"))
        assert verdict.allowed == was, before
        turn = verdict.closes_at if was else verdict.opens_at
        assert turn is not None
        if turn <= moments[-1]:
            assert (turn == at) == (was != is_), (before, turn)
    assert turns[True]
    assert turns[False]


def test_an_hour_that_comes_twice_opens_twice() -> None:
    twins = told("Europe/Zurich", "02:10-02:40")
    first = datetime(2026, 10, 25, 0, 10, tzinfo=UTC)

    def turn(at: datetime) -> tuple[bool, datetime | None]:
        verdict: pi.Verdict = twins.ask(Step("do", at, "ask"))
        return verdict.allowed, verdict.closes_at if verdict.allowed else verdict.opens_at

    half_an_hour, hour = timedelta(minutes=30), timedelta(hours=1)
    assert turn(first - TICK) == (False, first)
    assert turn(first) == (True, first + half_an_hour)
    assert turn(first + half_an_hour) == (False, first + hour)
    assert turn(first + hour) == (True, first + hour + half_an_hour)
    assert turn(first + hour + half_an_hour) == (False, datetime(2026, 10, 26, 1, 10, tzinfo=UTC))
