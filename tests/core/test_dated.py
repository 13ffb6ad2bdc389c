"""An event without a date gets one: it stays the same event."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import postinterview as pi
from tests.core.helpers import at, packaged

BY = at("2026-03-20 09:00")
TALK = at("2026-03-10 10:00")
BOARD = pi.StatusMap({"Talking": "interview", "Final": "interview", "Offer": "offer"})


def undated(**said: object) -> pi.Process:
    process = packaged().start("Acme", "Europe/Zurich")
    return process.record("interview", at=BY, undated=True, **said).process  # type: ignore[arg-type]


def talks(process: pi.Process) -> list[tuple[object, bool, object]]:
    return [(placed.at, placed.event.undated, placed.round) for placed in process.timeline]


def test_it_is_judged_as_if_it_had_been_recorded_with_its_date() -> None:
    known = packaged().start("Acme", "Europe/Zurich").record("interview", at=TALK).process
    outcome = undated(interviewers=["ana"]).dated(1, at=TALK)
    process = outcome.process

    assert talks(process) == [(TALK, False, 1)]
    assert outcome.event is not None
    assert (outcome.event.number, outcome.event.dates, outcome.event.fields) == (
        2,
        1,
        {"interviewers": ("ana",)},
    )
    assert outcome.text.startswith("Recorded as entry 2: interview (entry 1) was on Tue 10 Mar 2026 10:00.")
    for day in ("2026-03-12 10:00", "2026-03-20 10:00", "2026-06-01 10:00"):
        asked = process.may("follow_up", at=at(day), channel="email")
        assert asked == known.may("follow_up", at=at(day), channel="email")
    assert packaged().restore(process.to_json()) == process


def test_it_keeps_its_place_among_the_events_of_its_moment() -> None:
    """As in an import by days: the offer and the acceptance have one hour."""
    process = undated().record("offer", at=BY, undated=True).process.record("accept", at=BY).process
    told = process.dated(2, at=BY).process.dated(1, at=TALK).process
    assert [placed.name for placed in told.timeline] == ["interview", "offer", "accept"]
    assert not told.breaches
    assert packaged().restore(told.to_json()) == told
    more = told.amended("offer", at=BY, answer_by=BY.date() + timedelta(days=5)).process
    assert [placed.name for placed in more.timeline] == ["interview", "offer", "accept"]
    assert not more.breaches


def test_recording_it_late_with_its_date_dates_it() -> None:
    process = undated().record("interview", at=TALK, interviewers=["ana"], late=True).process
    assert talks(process) == [(TALK, False, 1)]
    assert process.timeline[0].people == ("ana",)
    twice = undated().record("interview", at=TALK, late=True, again=True).process
    assert len(twice.timeline) == 2
    assert len(undated().record("interview", at=BY + timedelta(days=1), late=True).process.timeline) == 2
    assert len(undated().record("interview", at=TALK, late=True, application="other").process.timeline) == 2


def test_following_the_board_with_a_date_dates_it() -> None:
    process = packaged().start("Acme", "Europe/Zurich")
    process = process.follow("Talking", at=BY, statuses=BOARD, undated=True).process
    again = process.follow("Talking", at=TALK, statuses=BOARD).process
    assert talks(again) == [(TALK, False, 1)]
    assert again.timeline[0].event.status == "Talking"
    final = process.follow("Final", at=TALK, statuses=BOARD).process
    assert len(final.timeline) == 2


def test_a_dating_can_be_taken_back() -> None:
    process = undated().dated(1, at=TALK).process
    assert talks(process.retract(2, at=BY).process) == [(BY, True, 1)]
    with pytest.raises(pi.MisuseError, match="entry 1 is undated, and a later entry dates it"):
        process.retract(1, at=BY)


def test_a_dating_that_is_taken_back_can_be_saved_and_made_again() -> None:
    back = undated().dated(1, at=TALK).process.retract(2, at=BY).process
    late = back.record("interview", at=TALK, late=True, again=True).process  # before the undated one
    for process in (back, late, back.retract(1, at=BY).process, back.dated(1, at=TALK).process):
        assert packaged().restore(process.to_json()) == process


def test_a_drag_back_undoes_an_event_that_was_dated() -> None:
    process = packaged().start("Acme", "Europe/Zurich")
    process = process.follow("Offer", at=BY, statuses=BOARD, undated=True).process
    process = process.follow("Offer", at=TALK, statuses=BOARD).process
    told = process.follow("Offer", at=BY, statuses=BOARD, answer_by=BY.date()).process
    assert [(each.at, each.event.dates) for each in told.timeline] == [(TALK, 1)]
    back = told.follow("Talking", at=BY, statuses=BOARD).process
    assert [placed.name for placed in back.timeline] == ["interview"]
    assert packaged().restore(back.to_json()) == back


def test_only_what_has_no_date_gets_one_and_none_after_it_had_happened() -> None:
    with pytest.raises(pi.UnknownNameError, match="the history has no event 7 to date"):
        undated().dated(7, at=TALK)
    with pytest.raises(pi.MisuseError, match="event 2 has a date, Tue 10 Mar 2026 10:00"):
        undated().dated(1, at=TALK).process.dated(2, at=TALK)
    with pytest.raises(pi.TimeError, match="event 1 had happened by Fri 20 Mar 2026 09:00"):
        undated().dated(1, at=BY + timedelta(minutes=1))


def test_a_damaged_dating_is_refused() -> None:
    text = undated().dated(1, at=TALK).process.to_json()
    with pytest.raises(pi.SavedError):
        packaged().restore(text.replace('"dates":1', '"dates":2').replace('"dates": 1', '"dates": 2'))


def test_who_dates_an_entry_again_is_told_which_one_has_its_date() -> None:
    process = packaged().start("Acme", "Europe/Zurich")
    process = process.record("message", at=at("2026-03-05 10:00"), undated=True).process
    process = process.dated(1, at=date(2026, 3, 4)).process
    with pytest.raises(pi.UnknownNameError, match=r"entry 1 has its date in entry 2 \(give 2 for its hour\)"):
        process.dated(1, at=at("2026-03-04 09:00"))
    process = process.dated(2, at=at("2026-03-04 09:00")).process
    with pytest.raises(
        pi.UnknownNameError, match=r"entry 2 has its date in entry 3 \(to change it, retract entry 3\)"
    ):
        process.dated(2, at=at("2026-03-04 10:00"))
