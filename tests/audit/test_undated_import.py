"""An import of statuses and numbers: what has no date is held as such, and a few answers clear it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random

import postinterview as pi
from postinterview.audit import Audit, audit, load_map

NOW = datetime(2026, 3, 13, 15, tzinfo=UTC)
FIRST = date(2026, 1, 5)
MAP = """
format: 1
timezone: America/New_York
dates: ["%Y-%m-%d %H:%M"]
as_of: 2026-03-12
employer: Company
read:
  talk: {event: interview, at: Interviewed, with: {interviewers: unknown}}
  met: {event: interview, when: {Status: Onsite}, with: {interviewers: unknown}}
  asked: {event: follow_up, count: Sent, last: Last, with: {channel: email}}
  no: {event: rejection, when: {Status: "Rejected*"}}
  other: {nothing: true, when: {Status: ["", Applied]}}
unknown: [promise, message, answer, scheduled, cancelled, question, assignment, on_hold, auto_reply,
  offer_withdrawn, courtesy, reply, attempt, counter_offer, invite_accepted, complete_profile, write_plan,
  assume_closed]
"""


@cache
def imported() -> Audit:
    """Twenty companies of a tracker that keeps a status, some dates, and how often somebody followed up."""
    random = Random(5)  # noqa: S311 - no secret
    rows = ["Company,Interviewed,Sent,Last,Status\n"]
    for company in range(10):
        talk = FIRST + timedelta(days=random.randrange(50))
        last = talk + timedelta(days=random.choice((1, 3, 9)))
        sent = random.choice((0, 0, 1, 2))
        status = random.choice(("", "Applied", "Rejected", "Rejected - frozen"))
        said = f"{last} 15:00" if sent else ""
        rows.append(f"C{company},{talk} 10:00,{sent},{said},{status}\n")
        rows.append(f"D{company},,,,{random.choice(('Onsite', 'Rejected'))}\n")
    return audit(rows, load_map(text=MAP))


def test_the_breaches_are_the_same_in_the_audit_and_in_the_processes() -> None:
    made = imported()
    assert made.found["undated"] > 10
    held = {
        (name, placed.at)
        for name, process in made.processes.items()
        for placed in process.breaches
        if not placed.doubtful
    }
    assert held == {(each.employer, each.at) for each in made.breaches}
    broken = {name for name, process in made.processes.items() if process.agenda(at=NOW).of("broken")}
    assert broken == {each.employer for each in made.breaches}
    everything = tuple(next(iter(made.processes.values())).rulebook.definition.events)
    known = [process.known(*everything).process for process in made.processes.values()]
    assert any(not placed.doubtful for process in known for placed in process.breaches)


def test_each_process_has_a_next_line_and_three_answers_clear_it() -> None:
    for number, (name, process) in enumerate(imported().processes.items()):
        assert process.next_due is not None, name
        assert process.agenda(at=NOW).of("tell"), name
        if number % 4 == 0:
            assert answers_to(process) <= 3, name


def answers_to(process: pi.Process) -> int:
    """How many answers it takes until nothing is asked."""
    answers = 0
    while asked := [item.question for item in process.agenda(at=NOW).of("tell")]:
        process = answered(process, asked[0])
        answers += 1
    return answers


def answered(process: pi.Process, asked: pi.Question | None) -> pi.Process:
    """The process once its user has said when it was, or that there was nothing more."""
    assert asked is not None
    for entry in (placed.event for placed in process.timeline if placed.event.number in asked.undated):
        process = process.dated(entry.number, at=entry.at - timedelta(hours=1)).process
    if asked.undated:
        return process
    return process.known(*asked.events, until=asked.until, application=asked.application).process
