"""More is said of an event that is recorded already: it stays the same event, at its moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.stores import Keeper, MemoryStore
from tests.core.helpers import at, packaged

TALK = at("2026-03-02 10:00")
HOUR = timedelta(hours=1)
LATER = TALK + 20 * HOUR
BOARD = pi.StatusMap({"Applied": None, "Interview": "interview", "Ghosted": "assume_closed"})
NOTE = {"thanks": True, "topic": True, "looking_forward": True}


def start() -> pi.Process:
    return packaged().start("Acme", "Europe/Zurich")


def talked(**said: Any) -> pi.Process:
    return start().record("interview", at=TALK, **said).process


SAID = st.fixed_dictionaries(
    {},
    optional={
        "interviewers": st.lists(st.sampled_from(["ana", "bo"]), unique=True),
        "decide_by": st.dates(date(2026, 3, 2), date(2026, 4, 1)),
    },
)


@given(SAID, SAID, st.sampled_from(["message", "offer", "follow_up"]), st.booleans())
def test_it_is_judged_as_if_all_had_been_said_at_once(
    first: dict[str, Any], more: dict[str, Any], other: str, undated: bool
) -> None:
    carried: dict[str, Any] = {"channel": "email"} if other == "follow_up" else {}

    def told(**said: Any) -> pi.Process:
        process = start().record("interview", at=TALK, undated=undated, **said).process
        return process.record(other, at=LATER + timedelta(days=8), **carried).process

    outcome = told(**first).amended(1, at=LATER, **more)
    both = {**first, **more}
    if "interviewers" in both:
        met = [*first.get("interviewers", ()), *more.get("interviewers", ())]
        both["interviewers"] = list(dict.fromkeys(met))
    at_once = told(**both)
    assert outcome.process.states == at_once.states
    assert [each.allowed for each in outcome.process.verdicts(at=LATER + timedelta(days=9))] == [
        each.allowed for each in at_once.verdicts(at=LATER + timedelta(days=9))
    ]
    assert [(each.at, each.people, each.event.undated) for each in outcome.process.timeline] == [
        (each.at, each.people, each.event.undated) for each in at_once.timeline
    ]
    assert outcome.repeated == (both == first)
    assert packaged().restore(outcome.process.to_json()) == outcome.process


def test_it_adds_no_round_and_so_no_follow_up() -> None:
    process = talked().do("follow_up", at=TALK + timedelta(days=8), channel="email").process
    process = process.amended(1, at=TALK + timedelta(days=9), interviewers=["ana"]).process
    assert [placed.round for placed in process.timeline] == [1, 1]
    assert process.breaches == ()
    assert process.may("follow_up", at=TALK + timedelta(days=17), channel="email").allowed is False


def test_who_was_not_named_can_be_thanked_once_he_is() -> None:
    process = start().follow("Interview", at=TALK, statuses=BOARD).process
    refused = process.may("thank_you", to="ana", at=LATER, **NOTE)
    assert refused.text == (
        "thank ana: refused on Tue 3 Mar 2026 06:00. Not all that happened before is known. "
        "Say who was at the interview with Acme. Or first, at least: an interview."
    )
    assert refused.opens_after == ("amended", "interview")
    named = process.amended(1, at=LATER, interviewers=["ana"]).process
    assert named.may("thank_you", to="ana", at=LATER, **NOTE).allowed
    assert named.timeline[0].event.status == "Interview"
    assert named.may("thank_you", to="bo", at=LATER, **NOTE).opens_after == ("interview",)


def test_who_comes_later_is_added_to_those_who_were_thanked() -> None:
    process = talked(interviewers=[7]).do("thank_you", to=7, at=LATER, **NOTE).process
    outcome = process.amended("interview", at=LATER, interviewers=[8, "7"])
    assert (outcome.now_breaches, outcome.process.timeline[0].people) == ((), ("7", "8"))
    assert outcome.process.amended("interview", at=LATER, interviewers=[7]).repeated
    with pytest.raises(pi.FieldError):
        process.amended("interview", at=LATER, interviewers=[[9]])


def test_a_talk_gets_its_date_and_then_its_people() -> None:
    process = start().record("interview", at=LATER, undated=True).process.dated(1, at=TALK).process
    process = process.amended(2, at=LATER, interviewers=["ana"]).process
    assert [(each.at, each.people) for each in process.timeline] == [(TALK, ("ana",))]


def test_it_may_be_the_latest_of_a_name_in_an_application() -> None:
    process = start()
    for hour, place in enumerate([7, 8, 7, 8]):
        process = process.record("interview", at=TALK + hour * HOUR, application=place).process
    for where, number in [(7, 3), (None, 4)]:
        made = process.amended("interview", application=where, at=LATER, interviewers=["ana"]).process
        assert [placed.people for placed in made.timeline] == [
            ("ana",) if n == number else () for n in range(1, 5)
        ]
    with pytest.raises(pi.UnknownNameError, match="no event 'interview' that stands"):
        process.amended("interview", application=9, at=LATER, interviewers=["ana"])


def test_what_is_not_recorded_yet_is_to_be_recorded_first() -> None:
    with pytest.raises(pi.UnknownNameError, match="record it first, with all that is known of it"):
        start().amended("interview", at=LATER, interviewers=["ana"])


def test_it_tells_what_became_a_breach() -> None:
    process = talked().do("follow_up", at=TALK + timedelta(days=8), channel="email").process
    outcome = process.amended(1, at=TALK + timedelta(days=9), decide_by=date(2026, 3, 20))
    assert (outcome.now_breaches, outcome.added) == ((2,), 2)


def test_mistakes() -> None:
    process = talked().do("follow_up", at=TALK + timedelta(days=8), channel="email").process
    with pytest.raises(
        pi.UnknownNameError, match=r"no event 7 that stands \(the entries of its events: 1 or 2\)"
    ):
        process.amended(7, at=LATER, interviewers=["ana"])
    with pytest.raises(pi.MisuseError, match="`follow_up` is recorded already, and it may have reached"):
        process.amended(2, at=LATER, channel="call")
    with pytest.raises(pi.FieldError, match="wat"):
        process.amended(1, at=LATER, wat="ana")
    with pytest.raises(pi.TimeError):
        process.amended(1, at=datetime(2026, 3, 3), interviewers=["ana"])  # noqa: DTZ001 - it is refused


def test_a_keeper_writes_it_once() -> None:
    keeper = Keeper(packaged(), MemoryStore())
    keeper.start(7, timezone="Europe/Zurich")
    keeper.record(7, "interview", at=TALK)
    for repeated in (False, True):
        outcome = keeper.amended(7, 1, at=LATER, interviewers=["ana"], once="form-1")
        assert (outcome.repeated, len(keeper.load(7).history)) == (repeated, 3)
    assert keeper.load(7).timeline[0].people == ("ana",)


def test_a_change_that_changes_nothing_is_none() -> None:
    keeper = Keeper(packaged(), MemoryStore())
    keeper.start(7, timezone="Europe/Zurich", employer="Acme")
    for name in ("Acme", "Initech", "Initech"):  # a host that says it whenever it saves the company
        keeper.change(7, at=TALK, employer=name, timezone="Europe/Zurich")
    assert (len(keeper.load(7).history), keeper.load(7).employer) == (1, "Initech")


def test_a_card_that_is_too_early_may_stay_and_is_recorded_when_it_is_time() -> None:
    keeper = Keeper(packaged(), MemoryStore(), statuses=BOARD)
    keeper.start(7, timezone="Europe/Zurich", employer="Acme")
    keeper.follow(7, "Interview", at=TALK)
    early = keeper.follow(7, "Ghosted", at=LATER)
    assert (early.early, early.refused) == (True, True)
    assert early.text.startswith("Nothing to record yet. Assume the application closed: refused on Tue 3 Mar")
    for day in range(1, 60):  # every night the host follows each card again
        keeper.follow(7, "Ghosted", at=LATER + timedelta(days=day))
        if day == 40:
            keeper.record(7, "message", at=LATER + timedelta(days=40, hours=1))
    told = [(each.name, each.at.date()) for each in keeper.load(7).timeline]
    assert told == [
        ("interview", TALK.date()),
        ("assume_closed", date(2026, 4, 2)),
        ("message", date(2026, 4, 12)),
    ]
    assert keeper.load(7).state("application") == "waiting"


def test_what_was_taken_back_on_the_way_is_told() -> None:
    board = pi.StatusMap({"Interview": "interview", "Ghosted": "assume_closed", "Rejected": "rejection"})
    process = start().follow("Interview", at=TALK, statuses=board).process
    process = process.follow("Rejected", at=LATER, statuses=board).process
    outcome = process.follow("Ghosted", at=LATER, statuses=board)
    taken_back, _, rest = outcome.text.partition(" Nothing to record yet. ")
    assert taken_back == "Recorded as entry 3: entry 2 (rejection, Tue 3 Mar 2026 06:00) is taken back."
    assert rest.startswith("Assume the application closed: refused on ")
    assert (outcome.added, outcome.early, len(outcome.process.history)) == (1, True, 3)


@pytest.mark.parametrize("said", ["bo", {"bo"}, ["bo"]])
def test_however_a_person_is_written_nobody_is_dropped(said: object) -> None:
    process = talked(interviewers=["ana"]).amended("interview", at=LATER, interviewers=said).process
    assert process.timeline[0].people == ("ana", "bo")


def test_of_two_undated_talks_the_one_that_was_dated_is_amended() -> None:
    process = start()
    for person in ("ana", "bo"):
        talk = process.record("interview", at=LATER, undated=True, again=True, interviewers=[person])
        process = talk.process
    process = process.dated(2, at=TALK).process
    number = next(each.event.number for each in process.timeline if each.people == ("bo",))

    process = process.amended(number, at=LATER, decide_by=date(2026, 3, 20)).process

    assert sorted((each.people, each.event.undated) for each in process.timeline) == [
        (("ana",), True),
        (("bo",), False),
    ]


def test_a_card_that_the_rules_never_allow_is_not_early() -> None:
    process = talked().record("rejection", at=LATER).process
    outcome = process.follow("Ghosted", at=LATER + HOUR, statuses=BOARD)
    assert outcome.verdict is not None
    assert (outcome.verdict.opens_at, outcome.early) == (None, False)


def test_it_keeps_its_place_among_events_of_the_same_moment() -> None:
    """As in an import by days: the offer and the acceptance have one hour."""
    process = talked().record("offer", at=LATER).process.record("accept", at=LATER).process
    assert not process.breaches

    outcome = process.amended("offer", at=LATER + HOUR, answer_by=date(2026, 3, 20))

    assert (outcome.now_breaches, outcome.process.breaches) == ((), ())
    assert [each.name for each in outcome.process.timeline] == ["interview", "offer", "accept"]
    assert process.rulebook.restore(outcome.process.to_json()) == outcome.process


def test_it_keeps_its_place_in_a_process_that_another_one_joins() -> None:
    other = talked().record("offer", at=LATER).process.record("accept", at=LATER).process
    other = other.amended("offer", at=LATER + HOUR, answer_by=date(2026, 3, 20)).process

    joined = start().joined(other).process

    assert [each.name for each in joined.timeline] == ["interview", "offer", "accept"]
    assert not joined.breaches
