"""What is certain agrees with every order written out, and equal rows of one day cost a few steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import permutations, product
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from postinterview import load_rulebook
from postinterview.audit import load_map
from postinterview.core.answers.outcome import Outcome
from postinterview.core.past.pasts import MOST_STEPS
from postinterview.core.steps.step import step
from postinterview.core.steps.step_parts import Step
from tests.audit.small import HEAD, said
from tests.audit.small import told as small
from tests.audit.test_certainty import FIELDS, RULES, START, WORDS, told


class Row(NamedTuple):
    """A row of the oracle: nothing here is shared with the audit."""

    line: int
    word: str
    day: datetime
    hour: int | None


def possible_orders(rows: list[Row]) -> Iterator[tuple[Row, ...]]:
    """Every permutation in which hours rise, and rows of one hour or of one word keep their order."""
    for order in permutations(rows):
        hours = [(row.hour, row.line) for row in order if row.hour is not None]
        without = [(row.word, row.line) for row in order if row.hour is None]
        same = all(a[1] < b[1] for n, a in enumerate(without) for b in without[n + 1 :] if a[0] == b[0])
        if hours == sorted(hours) and same:
            yield order


def as_early_as_can_be(rows: tuple[Row, ...]) -> list[tuple[Row, datetime]]:
    found, hour = [], 0
    for row in rows:
        hour = row.hour if row.hour is not None else hour
        found.append((row, row.day + timedelta(hours=hour)))
    return found


def as_late_as_can_be(rows: tuple[Row, ...], end: datetime) -> list[tuple[Row, datetime]]:
    found: list[tuple[Row, datetime]] = []
    for row in reversed(rows):
        end = row.day + timedelta(hours=row.hour) if row.hour is not None else end
        found.insert(0, (row, end))
    return found


OUTSIDE = ("outside", "")


@lru_cache(maxsize=20_000)
def recorded(history: tuple[tuple[str, datetime], ...]) -> Outcome:
    """The last event of a history. Orders share their beginnings, so each beginning is recorded once."""
    before = recorded(history[:-1]).process if history[:-1] else RULES.start("A", "Europe/Zurich")
    word, at = history[-1]
    return before.record(WORDS[word]["event"], at=at, to=WORDS[word].get("to"), **FIELDS.get(word, {}))


def refusing(history: list[tuple[Row, datetime]], row: Row, at: datetime) -> set[tuple[str, str]]:
    made = recorded(tuple((each.word, moment) for each, moment in [*history, (row, at)]))
    if made.outside:
        return {OUTSIDE}
    return set() if made.verdict is None else {(reason.id, reason.machine) for reason in made.verdict.reasons}


def certainly_refusing(days: list[list[Row]]) -> dict[int, set[tuple[str, str]]]:
    """Of each line what refuses it in every order, at whichever hours."""
    found: dict[int, set[tuple[str, str]]] = {}
    for orders in product(*(possible_orders(rows) for rows in days)):
        early: list[tuple[Row, datetime]] = []
        late: list[tuple[Row, datetime]] = []
        for order in orders:
            start, end = order[0].day, order[0].day + timedelta(days=1) - timedelta(microseconds=1)
            for place, row in enumerate(order):
                before, after = order[:place], order[place + 1 :]
                first = max((e.day + timedelta(hours=e.hour) for e in before if e.hour), default=start)
                last = min((e.day + timedelta(hours=e.hour) for e in after if e.hour), default=end)
                if row.hour is not None:
                    first = last = row.day + timedelta(hours=row.hour)
                ids = refusing([*early, *as_early_as_can_be(before)], row, last)
                ids &= refusing([*late, *as_late_as_can_be(before, first)], row, first)
                found[row.line] = found.get(row.line, ids) & ids
            early += as_early_as_can_be(order)
            late += as_late_as_can_be(order, end)
    return found


words = st.sampled_from(
    ("talk", "wrote", "no", "offer", "asked", "asked", "rang", "replied", "thanked", "invited")
)
rows_of_a_day = st.lists(st.tuples(words, st.sampled_from((None, None, 9, 15))), min_size=1, max_size=3)
days = st.lists(st.tuples(st.sampled_from((1, 7, 30)), rows_of_a_day), min_size=1, max_size=2)


@settings(max_examples=40)
@given(days=days)
@example([(1, [("talk", 9), ("wrote", 15)]), (7, [("asked", None)])])
@example([(1, [("talk", None)]), (30, [("rang", None)] * 4)])
@example([(1, [("wrote", None), ("talk", 15)]), (30, [("replied", 9)])])
def test_what_is_certain_is_what_refuses_an_act_in_every_order_written_out(
    days: list[tuple[int, list[tuple[str, int | None]]]],
) -> None:
    line, start, history = 1, START, []
    for gap, day in days:
        start += timedelta(days=gap)
        rows = []
        for word, hour in day:
            line += 1
            rows.append(Row(line, word, start, hour))
        history.append(rows)
    written = [
        f"A,,{row.word},{row.day:%Y-%m-%d}{'' if row.hour is None else f' {row.hour:02}:00'}"
        for rows in history
        for row in rows
    ]
    refused = certainly_refusing(history)
    for finding in told("\n".join(written)):
        if finding.kind in ("breach", "contradiction"):
            assert {(each.id, each.machine) for each in finding.reasons} <= refused[finding.line], written
        elif finding.kind == "outside":
            assert refused[finding.line] == {OUTSIDE}, written
        elif finding.kind == "undecided":
            assert not {(each.id, each.machine) for each in finding.reasons} & refused[finding.line], written


@pytest.fixture
def folded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The events of which a step was taken in some past, one by one."""
    found = list[str]()

    def counting(*given: Any, **how: Any) -> Step:
        found.append(given[3].name)
        return step(*given, **how)

    monkeypatch.setattr("postinterview.core.steps.runs.step", counting)
    return found


