"""A value that works out its words when they are read can't be told from one that has them."""

from __future__ import annotations

import copy
import pickle
import threading
from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.values.lazy import settled
from tests.core.helpers import at, start
from tests.laws.twins import examples, told
from tests.strategies.rulebooks import plain_rulebooks
from tests.strategies.runs import Case, cases
from tests.strategies.scale import tried

LATER = timedelta(days=3)


def asked(process: pi.Process) -> list[Any]:
    """What may be lazy of the answers of a process."""
    then = process.timeline[-1].at + LATER
    return [*process.verdicts(at=then), *process.agenda(at=then)]


@tried(40, examples(1))
@given(cases(rulebooks=plain_rulebooks(dues=90), most=8, questions=0), st.randoms())
def test_a_value_that_is_read_late_is_the_one_that_is_read_at_once(case: Case, random: Any) -> None:
    process = told(case).process
    if not process.timeline:
        return
    late, early = asked(process), [settled(each) for each in asked(process)]
    process.verdicts(at=process.timeline[-1].at + 2 * LATER)  # other questions change nothing
    for value, known in zip(late, early, strict=True):
        names = [each.name for each in attrs.fields(type(value))]
        random.shuffle(names)
        for name in names:
            assert getattr(value, name) == getattr(known, name)
    ways = (copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each)), attrs.evolve)  # noqa: S301
    for way in ways:
        assert [way(each) for each in asked(process)] == early
    assert list(map(hash, asked(process))) == list(map(hash, early))
    assert list(map(repr, asked(process))) == list(map(repr, early))
    assert [each.as_json() for each in asked(process)] == [each.as_json() for each in early]


def refused() -> pi.Verdict:
    process = start().record("interview", at=at("2026-03-02 10:00"), interviewers=["ana"]).process
    return process.may("follow_up", at=at("2026-03-03 10:00"), channel="email")


def test_nothing_can_change_it_and_it_has_no_other_attributes() -> None:
    for value in (refused(), refused().reasons[0]):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            value.opens_after = ()  # type: ignore[misc]
        with pytest.raises(AttributeError, match="has no attribute 'engine'"):
            value.engine  # type: ignore[union-attr]  # noqa: B018


def test_it_is_read_by_several_threads_at_once() -> None:
    for _ in range(50):
        verdict, barrier, found = refused(), threading.Barrier(4), list[str]()

        def read(verdict: pi.Verdict = verdict, barrier: Any = barrier, found: list[str] = found) -> None:
            barrier.wait()
            found.append(verdict.text)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert found == [refused().text] * 4
