"""`explain` knows every word of a rule file: fields, dates, classes, contacts and credits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.helpers import Caller


def test_an_event_is_explained_with_its_fields(call: Caller) -> None:
    said = call("explain", "interview").out
    assert "\n  field interviewers: people, optional. Left out where nobody knows who it was.\n" in said
    assert "\n  field decide_by: date, optional, sets the date promised\n" in said
    assert "\n  field channel: call, email or message\n" in call("explain", "follow_up").out
    fields = json.loads(call("explain", "thank_you", "--format", "json").out)["event"]["fields"]
    assert [(each["name"], each["type"]) for each in fields] == [
        ("thanks", "bool"),
        ("topic", "text"),
        ("looking_forward", "bool"),
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "answer_due",
            "  the first of these that is known:\n    promised + 1 business day\n    waited_from + 7 days\n",
        ),
        ("promised", "promised  a date\n  set by: interview.decide_by, promise.date\n"),
        ("chase", "contacts that want an answer\n  events: follow_up, counter_offer\n"),
        (
            "none",
            "acts that don't reach the employer\n  events: complete_profile, write_plan, assume_closed\n",
        ),
        ("a_no", "a class of events: a no  rules/default.yaml:"),
        (
            "reply",
            "  at most 3 per application\n  given by: scheduled, cancelled, promise, message, question, ",
        ),
    ],
)
def test_dates_classes_contacts_and_credits_are_explained(call: Caller, name: str, said: str) -> None:
    assert said in call("explain", name).out


def test_a_misspelt_date_is_put_right(call: Caller) -> None:
    assert "did you mean `answer_due`" in call("explain", "answer_deu").err


SHARING = """\
format: 1
title: Sharing
events:
  interview: {by: employer, opens: round}
  message: {by: employer}
  apply: {by: candidate, contact: courtesy, starts: application}
  follow_up: {by: candidate, fields: {channel: [call, email]}}
trust: {apply: Everybody applies.}
dates: {heard: {latest_of: [interview, message]}}
guard_sets:
  rare:
    few: {at_most: 3, of: [follow_up, apply], within: 14 days, per: employer}
  polite:
    use: rare
    awake: {hours: "09:00-17:00", unless: {channel: email}}
    patient: {not_before: heard, in_every: application}
machines:
  application:
    per: application
    start: new
    states: {new: {outside: true}, waiting: }
    transitions:
      apply: {event: apply, from: new, to: waiting}
      ask: {event: follow_up, from: waiting, guards: {use: polite}}
"""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rare", "rare  a set of guards  mine.yaml:11\n    few  {at_most: 3,"),
        ("rare", "  used by: polite\n"),
        ("polite", "  first those of: rare\n    awake "),
        ("polite", "  used by: ask\n"),
        ("few", "within: 14 days, per: employer}  mine.yaml:12, in rare\n"),
        ("heard", "  the latest of these that is known:\n    interview\n    message\n"),
        ("new", "  outside the rules: an act that no transition leaves it on is refused"),
        ("apply", ", starts an application  mine.yaml:6\n  trusted: Everybody applies.\n"),
    ],
)
def test_sets_windows_states_outside_and_trust_are_explained(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(SHARING, encoding="utf-8")
    assert said in call("explain", name, "mine.yaml").out


def test_a_guard_says_its_window_its_exceptions_and_its_set(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(SHARING, encoding="utf-8")
    told = json.loads(call("explain", "ask", "mine.yaml", "--format", "json").out)
    guards = told["transitions"][0]["guards"]

    keys = ("id", "within", "unless", "in_every", "set")
    assert [tuple(each[key] for key in keys) for each in guards] == [
        ("few", "14 days", {}, None, "rare"),
        ("awake", None, {"channel": ["email"]}, None, "polite"),
        ("patient", None, {}, "application", "polite"),
    ]


def test_a_misspelt_set_is_put_right(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(SHARING, encoding="utf-8")
    assert "did you mean `polite`" in call("explain", "polit", "mine.yaml").err
