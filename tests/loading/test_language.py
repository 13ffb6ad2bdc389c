"""The newer words of the rule language: windows, exceptions, shared guards, latest dates, trust."""

from __future__ import annotations

from datetime import timedelta

from postinterview.core import definitions as d
from tests.loading.small import definition_of

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
