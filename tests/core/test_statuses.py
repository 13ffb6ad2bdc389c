"""Boards of statuses: what is recorded when cards are moved, jump, and are dragged back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

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


SENT = ("accept", "decline")


def moved(*statuses: str, board: pi.StatusMap = BOARD, days: int = 1, not_sent: bool = False) -> pi.Process:
    """A process whose card was moved once every few days."""
    process = fresh()
    for number, status in enumerate(statuses):
        when = NOON + timedelta(days=number * days)
        process = process.follow(status, at=when, statuses=board, not_sent=not_sent).process
    return process


def names(process: pi.Process) -> list[str]:
    return [placed.name for placed in process.timeline]


def stripped(process: pi.Process) -> list[tuple[str, datetime]]:
    return [(placed.name, placed.at) for placed in process.timeline]


drags = st.lists(st.sampled_from(list(BOARD.events)), max_size=9)


@given(drags, st.booleans())
def test_the_columns_reached_are_those_up_to_the_card(moves: list[str], not_sent: bool) -> None:
    order = list(BOARD.events)
    process = moved(*moves, not_sent=not_sent)
    if moves:
        reached = [str(placed.event.status) for placed in process.timeline]
        stays = max((number for number, name in enumerate(names(process)) if name in SENT), default=-1)
        free = reached if not_sent else reached[stays + 1 :]
        assert all(order.index(status) <= order.index(moves[-1]) for status in free)
        assert len(reached) == len(set(reached))


@given(drags, st.booleans())
def test_no_drag_is_a_breach(moves: list[str], not_sent: bool) -> None:
    if not_sent or not set(moves) >= {"Accepted", "Declined"}:  # to decline what was accepted is one
        assert not moved(*moves, not_sent=not_sent).breaches


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


def on(day: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, 10, tzinfo=NOON.tzinfo)


def drag(process: pi.Process, status: str, when: datetime, board: pi.StatusMap = BOARD) -> pi.Process:
    return process.follow(status, at=when, statuses=board).process


@given(st.lists(st.sampled_from(["Applied", "Screening", "Interview", "Offer", "Rejected"]), max_size=8))
def test_dragging_makes_no_room_for_a_further_message(moves: list[str]) -> None:
    process = drag(fresh(), "Interview", on(2))
    process = process.do("follow_up", at=on(10), channel="email").process
    for number, status in enumerate([*moves, "Interview"]):
        process = drag(process, status, on(11) + timedelta(hours=number))
    assert names(process)[:2] == ["interview", "follow_up"]
    if names(process).count("interview") == 1:
        later = [
            process.may("follow_up", at=on(11) + timedelta(days=days), channel="email") for days in (9, 20)
        ]
        assert not any(verdict.allowed for verdict in later)


def test_what_others_recorded_is_not_undone() -> None:
    process = drag(fresh(), "Applied", on(2)).record("interview", at=on(3)).process
    assert names(drag(process, "Applied", on(4))) == ["interview"]
    process = process.record("rejection", at=on(5)).process
    assert names(drag(process, "Interview", on(6))) == ["interview", "rejection"]


def test_an_acceptance_stays_unless_it_was_never_sent() -> None:
    process = drag(drag(drag(fresh(), "Interview", on(2)), "Offer", on(3)), "Accepted", on(4))
    assert names(drag(process, "Offer", on(5))) == ["interview", "offer", "accept"]
    back = process.follow("Offer", at=on(5), statuses=BOARD, not_sent=True)
    assert names(back.process) == ["interview", "offer"]
    bare = process.follow("Applied", at=on(5), statuses=BOARD, not_sent=True)
    assert (names(bare.process), bare.added) == ([], 3)
    assert bare.text.count("is taken back") == 3


@pytest.mark.parametrize("wrong", ["Offer", "Rejected", "Ghosted"])
def test_a_talk_after_a_column_that_was_wrong_or_is_over_happens_now(wrong: str) -> None:
    """The employer is heard of again, or the card was in a wrong column: the talk is as new as the move."""
    process = drag(drag(drag(fresh(), "Screening", on(2)), wrong, on(10, 4)), "Interview", on(20, 4))
    assert stripped(process) == [("interview", on(2)), ("interview", on(20, 4))]
    assert not process.may("follow_up", at=on(20, 4) + timedelta(hours=1), channel="email").allowed


def test_a_card_in_the_wrong_one_of_two_columns_keeps_its_talk() -> None:
    again = drag(drag(fresh(), "Interview", on(2)), "Screening", on(9))
    assert stripped(again) == [("interview", on(2))]


@pytest.mark.parametrize("fields", [{}, {"interviewers": ["bo"]}])
def test_a_card_that_slips_for_a_moment_keeps_its_talk(fields: dict[str, list[str]]) -> None:
    process = fresh().follow("Interview", at=on(2), statuses=BOARD, **fields).process  # type: ignore[arg-type]
    away = drag(process, "Applied", on(12))
    for back in (timedelta(minutes=1), timedelta(days=1) - timedelta(microseconds=1)):
        kept = drag(away, "Interview", on(12) + back)
        assert stripped(kept) == [("interview", on(2))]
        assert kept.timeline[0].event.fields == process.timeline[0].event.fields


def test_a_talk_that_was_put_off_happens_when_the_card_comes_back() -> None:
    fixed = fresh().follow("Interview", at=on(2), statuses=BOARD, interviewers=["bo"]).process
    late = on(4)
    held = drag(drag(fixed, "Applied", on(3)), "Interview", late)
    assert stripped(held) == [("interview", late)]
    assert "overdue" not in held.agenda(at=late + timedelta(hours=1)).text


def test_a_talk_that_others_recorded_counts_for_one_column() -> None:
    """The calendar says of the first talk, and the card of the second one."""
    process = fresh().record("interview", at=on(2)).process
    first = process.follow("Screening", at=on(2), statuses=BOARD)
    assert stripped(first.process) == [("interview", on(2))]
    assert first.process.follow("Screening", at=on(9), statuses=BOARD).repeated
    second = drag(first.process, "Interview", on(16))
    assert stripped(second) == [("interview", on(2)), ("interview", on(16))]
    known = first.process.record("interview", at=on(15)).process
    assert known.follow("Screening", at=on(15), statuses=BOARD).repeated
    assert stripped(drag(known, "Interview", on(16))) == [("interview", on(2)), ("interview", on(15))]
    jumped = process.follow("Interview", at=on(3), statuses=BOARD).process
    assert stripped(drag(jumped, "Interview", on(30))) == [("interview", on(2))]
    back = first.process.follow("Applied", at=on(17), statuses=BOARD)
    assert stripped(back.process) == [("interview", on(2))]
    assert back.text.endswith("stays: no card recorded it.")


talks = st.lists(st.sampled_from(["Applied", "Screening", "Interview", "Offer", "record"]), max_size=7)


@given(talks)
def test_a_card_that_is_followed_each_night_adds_nothing(moves: list[str]) -> None:
    process = fresh()
    for day, move in enumerate(moves):
        when = on(2) + timedelta(days=2 * day)
        if move == "record":
            process = process.record("interview", at=when).process
            continue
        process = drag(process, move, when)
        for nights in (1, 40):
            night = process.follow(move, at=when + timedelta(days=nights), statuses=BOARD)
            assert (night.process, night.repeated) == (process, True)


@given(talks)
def test_each_talk_was_recorded_or_is_that_of_a_column(moves: list[str]) -> None:
    process = fresh()
    for day, move in enumerate(moves):
        when = on(2) + timedelta(days=2 * day)
        process = (
            process.record("interview", at=when).process if move == "record" else drag(process, move, when)
        )
    of_cards = [placed.event.status for placed in process.timeline if placed.name == "interview"]
    recorded = moves.count("record")
    assert recorded <= len(of_cards) <= recorded + len({"Screening", "Interview"} & set(moves))
    named = [status for status in of_cards if status is not None]
    assert len(named) == len(set(named))


def test_a_card_back_before_what_happened_is_no_act_now() -> None:
    board = pi.StatusMap({"Applied": "applied", "Interview": "interview", "Offer": "offer"})
    process = pi.load_rulebook("with-application").start("acme", "Europe/Zurich")
    process = drag(process, "Interview", on(2), board)
    process = process.do("follow_up", at=on(10), channel="email").process
    back = process.follow("Applied", at=on(11), statuses=board)
    assert (back.process, back.repeated, back.breach) == (process, True, False)
    assert (
        back.text
        == "Nothing to record. Entry 1 (interview, Mon 2 Mar 2026 10:00) stays: a message came after it."
    )


def test_what_is_said_later_is_added() -> None:
    process = drag(fresh(), "Interview", on(2))
    fields = {"interviewers": ["ana"], "decide_by": on(20).date()}
    told = process.follow("Interview", at=on(3), statuses=BOARD, **fields)  # type: ignore[arg-type]
    assert (stripped(told.process), told.process.timeline[0].people) == ([("interview", on(2))], ("ana",))
    assert not told.process.may("follow_up", at=on(10), channel="email").allowed
    same = told.process.follow("Interview", at=on(4), statuses=BOARD, interviewers=["ana"])
    assert (same.repeated, same.process) == (True, told.process)
    undone = drag(drag(told.process, "Applied", on(4)), "Interview", on(4) + timedelta(hours=1))
    assert undone.timeline[0].event.fields == told.process.timeline[0].event.fields
    accepted = drag(drag(told.process, "Offer", on(6)), "Accepted", on(7))
    assert accepted.follow("Accepted", at=on(8), statuses=BOARD).repeated


def test_a_jump_over_a_task_records_the_task() -> None:
    board = pi.StatusMap({"Interview": "interview", "Task": "assignment", "Sent": "hand_in", "Yes": "accept"})
    process = drag(drag(fresh(), "Interview", on(2), board), "Sent", on(9), board)
    assert (names(process), process.breaches) == (["interview", "assignment", "hand_in"], ())
    early = drag(fresh(), "Withdrawn", on(2), pi.StatusMap({"Offer": "offer", "Withdrawn": "withdraw"}))
    assert names(early) == []  # nobody knows whether there was an offer, and the rules begin with a word


def test_an_acceptance_needs_an_offer() -> None:
    process = drag(fresh(), "Accepted", on(2))
    assert (names(process), process.state("application")) == (["offer", "accept"], "accepted")


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


def test_a_word_like_no_status_gets_the_statuses_of_the_map() -> None:
    board = pi.load_statuses("tracker")
    with pytest.raises(pi.UnknownStatusError) as error:
        fresh().follow("Backlog", at=NOON, statuses=board)
    assert error.value.help.startswith("the map has `Wishlist`, `Applied`, ")
    assert error.value.help.endswith("; list other words of the board under `also`")
    assert all(f"`{status}`" in error.value.help for status in board.events)


def test_what_stays_is_told_with_its_reason() -> None:
    process = drag(drag(drag(fresh(), "Interview", on(2)), "Offer", on(3)), "Accepted", on(4))
    process = process.record("message", at=on(5)).process.record("rejection", at=on(6)).process
    back = process.follow("Applied", at=on(7), statuses=BOARD)
    assert (back.stays, back.repeated) == ((1, 2, 3, 5), True)
    assert back.text == (
        "Nothing to record. Entry 1 (interview, Mon 2 Mar 2026 10:00) stays: a message came after it. "
        "Entry 2 (offer, Tue 3 Mar 2026 10:00) stays: a message came after it. "
        "Entry 3 (accept, Wed 4 Mar 2026 10:00) stays: it may have been sent. "
        "Entry 5 (rejection, Fri 6 Mar 2026 10:00) stays: no card recorded it."
    )
    assert process.follow("Rejected", at=on(7), statuses=BOARD).stays == ()


def test_what_is_said_of_the_event_of_another_is_added_and_stays_his() -> None:
    heard = fresh().record("interview", at=on(2)).process
    told = heard.follow("Interview", at=on(3), statuses=BOARD, interviewers=["ana"]).process
    assert [(each.at, each.people, each.event.status) for each in told.timeline] == [
        (on(2), ("ana",), "Interview")
    ]
    assert names(drag(told, "Applied", on(4))) == ["interview"]


def test_fields_are_never_dropped() -> None:
    with pytest.raises(pi.FieldError, match="`Applied` stands for no event, so it takes no fields"):
        fresh().follow("Applied", at=on(2), statuses=BOARD, interviewers=["ana"])
    sent = drag(fresh(), "Interview", on(2)).do("follow_up", at=on(10), channel="email").process
    told = sent.follow("Screening", at=on(11), statuses=BOARD, interviewers=["ana"]).process
    assert [(each.name, each.people) for each in told.timeline] == [
        ("interview", ("ana",)),
        ("follow_up", ()),
    ]


def test_a_date_for_what_had_none_is_news() -> None:
    undated = fresh().follow("Interview", at=on(20), statuses=BOARD, undated=True).process
    assert undated.follow("Interview", at=on(21), statuses=BOARD).repeated  # saved again
    dated = undated.follow("Interview", at=on(10), statuses=BOARD).process
    assert [(each.at, each.event.undated) for each in dated.timeline] == [(on(10), False)]
    assert dated.may("follow_up", at=on(20), channel="email").allowed
    assert dated.follow("Interview", at=on(9), statuses=BOARD).repeated


def test_an_event_that_fits_the_card_is_not_told_to_stay() -> None:
    heard = fresh().record("interview", at=on(2)).process.record("interview", at=on(4)).process
    assert heard.follow("Screening", at=on(5), statuses=BOARD).stays == ()
    sent = drag(fresh(), "Interview", on(2)).do("follow_up", at=on(10), channel="email").process
    assert sent.follow("Screening", at=on(11), statuses=BOARD).stays == ()
    rounds = pi.StatusMap({"Talk": "interview", "Task": "assignment", "Final": "interview"})
    assert heard.follow("Task", at=on(5), statuses=rounds).stays == ()
    assert heard.follow(
        "Task", at=on(5), statuses=pi.StatusMap({"Task": "assignment", "Final": "interview"})
    ).stays


def test_a_message_before_the_first_word_is_recorded_all_the_same() -> None:
    chased = fresh().follow("Chased", at=on(2), statuses=PUSHY, channel="email")
    assert (names(chased.process), chased.outside, chased.breach) == (["follow_up"], True, False)


def test_a_word_by_its_beginning() -> None:
    board = pi.StatusMap(
        {"Interview": "interview", "No*": "rejection", "Ghosted": "assume_closed"},
        also={"Ghosted": ["no answer*", "No reply"], "Interview": ["* talk"]},
    )
    meant = {
        word: board.status(word) for word in ("no", "Not  now", "NO ANSWER yet", "no reply", "no reply?")
    }
    assert list(meant.values()) == ["No*", "No*", "Ghosted", "Ghosted", "No*"]
    assert ["a talk" in board, "* talk" in board, "" in board] == [False, True, False]
    assert names(drag(fresh(), "no, thanks", on(2), board)) == ["rejection"]


def test_an_application_that_nobody_answers_is_over_after_a_month() -> None:
    board = pi.StatusMap({"Applied": "applied", "Interview": "interview", "Ghosted": "assume_closed"})
    process = pi.load_rulebook("with-application").start("acme", "Europe/Zurich")
    process = drag(process, "Applied", on(2), board)
    early = process.follow("Ghosted", at=on(30), statuses=board)
    opens = on(1, 4) + timedelta(hours=1)  # 30 days are counted in hours, and the clocks went forward
    assert early.early
    assert early.verdict is not None
    assert early.verdict.opens_at == opens
    over = drag(process, "Ghosted", opens, board)
    assert over.state("application") == "assumed_closed"


@pytest.mark.parametrize("undated", [True, False])
@pytest.mark.parametrize(
    ("fact", "act", "fields"),
    [
        ("interview", "withdraw", {}),
        ("interview", "follow_up", {"channel": "email"}),
        ("offer", "accept", {}),
    ],
)
def test_an_act_that_nobody_can_judge_takes_nothing_back(
    fact: str, act: str, fields: dict[str, str], undated: bool
) -> None:
    board = pi.StatusMap({"Before": None, "Fact": fact, "Act": act})
    process = drag(fresh(), "Fact", on(2), board)
    told = process.follow("Act", at=on(11), statuses=board, undated=undated, **fields)  # type: ignore[arg-type]
    assert (names(told.process), told.added) == ([fact, act], 1)
    again = told.process.follow("Act", at=on(12), statuses=board, undated=undated, **fields)  # type: ignore[arg-type]
    assert (again.process, again.repeated) == (told.process, True)


def test_an_act_that_no_fact_of_the_board_expects_takes_nothing_back() -> None:
    board = pi.StatusMap({"Interview": "interview", "Offer": "offer", "Countered": "counter_offer"})
    process = drag(drag(fresh(), "Interview", on(4), board), "Countered", on(6, 4), board)
    assert "interview" in names(process)


def test_a_card_dragged_back_with_what_is_known_already_is_no_repetition() -> None:
    """What is taken back has to be kept by the host, too."""
    fields = {"interviewers": ["ana"]}
    talk = fresh().follow("Interview", at=on(2), statuses=BOARD, **fields).process  # type: ignore[arg-type]
    over = drag(talk, "Rejected", on(5))
    back = over.follow("Interview", at=on(6), statuses=BOARD, **fields)  # type: ignore[arg-type]
    assert (names(back.process), back.repeated, back.added) == (["interview"], False, 1)
    assert "is taken back" in back.text


def test_what_is_taken_back_is_the_whole_of_an_event_that_was_dated_twice() -> None:
    told = fresh().follow("Interview", at=on(9), statuses=BOARD, undated=True).process
    told = drag(told.follow("Interview", at=on(5).date(), statuses=BOARD).process, "Interview", on(5))
    back = told.follow("Applied", at=on(10), statuses=BOARD)
    assert (names(back.process), back.stays) == ([], ())
    assert back.process.follow("Applied", at=on(11), statuses=BOARD).repeated


def test_what_concerns_the_employer_is_not_taken_back_by_another_card() -> None:
    board = pi.StatusMap({"Before": None, "Talk": "interview", "Profile": "complete_profile"})
    process = drag(fresh(), "Talk", on(2), board)
    process = process.follow("Profile", at=on(3), statuses=board, application="a").process
    for night in (4, 5):
        other = process.follow("Before", at=on(night), statuses=board, application="b")
        assert (other.process, other.repeated) == (process, True)
        assert process.follow("Profile", at=on(night), statuses=board, application="a").repeated


def test_a_message_that_was_never_sent_is_sent_when_its_card_comes_back() -> None:
    process = drag(drag(fresh(), "Interview", on(2), PUSHY), "Chased", on(10), PUSHY)
    process = process.follow("Interview", at=on(19), statuses=PUSHY, not_sent=True).process
    sent = drag(process, "Chased", on(19) + timedelta(hours=5), PUSHY)
    assert stripped(sent)[-1] == ("follow_up", on(19) + timedelta(hours=5))


@pytest.mark.parametrize(("said", "undated"), [(on(12), True), (on(12).date(), False)])
def test_a_card_in_the_wrong_one_of_two_columns_knows_no_more_of_its_talk(said: date, undated: bool) -> None:
    told = fresh().follow("Interview", at=said, statuses=BOARD, undated=undated).process
    moved = drag(told, "Screening", on(20)).timeline[0].event
    was = told.timeline[0].event
    assert (moved.status, moved.at, moved.since, moved.undated) == ("Screening", was.at, was.since, True)


def test_a_talk_that_was_taken_back_and_is_said_of_another_day_was_on_that_day() -> None:
    back = drag(drag(fresh(), "Interview", on(2)), "Applied", on(12))
    assert stripped(drag(back, "Interview", on(9))) == [("interview", on(9))]


def test_a_card_that_slips_keeps_the_last_of_its_talks() -> None:
    process = drag(fresh(), "Interview", on(2))
    process = process.follow("Interview", at=on(9), statuses=BOARD, again=True).process
    back = drag(drag(process, "Applied", on(10)), "Interview", on(10) + timedelta(minutes=1))
    assert stripped(back)[-1] == ("interview", on(9))


def test_a_nightly_job_says_no_hour_of_what_happened_that_day() -> None:
    process = fresh().follow("Interview", at=on(9).date(), statuses=BOARD).process
    night = process.follow("Interview", at=on(9) + timedelta(hours=13), statuses=BOARD)
    assert (night.process, night.repeated) == (process, True)
