"""A search is measured by its work, so a busy machine finds the story that a quiet one finds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.diffing.searches import Searches
from postinterview.proof.model.conditions import InStage
from postinterview.proof.model.event_moves import Successor
from postinterview.proof.model.relation import Relations
from postinterview.proof.model.view import view_of
from postinterview.proof.search.kept_zones import KeptZones
from postinterview.proof.search.pace import A_LOOK, Pace
from postinterview.proof.search.search import LOOK, explore
from tests.core.helpers import packaged

NEVER = InStage(frozenset())


def going(*steps: float) -> Callable[[], float]:
    """A clock that goes on by these steps in turn."""
    now, count = 0.0, 0

    def clock() -> float:
        nonlocal now, count
        now += steps[count % len(steps)]
        count += 1
        return now

    return clock


@given(steps=st.lists(st.floats(0, 0.01), min_size=1, max_size=5))
def test_a_pace_goes_by_looks_whatever_the_clock_says(steps: list[float]) -> None:
    pace = Pace(going(*steps), 60)

    assert [pace() for _ in range(5)] == pytest.approx([(number + 1) * A_LOOK for number in range(5)])


def test_when_the_real_time_is_up_every_deadline_is_over() -> None:
    now = 0.0
    pace = Pace(lambda: now, 4)
    first = pace() + 4
    now = 4.0
    assert pace() >= first
    then = pace() + 4
    assert pace() >= then


@pytest.mark.parametrize("act", ["thank_you", "missed_call"])
def test_a_search_looks_at_the_time_once_for_every_few_moves(
    act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    definition = packaged().definition
    relation = Relations(definition).of(definition.events[act])
    view = view_of(relation, list(relation.conditions)[:4], [(NEVER,)])
    moves, looks = 0, 0

    after = KeptZones.after

    def counted(kept: KeptZones, number: int, successor: Successor) -> int | None:
        nonlocal moves
        moves += 1
        return after(kept, number, successor)

    def is_late() -> bool:
        nonlocal looks
        looks += 1
        return False

    monkeypatch.setattr(KeptZones, "after", counted)
    list(explore(view, 300, is_late))

    assert moves > 10 * LOOK
    assert looks == 1 + moves // LOOK


@pytest.mark.slow
def test_a_difference_looks_as_often_and_finds_the_same_by_any_clock() -> None:
    old, new = packaged(), pi.load_rulebook("germany")
    found = []
    for step in (0.0, 0.00002, 0.0007):
        looks = 0

        def clock(step: float = step) -> float:
            nonlocal looks
            looks += 1
            return looks * step

        sides = Searches(old, new, clock, None, 12.0, lambda: None).compared()
        stories = [(each.verdict, each.allowed and each.allowed.lines) for side in sides for each in side]
        found.append((looks, stories))

    assert found[0] == found[1] == found[2]


def test_a_difference_ends_where_the_real_time_is_up() -> None:
    old, new = packaged(), pi.load_rulebook("germany")
    looks = 0

    def clock() -> float:
        nonlocal looks
        looks += 1
        return looks / 100

    found = Searches(old, new, clock, None, 1.0, lambda: None).compared()

    assert looks < 20_000
    assert "unknown" in {each.verdict for side in found for each in side}
