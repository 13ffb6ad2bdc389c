"""Guards that count in a window of time, as the model reads them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.rules.definitions import APPLICATION, ROUND, AtMost, Definition
from postinterview.core.values.moments import MICROSECOND
from postinterview.proof.explain import with_guard
from postinterview.proof.model.conditions import AtLeast
from postinterview.proof.model.guards import MOST_CLOCKS
from postinterview.proof.model.labels import EventLabel
from postinterview.proof.model.relation import relation_of
from postinterview.proof.model.variables import EventCount, Recent
from postinterview.proof.model.view import view_of
from postinterview.proof.search.search import Bad, Safe, search
from tests.proof.helpers import allowed_by_both
from tests.strategies.scale import IS_LONG

DAY = timedelta(days=1) // MICROSECOND
RECENT = Recent(frozenset({"call"}), ROUND)
CALL = EventLabel("call", "here", "same", "nobody")
ROUND_BEGINS = EventLabel("talk", "here", "same", "nobody", opens=True, begins=True)

RULES = """
format: 1
title: Windows
events: {message: {by: employer}, call: {by: candidate, contact: chase}}
machines:
  line:
    per: application
    start: open
    states: {open: {}}
    transitions:
      met: {event: message, from: open}
      ring: {event: call, from: open, guards: {few: {at_most: 2, of: call}}}
"""


def windowed(limit: int, within: timedelta) -> Definition:
    """The rules with a window in the guard."""
    definition = pi.load_rulebook(text=RULES).definition
    rule = definition.machines["line"].transitions[1]
    (guard,) = rule.guards
    assert isinstance(guard, AtMost)
    return with_guard(definition, rule, guard, evolve(guard, limit=limit, within=within))


# --- the variable ---------------------------------------------------------------------------------


class Clocks:
    """A window followed by hand: its value, and the moment that each of its clocks counts from."""

    def __init__(self, cap: int) -> None:
        self.cap, self.value = cap, RECENT.start
        self.since: dict[int, int | None] = dict.fromkeys(range(cap))

    def happens(self, label: EventLabel, at: int) -> None:
        op = RECENT.op(label)
        if op is not None:
            ((value, settings, _),) = RECENT.apply(op, self.value, self.cap)
            assert isinstance(value, tuple)
            self.value = value
            for clock, to in settings:
                self.since[clock] = self.since[to] if isinstance(to, int) else at if to == "zero" else None

    def hold(self, atom: AtLeast, at: int) -> bool:
        bounds = atom.holds(self.value)
        if bounds is None:
            return False
        readings = [(self.since[clock], micros, below) for clock, micros, below in bounds]
        assert all(since is not None for since, *_ in readings)
        return all((at - (since or 0) < micros) is below for since, micros, below in readings)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([CALL, CALL, CALL, ROUND_BEGINS])), max_size=12),
    st.integers(1, 4),
    st.integers(1, 5),
    st.integers(0, 3),
)
def test_a_window_is_full_exactly_if_so_many_were_less_than_its_length_ago(
    history: Iterable[tuple[int, EventLabel]], number: int, length: int, later: int
) -> None:
    """A new round begins it anew, several events may come at one moment, and it is half-open."""
    clocks, calls, now = Clocks(number), list[int](), 0
    for gap, label in history:
        now += gap
        clocks.happens(label, now)
        calls = [*calls, now] if label is CALL else []
    now += later
    full = sum(now - call < length for call in calls) >= number
    assert clocks.hold(AtLeast(RECENT, number, micros=length), now) is full
    assert clocks.hold(AtLeast(RECENT, number, negated=True, micros=length), now) is not full


# --- in a search ----------------------------------------------------------------------------------


def allowed_after(definition: Definition, calls: int) -> bool:
    """Whether the model allows a call after so many in the act's application."""
    act = definition.events["call"]
    relation = relation_of(definition, act)
    many = AtLeast(EventCount(frozenset({"call"}), frozenset(), APPLICATION), calls)
    view = view_of(relation, relation.conditions.keys(), ((many,),))
    found = search(view, 20_000, lambda: False)
    assert isinstance(found, Bad | Safe)
    return isinstance(found, Bad)


def test_a_guard_with_a_window_is_no_count_of_a_lifetime() -> None:
    without = pi.load_rulebook(text=RULES).definition
    assert not allowed_after(without, 2)
    assert allowed_after(windowed(2, timedelta(days=14)), 9)


@pytest.mark.parametrize("limit", [1, 2, MOST_CLOCKS, MOST_CLOCKS + 1])
def test_a_window_lets_only_so_many_through_as_far_as_it_is_followed(limit: int) -> None:
    """With more clocks than that, its guard counts as held."""
    definition = windowed(limit, timedelta(days=14))
    relation = relation_of(definition, definition.events["call"])
    for micros, passes in ((14 * DAY, limit > MOST_CLOCKS), (14 * DAY + 1, True)):
        many = AtLeast(Recent(frozenset({"call"}), APPLICATION), limit, micros=micros)
        view = view_of(relation, relation.conditions.keys(), ((many,),))
        assert isinstance(search(view, 20_000, lambda: False), Bad) is passes, micros


# --- as the engine counts -------------------------------------------------------------------------

PLACES = """
format: 1
title: Places
events:
  talk: {by: employer, opens: round, fields: {people: people}}
  nod: {by: candidate, contact: none}
  call: {by: candidate, contact: chase, to: interviewer}
machines:
  line:
    per: application
    start: open
    states: {open: {}}
    transitions:
      met: {event: talk, from: open}
      ring: {event: call, from: open, guards: {few: {at_most: 2, of: [call, OTHER], within: 3 days, SCOPE}}}
  plan:
    per: employer
    start: open
    states: {open: {}}
    transitions: {nods: {event: nod, from: open}}
"""
HAPPENED = st.tuples(
    st.sampled_from(["talk", "nod", "call", "call", "call"]),
    st.sampled_from(["main", "main", "other"]),
    st.sampled_from(["ana", "ana", "bob"]),
    st.integers(0, 40),
)


@pytest.mark.parametrize("per", ["employer", "application", "round", "interviewer"])
def test_a_window_is_read_as_the_engine_reads_it(per: str) -> None:
    """At each moment at which the guard turns, and a microsecond before; calls are made all the same."""
    other = "talk" if per == "round" else "nod"  # which lies in every round, and then it is not followed
    rulebook = pi.load_rulebook(text=PLACES.replace("SCOPE", f"per: {per}").replace("OTHER", other))
    turned = set[bool]()

    @settings(max_examples=150 if IS_LONG else 15)
    @given(st.lists(HAPPENED, max_size=8))
    def check(history: list[tuple[str, str, str, int]]) -> None:
        at = datetime(2026, 3, 2, 9, tzinfo=UTC)
        process = rulebook.start("acme", "UTC").record("talk", at=at, application="main", people=["ana"])
        made = process.process
        for event, application, person, hours in history:
            at += timedelta(hours=hours)
            where = None if event == "nod" else application
            named: dict[str, Any] = {"people": [person]} if event == "talk" else {}
            to = person if event == "call" else None
            made = made.record(event, at=at, to=to, application=where, **named).process
            opens = made.may("call", at=at, to="ana", application="main").opens_at or at
            for moment in (at, max(at, opens - timedelta(microseconds=1)), opens):
                turned.add(allowed_by_both(made, "call", moment, "ana", "main"))

    check()
    assert turned == {False, True}
