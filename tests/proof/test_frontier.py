"""What gets longer next is the best, and now and then the shortest."""

from __future__ import annotations

from postinterview.proof.search.frontier import TURNS, Frontier, fewest


def test_one_estimate_hides_no_item_for_ever_and_none_is_taken_twice() -> None:
    left = Frontier[str]()
    for number in range(20):
        left.add(f"long {number}", (1,), (9,))
    left.add("short", (5,), (1,))
    taken = [left.take() for _ in range(21)]
    assert taken.index("short") == TURNS - 1
    assert len(set(taken)) == 21
    assert left.take() is None


def test_reasons_that_one_event_does_away_with_count_once() -> None:
    assert fewest([]) == 0
    assert fewest([{"promise", "hand_in"}, {"promise", "interview"}]) == 1
    assert fewest([{"promise"}, {"promise", "hand_in"}, {"offer"}]) == 2
    assert fewest([set[str](), set[str](), {"offer"}]) == 3
