"""The business days after a date and after an event come in the order in which the engine has them come."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve, frozen
from hypothesis import example, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.process import Process
from postinterview.core.rules.definitions import APPLICATION, ROUND, Scope
from postinterview.core.values.moments import LocalCalendar
from postinterview.proof.model.conditions import HasCome
from postinterview.proof.model.event_moves import Arrival
from postinterview.proof.model.relation import Relation, relation_of
from postinterview.proof.model.trace import Trace
from postinterview.proof.model.variables import TimeAnchor, date_of, latest_of, pair
from postinterview.proof.model.view import View
from tests.proof.helpers import patient

RULES = """
format: 1
title: Words and dates
version: "1"
calendar: {weekend: [friday, saturday]}
events:
  talk: {by: employer, opens: round, fields: {by: {type: date, optional: true, sets: promised}}}
  promise: {by: employer, fields: {by: {type: date, optional: true, sets: promised}}}
  message: {by: employer}
  news: {by: employer}
  offer: {by: employer, ends: promised}
  ask: {by: candidate, contact: chase}
  look: {by: candidate, contact: none}
classes:
  word: [promise, message]
machines:
  all:
    per: employer
    start: a
    states: {a: }
    transitions:
      news: {event: news, from: a}
  m:
    per: application
    start: a
    states: {a: }
    transitions:
      talk: {event: talk, from: a}
      promise: {event: promise, from: a}
      hear: {event: message, from: a}
      offer: {event: offer, from: a}
      ask: {event: ask, from: a, guards: {GUARDS}}
      look: {event: look, from: a, guards: {x: {not_before: word}, y: {not_before: promised}}}
"""
DEFINITION = pi.load_rulebook(text=RULES.replace("GUARDS", "x: {not_before: promised}")).definition
WORD = frozenset({"promise", "message", "news"})
ZONES = ("UTC", "Europe/Zurich", "America/Havana", "America/St_Johns", "Pacific/Apia")
STARTS = (
    datetime(2026, 3, 5, 9, tzinfo=UTC),
    datetime(2026, 10, 24, 20, tzinfo=UTC),
    datetime(2010, 11, 7, 2, 20, tzinfo=UTC),  # at one past midnight St. John's goes back to the day before
    datetime(2011, 12, 29, 8, tzinfo=UTC),  # Apia leaves a day out
)
GAPS = tuple(timedelta(minutes=minutes) for minutes in (0, 1, 20, 60, 8 * 60, 24 * 60, 3 * 24 * 60))


@frozen
class Told:
    """One event. ``named``: the date that it names lies so many days after it; None: it names none."""

    event: str
    gap: timedelta
    named: int | None
    application: str


def told(event: str, minutes: int, named: int | None = None) -> Told:
    return Told(event, timedelta(minutes=minutes), named, "main")


@frozen
class History:
    zone: str
    start: datetime
    holidays: tuple[date, ...]
    told: tuple[Told, ...]


def histories() -> st.SearchStrategy[History]:
    events = st.sampled_from(("talk", "promise", "promise", "message", "message", "news", "offer"))
    named = st.one_of(st.none(), st.integers(0, 4))
    applications = st.sampled_from(("main", "main", "other"))
    happened = st.builds(Told, events, st.sampled_from(GAPS), named, applications)
    days = st.integers(0, 8)

    def make(zone: str, start: datetime, free: list[int], story: list[Told]) -> History:
        holidays = tuple(start.date() + timedelta(days=number) for number in free)
        return History(zone, start, holidays, tuple(story))

    return st.builds(
        make,
        st.sampled_from(ZONES),
        st.sampled_from(STARTS),
        st.lists(days, max_size=2, unique=True),
        st.lists(happened, min_size=1, max_size=7),
    )


def processes(history: History) -> list[Process]:
    """The process before each event, and after the last one."""
    rulebook = pi.Rulebook(DEFINITION)
    found = [rulebook.start("acme", history.zone, holidays=history.holidays)]
    at = history.start
    for each in history.told:
        at += each.gap
        fields: dict[str, Any] = {}
        if each.named is not None and each.event in ("talk", "promise"):
            there = found[-1].calendar.day_of(at)
            fields["by"] = there + timedelta(days=each.named)
        application = None if each.event == "news" else each.application
        outcome = found[-1].record(each.event, at=at, application=application, **fields)
        found.append(outcome.process)
    return found


def relation() -> Relation:
    return relation_of(DEFINITION, DEFINITION.events["ask"])


def view(calendar: LocalCalendar | None, scope: Scope, days: tuple[int, int]) -> View:
    """The view of a date and of the last word, each so many business days later."""
    anchors = date_of(DEFINITION, "promised", APPLICATION), latest_of(WORD, scope)
    atoms = (
        HasCome(evolve(each, calendar=calendar), number) for each, number in zip(anchors, days, strict=True)
    )
    return View(relation(), [(atom,) for atom in atoms])


BEFORE_MIDNIGHT = datetime(2010, 11, 7, 2, 30, 30, tzinfo=UTC)
"""Half a minute after midnight in St. John's, half a minute before its clocks go back to the day before."""
MESSAGE_THEN_DATE = told("message", 0), told("talk", 20, 0)


