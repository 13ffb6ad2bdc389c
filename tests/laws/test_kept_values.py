"""What a process keeps from step to step is what its history folds to."""

# ruff: noqa: SLF001 - it looks at what a process keeps for itself

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings

import postinterview as pi
from postinterview.core.agenda.alternatives import Act
from postinterview.core.judging.decide import verdict_of
from postinterview.core.past import event_index
from postinterview.core.past.cells import Cell
from postinterview.core.past.places import Key
from postinterview.core.process import process_of
from postinterview.core.values import layered
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
    check_answers(process)
    check_answers(again)


@settings(max_examples=max(20, examples(1) // 2))
@given(cases(questions=0, later=0))
def test_a_long_history_answers_as_a_short_one_does(case: Case) -> None:
    short = told(case).process
    with pytest.MonkeyPatch.context() as patch:
        for module in (event_index, layered):
            patch.setattr(module, "FEW", 1)  # as if everything were behind thousands of events
        long = told(case).process
        assert long == short
        assert long._snapshot == short._snapshot
        then = (short.timeline[-1].at if short.timeline else START) + timedelta(days=3)
        assert long.verdicts(at=then) == short.verdicts(at=then)
        assert long.agenda(at=then) == short.agenda(at=then)
        assert long.to_json() == short.to_json()
    check_refusing(short, then)
    check_shut(short, then)


def check_refusing(process: pi.Process, at: datetime) -> None:
    """The applications in which a guard is kept to refuse are those in which it refuses when it is asked."""
    for each in process._situations():
        for listener in process.rulebook.engine.listeners[each.kind.name]:
            for check in (check for transition in listener.transitions for check in transition.checks):
                kept = check.refusing_in(each.snapshot)
                for name in process.applications if kept is not None else ():
                    window = check.window(each.moved_to(Key(name, None, each.place.person)), at)
                    assert (window is None) is (name in (kept or ()))


def check_shut(process: pi.Process, at: datetime) -> None:
    """An act that is said to be shut by its like in other applications is closed by each of them."""
    engine = process.rulebook.engine
    acts = [Act(engine, each, at) for each in process._situations() if each.place.application]
    for one, other in permutations(acts, 2):
        (mine, *_, person), (theirs, *_, other_person) = one.situation.place, other.situation.place
        if one.situation.kind is other.situation.kind and mine != theirs and person == other_person:
            assert not (one.is_shut and other.is_shut) or one.closes(other)


def check_answers(process: pi.Process) -> None:
    """Every answer that uses what earlier questions left behind is that without it."""
    kept = process._snapshot
    bare = evolve(kept, **without_what_is_kept(process), others=())
    engine, at = process.rulebook.engine, process.timeline[-1].at if process.timeline else START
    for each in process._situations():
        fresh = evolve(each, snapshot=bare)
        assert verdict_of(engine, fresh, at, UTC) == verdict_of(engine, each, at, UTC)
        for bucket in engine.buckets.values():
            assert bucket.level(fresh) == bucket.level(each)


def without_what_is_kept(process: pi.Process) -> dict[str, Any]:
    """The past of a process and its streams, in new cells."""
    engine = process.rulebook.engine
    past: Cell | None = None
    streams: list[Cell | None] = [None] * len(engine.start.streams)
    for placed in process.timeline:
        numbers, links_in = engine.streams_of[placed.name]
        past = Cell(placed, past, links_in(streams))
        for number in numbers:
            streams[number] = past
    return {"past": past, "streams": tuple(streams)}


def test_a_step_shares_the_past_and_copies_none_of_it() -> None:
    before = start().record("message", at=START).process
    after = before.record("message", at=START).process
    assert after._past is not None
    assert after._past.below is before._past
    assert after._snapshot.past is not None
    assert after._snapshot.past.below is before._snapshot.past
    for number, old in enumerate(before._snapshot.streams):
        new = after._snapshot.streams[number]
        assert new is old or (new is not None and new.next_in(number) is old)
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
    bucket = process.rulebook.engine.buckets["reply"]
    cell = process._snapshot.streams[bucket.stream]
    assert cell is not None
    asked = cell.next_in(bucket.stream)
    assert asked is not None  # the last reply asked here, so the next looks at one event
    assert asked.recall(("reply", Key("main"), None)) == 3
    check_answers(process)
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
