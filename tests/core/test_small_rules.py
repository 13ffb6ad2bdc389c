"""Corners of the step that the packaged rules don't reach, each on rules of a few lines."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import postinterview as pi
from postinterview.core.steps.fold import fold
from tests.core.helpers import at, ids, start

TALK = at("2026-03-02 10:00")  # a Monday


def small(events: str, machines: str, more: str = "") -> str:
    return f"format: 1\ntitle: Small\nevents:\n{events}\nmachines:\n{machines}\n{more}"


def begin(events: str, machines: str, more: str = "") -> pi.Process:
    return pi.load_rulebook(text=small(events, machines, more)).start("acme", "Europe/Zurich")


CREDIT = begin(
    """
  write: {by: employer, gives: word}
  stop: {by: employer}
  answer: {by: candidate, contact: reply}
""",
    """
  first:
    per: application
    start: here
    states: {here: {}, gone: {}}
    transitions:
      wrote: {event: write, from: here}
      stopped: {event: stop, from: here, to: gone}
      answered: {event: answer, from: here, guards: {one_word: {spends: word}}}
  second:
    per: application
    start: here
    states: {here: {}}
    transitions:
      answered_too: {event: answer, from: here, guards: {one_word_too: {spends: word}}}
""",
    "credits: {word: {max: 3, per: application}}",
)


def test_a_breach_takes_the_credits_of_a_machine_that_can_not_move() -> None:
    process = CREDIT
    for event in ("write", "write", "stop"):
        process = process.record(event, at=TALK).process
    breach = process.record("answer", at=TALK)
    assert breach.breach
    assert breach.process.timeline[-1].spent == ("word", "word")


PEOPLE = begin(
    """
  talk: {by: employer, opens: round, fields: {people: people}}
  word: {by: employer}
  note: {by: candidate, contact: courtesy, to: interviewer}
""",
    """
  person:
    per: interviewer
    start: here
    states: {here: {}}
    transitions:
      wrote: {event: word, from: here}
      noted: {event: note, from: here, guards: {one_note: {at_most: 1, of: note, since: word}}}
""",
)


def test_a_word_to_nobody_in_particular_counts_for_every_person() -> None:
    process = PEOPLE.record("talk", at=TALK, people=["ana", "bo"]).process
    for person in ("ana", "bo"):
        process = process.do("note", at=TALK, to=person).process
        assert ids(process.may("note", at=TALK, to=person)) == ["one_note"]
    process = process.record("word", at=TALK).process
    assert process.may("note", at=TALK, to="ana")
    assert process.may("note", at=TALK, to="bo")


def test_a_stranger_is_refused_where_no_guard_asks_for_a_round() -> None:
    process = PEOPLE.record("talk", at=TALK, people=["ana"]).process
    verdict = process.may("note", at=TALK, to="zed")
    assert ids(verdict) == ["state"]
    assert (verdict.opens_at, verdict.opens_after) == (None, ("talk",))
    assert process.do("note", at=TALK, to="zed").refused
    assert process.record("note", at=TALK, to="zed").breach
    assert [each.to for each in process.allowed(at=TALK)] == ["ana"]


def test_events_of_equal_times_are_folded_in_the_order_of_recording() -> None:
    process = start().record("interview", at=TALK, interviewers=["ana"]).process
    process = process.record("message", at=TALK).process
    process = process.do("reply", at=TALK).process
    folded = fold(process.rulebook.engine, process.calendar, process.history)
    assert [placed.name for placed in folded.timeline] == ["interview", "message", "reply"]
    assert folded.against_rules is None
    process = process.record("message", at=at("2026-03-03 10:00")).process
    assert process.retract(4, at=at("2026-03-03 10:00")).process.timeline == folded.timeline


ALTERNATIVES = begin(
    """
  talk: {by: employer}
  grow: {by: employer}
  ask: {by: candidate}
""",
    """
  kind:
    per: application
    start: small
    states: {small: {}, large: {}}
    transitions:
      grew: {event: grow, from: small, to: large}
      talked: {event: talk, from: [small, large]}
  other:
    per: application
    start: here
    states: {here: {}, low: {}, high: {}}
    transitions:
      asked_low: {event: ask, from: here, to: low, guards: {low: {state: {kind: small}}}}
      asked_high: {event: ask, from: here, to: high, guards: {high: {not_state: {kind: small}}}}