@given(
    histories(),
    st.sampled_from((APPLICATION, ROUND, Scope())),
    st.sampled_from(((1, 1), (2, 1), (1, 2), (2, 3))),
)
@example(History("America/St_Johns", BEFORE_MIDNIGHT, (), MESSAGE_THEN_DATE), APPLICATION, (1, 1))
def test_no_history_leaves_the_order_in_which_business_days_come(
    history: History, scope: Scope, days: tuple[int, int]
) -> None:
    of_days = view(None, scope, days)
    assert of_days.twins
    for process in processes(history)[1:]:
        last = process.timeline[-1].at
        for later in (0, 1, 10, 30, 60, 100, 200):
            trace = Trace(of_days, process, "main", None)
            trace.follow(last + timedelta(hours=later))
            assert not trace.strays, (history, later)


@given(histories(), st.sampled_from((APPLICATION, Scope())), st.sampled_from(((1, 1), (2, 1), (1, 2))))
def test_where_no_clock_goes_back_over_midnight_a_date_named_later_is_in_order_too(
    history: History, scope: Scope, days: tuple[int, int]
) -> None:
    if history.zone == "America/St_Johns":
        history = evolve(history, zone="UTC")
    first = processes(history)[0]
    compared = view(first.calendar, scope, days)
    for process in processes(history)[1:]:
        last = process.timeline[-1].at
        for later in (0, 1, 10, 30, 60, 100, 200):
            trace = Trace(compared, process, "main", None)
            trace.follow(last + timedelta(hours=later))
            assert not trace.strays, (history, later)


def comes(of_days: View, *told: str, number: int) -> bool:
    """Whether the last day that is asked of an anchor can come after these events, with dates if they can."""
    labels = [label for label in of_days.relation.labels[""] if label.where == "here"]
    now = {of_days.start}
    for event in told:
        label = max((each for each in labels if each.event == event), key=lambda each: len(each.dates))
        row = [variable.op(label) for variable in of_days.variables]
        moves = (each for values in now for each in of_days.events(values))
        now = {
            each.values
            for each in moves
            if not isinstance(each.move, Arrival)
            and [variable.op(each.move) for variable in of_days.variables] == row
        }
    waiting = list(now)
    for values in waiting:
        waiting += (each.values for each in of_days.arrivals(values) if each.values not in waiting)
    return any(pair(values[number])[0] == 2 + of_days.caps[number] for values in waiting)


WEEK, SHORT_WEEK = LocalCalendar(ZoneInfo("UTC")), LocalCalendar(ZoneInfo("UTC"), frozenset({4, 5, 6}))


def two(one: TimeAnchor, other: TimeAnchor) -> View:
    """The view of a business day after an anchor, and after another one whose calendar has more of them."""
    calendars = ((one, SHORT_WEEK), (other, WEEK))
    atoms = (HasCome(evolve(each, calendar=calendar), 1) for each, calendar in calendars)
    found = View(relation(), [(atom,) for atom in atoms])
    assert found.twins
    return found


def test_a_business_day_after_a_date_comes_though_the_other_rules_call_the_date_off() -> None:
    date_ = date_of(DEFINITION, "promised", APPLICATION)
    of_days = two(evolve(date_, ended_by=frozenset()), date_)
    assert comes(of_days, "promise", number=1)
    assert comes(of_days, "promise", "offer", number=1)


def test_a_business_day_after_a_word_comes_though_the_other_rules_begin_anew_with_each_round() -> None:
    of_days = two(latest_of(WORD, APPLICATION), latest_of(WORD, ROUND))
    assert comes(of_days, "promise", number=1)
    assert comes(of_days, "promise", "talk", number=1)


BY_A_WORD = "x: {not_before: word + 1 business day, if_never: holds}"
BY_A_DATE = "x: {not_before: promised + 1 business day}"


@pytest.mark.parametrize(
    ("words", "date_of_a_promise", "verdict"),
    [
        ("[promise]", "{type: date, sets: promised}", "none"),
        ("[promise, message]", "{type: date, sets: promised}", "some"),
        ("[promise]", "{type: date, optional: true, sets: promised}", "some"),
        ("[promise, talk]", "{type: date, sets: promised}", "none"),
    ],
)
def test_a_business_day_after_a_date_is_none_before_that_of_the_word_that_named_it(
    words: str, date_of_a_promise: str, verdict: str
) -> None:
    text = RULES.replace("[promise, message]", words)
    optional = "promise: {by: employer, fields: {by: {type: date, optional: true, sets: promised}}}"
    text = text.replace(optional, f"promise: {{by: employer, fields: {{by: {date_of_a_promise}}}}}")
    old, new = (pi.load_rulebook(text=text.replace("GUARDS", each)) for each in (BY_A_WORD, BY_A_DATE))
    (found,) = patient(old, new).compare(["ask"]).acts
    assert found.verdict == verdict


def test_a_word_waits_for_no_date() -> None:
    old, new = (pi.load_rulebook(text=RULES.replace("GUARDS", each)) for each in (BY_A_DATE, BY_A_WORD))
    (found,) = patient(old, new).compare(["ask"]).acts
    assert found.verdict == "some"
