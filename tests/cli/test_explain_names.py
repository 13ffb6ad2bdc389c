"""`explain` knows every word of a rule file: fields, dates, classes, contacts and credits."""

from __future__ import annotations

import json

import pytest

from tests.cli.helpers import Caller


def test_an_event_is_explained_with_its_fields(call: Caller) -> None:
    said = call("explain", "interview").out
    assert (
        "\n  field interviewers: people\n  field decide_by: date, optional, sets the date promised\n" in said
    )
    assert "\n  field channel: call or email\n" in call("explain", "follow_up").out
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
            "  the first of these that is known:\n    promised + 1 business day\n    interview + 7 days\n",
        ),
        ("promised", "promised  a date\n  set by: interview.decide_by, promise.date\n"),
        ("chase", "contacts that want an answer\n  events: follow_up, counter_offer\n"),
        (
            "none",
            "acts that don't reach the employer\n  events: complete_profile, write_plan, assume_closed\n",
        ),
        ("a_no", "a class of events  rules/default.yaml:"),
        ("reply", "  at most 3 per application\n  given by: promise, message, offer, offer_revised\n"),
    ],
)
def test_dates_classes_contacts_and_credits_are_explained(call: Caller, name: str, said: str) -> None:
    assert said in call("explain", name).out


def test_a_misspelt_date_is_put_right(call: Caller) -> None:
    assert "did you mean `answer_due`" in call("explain", "answer_deu").err
