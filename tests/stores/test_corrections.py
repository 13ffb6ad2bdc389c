"""What is put right is put right for all that came after, and each act that turns into a breach is said."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from multiprocessing import get_context

import pytest

import postinterview as pi
from postinterview.stores import Due, Keeper
from postinterview.stores.sql import SqlStore
from tests.core.helpers import at, default, ids
from tests.stores import programs
from tests.stores.kinds import SHARED, shared
from tests.stores.telling import LATER, MONDAY, OVERDUE, interviewed, twice_interviewed
from tests.strategies.scale import IS_LONG

ROUNDS = 200 if IS_LONG else 12
"""Many with `--hypothesis-profile=long`."""

YEARS = LATER + timedelta(days=999)


def next_in(keeper: Keeper) -> list[Due]:
    return list(keeper.due(by=YEARS))


def test_an_act_that_hung_on_what_is_retracted_becomes_a_breach_and_is_reported(keeper: Keeper) -> None:
    twice_interviewed(keeper)
    assert not keeper.do("acme", "follow_up", at=LATER, channel="call").refused
    outcome = keeper.retract("acme", 3, at=LATER)

    assert (outcome.now_breaches, outcome.no_longer_breaches) == ((4,), ())
    assert [placed.event.number for placed in keeper.load("acme").breaches] == [4]
    assert ids(keeper.may("acme", "follow_up", at=LATER)) == ["one_follow_up", "one_chase"]


def test_a_late_event_turns_what_came_after_it_and_back(keeper: Keeper) -> None:
    interviewed(keeper)
    keeper.do("acme", "follow_up", at=OVERDUE, channel="call")
    late = keeper.record("acme", "message", at=at("2026-03-11 20:00"), late=True)
    assert late.now_breaches == (2,)
    assert keeper.retract("acme", 3, at=OVERDUE).no_longer_breaches == (2,)
    assert keeper.load("acme").breaches == ()


def test_the_due_moment_follows_what_is_put_right(keeper: Keeper) -> None:
    interviewed(keeper)
    fresh = next_in(keeper)
    assert [each.due for each in fresh] == [MONDAY + timedelta(days=1)]

    early = MONDAY - timedelta(days=3)
    keeper.record("acme", "interview", at=early, interviewers=["bo"], late=True)
    assert [each.due for each in next_in(keeper)] == [early + timedelta(days=1)]
    keeper.retract("acme", 2, at=OVERDUE)
    assert next_in(keeper) == fresh
    keeper.retract("acme", 1, at=OVERDUE)
    assert next_in(keeper) == []
    keeper.record("acme", "interview", at=OVERDUE, interviewers=["ana"], decide_by=date(2026, 3, 20))
    assert [each.due for each in next_in(keeper)] == [OVERDUE + timedelta(days=1)]


@pytest.mark.parametrize("event", ["follow_up", "missed_call", "reply", "thank_you"])
def test_a_contact_is_taken_back_only_if_it_was_never_sent(event: str, keeper: Keeper) -> None:
    interviewed(keeper)
    to = "ana" if event == "thank_you" else None
    keeper.record("acme", event, at=OVERDUE, to=to)
    before = keeper.store.load("acme")
    with pytest.raises(pi.MisuseError, match=r"what was sent can't be taken back.*`not_sent` to true"):
        keeper.retract("acme", 2, at=OVERDUE)
    assert keeper.store.load("acme") == before

    keeper.retract("acme", 2, at=OVERDUE, not_sent=True)
    assert [placed.event.number for placed in keeper.load("acme").timeline] == [1]


@pytest.mark.parametrize("kind", SHARED)
def test_of_a_retraction_and_an_act_that_hangs_on_it_neither_goes_unseen(kind: str) -> None:
    """Two programs at the same moments: the act is refused, or a breach that the retraction reports."""
    context = get_context("forkserver")
    context.set_forkserver_preload([programs.__name__])
    with shared(kind) as url, closing(SqlStore(url)) as store:
        keeper = Keeper(default(), store)
        for number in range(ROUNDS):
            twice_interviewed(keeper, f"acme {number}")
        ready = context.Barrier(2)
        pipes = [context.Pipe(duplex=False) for _ in range(2)]
        running = [
            context.Process(target=target, args=(url, ROUNDS, ready, told))
            for target, (_, told) in zip((programs.chase, programs.take_back), pipes, strict=True)
        ]
        for program in running:
            program.start()
        refused, reported = (heard.recv() for heard, _ in pipes)
        for program, pipe in zip(running, pipes, strict=True):
            program.join()
            for end in pipe:
                end.close()
        for number in range(ROUNDS):
            process = keeper.load(f"acme {number}")
            breaches = [placed.event.number for placed in process.breaches]
            chased_first = (None, [4], [4])
            taken_back_first: tuple[list[str], list[int], list[int]] = (
                ["one_follow_up", "one_chase"],
                [],
                [],
            )
            assert (refused[number], reported[number], breaches) in (chased_first, taken_back_first)
            assert len(process.history) == (5 if breaches else 4)
