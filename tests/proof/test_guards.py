"""Exceptions to guards, guards asked in every application, and latest dates, as the model reads them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.process import Process
from postinterview.proof.model.relation import relation_of
from tests.proof.helpers import allowed_by_both, prove_own
from tests.strategies.scale import IS_LONG

MESSAGE_AND_CALL = """
format: 1
title: Asked
events:
  message: {by: employer}
  call: {by: candidate, contact: attempt, fields: {channel: [phone, email]}}
machines:
  line:
    per: application
    start: open
    states: {open: {}}
    transitions:
      met: {event: message, from: open}
      ring: {event: call, from: open, guards: {GUARDS}}
"""


def rules(guards: str) -> pi.Rulebook:
    return pi.load_rulebook(text=MESSAGE_AND_CALL.replace("{GUARDS}", f"{{{guards}}}"))


def verdict(guards: str, promise: str) -> str:
    return prove_own(rules(guards), promise).verdict


# --- exceptions -----------------------------------------------------------------------------------

A_WEEK = "a_week: {apart: 7 days, from: message"
NO_CALL_IN_A_WEEK = "never: call, within: 7 days, of: message, per: application"


def test_no_proof_rests_on_a_guard_with_exceptions() -> None:
    assert verdict(f"{A_WEEK}}}", NO_CALL_IN_A_WEEK) == "proved"
    assert verdict(f"{A_WEEK}, unless: {{channel: email}}}}", NO_CALL_IN_A_WEEK) == "violated"


def test_the_story_carries_the_exception() -> None:
    proof = prove_own(rules(f"{A_WEEK}, unless: {{channel: email}}}}"), NO_CALL_IN_A_WEEK)
    story = proof.results[0].violation
    assert story is not None
    assert story.story.act.fields == {"channel": "email"}
    assert len(story.lines) == 1


# --- every application ----------------------------------------------------------------------------

ONE = "one: {at_most: 1, of: call, per: application, in_every: application}"


def test_of_a_guard_asked_in_every_application_the_acts_own_is_certain() -> None:
    assert verdict(ONE, "never: call, more_than: 1, per: application") == "proved"


def test_in_another_application_it_may_fail_so_nothing_is_known_to_move_by_it() -> None:
    guards = "one: {happened: message, in_every: application}, here: {happened: message}"
    rulebook = pi.load_rulebook(
        text=f"""
format: 1
title: Every
events: {{message: {{by: employer}}, nod: {{by: candidate}}, call: {{by: candidate}}}}
machines:
  line:
    per: application
    start: fresh
    states: {{fresh: {{}}, done: {{}}}}
    transitions:
      met: {{event: message, from: fresh}}
      sure: {{event: nod, from: fresh, to: done, guards: {{{guards}}}}}
      first: {{event: nod, from: fresh, guards: {{two: {{not_happened: message}}}}}}
      ring: {{event: call, from: fresh}}
"""
    )
    definition = rulebook.definition
    gates = relation_of(definition, definition.events["call"]).gates
    assert {id for *_, id in gates} == {"here", "two"}


# --- the latest of several dates ------------------------------------------------------------------

LATEST = """
format: 1
title: Latest
events:
  message: {by: employer}
  interview: {by: employer}
  fixed: {by: employer, fields: {day: {type: date, sets: talk}}}
  cancelled: {by: employer, ends: talk}
  call: {by: candidate, contact: attempt}
  note: {by: candidate, contact: none}
dates:
  due: [talk, interview + 2 days]
  LATEST: {latest_of: [message + 3 days, due, note]}
  last: LATEST + 12 hours
machines:
  line:
    per: application
    start: open
    states: {open: {}}
    transitions:
      met: {event: message, from: open}
      wrote: {event: note, from: open}
      ring: {event: call, from: open, guards: {g: {GUARD}}}
"""

GUARDS = [
    pytest.param(kind, never, added, id=f"{kind}-{never}{'-later' if added else ''}")
    for kind in ("not_before", "not_after")
    for never in ("holds", "blocks")
    for added in (False, True)
]
WORDS = st.sampled_from(["message", "interview", "fixed", "cancelled", "note"])


@pytest.mark.parametrize(("kind", "never", "added"), GUARDS)
def test_the_latest_of_several_dates_is_read_as_the_engine_reads_it(
    kind: str, never: str, added: bool
) -> None:
    """At each moment at which the guard turns, and a microsecond before."""
    text = LATEST.replace("{GUARD}", f"{{{kind}: last, if_never: {never}}}")
    text = text.replace("LATEST", "latest") if added else text.replace("  last: LATEST + 12 hours\n", "")
    rulebook = pi.load_rulebook(text=text.replace("LATEST", "last"))
    turned = set[bool]()

    @settings(max_examples=100 if IS_LONG else 12)
    @given(st.lists(st.tuples(WORDS, st.integers(0, 60), st.integers(0, 3)), max_size=6))
    def check(history: list[tuple[str, int, int]]) -> None:
        process, at = rulebook.start("acme", "UTC"), datetime(2026, 3, 2, 9, tzinfo=UTC)
        for word, hours, days in history:
            at += timedelta(hours=hours)
            fields: dict[str, Any] = {"day": at.date() + timedelta(days=days)} if word == "fixed" else {}
            process = process.record(word, at=at, application="main", **fields).process
            turned.update(allowed_by_both(process, "call", turn) for turn in turns(process, at))

    check()
    assert turned == {False, True}


def turns(process: Process, at: datetime) -> Iterator[datetime]:
    """The moment, and those around the next at which the answer changes."""
    yield at
    verdict = process.may("call", at=at, application="main")
    turn = verdict.closes_at if verdict.allowed else verdict.opens_at
    if turn is not None:
        yield from (turn - timedelta(microseconds=1), turn)


def test_the_latest_of_too_many_dates_is_unknown_at_once() -> None:
    names = [f"w{number}" for number in range(12)]
    words = ", ".join(f"{name}: {{by: employer}}" for name in names)
    rulebook = pi.load_rulebook(
        text=f"""
format: 1
title: Many
events: {{call: {{by: candidate}}, {words}}}
dates: {{last: {{latest_of: [{", ".join(names)}]}}}}
machines:
  line:
    per: application
    start: open
    states: {{open: {{}}}}
    transitions: {{ring: {{event: call, from: open, guards: {{g: {{not_before: last}}}}}}}}
"""
    )
    proof = prove_own(rulebook, "never: call, more_than: 0")
    assert proof.verdict == "unknown"
    assert proof.results[0].why_unknown == "the latest of several dates can have come in too many ways"
