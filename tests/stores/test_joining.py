"""Two processes that turn out to be one employer become one: nothing is lost, and nothing counts twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.stores import Keeper, MemoryStore
from tests.core.helpers import at, packaged

BEGINS = at("2026-03-02 10:00")
DAY = timedelta(days=1)
BOARD = pi.StatusMap({"Applied": None, "Interview": "interview", "Rejected": "rejection"})

HAPPENED = st.tuples(
    st.sampled_from(["interview", "message", "question", "offer", "rejection", "follow_up", "missed_call"]),
    st.sampled_from(["main", "other"]),
    st.integers(0, 30),
    st.booleans(),
)
STORIES = st.lists(HAPPENED, max_size=4)


def start() -> pi.Process:
    return packaged().start("Acme", "Europe/Zurich")


def told(process: pi.Process, story: list[Any], *, hours: int = 0) -> pi.Process:
    for place, (event, application, day, undated) in enumerate(story):
        said: dict[str, Any] = {"channel": "email"} if event == "follow_up" else {}
        then = BEGINS + day * DAY + timedelta(hours=hours, minutes=place)  # no two at one moment
        how = {"undated": undated and event in ("interview", "rejection"), "again": True}
        process = process.record(event, at=then, application=application, late=True, **how, **said).process
    return process


def judged(process: pi.Process) -> object:
    placed = [
        (each.name, each.at, each.application, each.event.undated, each.breach, each.doubtful, each.outside)
        for each in process.timeline
    ]
    return (
        placed,
        process.states,
        [(each.event, each.allowed) for each in process.verdicts(at=BEGINS + 40 * DAY)],
    )


@given(STORIES, STORIES)
def test_it_is_judged_as_if_it_had_been_one_from_the_start(mine: list[Any], theirs: list[Any]) -> None:
    outcome = told(start(), mine).joined(told(start(), theirs, hours=1))
    assert judged(outcome.process) == judged(told(told(start(), mine), theirs, hours=1))
    assert packaged().restore(outcome.process.to_json()) == outcome.process
    before = {placed.event.number for placed in told(start(), mine).breaches}
    after = {placed.event.number for placed in outcome.process.breaches if placed.event.number <= len(mine)}
    turned = {*outcome.now_breaches, *outcome.now_in_doubt} - before
    turned = {number for number in turned if number <= len(mine)}
    assert (turned, set(outcome.no_longer_breaches)) == (after - before, before - after)
    assert outcome.repeated == (not theirs)


def test_a_follow_up_in_each_is_one_too_many() -> None:
    one, other = (start().record("interview", at=BEGINS).process for _ in range(2))
    one = one.do("follow_up", at=BEGINS + 8 * DAY, channel="email").process
    other = other.do("follow_up", at=BEGINS + 9 * DAY, channel="email").process
    outcome = one.joined(other)
    assert (one.breaches, other.breaches) == ((), ())
    assert [placed.at for placed in outcome.process.breaches] == [BEGINS + 9 * DAY]
    assert (outcome.added, outcome.now_breaches) == (1, (3,))
    assert outcome.text == "Recorded as entry 3: follow up. Against the rules now: entry 3."
    again = (
        start().record("interview", at=BEGINS).process.record("follow_up", at=BEGINS + DAY, channel="call")
    )
    assert again.breach
    assert start().record("interview", at=BEGINS).process.joined(again.process).now_breaches == ()


@given(STORIES, STORIES)
def test_what_both_say_of_one_moment_happened_once(story: list[Any], more: list[Any]) -> None:
    one = told(start(), story).unknown("message", until=BEGINS).process
    assert one.joined(one).repeated
    longer = told(one, more, hours=1)
    assert judged(one.joined(longer).process) == judged(longer)
    assert longer.joined(one).repeated


def test_two_equal_events_of_one_of_them_stay_two() -> None:
    twice = start().record("message", at=BEGINS).process.record("message", at=BEGINS).process
    once = start().record("message", at=BEGINS).process
    assert len(once.joined(twice).process.timeline) == 2
    assert len(twice.joined(once).process.timeline) == 2


def test_what_was_taken_back_stays_out_and_what_is_unknown_comes_along() -> None:
    other = start().follow("Interview", at=BEGINS, statuses=BOARD, application=7, undated=True).process
    other = other.dated(1, at=BEGINS - DAY).process
    other = other.follow("Rejected", at=BEGINS, statuses=BOARD, application=7).process
    other = other.follow("Interview", at=BEGINS, statuses=BOARD, application=7).process  # dragged back
    other = other.change(at=BEGINS, employer="Acme Inc", timezone="UTC").process
    other = other.unknown("message", "follow_up", until=BEGINS + DAY).process
    other = other.known("follow_up").process
    joined = start().joined(other).process
    assert [repr(entry) for entry in joined.history] == [
        "<Event 1: interview, Sun 1 Mar 2026 09:00 UTC>",
        "<Unknown 2: until Tue 3 Mar 2026 09:00 UTC, message>",
    ]
    assert joined.history[0].status == "Interview"  # type: ignore[union-attr]
    assert (joined.employer, joined.timezone) == ("Acme", "Europe/Zurich")
    again = joined.follow("Interview", at=BEGINS + DAY, statuses=BOARD, application=7)
    assert again.repeated


def keeper_of_two() -> Keeper:
    keeper = Keeper(packaged(), MemoryStore())
    for key in ("7/1", "7/2"):
        keeper.start(key, timezone="Europe/Zurich")
        keeper.record(key, "interview", at=BEGINS, once="mail-1")
    keeper.do("7/2", "follow_up", at=BEGINS + 8 * DAY, channel="email", once="button-1")
    return keeper


def test_a_keeper_joins_two_and_erases_one() -> None:
    keeper = keeper_of_two()
    outcome = keeper.join("7/1", "7/2")
    assert (list(keeper.keys()), outcome.added) == (["7/1"], 1)
    assert [placed.name for placed in keeper.load("7/1").timeline] == ["interview", "follow_up"]
    assert keeper.do("7/1", "follow_up", at=BEGINS + 9 * DAY, channel="email").refused
    with pytest.raises(pi.PostInterviewError, match="no process '7/2'"):
        keeper.join("7/1", "7/2")


@pytest.mark.parametrize("broken", ["move", "append", "forget"])
@pytest.mark.parametrize("is_done", [True, False])
def test_after_a_crash_the_same_call_ends_it(
    broken: str, is_done: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = keeper_of_two()
    real = getattr(MemoryStore, broken)

    def crash(self: MemoryStore, *args: Any) -> Any:
        if is_done:
            real(self, *args)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(MemoryStore, broken, crash)
        with pytest.raises(KeyboardInterrupt):
            keeper.join("7/1", "7/2")
    assert list(keeper.keys(prefix="7/"))  # whoever erases or exports user 7 finds all
    if (broken, is_done) != ("forget", True):
        keeper.join("7/1", "7/2")
    assert list(keeper.keys()) == ["7/1"]
    assert [placed.name for placed in keeper.load("7/1").timeline] == ["interview", "follow_up"]


def test_mistakes() -> None:
    keeper = keeper_of_two()
    with pytest.raises(pi.MisuseError, match="`7/1` can't be joined with itself"):
        keeper.join("7/1", "7/1")
    with pytest.raises(pi.PostInterviewError, match="no process '7/9'"):
        keeper.join("7/9", "7/1")
    assert list(keeper.keys()) == ["7/1", "7/2"]
    with pytest.raises(pi.MisuseError, match="'Acme' is no process"):
        start().joined("Acme")  # type: ignore[arg-type]
    with pytest.raises(pi.MisuseError, match="has the rules"):
        start().joined(pi.load_rulebook("essentials").start("Acme", "Europe/Zurich"))
