"""Two cares of the model, each with rules on which it would answer wrongly without."""

from __future__ import annotations

from datetime import timedelta
from time import process_time  # noqa: TID251 - a prover asks a clock for its limit

import pytest

import postinterview as pi
from postinterview.proof.bound import BoundQuestion
from postinterview.proof.bounder import Bounder
from tests.proof.helpers import prove_own
from tests.proof.test_tally import rules


@pytest.mark.slow
def test_a_turn_that_takes_a_day_by_the_calendar_is_no_cycle_inside_a_window() -> None:
    """A call on the business day after each message: 43 in 60 days. The model sees no time between them."""
    rulebook = rules(
        "one: {at_most: 1, of: call, since: message}, next_day: {not_before: message + 1 business day}"
    )
    asked = BoundQuestion(of=("call",), within=timedelta(days=60))
    found = Bounder(rulebook, process_time, max_seconds=1).bound(asked)

    assert found.at_least > 32
    assert found.cycle is None
    assert found.verdict == "unknown"


ONE_TALK_EACH = """
format: 1
title: A note on the day of the only talk of an application, and none for a week after another note
events:
  interview: {by: employer, opens: round, fields: {interviewers: people}}
  note: {by: candidate, contact: courtesy, to: interviewer}
machines:
  line:
    per: application
    start: open
    states: {open: {}}
    transitions:
      talk: {event: interview, from: any}
      thank:
        event: note
        from: open
        guards:
          the_only_talk: {at_most: 2, of: interview, per: application}
          on_the_day: {not_after: interview + 1 day, per: application}
          a_week_apart: {apart: 7 days, from: note, per: employer}
"""


def test_an_act_elsewhere_does_not_wait_for_the_talk_of_the_act_that_is_judged() -> None:
    """The second note's application has its talk a week after the first note."""
    rulebook = pi.load_rulebook(text=ONE_TALK_EACH)
    own = prove_own(rulebook, "never: note, more_than: 1, per: employer, count: allowed").results[0]

    assert own.verdict == "violated"
    assert own.violation is not None
    assert own.violation.breaches == 0
    assert [line.happening.event for line in own.violation.lines] == ["interview", "note", "interview"]
