"""The moment a store keeps is the first at which the agenda is overdue, if nothing more happens."""

from __future__ import annotations

from datetime import timedelta

import hypothesis.strategies as st
from hypothesis import given

import postinterview as pi
from tests.core.helpers import default, start
from tests.stores.telling import MONDAY, fields_of

TICK = timedelta(microseconds=1)
HOURS = st.integers(0, 24 * 12)
EVENTS = st.sampled_from(["interview", *default().definition.events])


APPLICATIONS = st.sampled_from(["first", "first", "second"])
STORIES = st.lists(st.tuples(EVENTS, HOURS, APPLICATIONS), min_size=1, max_size=8)


def told(story: list[tuple[str, int, str]]) -> pi.Process:
    process, at = start(), MONDAY
    for event, hours, application in story:
        at += timedelta(hours=hours)
        process = process.record(event, at=at, application=application, **fields_of(event)).process
    return process


@given(STORIES)
def test_the_next_due_moment_is_the_least_that_the_agenda_names(story: list[tuple[str, int, str]]) -> None:
    process = told(story)
    named = [item.due for item in process.agenda(at=process.timeline[-1].at) if item.due is not None]
    assert process.next_due == min(named, default=None)


@given(STORIES, st.lists(HOURS, max_size=8))
def test_nothing_is_overdue_before_the_next_due_moment(
    story: list[tuple[str, int, str]], later: list[int]
) -> None:
    process = told(story)
    at = process.timeline[-1].at
    due = process.next_due
    for hours in later:
        at += timedelta(hours=hours)
        if due is None or at < due:
            assert process.agenda(at=at).of("overdue") == ()
    if due is not None and due > process.timeline[-1].at:
        assert process.agenda(at=due - TICK).of("overdue") == ()
        assert any(item.due == due for item in process.agenda(at=due).of("overdue"))


def test_nothing_is_due_where_nothing_happened() -> None:
    process = start().unknown("chase", until=MONDAY).process
    assert process.next_due is None
    assert process.agenda(at=MONDAY).of("overdue") == ()
