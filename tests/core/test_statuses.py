"""Boards of statuses: what is recorded when cards are moved, jump, and are dragged back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from tests.core.helpers import at, packaged

NOON = at("2026-03-02 12:00")
BOARD = pi.StatusMap(
    {
        "Applied": None,
        "Screening": "interview",
        "Interview": "interview",
        "Offer": "offer",
        "Accepted": "accept",
        "Declined": "decline",
        "Rejected": "rejection",
        "Ghosted": "assume_closed",
        "Archived": None,
    }
)
PUSHY = pi.StatusMap(
    {
        "Thanked": None,
        "Interview": "interview",
        "Rang": "missed_call",
        "Chased": "follow_up",
        "Offer": "offer",
    }
)
"""A board with columns for messages, which should not be columns, and are."""


def fresh() -> pi.Process:
    return packaged().start("acme", "Europe/Zurich")


def moved(*statuses: str, board: pi.StatusMap = BOARD, days: int = 1) -> pi.Process:
    """A process whose card was moved once every few days."""
    process = fresh()
    for number, status in enumerate(statuses):
        when = NOON + timedelta(days=number * days)
        process = process.follow(status, at=when, statuses=board).process
    return process


def names(process: pi.Process) -> list[str]:
    return [placed.name for placed in process.timeline]


def stripped(process: pi.Process) -> list[tuple[str, datetime]]:
    return [(placed.name, placed.at) for placed in process.timeline]


drags = st.lists(st.sampled_from(list(BOARD.events)), max_size=9)


@given(drags)
def test_the_columns_reached_are_those_up_to_the_card(moves: list[str]) -> None:
    order = list(BOARD.events)
    process = moved(*moves)
    if moves:
        reached = [placed.event.status for placed in process.timeline]
        assert all(order.index(str(status)) <= order.index(moves[-1]) for status in reached)
        assert len(reached) == len(set(reached))


@given(drags)
def test_no_drag_is_a_breach(moves: list[str]) -> None:
    assert not moved(*moves).breaches


@given(drags)
def test_a_status_followed_twice_records_nothing(moves: list[str]) -> None:
    process = moved(*moves)
    if moves:
        again = process.follow(moves[-1], at=NOON + timedelta(days=30), statuses=BOARD)
        if BOARD.events[moves[-1]] != "assume_closed":  # a month later it may be done
            assert (again.repeated, again.process) == (True, process)


@given(st.lists(st.sampled_from(list(PUSHY.events)), max_size=12))
def test_what_was_sent_stays_whatever_is_dragged(moves: list[str]) -> None:
    process, sent = fresh(), 0
    for number, status in enumerate(moves):
        process = process.follow(status, at=NOON + timedelta(days=number), statuses=PUSHY).process
        now = sum(name in ("missed_call", "follow_up") for name in names(process))
        assert sent <= now <= 2
        sent = now


def test_back_and_forth_ten_times_is_once() -> None:
    ten = moved(*["Interview", "Offer"] * 10)
    once = moved("Interview", "Offer")
    assert names(ten) == names(once)
    assert ten.state("application") == once.state("application")
    back = ten.follow("Interview", at=NOON + timedelta(days=40), statuses=BOARD).process
    once = moved("Interview")
    asked = {"at": NOON + timedelta(days=40), "channel": "email"}
    assert back.may("follow_up", **asked).allowed == once.may("follow_up", **asked).allowed  # type: ignore[arg-type]
    assert stripped(back) == stripped(once)


def test_the_order_of_the_board_is_the_history() -> None:
    followed = moved("Applied", "Screening", "Interview", "Offer", "Accepted")
    recorded = fresh()
    for number, event in enumerate(["interview", "interview", "offer", "accept"], 1):
        recorded = recorded.record(event, at=NOON + timedelta(days=number)).process
    assert stripped(followed) == stripped(recorded)
    assert followed.states == recorded.states


def test_a_jump_records_what_surely_happened() -> None:
    process = moved("Interview", "Accepted")
    offer = process.timeline[1]
    assert (offer.name, offer.event.undated, process.breaches) == ("offer", True, ())
    assert process.state("application") == "accepted"


def test_a_card_in_the_wrong_column_is_undone() -> None:
    process = moved("Interview", "Rejected", "Ghosted", "Accepted")
    assert names(process) == ["interview", "offer", "accept"]
    neighbours = pi.StatusMap(
        {"Interview": "interview", "Offer": "offer", "No": "rejection", "Yes": "accept"}
    )
    assert names(moved("Interview", "Offer", "No", "Yes", board=neighbours)) == [
        "interview",
        "offer",
        "accept",
    ]


def test_a_further_round_has_to_be_said() -> None:
    process = moved("Interview")
    later = process.follow("interview", at=NOON + timedelta(days=9), statuses=BOARD, again=True).process
    assert [placed.round for placed in later.timeline] == [1, 2]


def test_an_event_that_was_recorded_by_a_button_is_reached() -> None:
    process = moved("Interview", "Offer")
    process = process.do("accept", at=NOON + timedelta(days=3)).process
    dragged = process.follow("Accepted", at=NOON + timedelta(days=3, minutes=1), statuses=BOARD)
    assert (dragged.repeated, dragged.process) == (True, process)
    assert dragged.text == "nothing to record"


def test_an_act_that_reaches_nobody_waits_until_it_is_allowed() -> None:
    process = moved("Interview")
    early = process.follow("Ghosted", at=NOON + timedelta(days=2), statuses=BOARD)
    assert (early.refused, early.process) == (True, process)
    assert early.verdict is not None
    assert early.verdict.opens_at is not None
    late = process.follow("Ghosted", at=early.verdict.opens_at, statuses=BOARD)
    assert names(late.process) == ["interview", "assume_closed"]


def test_a_date_of_the_past_goes_where_it_belongs() -> None:
    process = moved("Interview", "Offer", days=9)
    told = process.follow("Screening", at=NOON - timedelta(days=9), statuses=BOARD)
    assert names(told.process) == ["interview"]  # the board says that there was no more than that
    rejected = fresh().follow("Rejected", at=NOON, statuses=BOARD, undated=True).process
    assert (names(rejected), rejected.timeline[0].event.undated) == (["rejection"], True)
    assert rejected.state("application") == "rejected"


def test_a_status_is_kept_with_its_event() -> None:
    process = moved("Interview", "Accepted")
    restored = packaged().restore(process.to_json())
    assert restored == process
    assert [placed.event.status for placed in restored.timeline] == ["Interview", "Offer", "Accepted"]


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ({}, "{} is no map of statuses"),
        ({"A b": None, "a  B": None}, "`A b` and `a  B` are one status"),
        ({"A": 1}, "1 is no event, for 'A'"),
        ({" ": None}, "' ' is no status"),
    ],
)
def test_a_map_is_checked(events: dict[str, str | None], message: str) -> None:
    with pytest.raises(pi.MisuseError) as error:
        pi.StatusMap(events)
    assert error.value.message == message


def test_a_mistyped_name_gets_the_right_one() -> None:
    with pytest.raises(pi.UnknownNameError, match=r"unknown status `Intervew`.*`Interview`"):
        fresh().follow("Intervew", at=NOON, statuses=BOARD)
    with pytest.raises(pi.UnknownNameError, match=r"unknown event `intervew`.*`interview`"):
        fresh().follow("A", at=NOON, statuses=pi.StatusMap({"A": "intervew"}))
