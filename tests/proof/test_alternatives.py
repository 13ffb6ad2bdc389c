"""Guards that choose between transitions, and business days after an hour, are modelled exactly or safely."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time  # noqa: TID251 - a prover asks a clock for its limit

import pytest

import postinterview as pi
from postinterview.proof.model.relation import relation_of
from postinterview.proof.model.trace import Trace
from postinterview.proof.prove import Prover, Result
from tests.proof.helpers import PATIENT, prove, prove_own
from tests.proof.oracle import broken
from tests.proof.test_relation import whole_view

LINE = """
format: 1
title: One call until they write
events:
  message: {by: employer}
  EVENT
  call: {by: candidate, contact: chase}
machines:
  line:
    per: employer
    start: fresh
    states: {fresh: {}, done: {}}
    transitions:
      ring: {event: call, from: fresh, to: done}
      ALTERNATIVES
"""
FACT = "nod: {by: employer, sign_of_life: false}"
ACT = "nod: {by: candidate, contact: none}"
NOT_YET = (
    "not_yet: {event: nod, from: done, to: done, guards: {silent: {not_happened: message, since: call}}}"
)
AGAIN = "again: {event: nod, from: done, to: fresh, guards: {wrote: {happened: message, since: call}}}"
EVER = "again: {event: nod, from: done, to: fresh, guards: {wrote: {happened: message}}}"
NEVER = "not_yet: {event: nod, from: done, guards: {silent: {not_happened: message}}}"


def one_chase(event: str, *alternatives: str) -> Result:
    text = LINE.replace("EVENT", event).replace("ALTERNATIVES", "\n      ".join(alternatives))
    proof = prove(pi.load_rulebook(text=text))
    return next(result for result in proof.results if result.id == "one_chase")


@pytest.mark.parametrize("alternatives", [(NOT_YET, AGAIN), (AGAIN, NOT_YET)])
def test_a_fact_takes_the_alternative_whose_guard_holds(alternatives: tuple[str, str]) -> None:
    found = one_chase(FACT, *alternatives)
    assert found.verdict == "proved"
    assert found.rests_on == ("state", "wrote")


def test_an_act_takes_a_later_alternative_only_where_its_guard_holds() -> None:
    found = one_chase(ACT, NOT_YET, AGAIN)
    assert found.verdict == "proved"
    assert found.rests_on == ("state", "wrote")


def test_an_act_may_take_the_first_alternative_against_the_rules() -> None:
    assert one_chase(ACT, AGAIN, NOT_YET).verdict == "unknown"


@pytest.mark.parametrize("event", [FACT, ACT])
def test_an_alternative_whose_guard_is_too_weak_breaks_the_promise_by_a_story(event: str) -> None:
    found = one_chase(event, NEVER, EVER)
    assert found.verdict == "violated"
    assert found.violation is not None
    act = found.violation.story.act
    assert found.id in broken(
        found.violation.process, act.event, act.at, to=act.to, application=act.application
    )


ELSEWHERE = """
format: 1
title: A nod that looks KEY
events:
  interview: {by: employer, opens: round, sign_of_life: false, fields: {interviewers: people}}
  message: {by: employerTO}
  nod: {by: employer, sign_of_life: falseNOD_TO}
  call: {by: candidate, contact: chaseTO}
machines:
  file:
    per: application
    start: open
    states: {open: {}}
    transitions: {noted: {event: nod, from: open}, rung: {event: call, from: open}}
  line:
    per: MACHINE
    start: fresh
    states: {fresh: {}, done: {}}
    transitions:
      met: {event: interview, from: fresh}
      ring: {event: call, from: fresh, to: done}
      again: {event: nod, from: done, to: fresh, guards: {wrote: {happened: message, since: call, per: KEY}}}
      not_yet: {event: nod, from: done, guards: {silent: {not_happened: message, since: call, per: KEY}}}
