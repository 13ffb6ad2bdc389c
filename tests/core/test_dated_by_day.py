"""The answer to "when was it?" may be a day without an hour."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import postinterview as pi
from tests.core.helpers import at, packaged

BOARD = pi.load_statuses("tracker")
TALK = date(2026, 3, 2)


def imported(status: str = "Interview") -> pi.Process:
    process = packaged().start("Acme", "Europe/Zurich")
    return process.follow(status, at=at("2026-03-20 10:00"), statuses=BOARD, undated=True).process


@pytest.mark.parametrize("how", ["dated", "follow", "record"])
def test_a_day_dates_an_event_which_stays_the_same_one(how: str) -> None:
    process = imported()
    calls: dict[str, Any] = {
        "dated": lambda: process.dated(1, at=TALK),
        "follow": lambda: process.follow("Interview", at=TALK, statuses=BOARD),
        "record": lambda: process.record("interview", at=TALK, late=True),
    }
    outcome = calls[how]()
    assert outcome.text.startswith("Recorded as entry 2: interview (entry 1) was on Mon 2 Mar 2026.")
    assert [(placed.name, placed.event.day) for placed in outcome.process.timeline] == [("interview", TALK)]
    assert packaged().restore(outcome.process.to_json()) == outcome.process
    assert [item for item in outcome.process.agenda(at=at("2026-03-21 10:00")) if item.kind == "tell"] == []

    later = outcome.process.dated(2, at=at("2026-03-02 11:00")).process
    assert [placed.at for placed in later.timeline] == [at("2026-03-02 11:00")]
    assert packaged().restore(later.to_json()) == later
    back = outcome.process.retract(2, at=at("2026-03-21 10:00")).process
    assert [placed.event.is_open for placed in back.timeline] == [True]


def test_a_day_is_no_day_on_which_it_can_not_have_been() -> None:
    process = imported()
    with pytest.raises(pi.TimeError) as late:
        process.dated(1, at=date(2026, 3, 21))
    assert late.value.message == (
        "event 1 had happened by Fri 20 Mar 2026 10:00, so it was not on Sat 21 Mar 2026"
    )
    that_day = process.dated(1, at=date(2026, 3, 20)).process  # it was by ten
    assert that_day.timeline[0].at == at("2026-03-20 10:00")
    dated = process.dated(1, at=TALK).process
    with pytest.raises(pi.MisuseError, match="event 2 has a day, Mon 2 Mar 2026"):
        dated.dated(2, at=date(2026, 3, 3))


def test_two_events_of_one_day_are_two() -> None:
    process = packaged().start("Acme", "Europe/Zurich").record("interview", at=TALK).process
    assert len(process.record("interview", at=TALK, late=True).process.timeline) == 2
    other = imported().record("interview", at=TALK, late=True, again=True).process
    assert len(other.timeline) == 2


def test_a_day_that_is_recorded_in_time_is_another_event() -> None:
    """As with an hour: only what is said to be late can be news of an event without a date."""
    for when in (date(2026, 3, 20), at("2026-03-20 15:00")):
        told = imported().record("interview", at=when).process
        assert [placed.name for placed in told.timeline] == ["interview", "interview"]


def test_a_card_that_was_moved_on_a_day_is_followed_with_its_day() -> None:
    process = packaged().start("Acme", "Europe/Zurich")
    for status, day in (("Interview", TALK), ("Offer", date(2026, 3, 9)), ("Rejected", date(2026, 3, 12))):
        process = process.follow(status, at=day, statuses=BOARD).process
    assert [(placed.name, placed.event.day) for placed in process.timeline] == [
        ("interview", TALK),
        ("offer", date(2026, 3, 9)),
        ("rejection", date(2026, 3, 12)),
    ]
    assert process.follow("Rejected", at=date(2026, 3, 13), statuses=BOARD).repeated
    back = process.follow("Interview", at=date(2026, 3, 13), statuses=BOARD).process
    assert [placed.name for placed in back.timeline] == ["interview"]
    again = back.follow("Offer", at=date(2026, 3, 14), statuses=BOARD).process
    assert [(placed.name, placed.event.day) for placed in again.timeline][1:] == [
        ("offer", date(2026, 3, 14))
    ]


def test_an_event_that_was_undone_by_a_slip_keeps_its_day() -> None:
    process = packaged().start("Acme", "Europe/Zurich")
    process = process.follow("Interview", at=TALK, statuses=BOARD, interviewers=["ana"]).process
    process = process.follow("Applied", at=date(2026, 3, 3), statuses=BOARD).process
    told = process.follow("Interview", at=at("2026-03-04 10:00"), statuses=BOARD).process
    assert [(placed.event.day, placed.people) for placed in told.timeline] == [(TALK, ("ana",))]


def test_a_card_that_jumps_on_a_day_leaves_the_skipped_fact_undated() -> None:
    process = imported().follow("Accepted", at=date(2026, 3, 22), statuses=BOARD).process
    assert [(placed.name, placed.event.is_open, placed.event.day) for placed in process.timeline] == [
        ("interview", True, None),
        ("offer", True, None),
        ("accept", False, date(2026, 3, 22)),
    ]
    assert process.breaches == ()
