"""Processes that the tests of stores begin with."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import evolve

import postinterview as pi
from postinterview.stores import Keeper
from tests.core.helpers import at, default

MONDAY = at("2026-03-02 10:00")
OVERDUE = at("2026-03-12 09:00")
LATER = at("2026-04-01 09:00")


def interviewed(keeper: Keeper, key: str = "acme") -> None:
    keeper.start(key, timezone="Europe/Zurich")
    keeper.record(key, "interview", at=MONDAY, interviewers=["ana"], decide_by=date(2026, 3, 10), once="i")


def again(first: pi.Outcome) -> pi.Outcome:
    """The outcome of a call, as the same call gets it again."""
    return evolve(first, repeated=True)


def fields_of(event: str) -> dict[str, Any]:
    """Every field of an event, and the person that it is to."""
    kind = default().definition.events[event]
    values: dict[str, Any] = {
        "bool": True,
        "text": "it's \N{SNOWMAN}; --",
        "number": 1.5,
        "people": ["ana"],
        "date": date(2026, 6, 10),
    }
    said = {name: (field.choices or ("",))[0] for name, field in kind.fields.items() if field.choices}
    said |= {name: values[field.type] for name, field in kind.fields.items() if field.type in values}
    return said | ({"to": "ana"} if kind.to_person else {})


RULES = """
format: 1
title: Letters
version: "{version}"
events:
  {event}: {{by: employer}}
  nudge: {{by: candidate, contact: chase, starts: application}}
machines:
  letters:
    per: application
    start: quiet
    states: {{quiet: {{title: Quiet}}}}
    transitions:
      heard: {{event: {event}, from: any}}
      one: {{event: nudge, from: quiet, guards: {{a_day: {{apart: {apart}, from: nudge}}}}}}
"""
RENAMED = """
migrations:
  renamed: {from: "1", events: {note: letter}}
"""


def letters_text(version: int, event: str, apart: str = "1 day") -> str:
    return RULES.format(version=version, event=event, apart=apart)


def letters(version: int, event: str, more: str = "", apart: str = "1 day") -> pi.Rulebook:
    return pi.load_rulebook(text=letters_text(version, event, apart) + more, name="letters.yaml")


def twice_interviewed(keeper: Keeper, key: str = "acme") -> None:
    """A follow-up after the first round, so that entry 3, the second round, is what allows another."""
    interviewed(keeper, key)
    keeper.do(key, "follow_up", at=OVERDUE, channel="call")
    keeper.record(key, "interview", at=at("2026-03-16 09:00"), interviewers=["bo"])
