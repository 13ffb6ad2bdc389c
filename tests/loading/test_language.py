"""The newer words of the rule language: windows, exceptions, shared guards, latest dates, trust."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postinterview.core.rules import definitions as d
from postinterview.loading.guard_equality import includes
from tests.loading.small import codes_in, definition_of, small

RULES = """\
format: 1
title: Rules

events:
  interview: {by: employer, opens: round}
  message: {by: employer}
  apply: {by: candidate, contact: courtesy, starts: application}
  follow_up: {by: candidate, fields: {channel: [call, email], urgent: bool, copies: number}}

trust:
  apply: Everybody applies.

dates:
  heard: {latest_of: [interview, message + 1 day]}
  soon: heard + 2 business days

guard_sets:
  rare:
    few: {at_most: 3, of: [follow_up, apply], within: 14 days, per: employer}
  polite:
    use: rare
    awake: {hours: "09:00-17:00", unless: {channel: email, copies: [2, 3], urgent: true}}
    heard_of: {happened: [interview, message], in_every: application}

machines:
  application:
    per: application
    start: new
    states:
      new: {outside: true}
      waiting:
    transitions:
      apply: {event: apply, from: new, to: waiting}
      ask:
        event: follow_up
        from: waiting
        guards:
          be_patient: {not_before: soon}
          use: [polite]
          apart: {apart: 7 days, from: [follow_up, apply]}
"""


def guards() -> dict[str, d.Guard]:
    ask = definition_of(RULES).machines["application"].transitions[1]
    return {guard.id: guard for guard in ask.guards}


def test_a_transition_has_the_guards_of_its_sets_first_and_they_know_their_line() -> None:
    found = guards()
    assert list(found) == ["few", "awake", "heard_of", "be_patient", "apart"]
    assert RULES.splitlines()[found["few"].origin.line - 1].startswith("    few:")


def test_a_count_has_a_window_and_counts_several_events() -> None:
    few = guards()["few"]
    assert isinstance(few, d.AtMost)
    assert few.within == timedelta(days=14)
    assert few.of == d.EventSet("follow_up or apply", frozenset({"follow_up", "apply"}))


def test_a_guard_does_not_apply_to_some_values_and_reads_them_by_their_type() -> None:
    assert guards()["awake"].unless == (("channel", ("email",)), ("copies", (2, 3)), ("urgent", (True,)))


def test_a_guard_is_asked_in_every_application() -> None:
    assert guards()["heard_of"].in_every_application
    assert not guards()["few"].in_every_application


def test_a_date_is_the_latest_of_several() -> None:
    heard = definition_of(RULES).moments["heard"].anchor
    assert isinstance(heard, d.LatestKnown)
    assert [option.text for option in heard.options] == ["interview", "message + 1 day"]
    soon = definition_of(RULES).moments["soon"].anchor
    assert isinstance(soon, d.LatestKnown)


def test_events_of_the_employer_start_an_application_and_acts_that_say_so() -> None:
    events = definition_of(RULES).events
    assert [name for name, kind in events.items() if kind.starts_application] == [
        "interview",
        "message",
        "apply",
    ]


def test_a_state_is_outside_and_an_event_is_trusted() -> None:
    definition = definition_of(RULES)
    assert definition.machines["application"].states["new"].outside
    assert definition.trust["apply"].why == "Everybody applies."


# --- guards that say the same, or more ----------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "codes"),
    [
        ("within: 14 days", "within: 14 days", ["PI409"]),
        ("within: 14 days", "within: 2 weeks", ["PI409"]),
        ("within: 14 days", "within: 14 days, unless: {channel: email}", []),
        ("unless: {channel: [email, call]}", "unless: {channel: [call, email]}", ["PI409"]),
        ("unless: {channel: call}", "unless: {channel: email}", []),
        ("per: application", "per: application, in_every: application", []),
    ],
)
def test_two_counts_are_the_same_only_with_the_same_window_and_exceptions(
    one: str, other: str, codes: list[str]
) -> None:
    channel = ("{by: candidate}", "{by: candidate, fields: {channel: [call, email]}}")
    guards = "".join(
        f"few_{n}: {{at_most: 3, of: chase, {keys}}}\n" for n, keys in (("a", one), ("other", other))
    )
    assert codes_in(small(channel, guards=guards)) == codes


LIMITS = st.tuples(st.integers(1, 3), st.sampled_from([1, 2, 3, None]))


def holds(limit: int, days: int | None, happened: Collection[int], now: int) -> bool:
    return sum(days is None or day > now - days for day in happened) < limit


@given(LIMITS, LIMITS)
def test_a_count_is_needless_exactly_if_no_history_tells_it_from_the_other(
    one: tuple[int, int | None], other: tuple[int, int | None]
) -> None:
    first, second = (
        d.AtMost(
            id="few",
            origin=d.Origin("rules.yaml", 1, 1),
            limit=limit,
            of=d.EventSet("chase", frozenset({"follow_up"})),
            within=None if days is None else timedelta(days=days),
        )
        for limit, days in (one, other)
    )
    histories = [days for size in range(4) for days in combinations_with_replacement(range(5), size)]
    expected = all(holds(*other, days, 4) for days in histories if holds(*one, days, 4))
    assert includes(first, second) is expected


def test_opposite_guards_with_exceptions_may_both_hold() -> None:
    both = """\
      urge:
        event: follow_up
        from: waiting
        guards: {early: {not_after: interview + 7 days, unless: {channel: email}}}
"""
    channel = ("{by: candidate}", "{by: candidate, fields: {channel: [call, email]}}")
    assert codes_in(small(channel) + both) == ["PI303"]
    assert codes_in(small(channel) + both.replace(", unless: {channel: email}", "")) == []


def test_contrary_guards_are_no_contradiction_where_one_does_not_apply_to_all_acts() -> None:
    channel = ("{by: candidate}", "{by: candidate, fields: {channel: [call, email]}}")
    early = "early: {not_after: interview + 1 day%s}"
    assert codes_in(small(channel, guards=early % "")) == ["PI402"]
    assert codes_in(small(channel, guards=early % ", unless: {channel: email}")) == []


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("[interview, message]", ""),
        ("{title: a word from them, of: [interview, message]}", "a word from them"),
    ],
)
def test_a_class_is_a_list_of_events_or_has_a_title_beside_it(written: str, title: str) -> None:
    text = RULES.replace("dates:\n", f"classes:\n  word: {written}\ndates:\n", 1)
    word = definition_of(text.replace("message + 1 day", "word + 1 day")).classes["word"]
    assert word == d.EventSet("word", frozenset({"interview", "message"}))
    assert word.title == title


@pytest.mark.parametrize("written", ["{title: a word}", "{of: [message]}", "{title: , of: [message]}"])
def test_a_class_with_a_title_has_both_keys(written: str) -> None:
    text = RULES.replace("dates:\n", f"classes:\n  word: {written}\ndates:\n", 1)
    assert codes_in(text)
