"""What a process keeps from step to step is what its history folds to."""

# ruff: noqa: SLF001 - it looks at what a process keeps for itself

from __future__ import annotations

import pickle
from datetime import timedelta

from hypothesis import given, settings

import postinterview as pi
from postinterview.core.process import process_of
from postinterview.core.situation import Snapshot
from postinterview.core.stacks import downwards, pushed
from tests.core.helpers import at, start
from tests.laws.twins import examples, told
from tests.strategies.runs import Case, cases

START = at("2026-03-02 10:00")


@settings(max_examples=max(20, examples(1) // 2))
@given(cases(questions=0, later=0))
def test_what_is_kept_is_the_fold_of_the_history(case: Case) -> None:
    process = told(case).process
    again = process_of(process.rulebook, process.employer, process.calendar, process.history)
    assert process._snapshot == again._snapshot
    check_levels(process)
    check_levels(again)


def check_levels(process: pi.Process) -> None:
    """Each bucket's level, worked out with what earlier questions left behind, is that without it."""
    kept = process._snapshot
    bare = Snapshot(
        kept.past,
        tuple(pushed(None, reversed(list(downwards(stream)))) for stream in kept.streams),
        kept.states,
        kept.places,
        kept.applications,
        kept.started,
        kept.against_rules,
        kept.unknowns,
    )
    for situation in process._situations():
        for bucket in process.rulebook.engine.buckets.values():
            remembered = bucket.level(situation)
            situation.snapshot = bare
            assert bucket.level(situation) == remembered
            situation.snapshot = kept


def test_a_step_shares_the_past_and_copies_none_of_it() -> None:
    before = start().record("message", at=START).process
    after = before.record("message", at=START).process
    assert after._past is not None
    assert after._past.below is before._past
    assert after._snapshot.past is not None
    assert after._snapshot.past.below is before._snapshot.past
    for old, new in zip(before._snapshot.streams, after._snapshot.streams, strict=True):
        assert new is old or (new is not None and new.below is old)
    assert after._snapshot.states is before._snapshot.states
    assert after._snapshot.places is before._snapshot.places


def test_two_futures_of_one_past_do_not_meet() -> None:
    past = start().record("message", at=START).process
    one = past.record("offer", at=START).process
    other = past.record("rejection", at=START).process
    assert [entry.number for entry in past.history] == [1]
    assert [placed.name for placed in one.timeline] == ["message", "offer"]
    assert [placed.name for placed in other.timeline] == ["message", "rejection"]


def test_a_level_follows_from_the_level_at_the_last_question() -> None:
    process = start()
    for hour, word in enumerate(("message", "message", "reply", "message", "message", "reply") * 20):
        process = process.record(word, at=START + timedelta(hours=hour)).process
    assert process.breaches == ()
    stream = process._snapshot.streams[process.rulebook.engine.buckets["reply"]._stream]
    assert stream is not None
    assert stream.below is not None
    assert stream.below.cache is not None  # the last reply asked here, so the next looks at one event
    check_levels(process)
    for left in (1, 0):  # three at most, and one of them is spent
        process = process.do("reply", at=process.timeline[-1].at).process
        assert process.may("reply", at=process.timeline[-1].at).allowed is bool(left)


def test_a_long_history_is_compared_pickled_and_dropped_without_recursion() -> None:
    process = start()
    for _ in range(3_000):
        process = process.record("message", at=START).process
    assert pickle.loads(pickle.dumps(process)) == process  # noqa: S301 what was pickled just now
    assert process._snapshot == process_of(*process.__reduce__()[1])._snapshot
    assert len({process, process_of(*process.__reduce__()[1])}) == 1
