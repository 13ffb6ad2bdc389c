"""Two threads may step one process at the same time: each gets what it would get alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given, settings

import postinterview as pi
from tests.laws.twins import Twins, examples, told
from tests.strategies.runs import Case, Step, cases


@pytest.fixture(autouse=True, scope="module")
def restless() -> Iterator[None]:
    """Let the interpreter change threads as often as it can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@settings(max_examples=max(10, examples(1) // 3))
@given(cases(corrections=False, most=4, questions=4, later=8, custom=True))
def test_two_threads_step_one_process_as_if_each_were_alone(case: Case) -> None:
    start = told(case)
    ways = (case.run.later, (*case.run.questions, *case.run.later))
    alone = [_walk(start, way) for way in ways]
    barrier = Barrier(len(ways))

    def together(way: tuple[Step, ...]) -> list[object]:
        barrier.wait()
        return [_walk(start, way) for _ in range(3)]

    with ThreadPoolExecutor(len(ways)) as pool:
        found = list(pool.map(together, ways))
    assert found == [[one] * 3 for one in alone]


def _walk(start: Twins, way: tuple[Step, ...]) -> object:
    """What a host sees that takes these steps from here."""
    twins = Twins(start.rules, start.run, start.process, list(start.history))
    outcomes = [twins.take(step) for step in way]
    process: pi.Process = twins.process
    verdicts = [process.verdicts(at=way[-1].at)] if way else []
    return (
        [(o.verdict, o.moves, o.breach, o.unexpected) for o in outcomes if o is not None],
        process,
        verdicts,
    )
