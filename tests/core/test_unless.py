"""Guards with `unless`: they do not apply to an act that carries one of the values."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import postinterview as pi
from tests.core.helpers import at, ids, with_guards
from tests.core.test_small_rules import small

START = at("2026-03-02 10:00")
HOUR = timedelta(hours=1)


def greeted(guard: str, unless: str, value: str | bool | float) -> pi.Process:
    """A process whose application has been started."""
    loaded = pi.load_rulebook(
        text=small(
            """
  hello: {by: employer}
  word: {by: employer, gives: credit}
  ask: {by: candidate, fields: {channel: [call, email, message], urgent: bool, count: number, note: text}}
  other: {by: candidate, fields: {channel: [call], note: text}}
  answer: {by: candidate, contact: reply}
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
      greeted: {event: hello, from: here}
      asked: {event: ask, from: here, guards: {the_guard: {GUARD}}}
      other: {event: other, from: here, guards: {the_guard: {GUARD}}}
      answered:
        event: answer
        from: here
        guards: {a_credit: {spends: credit}, worded: {state: {plan: ready}}}
""".replace("GUARD", guard),
            "credits: {credit: {max: 1}}",
        ),
        custom={"never": lambda _: False},
    )
    rules = with_guards(
        loaded, custom={"never": lambda _: False}, the_guard={"unless": ((unless, (value,)),)}
    )
    return rules.start("acme", "Europe/Zurich").record("hello", at=START).process


GUARDS = [
    "at_most: 1, of: ask",
    "at_most: 1, of: ask, per: employer, since: word",
    "not_before: ask + 7 days",
    "not_after: ask",
    "apart: 7 days, from: ask",
    "state: {plan: ready}",
    "not_state: {plan: none}",
    "happened: word",
    "not_happened: ask",
    "spends: credit",
    "fields: [note]",
    'hours: "03:00-04:00"',
    "custom: never",
]


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_of_any_kind_does_not_apply_with_the_value_and_else_it_does(guard: str) -> None:
    process = greeted(guard, "channel", "email")
    process = process.record("ask", at=START).process
    excused: list[dict[str, Any]] = [{"channel": "email"}, {"channel": "email", "urgent": True}]
    for carried in excused:
        verdict = process.may("ask", at=START + HOUR, **carried)
        assert verdict
        assert verdict.closes_at is None
    strict: list[dict[str, Any]] = [{}, {"channel": "call"}, {"urgent": True}, {"note": ""}]
    for carried in strict:
        assert ids(process.may("ask", at=START + HOUR, **carried)) == ["the_guard"]
    assert ids(process.may("other", at=START + HOUR, channel="call")) == ["the_guard"]
    assert bool(process.allowed(at=START + HOUR)) is guard.startswith("fields")  # taken as given


@pytest.mark.parametrize(
    ("field", "value", "carried"),
    [
        ("urgent", True, True),
        ("urgent", False, False),
        ("count", 1, 1),
        ("count", 1, 1.0),
        ("note", "a", "a"),
    ],
)
def test_a_value_is_compared_as_the_type_of_the_field_has_it(
    field: str, value: str | bool | float, carried: Any
) -> None:
    process = greeted("happened: word", field, value)
    assert process.may("ask", at=START, **{field: carried})


@pytest.mark.parametrize(
    ("field", "value", "carried"), [("urgent", 1, True), ("count", True, 1), ("note", "a", True)]
)
def test_a_value_of_another_type_excuses_nothing(field: str, value: str | bool | float, carried: Any) -> None:
    process = greeted("happened: word", field, value)
    assert not process.may("ask", at=START, **{field: carried})


def test_a_guard_that_time_does_not_open_names_the_field_among_what_helps() -> None:
    process = greeted("happened: word", "channel", "email")
    verdict = process.may("ask", at=START, channel="call")
    assert verdict.opens_after == ("word", "channel")
    assert verdict.text.endswith(
        "a word, unless `channel` is email. First, at least: word. Or it needs another `channel`."
    )
    assert process.may("other", at=START).opens_after == ("word",)


def test_a_guard_that_time_opens_names_no_field() -> None:
    process = greeted("apart: 7 days, from: ask", "channel", "email")
    verdict = process.record("ask", at=START).process.may("ask", at=START + HOUR)
    assert (verdict.opens_at, verdict.opens_after) == (START + timedelta(days=7), ())


def test_an_act_to_which_no_credit_is_asked_takes_one_if_there_is_one() -> None:
    process = greeted("spends: credit", "channel", "email")
    process = process.do("ask", at=START, channel="email").process
    assert process.timeline[-1].spent == ()
    process = process.record("word", at=START).process.do("ask", at=START, channel="email").process
    assert process.timeline[-1].spent == ("credit",)
    assert ids(process.may("answer", at=START)) == ["a_credit"]
