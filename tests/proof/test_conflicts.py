"""Conditions that conflict hold together after no history that the engine was told."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings

import postinterview as pi
from postinterview.proof.model.conflicts import Conflicts
from postinterview.proof.model.relation import ways_of
from tests.strategies.hand import Dice, Hand

START = datetime(2026, 3, 5, 9, tzinfo=UTC)  # a Thursday, so that a weekend is near
ANCHORS = ("talk", "task", "word", "off", "step", "answer")
ADDED = ("", " + 3 days", " + 1 business day", " + 2 business days")
MOMENTS = tuple(f"{anchor}{added}" for anchor, added in product(ANCHORS, ADDED))

RULES = """
format: 1
title: Dates and events
events:
  talk: {{by: employer, opens: round, fields: {{by_then: {{type: date, optional: true, sets: answer}}}}}}
  task: {{by: employer, opens: round}}
  word: {{by: employer}}
  off: {{by: employer, ends: answer}}
  names: {{by: employer, fields: {{date: {{type: date, sets: answer}}}}}}
  write: {{by: candidate, contact: chase}}
classes:
  step: [talk, task]
machines:
  application:
    per: application
    start: open
    states:
      open: {{title: Open}}
    transitions:
      talked: {{event: talk, from: open}}
      tasked: {{event: task, from: open}}
      wrote: {{event: word, from: open}}
      ended: {{event: off, from: open}}
      named: {{event: names, from: open}}
      writes:
        event: write
        from: open
        guards:
          come: {{not_before: {come}}}
          not_over: {{not_after: {over}}}
          enough: {{at_most: 100, of: step}}
          some_time: {{not_after: answer + 900 days, if_never: holds}}
"""


@cache
def rulebook(come: str, over: str) -> pi.Rulebook:
    return pi.load_rulebook(text=RULES.format(come=come, over=over), name="moments.yaml")


def exclude_each_other(rules: pi.Rulebook) -> bool:
    (way,) = ways_of(rules.definition, rules.definition.events["write"])
    one, other = (next(each for each in way if each.id == id) for id in ("come", "not_over"))
    return all(Conflicts().exclude(*pair, None) for pair in product(one.options, other.options))


def told(rules: pi.Rulebook, hand: Hand) -> tuple[pi.Process, datetime]:
    process, at = rules.start(employer="acme", timezone="UTC"), START
    for _ in range(hand.number(1, 7)):
        at += timedelta(hours=hand.number(0, 60))
        day = at.date() + timedelta(days=hand.number(-1, 5))
        event = hand.one(("talk", "task", "word", "off", "names"))
        named: dict[str, Any] = {"date": day} if event == "names" else {}
        if event == "talk" and hand.chance(30):
            named = {"by_then": day}
        process = process.record(event, at=at, **named).process
    return process, at


@cache
def excluding() -> tuple[pi.Rulebook, ...]:
    """Return the rules whose conditions exclude each other, without those that the loader refuses for it."""
    found = []
    for come, over in product(MOMENTS, MOMENTS):
        with suppress(pi.RulesError):
            found += [rules] if exclude_each_other(rules := rulebook(come, over)) else []
    return tuple(found)


@settings(max_examples=5)
@given(st.integers(0, 10**6))
def test_what_excludes_each_other_never_holds_together(seed: int) -> None:
    for rules, number in product(excluding(), range(10)):
        process, at = told(rules, Dice(seed + number))
        verdict = process.may("write", at=at)
        assert not verdict.allowed
        assert verdict.opens_at is None


def test_a_date_that_stands_is_over_after_the_last_event_that_would_have_ended_it() -> None:
    assert exclude_each_other(rulebook("answer", "talk"))
    assert exclude_each_other(rulebook("answer + 1 business day", "step + 1 business day"))
    assert exclude_each_other(rulebook("answer + 3 days", "off"))
    assert not exclude_each_other(rulebook("answer + 1 business day", "talk + 2 business days"))
    assert not exclude_each_other(rulebook("answer", "word"))
    assert not exclude_each_other(rulebook("talk", "answer"))