"""
TO = ", to: interviewer"


@pytest.mark.parametrize(
    ("key", "machine", "to", "nod_to"),
    [
        ("application", "employer", "", ""),
        ("round", "application", "", TO),
        ("interviewer", "employer", TO, TO),
    ],
)
def test_a_guard_that_looks_elsewhere_is_not_taken_for_one_that_looks_here(
    key: str, machine: str, to: str, nod_to: str
) -> None:
    """A nod in another place, where they wrote once and nobody called, lets the line be fresh again."""
    text = ELSEWHERE.replace("NOD_TO", nod_to).replace("TO", to)
    rulebook = pi.load_rulebook(text=text.replace("KEY", key).replace("MACHINE", machine))
    whole = "interviewer" if to else "application"
    promise = f"never: call, more_than: 1, since: message, per: {whole}"
    assert prove_own(rulebook, promise).verdict != "proved"


DATED = """
format: 1
title: Ready when their date is over
events:
  promise: {by: employer, fields: {date: {type: date, sets: promised}}}
  nod: {by: employer, sign_of_life: false}
  call: {by: candidate, contact: chase}
machines:
  line:
    per: application
    start: quiet
    states: {quiet: {}, ready: {}}
    transitions:
      wait: {event: promise, from: [quiet, ready], to: quiet}
      over: {event: nod, from: quiet, to: ready, guards: {over: {not_before: promised, if_never: holds}}}
      not_over: {event: nod, from: quiet, guards: {stands: {not_after: promised}}}
      ring: {event: call, from: ready}
"""


def test_a_quoted_date_chooses_between_the_alternatives_of_a_fact() -> None:
    proof = prove(pi.load_rulebook(text=DATED))
    found = {result.id: (result.verdict, result.rests_on) for result in proof.results}
    assert found["not_before_the_date"] == ("proved", ("state", "over"))
    assert found["one_chase"][0] == "violated"


WEEK_AND_A_DAY = """
format: 1
title: A business day after a week
events:
  interview: {by: employer, opens: round}
  call: {by: candidate, contact: chase}
dates:
  a_week: [interview + 7 days]
machines:
  line:
    per: application
    start: open
    states: {open: {}}
    transitions:
      met: {event: interview, from: open}
      ring: {event: call, from: open, guards: {late: {not_before: a_week + 1 business day}}}
"""


@pytest.mark.parametrize(
    ("hours", "verdict"), [(168, "proved"), (170, "violated"), (240, "violated"), (24, "proved")]
)
def test_an_act_waits_for_a_business_day_that_begins_late(hours: int, verdict: str) -> None:
    rulebook = pi.load_rulebook(text=WEEK_AND_A_DAY)
    promise = f"never: call, within: {hours} hours, of: interview, per: application"
    assert prove_own(rulebook, promise).verdict == verdict


TIGHT = """
format: 1
title: Between two moments
events:
  interview: {by: employer, opens: round}
  call: {by: candidate, contact: chase}
dates:
  a_week: [interview + 7 days]
  a_day: [interview + 1 business day]
calendar:
  holidays: [2026-03-09]
machines:
  line:
    per: application
    start: open
    states: {open: {}}
    transitions:
      met: {event: interview, from: open}
      ring:
        event: call
        from: open
        guards:
          not_sooner: {not_before: a_week + 1 business day}
          not_later: {not_after: a_day + 156 hours}
"""
"""An interview on a Friday before a Monday off: the next business day is Tuesday, that after a week is the
next Monday, not the next Tuesday. So the call is open for half a day."""


def test_business_days_after_an_hour_are_counted_from_the_day_of_that_hour() -> None:
    rulebook = pi.load_rulebook(text=TIGHT)
    friday, monday = datetime(2026, 3, 6, 9, tzinfo=UTC), datetime(2026, 3, 16, 1, tzinfo=UTC)
    process = rulebook.start("acme", "UTC").record("interview", at=friday).process
    assert process.may("call", at=monday).allowed
    call = rulebook.definition.events["call"]
    trace = Trace(whole_view(relation_of(rulebook.definition, call)), process, "main", None)
    trace.follow(monday)
    assert trace.is_bad(monday)
    assert Prover(rulebook, process_time, max_seconds=PATIENT).decide(call, ()).verdict != "proved"
