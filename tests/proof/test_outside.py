"""An act that the rules do not judge was not allowed: no promise that counts allowed acts counts it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import postinterview as pi
from postinterview.proof.search.path import Happening, Story
from postinterview.proof.search.replay import replay, start

RULES = """\
format: 1
title: Notes before the talk
events:
  interview: {by: employer, opens: round}
  note: {by: candidate, contact: courtesy}
machines:
  application:
    per: application
    start: before
    states: {before: {title: Before, outside: true}, waiting: {title: Waiting}}
    transitions:
      met: {event: interview, from: before, to: waiting}
      write: {event: note, from: waiting}
"""
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_story_hangs_on_an_act_outside_the_rules_that_has_to_be_allowed() -> None:
    first, met, last = (
        Happening(event, MORNING + timedelta(hours=hour), counts=event == "note")
        for hour, event in enumerate(("note", "interview", "note"))
    )
    made = replay(start(pi.load_rulebook(text=RULES)), Story((first, met), last))

    assert made is not None
    assert [line.became for line in made.lines] == ["outside", "recorded"]
    assert made.verdict.allowed
    decisive, verdict = made.decisive
    assert (decisive, verdict.allowed) == (first, False)