@pytest.mark.parametrize("count", [985, pytest.param(3_000, marks=pytest.mark.slow)])
def test_equal_rows_of_one_day_are_counted_and_not_folded_one_by_one_in_each_past(
    count: int, folded: list[str]
) -> None:
    made = told("\n".join(["A,,talk,2026-03-02", *["A,,asked,2026-03-12"] * count]))
    assert said(made)[0] == ("breach", 4, "one_chase, one_follow_up, a_week_apart")
    assert made.found["breach"] == count - 1
    assert made.is_certain
    assert len(folded) < 300


def test_a_day_of_hundreds_of_different_rows_is_folded_a_few_times_and_its_orders_are_left_open(
    folded: list[str],
) -> None:
    words = tuple(WORDS) * 20
    rows = [f"A,,{word},2026-03-12" for word in words]
    made = told("\n".join(["A,,talk,2026-03-02", *rows]))
    assert not made.is_certain
    assert {reason.id for finding in made.breaches for reason in finding.reasons} == {"one_invite"}
    assert len(folded) < MOST_STEPS + 3 * len(rows)


@pytest.mark.slow
def test_equal_rows_beyond_what_guards_count_still_come_before_or_after_others() -> None:
    asked = "A,,asked,2026-03-12\n" * 40
    made = told(f"A,,talk,2026-03-02\n{asked}A,,wrote,2026-03-12 10:00\nA,,asked,2026-03-13")
    assert said(made)[-3:] == [
        ("breach", 42, "one_follow_up, a_week_apart, few_nudges, few_in_two_months"),
        ("breach", 44, "one_follow_up, a_week_apart, few_nudges, few_in_two_months, let_them_speak"),
        ("undecided", 3, "let_them_speak"),
    ]
    assert made.found["breach"] == 40


TWO_WAYS = """
format: 1
title: A nudge that is free after a no
events:
  nudge: {by: candidate, contact: chase}
  no: {by: employer}
  one: {by: employer}
  two: {by: employer}
  three: {by: employer}
  four: {by: employer}
machines:
  application:
    per: application
    start: open
    states: {open: {title: Open}, closed: {title: Closed}}
    transitions:
      first: {event: nudge, from: open, guards: {once: {at_most: 1, of: nudge, per: application}}}
      later: {event: nudge, from: closed}
      ending: {event: no, from: open, to: closed}
      one: {event: one, from: any}
      two: {event: two, from: any}
      three: {event: three, from: any}
      four: {event: four, from: any}
"""


def test_on_a_day_of_too_many_orders_a_guard_that_only_one_of_them_asks_is_no_breach() -> None:
    words = ("nudge", "no", "one", "two", "three", "four")
    read = "".join(f"  {word}: {{event: {word}, when: {{What: {word}}}, at: Date}}\n" for word in words)
    head = HEAD.replace("%d %H:%M", "%d") + 'time: "12:00"\n'
    by = load_map(text=f"{head}read:\n{read}", rulebook=load_rulebook(text=TWO_WAYS))
    days = ["Acme,one,2026-03-01,", "Acme,nudge,2026-03-02,", *(f"Acme,{word},2026-03-10," for word in words)]
    assert said(small(days, by)) == [("undecided", 4, "once")]
