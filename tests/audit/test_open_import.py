"""An honest import says what to do next for each process, and a few answers clear one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random

import pytest

import postinterview as pi
from postinterview.audit import Audit, audit, load_map
from postinterview.core.past.events import Event
from postinterview.core.past.pasts import possible_pasts
from tests.core.helpers import packaged

NOW = datetime(2026, 3, 13, 15, tzinfo=UTC)
MAP = """
format: 1
timezone: America/New_York
dates: ["%Y-%m-%d"]
time: "10:00"
as_of: 2026-03-12
employer: Company
read:
  talk: {event: interview, at: Interviewed, with: {interviewers: unknown}}
  asked: {event: follow_up, at: Followed up, with: {channel: email}}
unknown: [a_no, wrote, auto_reply, courtesy, reply, attempt, counter_offer, invite_accepted, complete_profile,
  write_plan, assume_closed]
"""
FIRST = date(2026, 1, 5)


@cache
def imported() -> Audit:
    """What a tracker keeps of 300 companies: when one was interviewed, and when one followed up."""
    random = Random(5)  # noqa: S311 - no secret
    rows = ["Company,Interviewed,Followed up\n"]
    for company in range(300):
        talk = FIRST + timedelta(days=random.randrange(60))
        asked = talk + timedelta(days=random.randrange(4, 12)) if random.random() < 0.4 else ""
        rows.append(f"C{company},{talk},{asked}\n")
    return audit(rows, load_map(text=MAP))


def answered(process: pi.Process) -> tuple[pi.Process, int]:
    """Answer that nothing more happened, until nothing is asked."""
    answers = 0
    while questions := [item.question for item in process.agenda(at=NOW).of("tell")]:
        one = questions[0]
        assert one is not None
        process = process.known(*one.events, until=one.until, application=one.application).process
        answers += 1
    return process, answers


@pytest.mark.slow
def test_every_process_has_a_next_line_and_three_answers_clear_it() -> None:
    made = imported()
    assert len(made.processes) == 300
    for number, process in enumerate(made.processes.values()):
        assert process.agenda(at=NOW).of("tell")
        assert process.next_due is not None
        assert process.next_due <= NOW
        if number % 10:
            continue
        cleared, answers = answered(process)
        assert 1 <= answers <= 3
        after = cleared.agenda(at=NOW)
        assert after.of("overdue") + after.of("open") + after.of("wait") + after.of("coming")
        assert not any("not known" in item.text or "nobody knows" in item.text for item in after)


def test_an_import_of_today_is_asked_about_and_answered_on_that_day() -> None:
    """Such as at nine, though the export says only the day."""
    morning = datetime(2026, 3, 12, 13, tzinfo=UTC)
    (process,) = audit(
        ["Company,Interviewed,Followed up\n", "Acme,2026-02-02,\n"], load_map(text=MAP)
    ).processes.values()
    assert process.next_due is not None
    assert process.next_due <= morning
    while questions := [item.question for item in process.agenda(at=morning).of("tell") if item.question]:
        process = process.known(*questions[0].events, until=morning).process
    assert process.may("follow_up", at=morning, channel="email")


def test_rows_without_dates_are_folded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    folded: list[tuple[Event, ...]] = []

    def counting(events: tuple[Event, ...]) -> tuple[list[tuple[Event, ...]], bool]:
        folded.append(events)
        return possible_pasts(events)

    monkeypatch.setattr("postinterview.core.steps.fold.possible_pasts", counting)
    rows = ["Company,Interviewed,Followed up,Answer\n", *["Acme,2026-02-02,,Rejected\n"] * 3]
    status = "  refused: {event: rejection, when: {Answer: Rejected}}\nunknown: [offer_withdrawn"
    made = audit(rows, load_map(text=MAP.replace("unknown: [a_no", status)))
    assert [each.event.is_open for each in made.processes["Acme"].timeline].count(True) == 3
    assert len(folded) == 1


def test_the_processes_call_those_acts_broken_that_the_audit_calls_breaches() -> None:
    made = imported()
    broken = {
        (name, placed.at)
        for name, process in made.processes.items()
        for placed in process.breaches
        if not placed.doubtful
    }
    assert broken == {(each.employer, each.at) for each in made.breaches}
    assert made.found["undecided"] > 0
    everything = tuple(packaged().definition.events)
    known = [process.known(*everything).process for process in made.processes.values()]
    assert any(not placed.doubtful for process in known for placed in process.breaches)