""",
)


def test_the_second_of_two_alternatives_is_taken_where_the_first_does_not_hold() -> None:
    process = ALTERNATIVES.record("talk", at=TALK).process
    assert process.do("ask", at=TALK).process.state("other") == "low"
    process = process.record("grow", at=TALK).process
    assert process.may("ask", at=TALK)
    assert [each.event for each in process.allowed(at=TALK)] == ["ask"]
    assert process.do("ask", at=TALK).process.state("other") == "high"


_WORKING = (
    """
  talk: {by: employer}
  ask: {by: candidate}
  call: {by: candidate}
  send: {by: candidate, contact: none}
""",
    """
  application:
    per: application
    start: here
    states: {here: {}}
    transitions:
      talked: {event: talk, from: here}
      asked: {event: ask, from: here, guards: {next_day: {not_before: talk + 1 business day}}}
      sent: {event: send, from: here, due: talk + 1 business day}
      called: {event: call, from: here, guards: {office: {hours: "09:00-17:00, business days"}}}
""",
)
WORKING = begin(*_WORKING)


def test_a_business_day_opens_at_its_hour_and_not_before() -> None:
    friday = at("2026-03-06 18:00")
    process = WORKING.record("talk", at=friday).process
    assert process.may("call", at=friday).opens_at == at("2026-03-09 09:00")
    early = process.may("call", at=at("2026-03-09 08:59"))
    assert not early
    assert early.opens_at == at("2026-03-09 09:00")
    assert process.may("call", at=at("2026-03-09 09:00")).closes_at == at("2026-03-09 17:00")


def test_the_next_business_day_starts_at_midnight() -> None:
    process = WORKING.record("talk", at=at("2026-03-06 18:00")).process
    assert process.may("ask", at=at("2026-03-06 18:00")).opens_at == at("2026-03-09 00:00")


def test_a_next_day_that_began_before_the_event_counts_from_the_event() -> None:
    """On this night the clock went back from 00:01 on Sunday to 23:01 on Saturday."""
    zone = ZoneInfo("America/St_Johns")
    text = small(*_WORKING, "calendar: {weekend: [friday]}")
    process = pi.load_rulebook(text=text).start("acme", zone.key)
    late = datetime(2010, 11, 6, 23, 30, tzinfo=zone, fold=1)
    process = process.record("talk", at=late).process
    assert process.next_due == late.astimezone(UTC)


NOD = begin(
    """
  message: {by: employer}
  nod: {by: employer, sign_of_life: false}
  call: {by: candidate}
""",
    """
  line:
    per: application
    start: open
    states: {open: {}, closed: {}, heard: {}}
    transitions:
      close: {event: nod, from: open, to: closed, guards: {silent: {not_happened: message}}}
      keep: {event: nod, from: open, to: heard, guards: {wrote: {happened: message}}}
      again: {event: message, from: closed, to: open}
      said: {event: message, from: open}
      ring: {event: call, from: open}
""",
)


def test_a_fact_goes_by_what_is_recorded_although_the_past_is_unknown() -> None:
    open_ = NOD.unknown("message", until=TALK).process
    silent = open_.record("nod", at=TALK)
    assert (silent.unexpected, silent.process.state("line")) == (False, "closed")
    wrote = open_.record("message", at=TALK).process.record("nod", at=TALK)
    assert (wrote.unexpected, wrote.process.state("line")) == (False, "heard")


def test_a_fact_of_one_application_moves_those_whom_another_one_made_known() -> None:
    process = begin(
        """
  talk: {by: employer, opens: round, fields: {people: people}}
  note: {by: employer}
""",
        """
  contact:
    per: interviewer
    start: unknown
    states: {unknown: {}, met: {}, noted: {}}
    transitions:
      talked: {event: talk, from: unknown, to: met}
      told: {event: note, from: met, to: noted}
  told:
    per: application
    start: here
    states: {here: {}}
    transitions:
      told: {event: note, from: here}
""",
    )
    process = process.record("talk", at=TALK, people=["ana"], application="one").process
    process = process.record("note", at=TALK, application="two").process

    assert process.state("contact", to="ana") == "noted"
