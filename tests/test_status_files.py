"""Maps of statuses in files: what they say, and what the packaged ones allow."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

import postinterview as pi
from postinterview.status_files import packaged_maps
from tests.core.helpers import at, packaged

NOON = at("2026-03-02 12:00")
MAPS = {name: pi.load_statuses(name) for name in packaged_maps()}
BOARDS = pytest.mark.parametrize("board", MAPS.values(), ids=MAPS)
MESSAGES = {"accept", "decline", "withdraw"}


def moved(process: pi.Process, board: pi.StatusMap, *statuses: str, start: datetime = NOON) -> pi.Process:
    """Return the process after its card was moved once an hour."""
    for number, status in enumerate(statuses):
        process = process.follow(status, at=start + timedelta(hours=number), statuses=board).process
    return process


def fresh() -> pi.Process:
    return packaged().start("acme", "Europe/Zurich")


def test_the_usual_boards_are_packaged() -> None:
    assert list(MAPS) == ["kanban", "sheet", "tracker"]
    assert set(MAPS["tracker"].events.values()) >= {"interview", "offer", "rejection", "assume_closed", None}


def test_a_sheet_has_its_words_in_english_and_german() -> None:
    sheet = MAPS["sheet"]
    assert {sheet.status(word) for word in ("absage", "Not  selected", "REJECTED")} == {"Rejected"}
    assert "Vorstellungsgespräch" in sheet
    assert [word in sheet for word in ("Abgelehnt", "Declined", "Zusage", "", 7)] == [False] * 5


@BOARDS
def test_ten_times_back_and_forth_makes_no_room_for_a_further_message(board: pi.StatusMap) -> None:
    talk = next(status for status, event in board.events.items() if event == "interview")
    sent = moved(fresh(), board, talk)
    sent = sent.do("follow_up", at=NOON + timedelta(days=8), channel="email").process
    later = [NOON + timedelta(days=days) for days in (10, 17, 25, 40)]
    for other in board.events:
        dragged = moved(sent, board, *[other, talk] * 10, start=NOON + timedelta(days=9))
        for when in later:
            before = sent.may("follow_up", at=when, channel="email")
            assert dragged.may("follow_up", at=when, channel="email").allowed <= before.allowed
        stands = [placed.name for placed in dragged.timeline if placed.name not in MESSAGES | {"offer"}]
        assert stands == ["interview", "follow_up"]


@BOARDS
def test_a_drag_back_is_a_retraction(board: pi.StatusMap) -> None:
    order = list(board.events)
    for earlier, later in product(order, order):
        if order.index(earlier) < order.index(later) and board.events[later] not in MESSAGES:
            before = moved(fresh(), board, earlier)
            back = moved(before, board, later, earlier, start=NOON + timedelta(days=1))
            assert [(each.name, each.at) for each in back.timeline] == [
                (each.name, each.at) for each in before.timeline
            ]
            taken = [each for each in back.history if isinstance(each, pi.Retraction)]
            assert len(back.history) == len(before.history) + 2 * len(taken)


@BOARDS
def test_no_jump_is_a_breach(board: pi.StatusMap) -> None:
    for first, second in product(board.events, repeat=2):
        if (
            len({board.events[first], board.events[second]} & MESSAGES) < 2
        ):  # to decline what was accepted is one
            assert not moved(fresh(), board, first, second).breaches


def test_a_card_withdrawn_before_the_first_word_is_no_breach() -> None:
    board = MAPS["tracker"]
    process = moved(fresh(), board, "Applied", "Withdrawn")
    assert (process.history, process.breaches) == ((), ())
    told = process.record("message", at=NOON + timedelta(days=1)).process
    told = moved(told, board, "Withdrawn", start=NOON + timedelta(days=2))
    assert ([placed.name for placed in told.timeline], told.breaches) == (["message", "withdraw"], ())


def test_a_no_after_an_end_invents_no_talk() -> None:
    board = MAPS["tracker"]
    process = moved(fresh(), board, "Interview", "Withdrawn", "Rejected")
    assert [placed.name for placed in process.timeline] == ["interview", "withdraw", "rejection"]


def test_a_file_is_a_dict_in_yaml(tmp_path: Path) -> None:
    path = tmp_path / "board.yaml"
    path.write_text(
        "format: 1\nstatuses: {Applied: none, Talk: interview}\nalso: {Talk: [Gespräch]}\n", "utf-8"
    )
    board = pi.load_statuses(path)
    assert board == pi.StatusMap({"Applied": None, "Talk": "interview"}, {"Talk": ["Gespräch"]})
    assert board != pi.StatusMap({"Talk": "interview", "Applied": None}, {"Talk": ["Gespräch"]})
    assert hash(board) == hash(pi.load_statuses(text=path.read_bytes()))
    assert fresh().follow("gespräch", at=NOON, statuses=board).process.timeline[0].event.status == "Talk"


def test_the_events_are_those_of_the_rules_that_a_file_names(tmp_path: Path) -> None:
    text = "format: 1\nrules: {}\nstatuses: {{Applied: applied}}\n"
    assert list(pi.load_statuses(text=text.format("with-application")).events) == ["Applied"]
    rules = pi.load_rulebook("with-application")
    assert pi.load_statuses(text=text.format("default"), rulebook=rules).events == {"Applied": "applied"}
    with pytest.raises(pi.RulesError, match="unknown event `applied`"):
        pi.load_statuses(text=text.format("default"))
    (tmp_path / "ours.yaml").write_text("format: 1\nextends: with-application\n", "utf-8")
    (tmp_path / "board.yaml").write_text(text.format("ours.yaml"), "utf-8")
    assert "applied" in pi.load_statuses(tmp_path / "board.yaml")


def test_a_name_that_is_none_says_which_there_are() -> None:
    with pytest.raises(pi.UnreadableError, match=r"`trackr`.*did you mean `tracker`.*kanban, sheet, tracker"):
        pi.load_statuses("trackr")
    with pytest.raises(pi.MisuseError, match="one source"):
        pi.load_statuses()


def test_an_unknown_status_is_an_error_of_its_own() -> None:
    with pytest.raises(
        pi.UnknownStatusError, match=r"unknown status `Absgae` \(did you mean `Absage`"
    ) as error:
        fresh().follow("Absgae", at=NOON, statuses=MAPS["sheet"])
    assert error.value.status == "Absgae"
    with pytest.raises(pi.UnknownStatusError):
        fresh().follow(None, at=NOON, statuses=MAPS["sheet"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("also", "message"),
    [
        ({"Talk": "Gespräch"}, "{'Talk': 'Gespräch'} can't be other words for statuses"),
        (["Gespräch"], "['Gespräch'] can't be other words for statuses"),
        ({"Tlak": ["Gespräch"]}, "unknown status `Tlak`"),
        ({"Talk": ["TALK"]}, "`Talk` and `TALK` are one status"),
        ({"Talk": ["Gespräch", "Gespräch"]}, "`Gespräch` and `Gespräch` are one status"),
        ({"Talk": [7]}, "7 is no status"),
    ],
)
def test_other_words_are_checked(also: dict[str, list[str]], message: str) -> None:
    with pytest.raises(pi.MisuseError) as error:
        pi.StatusMap({"Talk": "interview"}, also)
    assert error.value.message == message
