"""What is allowed with an unknown past is allowed whatever happened in it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

import postinterview as pi
from tests.core.helpers import UTC, at
from tests.core.test_small_rules import small

START = at("2026-03-02 10:00", UTC)
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)

GUARDS = (
    "not_before: word + 3 days",
    "not_before: word + 3 days, if_never: holds",
    "not_after: word + 3 days",
    "not_after: word + 3 days, if_never: holds",
    "apart: 3 days, from: [word, call]",
    "apart: 3 days, from: word, if_never: blocks",
    "not_before: last, if_never: holds",
    "not_before: last + 1 business day",
    "not_after: last + 1 day",
    "not_after: last + 5 days, if_never: holds",
    "not_before: first, if_never: holds",
    "not_after: first + 2 days",
    "at_most: 2, of: [word, call], within: 4 days",
    "at_most: 1, of: call, since: word",
    "not_happened: call, since: word",
    "happened: word, since: call",
    "happened: call, in_every: application",
    "apart: 2 days, from: call, in_every: application",
)
APPLICATIONS = ("a", "b")
FACTS = ("word", "call", "promise")

events = st.lists(
    st.tuples(
        st.integers(0, 12), st.sampled_from(["word", "call", "promise"]), st.sampled_from(APPLICATIONS)
    ),
    max_size=6,
).map(sorted)
Events = list[tuple[int, str, str]]


@cache
def rules(guard: str) -> pi.Rulebook:
    return pi.load_rulebook(
        text=small(
            """
  talk: {by: employer}
  word: {by: employer}
  call: {by: employer}
  promise: {by: employer, fields: {by_then: {type: date, sets: promised}}}
  ask: {by: candidate}
  rest: {by: candidate}
""",
            f"""
  nudges:
    per: application
    start: here
    states: {{here: {{}}}}
    transitions:
      talked: {{event: talk, from: here}}
      worded: {{event: word, from: here}}
      called: {{event: call, from: here}}
      asked: {{event: ask, from: here, guards: {{g: {{{guard}}}}}}}
      rested:
        event: rest
        from: here
        guards:
          one: {{not_before: last, if_never: holds}}
          two: {{not_before: first, if_never: holds}}
""",
            """
dates:
  last: {latest_of: [promised, word + 2 days, call]}
  first: [promised, word + 2 days]
""",
        )
    )


def process_of(guard: str, told: Events) -> pi.Process:
    process = rules(guard).start("acme", "UTC")
    for application in APPLICATIONS:
        process = process.record("talk", at=START, application=application).process
    for day, event, application in told:
        moment = START + day * DAY
        fields: dict[str, Any] = {"by_then": _day(day + 2)} if event == "promise" else {}
        process = process.record(event, at=moment, application=application, **fields).process
    return process


def _day(number: int) -> date:
    return (START + number * DAY).date()


@given(
    st.sampled_from(GUARDS),
    events,
    st.sampled_from([("word",), ("call",), ("promise",), ("word", "promise"), ("word", "call")]),
    st.sampled_from([None, "a", "b"]),
    st.integers(0, 14),
    st.integers(0, 8),
    st.integers(-1, 0),
)
def test_what_is_allowed_with_an_unknown_past_is_allowed_whatever_it_was(
    guard: str, told: Events, unknown: tuple[str, ...], where: str | None, until: int, wait: int, tick: int
) -> None:
    kept = [
        (day, event, application)
        for day, event, application in told
        if event not in unknown or day >= until or where not in (None, application)
    ]
    moment = START + max(wait + (told[-1][0] if told else 0), 1) * DAY + tick * MICROSECOND
    assume(not told or moment >= START + told[-1][0] * DAY)
    left_open = (
        process_of(guard, kept).unknown(*unknown, until=START + until * DAY, application=where).process
    )
    if left_open.may("ask", at=moment, application="a"):
        assert process_of(guard, told).may("ask", at=moment, application="a")
