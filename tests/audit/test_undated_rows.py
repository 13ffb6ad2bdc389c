"""Rows that say what happened and not when: statuses, ticks, and numbers of events."""

from __future__ import annotations

from datetime import datetime

import postinterview as pi
from postinterview.audit import audit
from tests.audit.small import said, small_map, told

ENTRIES = """
  talk: {event: interview, when: {What: talk}, at: Date, with: {interviewers: {column: Who, split: ","}}}
  no: {event: rejection, when: {What: "Rejected*"}}
  nudge: {event: follow_up, when: {What: nudge}, at: Date, with: {channel: email}}
  asked: {event: follow_up, count: Asked, last: Date asked, with: {channel: email}}
"""
NEVER = (
    "message, promise, offer, offer_revised, offer_withdrawn, missed_call, reply, rejection_reply, "
    "counter_offer, accept, decline, withdraw, assume_closed, scheduled, cancelled, question, auto_reply, "
    "on_hold, assignment, hand_in, notice, thank_you"
)
BY = small_map(entries=ENTRIES, never=NEVER)
HEADER = "Company,What,Date,Who,Asked,Date asked"
EXPORT = datetime.fromisoformat("2026-04-01T11:00+02:00")  # the map's `as_of` is that day


def test_a_status_without_a_date_has_happened() -> None:
    made = told("Acme,talk,2026-03-02 10:00,ana,,\nAcme,Rejected after talk,,,,", BY, header=HEADER)
    assert said(made) == [("undated", 3, "the history has no date for it")]
    assert (made.counts.events, made.counts.recorded, made.counts.unknown) == (2, 2, 0)
    process = made.processes["Acme"]
    assert process.state("application") == "rejected"
    assert not process.may("follow_up", at=EXPORT, channel="email")
    asked = process.agenda(at=EXPORT, of=["follow_up"]).of("tell")
    assert [each.text for each in asked] == ["say when the rejection from Acme was (by Wed 1 Apr)"]
    (number,) = [each.event.number for each in process.timeline if each.event.is_open]
    told_ = process.dated(number, at=datetime.fromisoformat("2026-03-20T10:00+01:00")).process
    assert not told_.agenda(at=EXPORT, of=["follow_up"]).of("tell")


def test_an_act_is_no_breach_that_one_moment_of_the_status_would_make_one() -> None:
    rows = "Acme,talk,2026-03-02 10:00,ana,,\nAcme,Rejected,,,,\nAcme,nudge,{},,,"
    late = told(rows.format("2026-03-11 10:00"), BY, header=HEADER)
    early = told(rows.format("2026-03-03 10:00"), BY, header=HEADER)
    assert said(late)[0] == ("undecided", 4, "state")
    assert said(early)[0] == ("breach", 4, "wait_for_the_answer")
    (placed,) = (each for each in late.processes["Acme"].timeline if each.name == "follow_up")
    assert placed.doubtful


def test_two_that_differ_in_nothing_came_one_after_the_other() -> None:
    """Whenever they were, the second follow-up of the round was against the rules."""
    rows = "Acme,talk,2026-03-02 10:00,ana,,\nAcme,,,,3,2026-03-24 10:00"
    made = told(rows, BY, header=HEADER)
    assert [each.kind for each in made] == ["undecided", "undated"]
    process = made.processes["Acme"]
    first, second, _ = [each.event for each in process.timeline if each.name == "follow_up"]
    dated = process.dated(first.number, at=datetime.fromisoformat("2026-03-10T10:00+01:00")).process
    later = [each for each in dated.timeline if each.name == "follow_up"]
    assert [each.breach and not each.doubtful for each in later if each.event.number != second.number][
        -1:
    ] == [True], "after the one that is dated, the last is one too many"


def test_an_act_without_a_date_is_told_by_its_latest_moment() -> None:
    rows = "Acme,talk,2026-03-02 10:00,ana,,\nAcme,,,,2,2026-03-10 10:00\nBeta,,,,1,"
    made = told(rows, BY, header=HEADER)
    done = [each.text for each in made.processes["Beta"].agenda(at=EXPORT).of("done")]
    assert done == ["follow up with Beta: done by Wed 1 Apr"]
    assert [(each.kind, each.at) for each in made if each.employer == "Beta"] == [
        ("outside", None),
        ("undated", None),
    ]


def test_more_than_a_process_can_hold_may_have_happened() -> None:
    rows = [f"Acme,talk,2026-03-{day:02} 10:00,ana,,\n" for day in range(2, 20)]
    many = audit([f"{HEADER}\n", *rows, "Acme,Rejected,,,,\n", "Acme,,,,4,2026-03-24 10:00\n"], BY)
    process = many.processes["Acme"]
    assert [each.name for each in process.timeline if each.event.is_open] == ["rejection"]
    assert ("follow_up",) in [each.of for each in process.history if isinstance(each, pi.Unknown)]
