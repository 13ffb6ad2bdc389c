"""Guards with `in_every: application`: they must hold in each application that is recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import postinterview as pi
from tests.core.helpers import at, ids, with_guards
from tests.core.test_small_rules import small

START = at("2026-03-02 10:00")
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


def begin(guard: str, **changed: Any) -> pi.Process:
    rules = pi.load_rulebook(
        text=small(
            """
  word: {by: employer}
  question: {by: employer}
  promise: {by: employer, fields: {by_then: {type: date, sets: promised, optional: true}}}
  ask: {by: candidate}
  other: {by: candidate}
""",
            """
  plan:
    per: application
    start: none
    states: {none: {}, ready: {}}
    transitions:
      worded: {event: word, from: none, to: ready}
  nudges:
    per: application
    start: here
    states: {here: {}}
    transitions:
      asked: {event: ask, from: here, guards: {the_guard: {GUARD}}}
      other: {event: other, from: here, guards: {a: {state: {plan: ready}}, b: {not_before: promised}}}
      questioned: {event: question, from: here}
""".replace("GUARD", guard),
        )
    )
    changed |= {"in_every_application": True}
    return with_guards(rules, the_guard=changed).start("acme", "Europe/Zurich")


def after(process: pi.Process, *events: str) -> pi.Process:
    """The process after events such as ``0 word main``: day, event, application."""
    for event in events:
        day, name, application = event.split()
        moment = START + int(day) * DAY
        fields = {"by_then": moment.date() + 3 * DAY} if name == "promise" else {}
        process = process.record(name, at=moment, application=application, **fields).process  # type: ignore[arg-type]
    return process


@pytest.mark.parametrize(
    ("guard", "good", "bad"),
    [
        ("happened: word", ["0 word one", "0 word two"], ["0 word one", "0 question two"]),
        (
            "not_happened: question, since: word",
            ["0 question one", "1 word one"],
            ["0 question two", "1 word one"],
        ),
        ("at_most: 1, of: question", ["0 word one"], ["0 word one", "0 question two"]),
        ("state: {plan: ready}", ["0 word one", "0 word two"], ["0 word one", "0 question two"]),
        ("not_state: {plan: ready}", ["0 question one", "0 question two"], ["0 question one", "0 word two"]),
        ("not_before: word", ["0 word one", "1 word two"], ["0 word one", "1 question two"]),
        (
            "not_after: word, if_never: holds",
            ["0 question one", "1 question two"],
            ["0 question one", "1 word two"],
        ),
    ],
)
def test_one_application_is_enough_to_refuse(guard: str, good: list[str], bad: list[str]) -> None:
    assert after(begin(guard), *good).may("ask", at=START + 5 * DAY, application="one")
    verdict = after(begin(guard), *bad).may("ask", at=START + 5 * DAY, application="one")
    assert ids(verdict) == ["the_guard"]
    assert verdict.reasons[0].has.startswith("in two: ")


def test_a_window_opens_where_the_last_application_opens() -> None:
    process = after(begin("apart: 7 days, from: word"), "0 word one", "1 word three", "2 word two")
    opens = START + 9 * DAY
    refused = process.may("ask", at=opens - MICROSECOND, application="one")
    assert refused.opens_at == opens
    assert refused.reasons[0].has == "in two: 6 days 23 h since the word on Wed 4 Mar 2026 10:00"
    assert refused.reasons[0].needs.endswith("so Wed 11 Mar 2026 10:00 or later")
    assert process.may("ask", at=opens, application="one")


def test_a_window_closes_where_the_first_application_closes() -> None:
    process = after(begin("not_after: word + 7 days"), "0 word one", "1 word three", "2 word two")
    closes = START + 7 * DAY
    assert process.may("ask", at=START + 3 * DAY, application="two").closes_at == closes
    assert process.may("ask", at=closes - MICROSECOND, application="two")
    assert not process.may("ask", at=closes, application="two")


def test_a_rolling_window_is_asked_in_each_application() -> None:
    process = after(begin("at_most: 2, of: word", within=14 * DAY), "0 word one", "1 word two", "2 word two")
    refused = process.may("ask", at=START + 3 * DAY, application="one")
    assert refused.opens_at == START + 15 * DAY
    assert process.may("ask", at=START + 15 * DAY, application="one")


def test_what_is_unknown_of_any_application_refuses() -> None:
    process = after(begin("not_happened: question"), "0 word one")
    process = process.unknown("question", until=START - DAY, application="elsewhere").process
    verdict = process.may("ask", at=START, application="one")
    assert verdict.reasons[0].has == "unknown"
