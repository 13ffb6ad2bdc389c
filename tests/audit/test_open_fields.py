"""Nobody is accused of an act that a field which the row leaves open, or another way, may have allowed."""

from __future__ import annotations

import pytest

import postinterview as pi
from postinterview.audit import audit, load_map

RULES = """
format: 1
title: No state is outside
events:
  interview: {by: employer, opens: round}
  message: {by: employer, gives: reply}
  reply: {by: candidate, contact: reply, fields: {note: text}}
  chase_up: {by: candidate, contact: chase, fields: {channel: [call, email]}}
credits:
  reply: {max: 5, per: application}
machines:
  application:
    per: application
    start: open
    states: {open: {}}
    transitions:
      talk: {event: interview, from: open}
      wrote: {event: message, from: open}
      answer: {event: reply, from: open, guards: {credit: {spends: reply}, says: {fields: [note]}}}
      ask: {event: chase_up, from: open, guards: {once: {at_most: 1, of: chase_up, unless: {channel: email}}}}
"""
MAP = """
format: 1
timezone: Europe/Zurich
dates: ["%Y-%m-%d %H:%M"]
as_of: 2026-03-20
employer: Company
read:
"""
TWO_REPLIES = """
  wrote: {event: message, count: N, last: Last}
  first: {event: reply, at: R1, with: {note: unknown}}
  second: {event: reply, at: R2, with: {note: unknown}}
never: [interview, chase_up]
"""
TWO_CHASES = """
  talk: {event: interview, at: Met}
  first: {event: chase_up, when: {C1: x}, with: {channel: unknown}}
  second: {event: chase_up, when: {C2: x}, with: {channel: unknown}}
never: [message, reply]
"""


@pytest.mark.parametrize(
    ("read", "rows"),
    [
        (TWO_REPLIES, "Company,N,Last,R1,R2\nA,2,2026-03-10 10:00,2026-03-11 10:00,2026-03-12 10:00\n"),
        (TWO_CHASES, "Company,Met,C1,C2\nA,2026-03-10 10:00,x,x\n"),
    ],
    ids=["two messages of which one has no date", "two undated acts of unknown means"],
)
def test_an_open_field_accuses_nobody(read: str, rows: str) -> None:
    rulebook = pi.load_rulebook(text=RULES)
    made = audit(rows.splitlines(keepends=True), load_map(text=MAP + read.strip("\n"), rulebook=rulebook))
    assert made.found["undated"] > 0
    assert not made.breaches


def test_a_reply_to_a_message_is_undecided_if_the_dates_of_replies_are_not_known() -> None:
    read = """
  talk: {event: interview, at: Met, with: {interviewers: unknown}}
  wrote: {event: message, at: Wrote}
  reply: {event: reply, count: N, last: Last}
unknown: [linkedin_invite, invite_accepted, complete_profile, write_plan, assume_closed, thank_you]
never: [rejection, promise, question, scheduled, cancelled, on_hold, assignment, hand_in, offer,
  offer_revised, offer_withdrawn, missed_call, follow_up, rejection_reply, counter_offer, accept,
  decline, withdraw, notice, auto_reply]
"""
    rows = "Company,Met,Wrote,N,Last\nA,2026-03-01 10:00,2026-03-10 10:00,?,2026-03-12 10:00\n"
    made = audit(rows.splitlines(keepends=True), load_map(text=MAP + read.strip("\n")))
    assert not made.breaches
