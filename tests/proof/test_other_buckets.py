"""An act spends from one credit bucket, also if there are several."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import pytest

import postinterview as pi
from tests.proof.helpers import PATIENT, prove_own

RULES = """
format: 1
title: A reply with somebody in copy
events:
  interview: {by: employer, opens: round, fields: {interviewers: people}}
  message: {by: employer, to: interviewer, gives: reply}
  reply: {by: candidate, contact: reply, to: interviewer, fields: {copy: people}}
credits:
  reply: {max: 1, per: SCOPE}
machines:
  file:
    per: application
    start: open
    states: {open: {}}
    transitions:
      met: {event: interview, from: open}
      wrote: {event: message, from: open}
      answer: {event: reply, from: open, guards: {asked: {spends: reply}}}
"""
Told: TypeAlias = tuple[str, dict[str, object]]

MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)


def after(rulebook: pi.Rulebook, *told: Told) -> pi.Process:
    process = rulebook.start("acme", "UTC")
    for number, (event, said) in enumerate(told):
        process = process.record(event, at=MORNING + timedelta(hours=number), **said).process  # type: ignore[arg-type]
    return process


IN_COPY: tuple[Told, ...] = (
    ("interview", {"interviewers": ["ana", "bo"]}),
    ("message", {"to": "ana"}),
    ("reply", {"to": "bo", "copy": ["ana"]}),
)


def test_a_reply_that_a_breach_elsewhere_left_a_credit_for_is_not_proved_impossible() -> None:
    rulebook = pi.load_rulebook(text=RULES.replace("SCOPE", "interviewer"))

    assert after(rulebook, *IN_COPY).may("reply", at=MORNING + timedelta(hours=9), to="ana")
    assert prove_own(rulebook, "never: reply, without: credit, most: 1, per: interviewer").verdict != "proved"


def test_a_reply_to_a_stranger_takes_no_credit_of_a_round_with_others() -> None:
    """It lies before the first round."""
    rulebook = pi.load_rulebook(text=RULES.replace("SCOPE", "round"))
    told: tuple[Told, ...] = (*IN_COPY[:2], ("reply", {"to": "zed"}))

    assert after(rulebook, *told).may("reply", at=MORNING + timedelta(hours=9), to="ana")
    assert prove_own(rulebook, "never: reply, without: credit, most: 1, per: round").verdict == "proved"


def test_what_only_one_rulebook_refuses_after_such_a_breach_is_not_called_none() -> None:
    text = RULES.replace("SCOPE", "interviewer")
    once = "once: {at_most: 1, of: reply, since: message, per: interviewer}"
    old = pi.load_rulebook(
        text=text.replace("{asked: {spends: reply}}", f"{{asked: {{spends: reply}}, {once}}}")
    )
    new = pi.load_rulebook(text=text)

    assert after(new, *IN_COPY).may("reply", at=MORNING + timedelta(hours=9), to="ana")
    assert not after(old, *IN_COPY).may("reply", at=MORNING + timedelta(hours=9), to="ana")
    assert pi.compare(old, new).verdict != "none"


@pytest.mark.parametrize(
    "dates", ["soon: message + 1 hour|soon + 1 business day", "soon: message + 1 business day|soon + 1 hour"]
)
def test_a_business_day_does_not_begin_before_the_hour_that_it_follows(dates: str) -> None:
    named, moment = dates.split("|")
    rulebook = pi.load_rulebook(
        text=f"""
format: 1
title: A clock that goes back over midnight
calendar: {{weekend: [monday]}}
events:
  message: {{by: employer}}
  call: {{by: candidate}}
dates:
  {named}
machines:
  line:
    per: application
    start: open
    states: {{open: }}
    transitions:
      met: {{event: message, from: open}}
      ring: {{event: call, from: open, guards: {{late: {{not_before: {moment}}}}}}}
"""
    )
    for minute in range(0, 180, 5):  # the clock of St. John's went back at one minute past midnight
        told = datetime(2010, 11, 7, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
        process = rulebook.start("acme", "America/St_Johns").record("message", at=told).process
        assert not process.may("call", at=told + timedelta(minutes=59))


TWO_BUCKETS = """
format: 1
title: One message, two credits
events:
  message: {by: employer, gives: [reply, extra]}
  rejection: {by: employer}
  reply: {by: candidate, contact: reply}
credits:
  reply: {max: 3, per: application, emptied_by: rejection}
  extra: {max: 3, per: applicationEMPTIED}
machines:
  file:
    per: application
    start: open
    states: {open: {}}
    transitions:
      wrote: {event: message, from: open}
      no: {event: rejection, from: open}
      answer: {event: reply, from: open, guards: {asked: {spends: reply}}}
      answer_more: {event: reply, from: open, guards: {more: {spends: extra}}}
"""


@pytest.mark.parametrize(
    ("emptied", "events"), [("", ["message", "rejection"]), (", emptied_by: rejection", ["message", "reply"])]
)
def test_a_second_bucket_that_one_message_fills_breaks_one_reply_by_a_story(
    emptied: str, events: list[str]
) -> None:
    rulebook = pi.load_rulebook(text=TWO_BUCKETS.replace("EMPTIED", emptied))

    found = {result.id: result for result in pi.prove(rulebook, max_seconds=PATIENT).results}["one_reply"]

    assert found.verdict == "violated"
    assert found.violation is not None
    assert [line.happening.event for line in found.violation.lines] == events
    assert found.violation.verdict.allowed


@pytest.mark.parametrize(("most", "verdict"), [(6, "proved"), (5, "violated")])
def test_an_act_takes_from_one_of_two_buckets_and_always_from_one(most: int, verdict: str) -> None:
    """Three credits each: there are six replies to six credits, and never a seventh."""
    rules = TWO_BUCKETS.replace("[reply, extra]", "reply").replace(", emptied_by: rejection", "")
    rules = rules.replace("rejection: {by: employer}", "rejection: {by: employer, gives: extra}")
    rulebook = pi.load_rulebook(text=rules.replace("EMPTIED", ""))
    promise = f"never: reply, without: credit, most: {most}"

    assert prove_own(rulebook, promise).verdict == verdict
